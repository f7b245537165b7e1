"""Errors on their way out: the HTTP status of each code, and the JSON shape for programs."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Scope

from models.errors import ChapiaoError

LANGUAGE_COOKIE = "chapiao_language"

_STATUS = {
    "login_required": 401,
    "login_failed": 401,
    "login_locked": 429,
    "forbidden": 403,
    "password_change_required": 403,
    "cross_site": 403,
    "no_such_item": 404,
    "not_found": 404,
    "draft_state": 409,
    "same_person": 409,
    "same_editor": 409,
    "draft_taken": 409,
    "draft_changed": 409,
    "draft_not_absent": 409,
    "draft_held": 409,
    "not_proposed": 409,
    "suggestion_gone": 409,
    "application_number_wrong": 404,
    "application_number_part": 404,
    "username_taken": 409,
    "last_administrator": 409,
    "company_in_use": 409,
    "company_unknown": 409,
    "import_state": 409,
    "import_file_gone": 409,
    "preview_stale": 409,
    "import_not_undoable": 409,
    "mapping_name_taken": 409,
    "too_many_staged": 409,
    "too_large": 413,
    "busy": 503,
    "storage_full": 507,
}


def status_of(error: ChapiaoError) -> int:
    return _STATUS.get(error.code, 422)


def language_of(request: Request) -> str:
    """`?lang=`, else the cookie; programs say `Accept-Language: en`. Chinese unless English is asked for."""
    asked = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    if asked is None and is_rest(request.url.path):
        asked = request.headers.get("accept-language", "")[:2].lower()
    return "en" if asked == "en" else "zh"


def is_rest(path: str) -> bool:
    return path.startswith("/api/") or path == "/metrics"


def refusal(scope: Scope, error: ChapiaoError, status: int) -> Response:
    """The bare answer of a gate that stands before the pages."""
    request = Request(scope)
    if is_rest(request.url.path):
        return JSONResponse({"error": error.export(language_of(request))}, status)
    return PlainTextResponse(error.message(language_of(request)), status)

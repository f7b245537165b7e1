"""Errors become pages for people, a short text for htmx, JSON for programs. The same catalogue for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, OperationalError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from api.gate.refusal import is_rest, language_of, status_of
from api.web.rendering import render
from models.database import gave_way
from models.errors import ChapiaoError, RequestError, Text

log = structlog.get_logger()
MOST_PROBLEMS = 5  #: of a request, named one by one
#: type of a problem with a request → what to say of it
WRONG = {
    "missing": Text("缺少", "is missing"),
    "extra_forbidden": Text("没有这个字段", "is not a field of it"),
    "string_type": Text(
        "应为字符串，数字和金额也要加引号", "must be a string; numbers and amounts too stand in quotes"
    ),
    "json_invalid": Text("不是有效的 JSON", "is not valid JSON"),
}


def install(app: FastAPI) -> None:
    """Register the handlers."""
    app.add_exception_handler(ChapiaoError, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(OverflowError, _out_of_range)
    app.add_exception_handler(DataError, _out_of_range)
    app.add_exception_handler(OperationalError, _database)
    app.add_exception_handler(Exception, _unexpected)


async def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, ChapiaoError)
    return answer(request, error, status_of(error))


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    problems = {_place(problem["loc"]): _wrong(problem) for problem in error.errors()}
    shown = sorted(problems.items())[:MOST_PROBLEMS]
    more = len(problems) - len(shown)
    what = Text(
        "；".join(f"{place} {said.zh}".strip() for place, said in shown) + (f"；另有 {more} 处" if more else ""),
        "; ".join(f"{place} {said.en}".strip() for place, said in shown) + (f"; {more} more" if more else ""),
    )
    return answer(request, RequestError("invalid_request", what=what), 422)


def _place(parts: Sequence[object]) -> str:
    return ".".join(str(part) for part in parts[1:]) or str(parts[0])


def _wrong(problem: Mapping[str, Any]) -> Text:
    known = WRONG.get(problem["type"])
    return known if known else Text(problem["msg"], problem["msg"])


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = "no_such_item" if error.status_code == 404 else "invalid_request"
    what = request.url.path if error.status_code == 404 else str(error.detail)
    return answer(request, RequestError(code, what=what), error.status_code)


async def _out_of_range(request: Request, error: Exception) -> Response:
    """A number or a day beyond what a column or the calendar holds, a text with a null character."""
    log.warning("out of range", path=request.url.path, exc_info=error)
    what = Text("数值或日期超出范围，或含有非法字符", "a number or a day out of range, or a forbidden character")
    return answer(request, RequestError("invalid_request", what=what), 422)


async def _database(request: Request, error: Exception) -> Response:
    if not (isinstance(error, OperationalError) and gave_way(error)):
        return await _unexpected(request, error)
    log.warning("gave way to another writer", path=request.url.path, exc_info=error)
    return answer(request, RequestError("busy"), status_of(RequestError("busy")))


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("unexpected error", path=request.url.path, exc_info=error)
    return answer(request, RequestError("internal_error"), 500)


def answer(request: Request, error: ChapiaoError, status: int) -> Response:
    language = language_of(request)
    if is_rest(request.url.path) or "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"error": error.export(language)}, status)
    elsewhere = {"login_required": _login_address(request), "password_change_required": "/account/password"}
    if error.code in elsewhere:
        if "hx-request" in request.headers:
            return PlainTextResponse(error.message(language), status, {"HX-Redirect": elsewhere[error.code]})
        return RedirectResponse(elsewhere[error.code], 303)
    if "hx-request" in request.headers:
        return PlainTextResponse(error.message(language), status)
    return render(request, "error.html", status, error=error)


def _login_address(request: Request) -> str:
    if request.method != "GET" or "hx-request" in request.headers or request.url.path == "/":
        return "/login"
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return f"/login?next={quote(target, safe='')}"

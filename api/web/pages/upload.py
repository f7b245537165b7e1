"""Bringing documents in: the upload page, the phone page, and what lets the phone page work offline."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, BackgroundTasks, Request
from starlette.responses import FileResponse, JSONResponse, Response

from api.audit import Action
from api.gate.database import Database
from api.gate.receiving import Uploaded, readable_size
from api.gate.refusal import language_of
from api.gate.visitor import PageUser, client_address
from api.pipeline.queue import enqueue
from api.taking_in import Taken, take_uploads, waiting_ids
from api.web.rendering import STATIC, render
from api.web.texts import text
from models.errors import RequestError

router = APIRouter(include_in_schema=False)


@router.get("/upload")
def upload_page(request: Request, user: PageUser) -> Response:
    return render(request, "upload.html", limit=readable_size(request.app.state.settings.max_file_bytes))


@router.get("/phone")
def phone_page(request: Request, user: PageUser) -> Response:
    return render(request, "phone.html")


@router.post("/upload")
def upload(
    request: Request, session: Database, user: PageUser, uploaded: Uploaded, background: BackgroundTasks
) -> Response:
    """Files of a form. Scripts ask for JSON, one result per file; without scripts a page shows the same."""
    if not uploaded.files:
        raise RequestError("invalid_request", what=text("upload.nothing", language_of(request)))
    taken = take_uploads(
        session,
        request.app.state.settings,
        uploaded.files,
        user=user,
        channel="phone" if uploaded.fields.get("channel") == "phone" else "web",
        address=client_address(request),
        action=Action.WEB_DOCUMENT_UPLOAD,
    )
    for document_id in waiting_ids(taken):
        background.add_task(enqueue, document_id)
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"results": _results(taken, language_of(request))})
    return render(request, "uploaded.html", taken=taken)


def _results(taken: Sequence[Taken], language: str) -> list[dict[str, object]]:
    return [
        {
            "name": each.name,
            "document_id": each.intake.document_id if each.intake else None,
            "state": each.intake.state if each.intake else "refused",
            "duplicate_of": each.intake.duplicate_of if each.intake else None,
            "members": len(each.intake.members) if each.intake else 0,
            "advice": [advice.export(language) for advice in each.advice],
            "error": each.error.export(language) if each.error else None,
        }
        for each in taken
    ]


@router.get("/service-worker.js")
def service_worker() -> Response:
    """Served from the root, because a worker rules only the paths below its own."""
    return FileResponse(
        STATIC / "service-worker.js", media_type="text/javascript", headers={"Cache-Control": "no-cache"}
    )


@router.get("/manifest.webmanifest")
def manifest() -> Response:
    headers = {"Cache-Control": "no-cache"}
    return FileResponse(STATIC / "manifest.webmanifest", media_type="application/manifest+json", headers=headers)

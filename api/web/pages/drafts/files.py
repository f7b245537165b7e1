"""What one takes away from a draft, or lays beside it: the application form, the support packet, attachments."""

from __future__ import annotations

import tempfile
from pathlib import Path
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, RedirectResponse, Response

from api import audit
from api.audit import Action
from api.gate.database import Database
from api.gate.receiving import Uploaded
from api.gate.refusal import language_of
from api.gate.visitor import PageAccountant, PageUser
from api.queries.findings import find_draft
from api.supplement.attachments import attach_uploads, send_attachment
from api.supplement.form import build_form
from api.supplement.packet import write_packet
from api.supplement.pdf import write_pdf
from api.web.pages.drafts.draft import show
from api.web.rendering import render
from capture.store import OriginalStore
from matching.supplement.attaching import detach, find
from models.errors import RequestError

router = APIRouter()


@router.get("/drafts/{number}/print")
def printable(request: Request, session: Database, user: PageUser, number: str) -> Response:
    draft = find_draft(session, user, number)
    return render(request, "draft_print.html", draft=draft, form=build_form(session, draft, language_of(request)))


@router.get("/drafts/{number}/application.pdf")
def pdf(request: Request, session: Database, user: PageUser, number: str) -> Response:
    draft = find_draft(session, user, number)
    content = write_pdf(build_form(session, draft, language_of(request)))
    audit.record(session, user.id, Action.WEB_DRAFT_DOWNLOAD, f"draft:{number}", {"what": "application.pdf"})
    disposition = {"Content-Disposition": f'attachment; filename="{draft.application_number}.pdf"'}
    return Response(content, media_type="application/pdf", headers=disposition)


@router.get("/drafts/{number}/packet.zip")
def packet(request: Request, session: Database, user: PageAccountant, number: str) -> Response:
    draft = find_draft(session, user, number)
    settings = request.app.state.settings
    incoming = settings.data / "incoming"  # the originals' disk: /tmp may be small or memory
    incoming.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=incoming, suffix=".zip", delete=False) as file:
        path = Path(file.name)
    try:
        write_packet(session, OriginalStore(settings.originals), draft, path, language_of(request))
    except BaseException:
        path.unlink()
        raise
    audit.record(session, user.id, Action.WEB_DRAFT_PACKET, f"draft:{number}")
    disposition = f"attachment; filename*=UTF-8''{quote(draft.application_number)}.zip"
    return FileResponse(path, media_type="application/zip", headers={"Content-Disposition": disposition},
                        background=BackgroundTask(path.unlink))  # fmt: skip


@router.post("/drafts/{number}/attachments")
def attach(request: Request, session: Database, user: PageUser, number: str, uploaded: Uploaded) -> Response:
    draft = find_draft(session, user, number)
    try:
        outcomes = attach_uploads(
            session, request.app.state.settings, draft, uploaded, user=user, action=Action.WEB_DRAFT_ATTACH
        )
    except RequestError as error:
        return show(request, session, draft, user, error)
    refused = next((outcome.error for outcome in outcomes if outcome.error), None)
    if refused is not None:
        return show(request, session, draft, user, refused)
    return RedirectResponse(f"/drafts/{number}#attachments", 303)


@router.get("/drafts/{number}/attachments/{attachment_id}")
def attachment(request: Request, session: Database, user: PageUser, number: str, attachment_id: int) -> Response:
    row = find(session, find_draft(session, user, number), attachment_id)
    audit.record(session, user.id, Action.WEB_DRAFT_DOWNLOAD, f"draft:{number}", {"what": row.name})
    return send_attachment(request.app.state.settings, row)


@router.post("/drafts/{number}/attachments/{attachment_id}/detach")
def take_off(session: Database, user: PageAccountant, number: str, attachment_id: int) -> Response:
    row = detach(session, find_draft(session, user, number), attachment_id, user_id=user.id)
    detail = {"name": row.name, "sha256": row.sha256}
    audit.record(session, user.id, Action.WEB_DRAFT_DETACH, f"draft:{number}", detail)
    return RedirectResponse(f"/drafts/{number}#attachments", 303)

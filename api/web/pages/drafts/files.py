"""What one takes away from a draft, or lays beside it: the application form, the support packet, attachments."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api import audit
from api.audit import Action
from api.gate.database import Database
from api.gate.receiving import Uploaded
from api.gate.refusal import language_of
from api.gate.visitor import PageAccountant, PageUser
from api.queries.findings import find_draft
from api.supplement.attachments import attach_uploads, send_attachment
from api.supplement.downloads import send_packet, send_pdf
from api.supplement.form import build_form
from api.web.pages.drafts.draft import show
from api.web.rendering import render
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
    audit.record(session, user.id, Action.WEB_DRAFT_DOWNLOAD, f"draft:{number}", {"what": "application.pdf"})
    return send_pdf(session, draft, language_of(request))


@router.get("/drafts/{number}/packet.zip")
def packet(request: Request, session: Database, user: PageAccountant, number: str) -> Response:
    draft = find_draft(session, user, number)
    audit.record(session, user.id, Action.WEB_DRAFT_PACKET, f"draft:{number}")
    return send_packet(session, request.app.state.settings, draft, language_of(request))


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

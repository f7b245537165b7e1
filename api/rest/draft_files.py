"""Files of a supplement draft over REST: the application form, the support packet, attachments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from api import audit
from api.audit import Action
from api.gate.database import Database
from api.gate.receiving import Uploaded
from api.gate.refusal import language_of
from api.gate.visitor import RestAccountant, RestUser
from api.queries.findings import find_draft
from api.rest.documents import FILES
from api.rest.shapes import ErrorShape
from api.supplement.attachments import attach_uploads, send_attachment
from api.supplement.downloads import send_packet, send_pdf
from api.supplement.packet import packet_data
from matching.supplement.attaching import attached, detach, find
from models.tables import DraftAttachmentRow

router = APIRouter(tags=["drafts"])


class AttachmentShape(BaseModel):
    id: int
    name: str
    media: str
    size: int
    sha256: str
    attached_by: int | None
    attached_at: datetime

    @classmethod
    def of(cls, row: DraftAttachmentRow) -> AttachmentShape:
        return cls.model_validate(row, from_attributes=True)


class AttachmentOutcome(BaseModel):
    name: str
    attachment: AttachmentShape | None
    error: ErrorShape | None


@router.get("/drafts/{application_number}/application.pdf", summary="The application form", response_class=Response)
def pdf(request: Request, session: Database, user: RestUser, application_number: str) -> Response:
    draft = find_draft(session, user, application_number)
    detail = {"what": "application.pdf"}
    audit.record(session, user.id, Action.REST_DRAFT_DOWNLOAD, f"draft:{application_number}", detail)
    return send_pdf(session, draft, language_of(request))


@router.get("/drafts/{application_number}/packet.zip", summary="The support packet", response_class=Response)
def packet(request: Request, session: Database, user: RestAccountant, application_number: str) -> Response:
    """Application form, a text for the hotline or the seller, the same as JSON, the originals, the attachments."""
    draft = find_draft(session, user, application_number)
    audit.record(session, user.id, Action.REST_DRAFT_PACKET, f"draft:{application_number}")
    return send_packet(session, request.app.state.settings, draft, language_of(request))


@router.get("/drafts/{application_number}/packet.json", summary="What the support packet says")
def packet_json(request: Request, session: Database, user: RestAccountant, application_number: str) -> dict[str, Any]:
    draft = find_draft(session, user, application_number)
    audit.record(session, user.id, Action.REST_DRAFT_PACKET, f"draft:{application_number}", {"what": "packet.json"})
    return packet_data(session, draft, language_of(request))


@router.get("/drafts/{application_number}/attachments", summary="What is attached")
def attachments(session: Database, user: RestUser, application_number: str) -> list[AttachmentShape]:
    return [AttachmentShape.of(row) for row in attached(session, find_draft(session, user, application_number))]


@router.post(
    "/drafts/{application_number}/attachments", status_code=201, summary="Attach PDF, OFD, XML or pictures",
    openapi_extra=FILES,
)  # fmt: skip
def attach(
    request: Request, session: Database, user: RestUser, application_number: str, uploaded: Uploaded
) -> list[AttachmentOutcome]:
    draft = find_draft(session, user, application_number)
    outcomes = attach_uploads(
        session, request.app.state.settings, draft, uploaded, user=user, action=Action.REST_DRAFT_ATTACH
    )
    language = language_of(request)
    return [
        AttachmentOutcome(
            name=o.name, attachment=AttachmentShape.of(o.row) if o.row else None,
            error=ErrorShape(**o.error.export(language)) if o.error else None,
        )
        for o in outcomes
    ]  # fmt: skip


@router.get(
    "/drafts/{application_number}/attachments/{attachment_id}", summary="An attachment", response_class=Response
)
def attachment(
    request: Request, session: Database, user: RestUser, application_number: str, attachment_id: int
) -> Response:
    row = find(session, find_draft(session, user, application_number), attachment_id)
    audit.record(session, user.id, Action.REST_DRAFT_DOWNLOAD, f"draft:{application_number}", {"what": row.name})
    return send_attachment(request.app.state.settings, row)


@router.delete("/drafts/{application_number}/attachments/{attachment_id}", status_code=204, summary="Detach")
def take_off(session: Database, user: RestAccountant, application_number: str, attachment_id: int) -> None:
    """Out of the draft's list; the original stays in the store."""
    row = detach(session, find_draft(session, user, application_number), attachment_id, user_id=user.id)
    detail = {"name": row.name, "sha256": row.sha256}
    audit.record(session, user.id, Action.REST_DRAFT_DETACH, f"draft:{application_number}", detail)

"""One document: its pages with the boxes that were read, fields, checks, match, seals; the original; its draft."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import FileResponse, RedirectResponse, Response

from api import audit
from api.audit import Action
from api.gate.database import Database
from api.gate.visitor import PageAccountant, PageUser
from api.pictures import picture_of
from api.pipeline.documents import requeue
from api.queries.documents import UNFINISHED, find_document, hold_invoice, visible_documents
from api.queries.findings import drafts_of
from api.queries.histories import history_of, people
from api.queries.imports import seen_record
from api.queries.red import ties_of_invoice
from api.queries.visibility import sight_of
from api.settling import decided
from api.web.rendering import render
from capture.store import OriginalStore
from extraction.authenticity import inquiry_inputs
from matching.drafts import can_be_drafted, draft_for
from models.errors import RequestError
from models.invoice import COMMON_FIELDS, KEY_FIELDS, Invoice
from models.tables import DocumentRow, InvoiceRow, User

router = APIRouter(include_in_schema=False)

#: fields shown even where the document has none
_ALWAYS = frozenset(KEY_FIELDS)


@router.get("/documents/{document_id}")
def document_page(
    request: Request, session: Database, user: PageUser, document_id: str, invoice: Annotated[int, Query(ge=0)] = 0
) -> Response:
    row = find_document(session, user, document_id)
    chosen = next((i for i in row.invoices if i.index == invoice), row.invoices[0] if row.invoices else None)
    return render(
        request,
        "document.html",
        unfinished=UNFINISHED,
        pages=_pages(row, chosen),
        original_of=_visible(session, user, row.duplicate_of),
        **findings(session, user, row, chosen),
    )


def _visible(session: Session, user: User, document_id: str | None) -> DocumentRow | None:
    """The document unless it is somebody else's: a duplicate must not show staff what another person sent."""
    return (
        session.scalar(visible_documents(session, user).where(DocumentRow.id == document_id)) if document_id else None
    )


def findings(session: Session, user: User, row: DocumentRow, invoice: InvoiceRow | None) -> dict[str, Any]:
    """What the panel beside the picture shows, the item rows, and what happened to the document."""
    told = {"row": row, "invoice": invoice, "history": history_of(session, row), "people": people(session)}
    if invoice is None:
        return told
    seen = sight_of(session, user).drafts()
    draft = drafts_of(session, [invoice], seen).get(invoice.id)
    first = session.get(InvoiceRow, invoice.duplicate_of) if invoice.duplicate_of else None
    return {
        **told,
        "again": False,  # rows put in place of those on the page
        "fields": shown_fields(invoice.data["fields"]),
        "record": seen_record(session, user, invoice.record_id),
        "first": first if first and _visible(session, user, first.document_id) else None,
        "draft": draft,
        "draftable": can_be_drafted(invoice),
        "ties": ties_of_invoice(session, user, invoice),
        "decided": decided(session, user, invoice),
        "seals": invoice.data.get("seals") or [],  # readings stored by an earlier version have none
        "inquiry": inquiry_inputs(Invoice.restore(invoice.data)),
    }


def shown_fields(fields: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Common fields in their order, then those of the kind; blank ones only where their absence matters."""
    ordered = [*COMMON_FIELDS, *(name for name in fields if name not in COMMON_FIELDS)]
    return [
        (name, fields[name])
        for name in ordered
        if name in fields and (name in _ALWAYS or fields[name]["value"] is not None or fields[name]["evidence"])
    ]


def _pages(row: DocumentRow, invoice: InvoiceRow | None) -> list[dict[str, Any]]:
    """Page numbers with the boxes of the chosen invoice; an XML has none."""
    if row.media == "xml" or not row.page_count:
        return []
    numbers = invoice.data["pages"] if invoice and invoice.data["pages"] else range(1, row.page_count + 1)
    fields = invoice.data["fields"] if invoice else {}
    return [
        {
            "number": number,
            "boxes": [
                (name, f["box"], f["status"]) for name, f in fields.items() if f["box"] and f["box"][0] == number
            ],
        }
        for number in numbers
        if 1 <= number <= row.page_count
    ]


@router.get("/documents/{document_id}/pages/{number}.jpg")
def page_picture(request: Request, session: Database, user: PageUser, document_id: str, number: int) -> Response:
    row = find_document(session, user, document_id)
    path = picture_of(request.app, row, number)
    return FileResponse(path, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=86400"})


@router.get("/documents/{document_id}/original")
def original(request: Request, session: Database, user: PageUser, document_id: str) -> Response:
    row = find_document(session, user, document_id)
    audit.record(session, user.id, Action.WEB_DOCUMENT_DOWNLOAD, f"document:{row.id}")
    return send_original(request, row)


def send_original(request: Request, row: DocumentRow) -> Response:
    """Always as a download and never as a type that a browser would run."""
    path = OriginalStore(request.app.state.settings.originals).path(row.sha256)
    disposition = f"attachment; filename*=UTF-8''{quote(row.name, safe='')}"
    return FileResponse(path, media_type="application/octet-stream", headers={"Content-Disposition": disposition})


@router.post("/documents/{document_id}/retry")
def retry(session: Database, user: PageUser, document_id: str) -> Response:
    row = find_document(session, user, document_id)
    requeue(session, row.id)
    audit.record(session, user.id, Action.WEB_DOCUMENT_RETRY, f"document:{row.id}")
    return RedirectResponse(f"/documents/{row.id}", 303)


@router.post("/invoices/{invoice_id}/draft")
def make_draft(request: Request, session: Database, user: PageAccountant, invoice_id: int) -> Response:
    invoice = hold_invoice(session, user, invoice_id)
    due_days = request.app.state.settings.supplement_due_days
    draft = draft_for(session, invoice, user_id=user.id, due_days=due_days)
    if draft is None:
        raise RequestError("draft_not_possible")
    audit.record(session, user.id, Action.WEB_DRAFT_CREATE, f"draft:{draft.application_number}")
    return RedirectResponse(f"/drafts/{draft.application_number}", 303)

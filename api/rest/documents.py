"""Documents and invoices over REST."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import FileResponse, Response

from api import audit
from api.audit import Action
from api.gate.database import Database
from api.gate.receiving import Uploaded
from api.gate.refusal import language_of
from api.gate.visitor import RestUser, client_address
from api.pictures import picture_of
from api.pipeline.queue import enqueue
from api.queries.documents import FILTERS, DocumentFilter, find_document, list_documents
from api.queries.findings import list_absent
from api.queries.invoices import list_invoices
from api.rest.shapes import DocumentShape, DraftShape, IntakeShape, InvoiceShape
from api.taking_in import take_uploads, waiting_ids
from api.web.pages.document import send_original
from models.errors import RequestError

router = APIRouter(tags=["documents"])

Cursor = Annotated[str | None, Query(max_length=300, description="`next_cursor` of the answer before.")]
Limit = Annotated[int, Query(ge=1, le=200, description="Most items of one answer.")]
FILES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {"files": {"type": "array", "items": {"type": "string", "format": "binary"}}},
                }
            }
        },
    }
}


class IntakeAnswer(BaseModel):
    results: list[IntakeShape]


class DocumentPage(BaseModel):
    items: list[DocumentShape]
    next_cursor: str | None


class InvoicePage(BaseModel):
    items: list[InvoiceShape]
    next_cursor: str | None


class AbsentShape(BaseModel):
    invoice: InvoiceShape
    causes: list[dict[str, Any]] = Field(description="Ranked: code, probability, evidence, action.")
    draft: DraftShape | None


class AbsentPage(BaseModel):
    items: list[AbsentShape]
    next_cursor: str | None


@router.post("/documents", status_code=202, summary="Bring documents in", openapi_extra=FILES)
def add_documents(
    request: Request, session: Database, user: RestUser, uploaded: Uploaded, background: BackgroundTasks
) -> IntakeAnswer:
    """PDF, OFD, XML, pictures, or a ZIP of those; several at once. Each has its own result, in the order sent.
    The originals are safe when this answers; reading goes on afterwards: ask `GET /documents/{id}`."""
    if not uploaded.files:
        raise RequestError("invalid_request", what="files")
    taken = take_uploads(
        session, request.app.state.settings, uploaded.files, user=user, channel="rest",
        address=client_address(request), action=Action.REST_DOCUMENT_UPLOAD,
    )  # fmt: skip
    for document_id in waiting_ids(taken):
        background.add_task(enqueue, document_id)
    return IntakeAnswer(results=[IntakeShape.of(each, language_of(request)) for each in taken])


@router.get("/documents", summary="Documents, newest first")
def documents(
    *,
    request: Request,
    session: Database,
    user: RestUser,
    status: Annotated[str, Query(description=f"One of: {', '.join(FILTERS)}.")] = "",
    text: Annotated[str, Query(description="In the file name, number, code, seller or buyer.")] = "",
    since: Annotated[date | None, Query(description="Received on or after this day.")] = None,
    until: Annotated[date | None, Query(description="Received on or before this day.")] = None,
    cursor: Cursor = None,
    limit: Limit = 30,
) -> DocumentPage:
    if status and status not in FILTERS:
        raise RequestError("invalid_request", what=f"status: {status[:40]}")
    wanted = DocumentFilter(status=status, text=text, since=since, until=until)
    found = list_documents(session, user, wanted, cursor=cursor, limit=limit)
    language = language_of(request)
    return DocumentPage(items=[DocumentShape.of(row, language) for row in found.rows], next_cursor=found.next_cursor)


@router.get("/documents/{document_id}", summary="One document with everything read from it")
def document(request: Request, session: Database, user: RestUser, document_id: str) -> DocumentShape:
    return DocumentShape.of(find_document(session, user, document_id), language_of(request), whole=True)


@router.get("/documents/{document_id}/original", summary="The file as it was brought in", response_class=Response)
def original(request: Request, session: Database, user: RestUser, document_id: str) -> Response:
    row = find_document(session, user, document_id)
    audit.record(session, user.id, Action.REST_DOCUMENT_DOWNLOAD, f"document:{row.id}")
    return send_original(request, row)


@router.get("/documents/{document_id}/pages/{number}.jpg", summary="A page as a picture", response_class=Response)
def page_picture(request: Request, session: Database, user: RestUser, document_id: str, number: int) -> Response:
    """JPEG of page `number` (from 1), straightened; boxes of fields are fractions of this picture."""
    path = picture_of(request.app, find_document(session, user, document_id), number)
    return FileResponse(path, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=86400"})


@router.get("/invoices", summary="Invoices, newest first")
def invoices(
    *,
    session: Database,
    user: RestUser,
    number: Annotated[str | None, Query(description="Exact invoice number.", max_length=30)] = None,
    status: Annotated[str | None, Query(description="Match status.", max_length=20)] = None,
    cursor: Cursor = None,
    limit: Limit = 30,
) -> InvoicePage:
    found = list_invoices(session, user, number=number, status=status, cursor=cursor, limit=limit)
    return InvoicePage(items=[InvoiceShape.of(row) for row in found.rows], next_cursor=found.next_cursor)


@router.get("/absent", summary="Invoices that the records do not have, with causes and drafts")
def absent(session: Database, user: RestUser, cursor: Cursor = None, limit: Limit = 30) -> AbsentPage:
    found = list_absent(session, user, cursor=cursor, limit=limit)
    items = [
        AbsentShape(
            invoice=InvoiceShape.of(each.invoice),
            causes=(each.invoice.match or {}).get("causes", []),
            draft=DraftShape.of(each.draft) if each.draft else None,
        )
        for each in found.rows
    ]
    return AbsentPage(items=items, next_cursor=found.next_cursor)

"""What reconciliation found, for lists: invoices that are not in the records, and records without a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, selectinload

from api.gate.visitor import sees_all
from api.queries.paging import Slice, decode, encode, page_size
from models.errors import RequestError
from models.ledger import Direction
from models.matching import MatchStatus
from models.tables import DocumentRow, DraftRow, ImportRow, InvoiceRow, RecordRow, User


@dataclass(frozen=True, slots=True)
class AbsentInvoice:
    """An invoice we hold but have no record of, with the draft made for it."""

    invoice: InvoiceRow
    draft: DraftRow | None


def list_absent(
    session: Session, user: User, *, cursor: str | None = None, limit: int | None = None
) -> Slice[AbsentInvoice]:
    size = page_size(limit)
    query = (
        select(InvoiceRow)
        .join(DocumentRow, DocumentRow.id == InvoiceRow.document_id)
        .where(InvoiceRow.match_status == MatchStatus.ABSENT)
        .options(selectinload(InvoiceRow.document))
    )
    if not sees_all(user):
        query = query.where(DocumentRow.uploaded_by == user.id)
    if cursor:
        query = query.where(InvoiceRow.id < int_key(cursor))
    rows = session.scalars(query.order_by(InvoiceRow.id.desc()).limit(size + 1)).all()
    drafts = drafts_by_key(session, [row.identity_key for row in rows[:size]])
    found = [AbsentInvoice(row, drafts.get(row.identity_key or "")) for row in rows[:size]]
    return Slice(found, encode(rows[size - 1].id) if len(rows) > size else None)


def drafts_by_key(session: Session, keys: Sequence[str | None]) -> dict[str, DraftRow]:
    wanted = [key for key in keys if key]
    if not wanted:
        return {}
    return {
        draft.identity_key: draft
        for draft in session.scalars(select(DraftRow).where(DraftRow.identity_key.in_(wanted)))
    }


def list_records(
    session: Session,
    *,
    text: str = "",
    without_document: bool = False,
    cursor: str | None = None,
    limit: int | None = None,
) -> Slice[RecordRow]:
    """Ledger records, newest id first; `without_document` keeps what `reconcile` calls no_document."""
    size = page_size(limit)
    query = select(RecordRow)
    if without_document:
        query = query.where(
            ~exists().where(InvoiceRow.record_id == RecordRow.id),
            RecordRow.direction != Direction.OUTPUT,
        )
    if text.strip():
        wanted = text.strip()
        query = query.where(
            RecordRow.invoice_number.contains(wanted, autoescape=True)
            | RecordRow.digital_invoice_number.contains(wanted, autoescape=True)
            | RecordRow.seller_name.contains(wanted, autoescape=True)
            | RecordRow.buyer_name.contains(wanted, autoescape=True)
        )
    if cursor:
        query = query.where(RecordRow.id < int_key(cursor))
    rows = session.scalars(query.order_by(RecordRow.id.desc()).limit(size + 1)).all()
    return Slice(rows[:size], encode(rows[size - 1].id) if len(rows) > size else None)


def count_records(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(RecordRow)) or 0


def list_imports(session: Session, limit: int = 50) -> Sequence[ImportRow]:
    return session.scalars(select(ImportRow).order_by(ImportRow.id.desc()).limit(limit)).all()


def find_draft(session: Session, user: User, application_number: str) -> DraftRow:
    query = select(DraftRow, DocumentRow.uploaded_by).join(InvoiceRow, InvoiceRow.id == DraftRow.invoice_id)
    query = query.join(DocumentRow, DocumentRow.id == InvoiceRow.document_id)
    found = session.execute(query.where(DraftRow.application_number == application_number)).one_or_none()
    if found is None or (not sees_all(user) and found[1] != user.id):
        raise RequestError("no_such_item", what=application_number)
    draft: DraftRow = found[0]
    return draft


def int_key(cursor: str) -> int:
    (key,) = decode(cursor, 1)
    if not isinstance(key, int):
        raise RequestError("invalid_request", what="cursor")
    return key

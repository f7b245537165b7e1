"""Lists behind the figures of a reconciliation: documents of a class, and records of a class, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from api.queries.findings import drafts_of, int_key
from api.queries.paging import Slice, encode, page_size
from matching.reconciliation.ageing import Age, is_aged
from matching.reconciliation.holding import Holder, holder_of, last_holders
from matching.reconciliation.scope import Scope
from matching.reconciliation.totals import class_of_record, first_holders
from models.matching import MatchStatus
from models.tables import DocumentRow, DraftRow, InvoiceRow, RecordRow


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A captured invoice with its record and its draft."""

    invoice: InvoiceRow
    record: RecordRow | None
    draft: DraftRow | None


@dataclass(frozen=True, slots=True)
class ListedRecord:
    """A record, and who brought its seller's last invoice."""

    record: RecordRow
    holder: Holder | None


def documents_of_class(
    session: Session, scope: Scope, *, status: str = "", cause: str = "", age: Age | None = None, as_of: date,
    cursor: str | None = None, limit: int | None = None,
) -> Slice[ListedDocument]:  # fmt: skip
    """Newest first."""
    size = page_size(limit)
    query = (
        select(InvoiceRow)
        .join(DocumentRow, DocumentRow.id == InvoiceRow.document_id)
        .where(scope.of_invoices())
        .options(selectinload(InvoiceRow.document))
    )
    if status:
        query = query.where(func.coalesce(InvoiceRow.match_status, MatchStatus.NEEDS_REVIEW.value) == status)
    if cause:
        query = query.where(InvoiceRow.match["causes"][0]["code"].as_string() == cause)
    if age is not None:
        query = query.where(is_aged(InvoiceRow.issue_date, age, as_of))
    if cursor:
        query = query.where(InvoiceRow.id < int_key(cursor))
    rows = session.scalars(query.order_by(InvoiceRow.id.desc()).limit(size + 1)).all()
    shown = rows[:size]
    records = _records(session, [row.record_id for row in shown if row.record_id])
    drafts = drafts_of(session, shown)
    listed = [ListedDocument(row, records.get(row.record_id or 0), drafts.get(row.id)) for row in shown]
    return Slice(listed, encode(shown[-1].id) if len(rows) > size else None)


def records_of_class(
    session: Session, scope: Scope, *, name: str = "", age: Age | None = None, seller: str = "", as_of: date,
    cursor: str | None = None, limit: int | None = None,
) -> Slice[ListedRecord]:  # fmt: skip
    """Newest id first. `seller`: a tax id, or a name where there is none."""
    size = page_size(limit)
    holders = first_holders()
    query = (
        select(RecordRow).outerjoin(holders, holders.c.record_id == RecordRow.id).where(scope.of_records())
    )  # fmt: skip
    if name:
        query = query.where(class_of_record(holders) == name)
    if age is not None:
        query = query.where(is_aged(RecordRow.issue_date, age, as_of))
    if seller:
        query = query.where((RecordRow.seller_tax_id == seller) | (RecordRow.seller_name == seller))
    if cursor:
        query = query.where(RecordRow.id < int_key(cursor))
    rows = session.scalars(query.order_by(RecordRow.id.desc()).limit(size + 1)).all()
    shown = rows[:size]
    known = last_holders(session, {(row.seller_name, row.seller_tax_id) for row in shown})
    listed = [ListedRecord(row, holder_of(known, row.seller_name, row.seller_tax_id)) for row in shown]
    return Slice(listed, encode(shown[-1].id) if len(rows) > size else None)


def _records(session: Session, ids: Sequence[int]) -> dict[int, RecordRow]:
    return {row.id: row for row in session.scalars(select(RecordRow).where(RecordRow.id.in_(ids)))} if ids else {}

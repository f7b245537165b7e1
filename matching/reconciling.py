"""Reconciles both ways: every captured invoice with its finding, then every record that no document proves.

The rows are the JSON contract of `chapiao reconcile`. Reads only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from matching.reconciliation.holding import holder_of, last_holders
from matching.reconciliation.scope import Scope
from models.ledger import Direction
from models.matching import DraftState, MatchStatus
from models.money import format_money, from_fen
from models.tables import DocumentRow, DraftRow, InvoiceRow, RecordRow

FETCH = 500
Worded = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def reconcile(
    session: Session, *, period: str | None = None, company_tax_id: str | None = None, scope: Scope | None = None,
    worded: Worded | None = None,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """One row per captured invoice, then one per 进项 record without a document.

    `period` is a month or a range, `2024-06` or `2024-04..2024-06`; `company_tax_id` one of ours; or both as a
    `scope`. `worded` says the findings in another language than Chinese.
    """
    scope = scope or Scope.of(period, company_tax_id)
    yield from _documents(session, scope, worded)
    yield from _records(session, scope)


#: of this invoice by its key, or, where that is the other of its two, by the capture it was made for; never two lines
_DRAFT = (
    select(func.max(DraftRow.application_number))
    .where(
        DraftRow.state != DraftState.WITHDRAWN.value,
        or_(DraftRow.identity_key == InvoiceRow.identity_key, DraftRow.invoice_id == InvoiceRow.id),
    )
    .correlate(InvoiceRow)
    .scalar_subquery()
)


def _documents(session: Session, scope: Scope, worded: Worded | None) -> Iterator[dict[str, Any]]:
    query = (
        select(InvoiceRow, DocumentRow.name, RecordRow, _DRAFT)
        .join(DocumentRow, DocumentRow.id == InvoiceRow.document_id)
        .outerjoin(RecordRow, and_(RecordRow.id == InvoiceRow.record_id, scope.of_matched_records()))
        .where(scope.of_invoices())
        .order_by(InvoiceRow.id)
    )
    for invoice, name, record, draft in session.execute(query.execution_options(yield_per=FETCH)):
        yield _of_document(invoice, name, record, draft, worded)


def _of_document(
    invoice: InvoiceRow, name: str, record: RecordRow | None, draft: str | None, worded: Worded | None
) -> dict[str, Any]:
    found = worded(invoice.match or {}) if worded else invoice.match or {}
    return {
        "document": name,
        "document_id": invoice.document_id,
        "invoice_id": invoice.id,
        "kind": invoice.kind,
        "invoice_code": invoice.invoice_code,
        "invoice_number": invoice.invoice_number,
        "issue_date": invoice.issue_date.isoformat() if invoice.issue_date else None,
        "seller_name": invoice.seller_name,
        "total_excl_tax": _money(invoice.total_excl_fen),
        "total_tax": _money(invoice.total_tax_fen),
        "total_incl_tax": _money(invoice.total_incl_fen),
        "status": invoice.match_status or MatchStatus.NEEDS_REVIEW.value,
        "record": exported(record) if record else None,
        "differences": found.get("differences", []),
        "causes": found.get("causes", []),
        "why": found.get("why", ""),
        "duplicate_of": invoice.duplicate_of,
        "draft": draft,
    }


def _records(session: Session, scope: Scope) -> Iterator[dict[str, Any]]:
    known = last_holders(session)
    query = (
        select(RecordRow)
        .where(
            RecordRow.direction != Direction.OUTPUT.value,
            ~exists().where(InvoiceRow.record_id == RecordRow.id),
            scope.of_records(),
        )
        .order_by(RecordRow.issue_date, RecordRow.id)
    )
    for record in session.scalars(query.execution_options(yield_per=FETCH)):
        holder = holder_of(known, record.seller_name, record.seller_tax_id)
        yield {
            "record": exported(record),
            "status": MatchStatus.NO_DOCUMENT.value,
            "holder": holder.name if holder else None,
        }


def exported(record: RecordRow) -> dict[str, Any]:
    """A record as rows and pages show it."""
    return {
        "id": record.id,
        "invoice_code": record.invoice_code,
        "invoice_number": record.digital_invoice_number or record.invoice_number,
        "issue_date": record.issue_date.isoformat() if record.issue_date else None,
        "seller_name": record.seller_name,
        "seller_tax_id": record.seller_tax_id,
        "buyer_name": record.buyer_name,
        "total_excl_tax": _money(record.total_excl_fen),
        "total_tax": _money(record.total_tax_fen),
        "total_incl_tax": _money(record.total_incl_fen),
        "kind": record.kind,
        "kind_label": record.kind_label,
        "state": record.state,
        "state_label": record.state_label,
        "origin": record.origin,
        "damaged": sorted(record.damaged),
    }


def _money(fen: int | None) -> str | None:
    return None if fen is None else format_money(from_fen(fen))

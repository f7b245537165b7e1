"""Reconciles both ways: every captured invoice with its finding, then every record that no document proves.

The rows are the JSON contract of `chapiao reconcile`. Reads only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from models.errors import RequestError
from models.ledger import Direction
from models.matching import DraftState, MatchStatus
from models.money import format_money, from_fen
from models.tables import DocumentRow, DraftRow, InvoiceRow, RecordRow

FETCH = 500
_PERIOD = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


def reconcile(session: Session, *, period: str | None = None) -> Iterator[dict[str, Any]]:
    """One row per captured invoice, then one per 进项 record without a document. `period` is a month, `2024-06`."""
    span = _month(period) if period else None
    yield from _documents(session, span)
    yield from _records(session, span)


def _month(period: str) -> tuple[date, date]:
    """First day of the month, first day of the next."""
    found = _PERIOD.fullmatch(period)
    if not found:
        raise RequestError("invalid_request", what=f"期间应为 2024-06 的形式：{period}")
    year, month = int(found[1]), int(found[2])
    return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)


def _documents(session: Session, span: tuple[date, date] | None) -> Iterator[dict[str, Any]]:
    query = (
        select(InvoiceRow, DocumentRow.name, RecordRow, DraftRow.application_number)
        .join(DocumentRow, DocumentRow.id == InvoiceRow.document_id)
        .outerjoin(RecordRow, RecordRow.id == InvoiceRow.record_id)
        .outerjoin(
            DraftRow,
            and_(DraftRow.identity_key == InvoiceRow.identity_key, DraftRow.state != DraftState.WITHDRAWN.value),
        )
        .order_by(InvoiceRow.id)
    )
    if span:
        start, end = span
        # an invoice whose date was not read must not drop out of every month: it counts where it came in
        taken_in = and_(
            InvoiceRow.issue_date.is_(None),
            DocumentRow.received_at >= datetime(start.year, start.month, 1, tzinfo=UTC),
            DocumentRow.received_at < datetime(end.year, end.month, 1, tzinfo=UTC),
        )
        query = query.where(or_(and_(InvoiceRow.issue_date >= start, InvoiceRow.issue_date < end), taken_in))
    for invoice, name, record, draft in session.execute(query.execution_options(yield_per=FETCH)):
        yield _of_document(invoice, name, record, draft)


def _of_document(invoice: InvoiceRow, name: str, record: RecordRow | None, draft: str | None) -> dict[str, Any]:
    found = invoice.match or {}
    return {
        "document": name,
        "document_id": invoice.document_id,
        "invoice_id": invoice.id,
        "kind": invoice.kind,
        "invoice_code": invoice.invoice_code,
        "invoice_number": invoice.invoice_number,
        "issue_date": invoice.issue_date.isoformat() if invoice.issue_date else None,
        "seller_name": invoice.seller_name,
        "total_incl_tax": _money(invoice.total_incl_fen),
        "status": invoice.match_status or MatchStatus.NEEDS_REVIEW.value,
        "record": exported(record) if record else None,
        "differences": found.get("differences", []),
        "causes": found.get("causes", []),
        "why": found.get("why", ""),
        "duplicate_of": invoice.duplicate_of,
        "draft": draft,
    }


def _records(session: Session, span: tuple[date, date] | None) -> Iterator[dict[str, Any]]:
    query = select(RecordRow).where(
        RecordRow.direction != Direction.OUTPUT.value,
        ~exists().where(InvoiceRow.record_id == RecordRow.id),
    )
    if span:
        query = query.where(RecordRow.issue_date >= span[0], RecordRow.issue_date < span[1])
    query = query.order_by(RecordRow.issue_date, RecordRow.id)
    for record in session.scalars(query.execution_options(yield_per=FETCH)):
        yield {"record": exported(record), "status": MatchStatus.NO_DOCUMENT.value}


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

"""Invoices across documents, newest first."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.queries.findings import int_key
from api.queries.paging import Slice, encode, page_size
from api.queries.visibility import sight_of
from models.tables import InvoiceRow, User


def list_invoices(
    session: Session,
    user: User,
    *,
    number: str | None = None,
    status: str | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Slice[InvoiceRow]:
    size = page_size(limit)
    query = select(InvoiceRow).where(sight_of(session, user).invoices())
    if number:
        query = query.where(InvoiceRow.invoice_number == number.strip())
    if status:
        query = query.where(InvoiceRow.match_status == status)
    if cursor:
        query = query.where(InvoiceRow.id < int_key(cursor))
    rows = session.scalars(query.order_by(InvoiceRow.id.desc()).limit(size + 1)).all()
    return Slice(rows[:size], encode(rows[size - 1].id) if len(rows) > size else None)

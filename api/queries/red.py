"""Red and blue invoices as they are tied now, with the way to each that the visitor may follow. Only reads.

What was stored with a finding may be older than the other's arrival; the links themselves are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from api.queries.visibility import sight_of
from matching.candidates import by_id
from matching.captured import read_captured
from matching.red_links import Red, reds_of, remaining
from models.tables import InvoiceRow, RecordRow, RedLinkRow, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Tied:
    """The other invoice of a pair. `address` None: nothing of it is here, or not for this visitor."""

    number: str | None
    fen: int | None = None
    address: str | None = None
    known: bool = True  #: imported or captured


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """Of a red invoice: its blue one, and the numbers it names. Of a blue one: its red ones and what they leave."""

    is_red: bool = False
    blue: Tied | None = None
    by_number: bool = False
    confirmation_number: str | None = None
    form_number: str | None = None
    reds: Sequence[Tied] = ()
    left: Decimal | None = None


def ties_of_invoice(session: Session, user: User, invoice: InvoiceRow) -> Ties:
    red = (invoice.match or {}).get("red")
    if red is not None:
        return _blue(session, user, RedLinkRow.red_invoice_id == invoice.id, bool((red["blue"] or {}).get("by_number")))
    record = session.get(RecordRow, invoice.record_id) if invoice.record_id else None
    total = record.total_incl_fen if record is not None else invoice.total_incl_fen
    stored = by_id(session, record.id) if record is not None else None
    found = reds_of(session, stored, read_captured(invoice).keys, invoice.seller_tax_id)
    return _ties(session, user, found, total)


def ties_of_record(session: Session, user: User, record: RecordRow) -> Ties:
    if (record.total_incl_fen or 0) < 0:
        return _blue(session, user, RedLinkRow.red_record_id == record.id, by_number=False)
    keys = [key.key for key in record.keys]
    found = reds_of(session, by_id(session, record.id), keys, record.seller_tax_id)
    return _ties(session, user, found, record.total_incl_fen)


def _blue(session: Session, user: User, which: ColumnElement[bool], by_number: bool) -> Ties:
    link = session.scalars(select(RedLinkRow).where(which).order_by(RedLinkRow.id)).first()
    if link is None:
        return Ties(is_red=True)
    blue = None
    if link.blue_key:
        place = _address(session, user, link.blue_invoice_id, link.blue_record_id)
        known = link.blue_invoice_id is not None or link.blue_record_id is not None
        blue = Tied(number=link.blue_key, address=place, known=known)
    return Ties(
        is_red=True, blue=blue, by_number=by_number, confirmation_number=link.confirmation_number,
        form_number=link.form_number,
    )  # fmt: skip


def _ties(session: Session, user: User, found: Sequence[Red], total: int | None) -> Ties:
    reds = [
        Tied(number=red.key, fen=red.fen, address=_address(session, user, red.invoice_id, red.record_id))
        for red in found
    ]
    return Ties(reds=reds, left=remaining(total, found))


def _address(session: Session, user: User, invoice_id: int | None, record_id: int | None) -> str | None:
    """Its document rather than its record: there both can be seen."""
    sight = sight_of(session, user)
    matched = or_(InvoiceRow.id == invoice_id, InvoiceRow.record_id == record_id if record_id else InvoiceRow.id < 0)
    query = select(InvoiceRow.document_id, InvoiceRow.index).where(matched, sight.invoices()).order_by(InvoiceRow.id)
    if (row := session.execute(query.limit(1)).first()) is not None:
        return f"/documents/{row.document_id}?invoice={row.index}"
    if record_id is None:
        return None
    seen = session.scalar(select(RecordRow.id).where(RecordRow.id == record_id, sight.records()))
    return f"/records/{record_id}" if seen is not None else None

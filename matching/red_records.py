"""Red invoices in the ledger that flush a blue one, found by seller and by the number in their remarks."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from matching.captured import Captured
from matching.folding import fold_tax_id
from matching.stored import RECORD_COLUMNS, StoredRecord, records
from models.money import from_fen
from models.tables import RecordRow

LIMIT = 500  #: red invoices that name one blue one
_REDS = (
    select(*RECORD_COLUMNS)
    .where(
        RecordRow.seller_tax_id == bindparam("seller"),
        RecordRow.total_incl_fen < 0,
        RecordRow.remarks.contains(bindparam("number")),  # digits only: nothing to escape
    )
    .order_by(RecordRow.id)
    .limit(LIMIT)
)


def _reds_naming(session: Session, seller_tax_id: str | None, number: str | None) -> list[StoredRecord]:
    seller = fold_tax_id(seller_tax_id)
    if not seller or not number or not number.isdigit():
        return []
    return records(session.connection().execute(_REDS, {"seller": seller, "number": number}))


def red_record_of(session: Session, invoice: Captured) -> StoredRecord | None:
    reds = _reds_naming(session, invoice.value("seller_tax_id"), invoice.number)
    return reds[0] if reds else None


def remaining_after_red(session: Session, record: StoredRecord) -> Decimal | None:
    """价税合计 left of a partly flushed invoice; None if no red invoice naming it is in the ledger."""
    reds = _reds_naming(session, record.seller_tax_id, record.number)
    if not reds or record.total_incl_fen is None:
        return None
    return from_fen(record.total_incl_fen + sum(red.total_incl_fen or 0 for red in reds))

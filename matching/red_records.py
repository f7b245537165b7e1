"""Red invoices in the ledger that flush a blue one, found by seller and by the number in their remarks.

For records that were imported and not linked yet; `red_links` keeps what was found.
"""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from matching.folding import fold_tax_id
from matching.stored import RECORD_COLUMNS, StoredRecord, records
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


def reds_naming(session: Session, seller_tax_id: str | None, number: str | None) -> list[StoredRecord]:
    seller = fold_tax_id(seller_tax_id)
    if not seller or not number or not number.isdigit():
        return []
    return records(session.connection().execute(_REDS, {"seller": seller, "number": number}))

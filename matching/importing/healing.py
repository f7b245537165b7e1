"""A record once imported with a damaged or incomplete number gives way when the whole one arrives.

Taken over only when seller, date and amount agree, the damaged cell could have been the whole number, and exactly one
record on each side fits: nothing is merged on a resemblance.
"""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from matching.folding import same_name
from matching.importing.damage import DamagedCell, compatible
from matching.importing.mentioned import Mentioned
from matching.importing.storing import absorb
from matching.stored import StoredRecord
from models.tables import ImportRow, RecordRow


def heal(session: Session, import_row: ImportRow, mentioned: Mentioned) -> int:
    """Replace what this import has made whole; returns how many.

    Two rows of one file are two invoices, however alike: a pair counts only if the whole record first came with this
    import and the broken one before it, or the broken one came with this import and the whole one is not in its file.
    """
    whole = aliased(RecordRow)
    query = (
        select(RecordRow, whole)
        .join(
            whole,
            (whole.total_incl_fen == RecordRow.total_incl_fen)
            & (whole.issue_date == RecordRow.issue_date)
            & whole.identity_key.is_not(None),
        )
        .where(
            RecordRow.identity_key.is_(None),
            or_(RecordRow.import_id == import_row.id, whole.import_id == import_row.id),
        )
    )
    fits: dict[int, set[int]] = defaultdict(set)
    claimed: dict[int, set[int]] = defaultdict(set)
    for broken, full in session.execute(query):
        now_broken = broken.import_id == import_row.id
        now_whole = full.created_at == import_row.imported_at
        apart = not now_whole and full.id not in mentioned if now_broken else now_whole
        names_it = could_be(broken, full.invoice_code, full.invoice_number, full.digital_invoice_number)
        if apart and names_it and _same_seller(broken, full):
            fits[broken.id].add(full.id)
            claimed[full.id].add(broken.id)
    healed = 0
    for broken_id, full_ids in fits.items():
        if len(full_ids) == 1 and len(claimed[full_id := next(iter(full_ids))]) == 1:
            absorb(session, full_id, broken_id, import_row)
            healed += 1
    return healed


def _same_seller(one: RecordRow, other: RecordRow) -> bool:
    if one.seller_tax_id and other.seller_tax_id:
        return one.seller_tax_id == other.seller_tax_id
    return same_name(one.seller_name, other.seller_name)


def could_be(record: RecordRow | StoredRecord, code: str | None, number: str | None, digital: str | None) -> bool:
    """Could this record, whose key is damaged or incomplete, be the invoice with this code and number?"""
    numbers = [n for n in (number, digital) if n]
    fitting = [
        any(compatible(DamagedCell.parse(record.damaged[column]), n) for n in numbers)
        for column in ("invoice_number", "digital_invoice_number")
        if column in record.damaged
    ]
    if not fitting:
        if record.invoice_number not in numbers and record.digital_invoice_number not in numbers:
            return False
    elif not any(fitting):
        return False
    if "invoice_code" in record.damaged:
        return code is not None and compatible(DamagedCell.parse(record.damaged["invoice_code"]), code)
    return record.invoice_code is None or record.invoice_code == code

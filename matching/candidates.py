"""Records that might be a captured invoice: by exact key first, then by narrow blocks. Never scans the ledger.

Blocks, each by an index: last 8 digits · numbers one slip away (looked up by key) · code and number exchanged ·
seller id + amount · amount + date · seller id + date. Names only ever narrow what a block found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from matching.captured import Captured
from matching.digits import variants
from matching.folding import fold_tax_id
from matching.on_behalf import true_seller
from models.tables import RecordKeyRow, RecordRow

BLOCK_LIMIT = 200  #: records taken from one block; a fuller block tells nothing
DATE_WINDOW = timedelta(days=3)
WIDE_WINDOW = timedelta(days=31)  #: for amount alone, where the seller's name then decides
KEYS_PER_QUERY = 900


def by_key(session: Session, keys: Iterable[str]) -> list[RecordRow]:
    """Records that answer to any of the keys (数电纸票 answers to two)."""
    wanted = list(keys)
    if not wanted:
        return []
    ids = select(RecordKeyRow.record_id).where(RecordKeyRow.key.in_(wanted))
    return list(session.scalars(select(RecordRow).where(RecordRow.id.in_(ids))))


def in_blocks(session: Session, invoice: Captured) -> list[RecordRow]:
    """Every record of every block, once each, the sharper blocks first."""
    found: dict[int, RecordRow] = {}
    for condition in _blocks(invoice):
        for record in session.scalars(select(RecordRow).where(condition).limit(BLOCK_LIMIT)):
            found.setdefault(record.id, record)
    return list(found.values())


def _blocks(invoice: Captured) -> Iterator[ColumnElement[bool]]:
    number, day = invoice.number, invoice.issue_date
    behalf = true_seller(invoice)
    sellers = [fold_tax_id(i) for i in (invoice.value("seller_tax_id"), behalf.tax_id if behalf else None) if i]
    gross, net = invoice.fen("total_incl_tax"), invoice.fen("total_excl_tax")
    if number and len(number) >= 8:
        yield RecordRow.number_tail == number[-8:]
    if invoice.code and len(invoice.code) >= 8:  # the code stands where the number should
        yield RecordRow.number_tail == invoice.code[-8:]
    if sellers and gross is not None:
        yield and_(RecordRow.seller_tax_id.in_(sellers), RecordRow.total_incl_fen == gross)
    if gross is not None and day:
        yield and_(
            RecordRow.total_incl_fen == gross,
            RecordRow.issue_date.between(day - WIDE_WINDOW, day + WIDE_WINDOW),
        )
    if sellers and day:
        near = RecordRow.issue_date.between(day - DATE_WINDOW, day + DATE_WINDOW)
        same_net = RecordRow.total_excl_fen == net if net is not None else false()
        yield and_(RecordRow.seller_tax_id.in_(sellers), near, or_(same_net, RecordRow.total_incl_fen.is_(None)))


def near_numbers(session: Session, invoice: Captured) -> list[RecordRow]:
    """Records whose number is one slip away, looked up as keys: exact, so the ledger's size does not matter.

    A thousand or two look-ups: for when the blocks found nothing. A 20-digit number that was read exactly is not
    varied: only the record could be wrong then, and its seller and amount lead to it.
    """
    if invoice.number_exact and not invoice.has_code:
        return []
    near = list(dict.fromkeys(_near_keys(invoice)))
    ids: set[int] = set()
    for start in range(0, len(near), KEYS_PER_QUERY):
        keys = near[start : start + KEYS_PER_QUERY]
        ids.update(session.scalars(select(RecordKeyRow.record_id).where(RecordKeyRow.key.in_(keys))))
    return list(session.scalars(select(RecordRow).where(RecordRow.id.in_(ids)))) if ids else []


def _near_keys(invoice: Captured) -> Iterator[str]:
    code, number = invoice.code, invoice.number
    for reading in invoice.field("invoice_number").readings:  # what the other sources read
        if len(reading) == 20 or code:
            yield reading if len(reading) == 20 else f"{code}-{reading}"
    if not number:
        return
    if not invoice.has_code:
        yield from variants(number)
    elif code:
        yield f"{number}-{code}"
        yield from (f"{code}-{near}" for near in variants(number))
        yield from (f"{near}-{number}" for near in variants(code))

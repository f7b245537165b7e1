"""Records that might be a captured invoice: by exact key first, then by narrow blocks. Never scans the ledger.

Blocks, each by an index, all in one statement: last 8 digits · code and number exchanged · seller id + amount ·
amount + date · seller id + date. Where these do not suffice, numbers a slip away are looked up by key. Records that
another capture is linked to are not offered. Statements are built once; a block without its values finds nothing.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import JSON, ColumnElement, Select, bindparam, cast, exists, func, select, union
from sqlalchemy.orm import Session

from matching.captured import Captured
from matching.digits import variants
from matching.folding import fold_tax_id
from matching.on_behalf import true_seller
from matching.stored import RECORD_COLUMNS, StoredRecord, records
from models.matching import MatchStatus
from models.tables import InvoiceRow, RecordKeyRow, RecordRow

BLOCK_LIMIT = 100  #: records taken from one block; a fuller block tells nothing
DATE_WINDOW = timedelta(days=3)
WIDE_WINDOW = timedelta(days=31)  #: for amount alone, where the seller's name then decides
LINKED = (MatchStatus.MATCHED.value, MatchStatus.DIFFERS.value, MatchStatus.VOID.value, MatchStatus.RED_FLUSHED.value)

_R = RecordRow
_BY_KEY = select(*RECORD_COLUMNS).where(
    _R.id.in_(select(RecordKeyRow.record_id).where(RecordKeyRow.key.in_([bindparam("key"), bindparam("other_key")])))
)
_BY_ID = select(*RECORD_COLUMNS).where(_R.id == bindparam("id"))
_SELLERS = _R.seller_tax_id.in_([bindparam("seller"), bindparam("true_seller")])
_GROSS = _R.total_incl_fen == bindparam("gross")
_NEAR = _R.issue_date.between(bindparam("near_from"), bindparam("near_to"))
_BLOCKS: tuple[ColumnElement[bool], ...] = (
    _R.number_tail.in_([bindparam("tail"), bindparam("code_tail")]),
    _SELLERS & _GROSS,
    _GROSS & (_R.issue_date == bindparam("day")),
    _GROSS & _R.issue_date.between(bindparam("wide_from"), bindparam("wide_to")),
    _SELLERS & _NEAR & ((_R.total_excl_fen == bindparam("net")) | _R.total_incl_fen.is_(None)),
    _SELLERS & (_R.issue_date == bindparam("doubted_day")),
)


def _free(ids: Any) -> Select[Any]:
    """Of these, the records that no other capture is linked to."""
    claimed = exists().where(
        InvoiceRow.record_id == _R.id, InvoiceRow.id != bindparam("invoice"), InvoiceRow.match_status.in_(LINKED)
    )
    return select(*RECORD_COLUMNS).where(_R.id.in_(ids), ~claimed)


def _limited(condition: ColumnElement[bool]) -> Select[Any]:
    return select(select(_R.id).where(condition).limit(BLOCK_LIMIT).subquery().c.id)


_IDS_OF_BLOCKS = union(*(_limited(condition) for condition in _BLOCKS))
_IN_BLOCKS = _free(_IDS_OF_BLOCKS)
_CLAIMED_IN_BLOCKS = (
    select(*RECORD_COLUMNS, InvoiceRow.id.label("claimed_by"))
    .join(InvoiceRow, (InvoiceRow.record_id == _R.id) & InvoiceRow.match_status.in_(LINKED))
    .where(_R.id.in_(_IDS_OF_BLOCKS), InvoiceRow.id != bindparam("invoice"))
)


def _near_statement(values: Any) -> Select[Any]:
    return _free(select(RecordKeyRow.record_id).where(RecordKeyRow.key.in_(values)).limit(BLOCK_LIMIT))


#: many keys as one parameter: a list of a thousand would have to be rendered into the statement each time
_NEAR_NUMBERS = {
    "sqlite": _near_statement(select(func.json_each(bindparam("keys")).table_valued("value").c.value)),
    "postgresql": _near_statement(
        select(func.json_array_elements_text(cast(bindparam("keys"), JSON)).column_valued("wanted"))
    ),
}


def by_key(session: Session, keys: Sequence[str]) -> list[StoredRecord]:
    """Records that answer to any of the keys (数电纸票 answers to two)."""
    if not keys:
        return []
    found = session.connection().execute(_BY_KEY, {"key": keys[0], "other_key": keys[-1]})
    return records(found)


def by_id(session: Session, record_id: int) -> StoredRecord | None:
    return next(iter(records(session.connection().execute(_BY_ID, {"id": record_id}))), None)


def in_blocks(session: Session, invoice: Captured) -> list[StoredRecord]:
    """Every record of every block, once each."""
    return records(session.connection().execute(_IN_BLOCKS, _block_values(invoice)))


def claimed_in_blocks(session: Session, invoice: Captured) -> list[tuple[StoredRecord, int]]:
    """Records of the blocks that another capture is linked to, with that capture: this one may be the same paper."""
    found = session.connection().execute(_CLAIMED_IN_BLOCKS, _block_values(invoice))
    return [(StoredRecord._make(row[:-1]), row[-1]) for row in found]


def _block_values(invoice: Captured) -> dict[str, Any]:
    number, code, day = invoice.number, invoice.code, invoice.issue_date
    behalf = true_seller(invoice)
    seller = fold_tax_id(invoice.value("seller_tax_id")) or None
    exact = invoice.number_exact
    return {
        "invoice": invoice.id,
        "tail": number[-8:] if number and len(number) >= 8 else None,
        "code_tail": code[-8:] if code and len(code) >= 8 else None,  # the code stands where the number should
        "seller": seller,
        "true_seller": (fold_tax_id(behalf.tax_id) or None) if behalf else None,
        "gross": invoice.fen("total_incl_tax"),
        "net": invoice.fen("total_excl_tax"),
        "day": day,
        "doubted_day": None if exact else day,  # a number misread by more than a slip, an amount misread too
        "near_from": day - DATE_WINDOW if day else None,
        "near_to": day + DATE_WINDOW if day else None,
        "wide_from": day - WIDE_WINDOW if day else None,
        "wide_to": day + WIDE_WINDOW if day else None,
    }


def near_numbers(session: Session, invoice: Captured, known: Collection[int]) -> list[StoredRecord]:
    """Records, other than the known, whose number is one slip away, looked up as keys: the ledger's size is no matter.

    A thousand look-ups or so: for when the blocks found nothing. A 20-digit number that was read exactly is not
    varied: only the record could be wrong then, and its seller and amount lead to it.
    """
    if invoice.number_exact and not invoice.has_code:
        return []
    keys = list(dict.fromkeys(_near_keys(invoice)))
    if not keys:
        return []
    statement = _NEAR_NUMBERS[session.get_bind().dialect.name]
    values = {"keys": json.dumps(keys), "invoice": invoice.id}
    return [r for r in records(session.connection().execute(statement, values)) if r.id not in known]


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

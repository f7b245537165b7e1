"""Records that might be a captured invoice: by exact key first, then by narrow blocks. Never scans the ledger.

Blocks, each by an index, all in one statement: last 8 digits · code and number exchanged · seller id + amount, near in
date or number · amount + date, of such sellers as it could be · seller id + date, of such numbers or amounts. Where
these do not suffice, numbers a slip away are looked up by key. A record that another capture is linked to comes with
that capture. Statements are built once; a block without its values finds nothing.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Select,
    String,
    and_,
    any_,
    bindparam,
    case,
    exists,
    func,
    join,
    literal_column,
    or_,
    select,
    union,
)  # fmt: skip
from sqlalchemy.orm import Session

from matching.captured import Captured
from matching.companies import COMPANIES
from matching.digits import slips
from matching.folding import fold_tax_id
from matching.on_behalf import true_seller
from matching.prepared import Prepared
from matching.stored import IMPORTS, RECORD_COLUMNS, StoredRecord, records
from models.matching import MatchStatus
from models.tables import InvoiceRow, LearnedWeightRow, RecordKeyRow, RecordRow, RedLinkRow

BLOCK_LIMIT = 100  #: records taken from one block; a fuller block tells nothing
WIDE_LIMIT = 300  #: records of one amount looked at within the wide window
DATE_WINDOW = timedelta(days=3)
WIDE_WINDOW = timedelta(days=31)  #: for amount alone, where the seller's name then decides
LINKED = (MatchStatus.MATCHED.value, MatchStatus.DIFFERS.value, MatchStatus.VOID.value, MatchStatus.RED_FLUSHED.value)

_R = RecordRow


def _fixed(*values: int | str) -> list[ColumnElement[Any]]:
    """As words of the statement: the database plans with them, and they need not be sent each time."""
    return [literal_column(repr(value)) for value in values]


_PROBABLE: ColumnElement[str] = literal_column(repr(MatchStatus.PROBABLE.value))
_KEYS: list[Any] = [bindparam("key"), bindparam("other_key")]
_AROUND = bindparam("around", type_=Boolean)
_ABOUT = select(
    select(func.max(_R.id)).scalar_subquery().label("size"),
    exists(select(LearnedWeightRow.field)).label("learned"),
    exists(select(RedLinkRow.id)).label("reds"),
    exists().where(InvoiceRow.identity_key.in_(_KEYS), InvoiceRow.id != bindparam("invoice")).label("captured"),
).subquery()
#: one row at least: what is asked of the ledger anyway, each with a record that bears the key or with none
_BY_KEY = Prepared(
    select(
        *_ABOUT.c,
        *RECORD_COLUMNS,
        exists().where(RedLinkRow.blue_record_id == _R.id),
        exists().where(InvoiceRow.record_id == _R.id, InvoiceRow.match_status == _PROBABLE),
        case((_R.id.is_(None) & _AROUND, COMPANIES)),
        case((_R.id.is_(None) & _AROUND, IMPORTS)),
    ).select_from(
        _ABOUT.outerjoin(join(RecordKeyRow, _R, _R.id == RecordKeyRow.record_id), RecordKeyRow.key.in_(_KEYS))
    )
)
_BY_ID = Prepared(select(*RECORD_COLUMNS).where(_R.id == bindparam("id")))
_SELLERS = _R.seller_tax_id.in_([bindparam("seller"), bindparam("true_seller")])
_GROSS = _R.total_incl_fen == bindparam("gross")
_WIDE = (
    select(_R.id)
    .where(_GROSS, _R.issue_date.between(bindparam("wide_from"), bindparam("wide_to")))
    .limit(*_fixed(WIDE_LIMIT))
    .correlate(None)
)
#: a seller that ours could have been misread from: an id of which one half agrees, the same name, or nothing to compare
_LIKE_SELLER = or_(
    bindparam("any_seller", type_=Boolean),
    _R.seller_tax_id.is_(None),
    _R.identity_key.is_(None),  # a damaged number agrees with many
    _R.seller_name == bindparam("seller_name"),
    func.substr(_R.seller_tax_id, *_fixed(1, 9)) == bindparam("seller_head", type_=String),
    func.substr(_R.seller_tax_id, *_fixed(10)) == bindparam("seller_foot", type_=String),
)
#: a slip leaves one half of the last 8 digits as it was
_LIKE_NUMBER = or_(
    bindparam("any_number", type_=Boolean),
    _R.number_tail.is_(None),
    func.substr(_R.number_tail, *_fixed(1, 4)) == bindparam("tail_head", type_=String),
    func.substr(_R.number_tail, *_fixed(5)) == bindparam("tail_foot", type_=String),
)
_NEAR_DAY = _R.issue_date.between(bindparam("near_from"), bindparam("near_to"))
_BLOCKS: tuple[ColumnElement[bool], ...] = (
    _R.number_tail.in_([bindparam("tail"), bindparam("code_tail")]),
    and_(_SELLERS, _GROSS, or_(_NEAR_DAY, _R.issue_date.is_(None), _LIKE_NUMBER)),
    and_(_GROSS, _R.issue_date == bindparam("day"), _LIKE_SELLER),
    and_(_R.id.in_(_WIDE), _LIKE_SELLER),
    _SELLERS & _R.total_incl_fen.is_(None) & _NEAR_DAY,
    _SELLERS
    & _R.issue_date.between(bindparam("unsure_from"), bindparam("unsure_to"))
    & (_R.total_excl_fen == bindparam("net")),
    and_(_SELLERS, _R.issue_date == bindparam("doubted_day"), or_(_LIKE_NUMBER, _R.total_excl_fen == bindparam("net"))),
)


def _limited(condition: ColumnElement[bool]) -> Select[Any]:
    return select(select(_R.id).where(condition).limit(*_fixed(BLOCK_LIMIT)).subquery().c.id)


_OTHER = (InvoiceRow.record_id == _R.id) & (InvoiceRow.id != bindparam("invoice"))
_STATUSES = _fixed(*LINKED)
_CLAIM = _OTHER & InvoiceRow.match_status.in_(_STATUSES)
_SUCH = select(_R.id).where(_SELLERS & _GROSS).limit(*_fixed(BLOCK_LIMIT))
_RECURRING = select(func.count()).select_from(_SUCH.subquery())
_IN_BLOCKS = Prepared(
    select(*RECORD_COLUMNS, InvoiceRow.id, InvoiceRow.match_status, _RECURRING.scalar_subquery())
    .outerjoin(InvoiceRow, _OTHER & InvoiceRow.match_status.in_([*_STATUSES, _PROBABLE]))
    .where(_R.id.in_(union(*(_limited(condition) for condition in _BLOCKS))))
    .order_by(InvoiceRow.id)
)


def _near_statement(wanted: ColumnElement[bool]) -> Prepared:
    ids = select(RecordKeyRow.record_id).where(wanted).limit(*_fixed(BLOCK_LIMIT))
    return Prepared(select(*RECORD_COLUMNS).where(_R.id.in_(ids), ~exists().where(_CLAIM)))


#: many keys as one text: a list of hundreds would have to be rendered into the statement, or sent singly, each time
_ALL_KEYS = bindparam("keys", type_=String)
_NEAR_NUMBERS = {
    "sqlite": _near_statement(RecordKeyRow.key.in_(select(func.json_each(_ALL_KEYS).table_valued("value").c.value))),
    "postgresql": _near_statement(RecordKeyRow.key == any_(func.string_to_array(_ALL_KEYS, ",", type_=ARRAY(String)))),
}


class Found(NamedTuple):
    """Records of the blocks: those that are free, and those with the capture that has them."""

    free: list[StoredRecord]
    claimed: list[tuple[StoredRecord, int]]
    recurring: int = 0  #: records of this seller and amount, on whatever day: a rent, a subscription
    contested: bool = False  #: another document is offered one of the free ones
    complete: bool = False  #: no block was full


class Keyed(NamedTuple):
    """A record that bears the key."""

    record: StoredRecord
    has_reds: bool  #: red invoices name it
    offered: bool  #: to a document that may be another


class AtFirst(NamedTuple):
    """What the first look at the database shows of an invoice, in one statement."""

    size: int  #: of the ledger, about: a count would read the whole table
    learned: bool  #: weights have been learned
    reds: bool  #: there are red invoices
    captured: bool  #: another capture bears one of the keys
    records: list[Keyed]  #: that answer to any of the keys (数电纸票 answers to two)
    companies: str | None = None  #: where none does, what the search will ask for: `companies.COMPANIES`
    imports: str | None = None  #: `stored.IMPORTS`


def at_first(session: Session, invoice: Captured, *, around: bool) -> AtFirst:
    """`around`: companies and imports are not known yet."""
    keys = invoice.keys or (None,)
    rows = _BY_KEY(session, {"key": keys[0], "other_key": keys[-1], "invoice": invoice.id, "around": around})
    size, learned, reds, captured = rows[0][:4]
    found = {row[4]: Keyed(StoredRecord._make(row[4:-4]), bool(row[-4]), bool(row[-3])) for row in rows if row[4]}
    return AtFirst(size or 0, bool(learned), bool(reds), bool(captured), list(found.values()), *rows[0][-2:])


def by_id(session: Session, record_id: int) -> StoredRecord | None:
    return next(iter(records(_BY_ID(session, {"id": record_id}))), None)


def in_blocks(session: Session, invoice: Captured) -> Found:
    """Every record of every block, once each. A claimed one: this capture may be the same paper."""
    claimed: dict[int, tuple[StoredRecord, int]] = {}
    recurring, contested = 0, False
    taken: dict[int, StoredRecord] = {}
    for row in _IN_BLOCKS(session, _block_values(invoice)):
        record, (other, status, recurring) = StoredRecord._make(row[:-3]), row[-3:]
        contested = contested or status == MatchStatus.PROBABLE
        if status in LINKED:
            claimed.setdefault(record.id, (record, other))
        taken[record.id] = record
    free = [record for id_, record in taken.items() if id_ not in claimed]
    return Found(free, list(claimed.values()), recurring, contested, len(taken) < BLOCK_LIMIT)


def _block_values(invoice: Captured) -> dict[str, Any]:
    number, code, day = invoice.number, invoice.code, invoice.issue_date
    behalf = true_seller(invoice)
    seller = fold_tax_id(invoice.value("seller_tax_id")) or None
    tail = number[-8:] if number and len(number) >= 8 else None
    exact = invoice.number_exact
    unsure = None if invoice.field("total_incl_tax").accepted else day  # else seller + amount found it
    return {
        "invoice": invoice.id,
        "tail": tail,
        "tail_head": tail[:4] if tail else None,
        "tail_foot": tail[4:] if tail else None,
        "any_number": tail is None,
        "code_tail": code[-8:] if code and len(code) >= 8 else None,  # the code stands where the number should
        "seller": seller,
        "seller_head": seller[:9] if seller else None,
        "seller_foot": seller[9:] if seller else None,
        "seller_name": invoice.value("seller_name"),
        "any_seller": seller is None or behalf is not None,
        "true_seller": (fold_tax_id(behalf.tax_id) or None) if behalf else None,
        "gross": invoice.fen("total_incl_tax"),
        "net": invoice.fen("total_excl_tax"),
        "day": day,
        "doubted_day": None if exact else day,  # a number misread by more than a slip, an amount misread too
        "near_from": day - DATE_WINDOW if day else None,
        "near_to": day + DATE_WINDOW if day else None,
        "unsure_from": unsure - DATE_WINDOW if unsure else None,
        "unsure_to": unsure + DATE_WINDOW if unsure else None,
        "wide_from": day - WIDE_WINDOW if day else None,
        "wide_to": day + WIDE_WINDOW if day else None,
    }


def near_numbers(
    session: Session, invoice: Captured, known: Collection[int], *, tails_seen: bool = False
) -> list[StoredRecord]:
    """Records, other than the known, whose number is one slip away, looked up as keys: the ledger's size is no matter.

    Two hundred look-ups or so, and eighty where the records of the same last 8 digits are all known: then only a slip
    on those is still to be found. For when the blocks found nothing. A 20-digit number that was read exactly is not
    varied: only the record could be wrong then, and its seller and amount lead to it. Two wrong digits are not tried:
    what then must agree besides for an offer is in a block.
    """
    if invoice.number_exact and not invoice.has_code:
        return []
    keys = list(dict.fromkeys(_near_keys(invoice, tails_seen=tails_seen)))
    if not keys:
        return []
    dialect = session.get_bind().dialect.name
    statement = _NEAR_NUMBERS[dialect]
    values = {"keys": json.dumps(keys) if dialect == "sqlite" else ",".join(keys), "invoice": invoice.id}
    return [r for r in records(statement(session, values)) if r.id not in known]


def _near_keys(invoice: Captured, *, tails_seen: bool) -> Iterator[str]:
    code, number = invoice.code, invoice.number
    for reading in invoice.field("invoice_number").readings:  # what the other sources read
        if len(reading) == 20 or code:
            yield reading if len(reading) == 20 else f"{code}-{reading}"
    if not number:
        return
    if not invoice.has_code:
        yield from slips(number, start=len(number) - 8 if tails_seen and len(number) >= 8 else 0)
    elif code:
        yield f"{number}-{code}"
        yield from (f"{code}-{near}" for near in slips(number))
        yield from (f"{near}-{number}" for near in slips(code))

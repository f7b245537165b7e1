"""Red invoices and the blue ones they take back: what the red one names, stored from both sides, and what is left.

A red invoice names its blue one in the remarks, or in its XML (RedEInvoice). Where it names a 信息表 only, the blue one
is known only if that number stands on it as well (`matching.red_numbers`), and else not guessed. Seller ids, where both
are known, must agree: anybody can type a number into remarks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, String, bindparam, delete, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session

from matching.captured import Captured
from matching.folding import fold_tax_id
from matching.red_numbers import blue_by_number
from matching.stored import StoredRecord
from models.invoice import identity_key
from models.matching import MatchStatus
from models.money import format_money, from_fen
from models.tables import InvoiceRow, RecordKeyRow, RecordRow, RedLinkRow
from models.tables.base import now

_DIGITAL = re.compile(r"被红冲蓝字(?:数电)?(?:票|发票)号码[::]?(\d{20})")
_PAPER = re.compile(r"被红冲蓝字发票号码[::]?(\d{8})(?!\d)")
_PAPER_CODE = re.compile(r"被红冲蓝字发票代码[::]?(\d{10,12})(?!\d)")
_POSITIVE = re.compile(r"对应正数发票代码[::]?(\d{10,12})号码[::]?(\d{8})(?!\d)")
_CONFIRMATION = re.compile(r"红字发票信息确认单编号[::]?(\d{16,24})")
_FORM = re.compile(r"信息表编号[::]?(\d{16,24})")
CHUNK = 1000
MOST_BY_NUMBER = 500  #: of one round; each looks through the remarks of its seller

_L = RedLinkRow
_SAME_SELLER = or_(
    RecordRow.seller_tax_id.is_(None), _L.seller_tax_id.is_(None), RecordRow.seller_tax_id == _L.seller_tax_id
)
_BLUE_RECORD = (
    select(func.min(RecordRow.id))
    .join(RecordKeyRow, RecordKeyRow.record_id == RecordRow.id)
    .where(RecordKeyRow.key == _L.blue_key, _SAME_SELLER)
    .scalar_subquery()
)
_BLUE_INVOICE = (
    select(func.min(InvoiceRow.id))
    .where(
        InvoiceRow.identity_key == _L.blue_key,
        or_(InvoiceRow.match_status.is_(None), InvoiceRow.match_status != MatchStatus.DUPLICATE.value),
    )
    .scalar_subquery()
)
_SELLER = bindparam("seller", type_=String)
_OF_BLUE = (
    select(_L.red_key, _L.red_fen, _L.red_record_id, _L.red_invoice_id)
    .where(
        or_(_L.blue_record_id == bindparam("record"), _L.blue_key.in_([bindparam("key"), bindparam("other_key")])),
        or_(_L.seller_tax_id.is_(None), _SELLER.is_(None), _L.seller_tax_id == _SELLER),
    )
    .order_by(_L.id)
)


@dataclass(frozen=True, slots=True)
class Named:
    """What a red invoice says of its blue one."""

    blue_key: str | None = None
    confirmation_number: str | None = None
    form_number: str | None = None

    @property
    def anything(self) -> bool:
        return any((self.blue_key, self.confirmation_number, self.form_number))


@dataclass(frozen=True, slots=True)
class Red:
    """A red invoice of a blue one, from its record, its capture or both."""

    key: str | None
    fen: int
    record_id: int | None
    invoice_id: int | None

    def export(self) -> dict[str, Any]:
        return {
            "number": self.key, "amount": format_money(from_fen(self.fen)), "record_id": self.record_id,
            "invoice_id": self.invoice_id,
        }  # fmt: skip


def named_in(remarks: str | None) -> Named:
    """What the remarks of a red invoice name; spaces and full-width signs do not matter."""
    text = re.sub(r"\s", "", remarks or "").replace("：", ":")
    digital, positive = _DIGITAL.search(text), _POSITIVE.search(text)
    paper, code = _PAPER.search(text), _PAPER_CODE.search(text)
    confirmation, form = _CONFIRMATION.search(text), _FORM.search(text)
    key = None
    if digital:
        key = digital[1]
    elif positive:
        key = identity_key(positive[1], positive[2])
    elif paper and code:
        key = identity_key(code[1], paper[1])
    return Named(key, confirmation[1] if confirmation else None, form[1] if form else None)


def named_by(invoice: Captured) -> Named:
    """XML before remarks: it says it in a field of its own."""
    remarks = named_in(invoice.value("remarks"))
    key = identity_key(invoice.value("original_invoice_code"), invoice.value("original_invoice_number"))
    confirmation = invoice.value("red_confirmation_number")
    return Named(key or remarks.blue_key, confirmation or remarks.confirmation_number, remarks.form_number)


def link_capture(session: Session, invoice: Captured) -> dict[str, Any] | None:
    """Store what a captured red invoice names, and say what of it is known; None if it is not a red one."""
    if not invoice.is_red:
        return None
    named = named_by(invoice)
    session.execute(delete(_L).where(_L.red_invoice_id == invoice.id))
    if not named.anything:
        return {"blue": None, "confirmation_number": None, "form_number": None}
    row = RedLinkRow(
        red_invoice_id=invoice.id, red_key=invoice.identity, red_fen=invoice.fen("total_incl_tax"),
        seller_tax_id=fold_tax_id(invoice.value("seller_tax_id")) or None, blue_key=named.blue_key,
        confirmation_number=named.confirmation_number, form_number=named.form_number,
    )  # fmt: skip
    session.add(row)
    session.flush()
    if row.blue_key is None:
        row.blue_key = blue_by_number(session, row)
        session.flush()
    _find_blues(session, _L.id == row.id)
    session.refresh(row)
    blue = {
        "number": row.blue_key, "record_id": row.blue_record_id, "invoice_id": row.blue_invoice_id,
        "by_number": named.blue_key is None,
    }  # fmt: skip
    return {
        "blue": blue if row.blue_key else None, "confirmation_number": row.confirmation_number,
        "form_number": row.form_number,
    }  # fmt: skip


def link_records(session: Session) -> int:
    """Store what red records name that were not looked at yet, and find blues that have arrived. How many new."""
    unseen = select(
        RecordRow.id, RecordRow.identity_key, RecordRow.total_incl_fen, RecordRow.seller_tax_id, RecordRow.remarks
    ).where(RecordRow.total_incl_fen < 0, ~exists().where(_L.red_record_id == RecordRow.id))
    added, seen = 0, session.scalar(select(func.max(_L.id))) or 0
    for part in session.execute(unseen.execution_options(yield_per=CHUNK)).partitions():
        rows = [_of_record(row._mapping) for row in part]
        session.execute(insert(_L), rows)
        added += len(rows)
    _by_number(session, seen)
    _find_blues(session, _L.blue_key.is_not(None))
    return added


def _by_number(session: Session, seen: int) -> None:
    """Of new red records, and of red documents whose blue one may have come since: blues by the number on both."""
    query = select(_L).where(
        _L.blue_key.is_(None),
        or_(_L.form_number.is_not(None), _L.confirmation_number.is_not(None)),
        or_(_L.id > seen, _L.red_invoice_id.is_not(None)),
    )
    for link in session.scalars(query.order_by(_L.id).limit(MOST_BY_NUMBER)).all():
        link.blue_key = blue_by_number(session, link)
    session.flush()


def _of_record(record: Mapping[Any, Any]) -> dict[str, Any]:
    named = named_in(record["remarks"])
    return {
        "red_record_id": record["id"], "red_key": record["identity_key"], "red_fen": record["total_incl_fen"],
        "seller_tax_id": fold_tax_id(record["seller_tax_id"]) or None, "blue_key": named.blue_key,
        "confirmation_number": named.confirmation_number, "form_number": named.form_number, "found_at": now(),
    }  # fmt: skip


def _find_blues(session: Session, which: ColumnElement[bool]) -> None:
    """Blues that have arrived. `found_at` moves, so that `rematch` looks at the blue capture again."""
    for column, found in ((_L.blue_record_id, _BLUE_RECORD), (_L.blue_invoice_id, _BLUE_INVOICE)):
        session.execute(
            update(_L)
            .where(which, column.is_(None), found.is_not(None))
            .values({column: found, _L.found_at: now()})
            .execution_options(synchronize_session=False)
        )


def reds_of(session: Session, record: StoredRecord | None, keys: Sequence[str], seller: str | None) -> list[Red]:
    """Red invoices that name this one, by its record or its keys; one that is recorded and captured counts once."""
    values = {
        "record": record.id if record else None, "key": keys[0] if keys else None,
        "other_key": keys[-1] if keys else None, "seller": fold_tax_id(seller) or None,
    }  # fmt: skip
    found: dict[str, Red] = {}
    for row in session.connection().execute(_OF_BLUE, values):
        known = found.get(row.red_key or "")
        if known is not None and row.red_key:
            found[row.red_key] = Red(
                known.key, known.fen, known.record_id or row.red_record_id, known.invoice_id or row.red_invoice_id
            )
        elif row.red_fen is not None:
            found[row.red_key or f"#{len(found)}"] = Red(
                row.red_key, row.red_fen, row.red_record_id, row.red_invoice_id
            )
    return list(found.values())


def remaining(total_fen: int | None, reds: Sequence[Red]) -> Decimal | None:
    """价税合计 that is left; None where no red one is known."""
    if total_fen is None or not reds:
        return None
    return from_fen(total_fen + sum(red.fen for red in reds))

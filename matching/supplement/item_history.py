"""What this seller's earlier invoices say about an item row's class, unit and rate.

The item is compared by its name without the class (`*办公用品*打印纸` → 打印纸). A blank in an earlier invoice is a
difference, because it may be blank on this one too. A rate that the row's own amount and tax speak against cannot be
adopted, and only two years before the invoice are looked at, because rates change.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.folding import fold_name
from matching.supplement.support import Precedent, Suggestion, weigh
from models.money import parse_money
from models.tables import DraftRow, RecordLineRow, RecordRow

CELLS = ("item_name", "unit", "tax_rate")
LEAST = 3  #: earlier invoices of the seller with this item
MOST_ROWS = 2000
_SINCE = timedelta(days=730)
_CLASSED = re.compile(r"\*([^*]+)\*(.*)", re.DOTALL)
_TOLERANCE = Decimal("0.06")  #: the issuing systems' own for row amount × rate = row tax


def of_lines(session: Session, draft: DraftRow) -> Iterable[Suggestion]:
    seller = (draft.fields.get("seller_tax_id") or {}).get("value")
    gaps = [(row, cell) for row, line in enumerate(draft.lines) for cell in CELLS if _is_gap(line, cell)]
    if not seller or not gaps:
        return
    earlier = _earlier(session, draft, seller)
    for row, cell in gaps:
        line = draft.lines[row]
        precedents = _precedents(earlier.get(_bare(line["item_name"]), ()), cell)
        by = {"seller_tax_id": seller, "item_name": line["item_name"]}
        made = weigh(f"line.{row}.{cell}", precedents, least=LEAST, by=by, fold=_plain)
        if made is None:
            continue
        if cell == "item_name":
            made = replace(made, value=_with_class(made.value, line["item_name"]))
        if cell == "tax_rate" and not _fits(line, made.value):
            made = replace(made, objection="rate_does_not_fit")
        yield made


def earliest(issue_date: date | None) -> date | None:
    return issue_date - _SINCE if issue_date else None


def _is_gap(line: Mapping[str, Any], cell: str) -> bool:
    if not line.get("item_name"):
        return False
    if cell == "item_name":
        return _CLASSED.match(line["item_name"]) is None
    return not line.get(cell)


Earlier = dict[str, list[tuple[Any, Mapping[str, Any]]]]


def _earlier(session: Session, draft: DraftRow, seller: str) -> Earlier:
    """Item rows of the seller's imported invoices by bare item name, newest first."""
    query = (
        select(
            RecordRow.id, RecordRow.invoice_number, RecordRow.digital_invoice_number, RecordRow.issue_date,
            RecordLineRow.data,
        )
        .join(RecordLineRow, RecordLineRow.record_id == RecordRow.id)
        .where(RecordRow.seller_tax_id == seller, RecordRow.origin == "import")
        .order_by(RecordRow.issue_date.desc(), RecordRow.id.desc())
        .limit(MOST_ROWS)
    )  # fmt: skip
    since = earliest(draft.issue_date)
    if since is not None:
        query = query.where(RecordRow.issue_date >= since)
    found: Earlier = defaultdict(list)
    for row in session.execute(query):
        found[_bare(row.data.get("item_name"))].append((row, row.data))
    return found


def _precedents(rows: Iterable[tuple[Any, Mapping[str, Any]]], cell: str) -> list[Precedent]:
    """One an invoice and value: five rows of one invoice are one witness."""
    seen: dict[tuple[int, str | None], Precedent] = {}
    for row, data in rows:
        value = _class_of(data.get("item_name")) if cell == "item_name" else data.get(cell) or None
        value = _as_percent(value) if cell == "tax_rate" and value else value
        number = row.digital_invoice_number or row.invoice_number
        made = Precedent(record_id=row.id, number=number, issue_date=row.issue_date, value=value)
        seen.setdefault((row.id, value), made)
    return list(seen.values())


def _bare(name: str | None) -> str:
    found = _CLASSED.match(name or "")
    return fold_name(found[2] if found else name)


def _class_of(name: str | None) -> str | None:
    found = _CLASSED.match(name or "")
    return found[1] if found else None


def _plain(value: str | None) -> str:
    """Width and case only: `fold_name` would make 1.5% and 15% one."""
    return unicodedata.normalize("NFKC", value or "").strip().casefold()


def _as_percent(rate: str) -> str:
    """`0.13`, `0.130000` and `13%` are one rate; words such as 免税 stay."""
    text = unicodedata.normalize("NFKC", rate).strip()
    part = re.fullmatch(r"0?\.\d+", text)
    percent = re.fullmatch(r"(\d+(?:\.\d+)?)%", text)
    if part is None and percent is None:
        return text
    value = Decimal(percent[1]) if percent else Decimal(text) * 100
    return f"{value.normalize():f}%"


def _with_class(class_name: str, item_name: str) -> str:
    return f"*{class_name}*{item_name}"


def _fits(line: Mapping[str, Any], rate: str) -> bool:
    """Amount × rate = tax, where the row has both; otherwise nothing speaks against it."""
    amount, tax = parse_money(line.get("amount_excl_tax")), parse_money(line.get("tax_amount"))
    if amount is None or tax is None:
        return True
    percent = re.fullmatch(r"(\d+(?:\.\d+)?)%", rate.strip())
    if percent is None:
        return tax == 0
    return abs(amount * Decimal(percent[1]) / 100 - tax) <= _TOLERANCE

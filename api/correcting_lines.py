"""A person's word on the item rows: a row changed, added or taken away, checked again, the reader's rows kept beside.

A row is named by its place and by what it said when the person saw it: a row that somebody else changed meanwhile is
refused, never overwritten. Never rounds and never guesses: what is no value of a cell is refused.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from api.correcting import LONGEST_VALUE, copied, money, signed, write_back
from extraction.checks.rates import WITHOUT_TAX
from models.errors import RequestError
from models.invoice import Line
from models.tables import InvoiceRow, User

MOST_LINES = 2000
_AMOUNTS = frozenset({"amount_excl_tax", "tax_amount"})
_NUMBERS = frozenset({"quantity", "unit_price"})
LineData = Mapping[str, Any]


def version_of(line: LineData | None) -> str:
    """What a row says, in a few characters; of a row that is not there yet, nothing."""
    if line is None:
        return ""
    said = json.dumps(line, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def cells_of(line: LineData | None) -> tuple[str, ...]:
    """Cells a person may fill: those of every row, then the special ones this row has (toll: plate, dates)."""
    return (*Line.CELLS, *(name for name in line or {} if name not in Line.CELLS))


def line_at(row: InvoiceRow, number: int) -> LineData | None:
    """Row `number` from 0; None for the place after the last, where a new one goes."""
    lines: list[LineData] = row.data["lines"]
    if not 0 <= number <= min(len(lines), MOST_LINES):
        raise RequestError("no_such_item", what=f"line {number}")
    return lines[number] if number < len(lines) else None


def correct_line(
    session: Session, row: InvoiceRow, number: int, typed: Mapping[str, str], *, seen: str, user: User
) -> dict[str, Any]:
    """Set the cells of one row, or add a row at the end. What changed, for the audit trail."""
    before = _as_seen(row, number, seen)
    after = dict(before or dict.fromkeys(Line.CELLS))
    for name in cells_of(before):
        if name in typed:
            after[name] = _cell(name, typed[name])
    if not any(after.values()):
        raise RequestError("invalid_request", what="一行不能全空；要删除请用“删除此行” / an empty row")
    _put(session, row, number, after, user)
    return {"field": "lines", "line": number + 1, "changes": _changes(before or {}, after)}


def remove_line(session: Session, row: InvoiceRow, number: int, *, seen: str, user: User) -> dict[str, Any]:
    """Take a row away that is not on the document."""
    before = _as_seen(row, number, seen)
    if before is None:
        raise RequestError("no_such_item", what=f"line {number}")
    _put(session, row, number, None, user)
    return {"field": "lines", "line": number + 1, "changes": _changes(before, {})}


def _as_seen(row: InvoiceRow, number: int, seen: str) -> LineData | None:
    line = line_at(row, number)
    if version_of(line) != seen:
        raise RequestError("invalid_request", what="这一行刚被他人修改，请刷新后再改 / this row was changed meanwhile")
    return line


def _cell(name: str, typed: str) -> str | None:
    text = typed.strip()
    if not text:
        return None
    if len(text) > LONGEST_VALUE:
        raise RequestError("invalid_request", what=name)
    if name in _AMOUNTS and text != "***":
        return money(name, text)
    if name in _NUMBERS:
        number = text.replace(",", "").replace("，", "")
        if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", number):
            raise RequestError("invalid_request", what=f"{name}: {text}")
        return number
    if name == "tax_rate":
        rate = text.replace("％", "%").replace(" ", "")
        if rate not in WITHOUT_TAX and not re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,2})?%", rate):
            raise RequestError("invalid_request", what=f"tax_rate: {text}（应写作 13% 或免税 / write 13%）")
        return rate
    return text


def _put(session: Session, row: InvoiceRow, number: int, line: LineData | None, user: User) -> None:
    data = copied(row.data)
    lines = list(data["lines"])
    data.setdefault("lines_read", data["lines"])
    lines[number : number + 1] = [] if line is None else [line]
    data["lines"] = lines
    data["lines_corrected"] = signed(user)
    write_back(session, row, data, user)


def _changes(before: LineData, after: LineData) -> dict[str, list[Any]]:
    names = dict.fromkeys((*before, *after))
    return {n: [before.get(n), after.get(n)] for n in names if before.get(n) != after.get(n)}

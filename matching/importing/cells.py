"""Reads one cell: long number, date, amount, text. Blank is None; what is damaged is said, never guessed.

A cell is whatever the table reader gives: str, float, bool, date, datetime, time. Every reader returns
`(value, damage)`, of which at most one is set.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from matching.importing.damage import Damage, DamagedCell
from models.money import CENT, MOST_YUAN

BLANK = frozenset({"", "-", "--", "---", "—", "——", "/", "无", "null", "NULL", "None", "nan", "NaN"})
_SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?[Ee]\+?\d{1,2}")
_FLOAT_TAIL = re.compile(r"(\d+)\.0+")
_FREE_NUMBER = re.compile(r"(?=.*\d)[0-9A-Z][0-9A-Z\-]{4,24}")
_CODE = re.compile(r"\d{10}|\d{12}|(?=.*[A-Z])[0-9A-Z]{10,12}")
_TAX_ID = re.compile(r"[0-9A-Z]{15,20}")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]\s*\d{1,2}[:：]\d{1,2}.*)?")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?: [0-9]{2}:[0-9]{2}:[0-9]{2})?")
_DATE_8 = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{6})?")
_MONEY = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?")
_EPOCH = date(1899, 12, 30)  #: serial 1 is 1900-01-01, and the sheet believes in 1900-02-29
SERIALS = (36526, 73050)  #: 2000-01-01 … 2099-12-31

Read = tuple[str | None, DamagedCell | None]


def text(cell: Any) -> str | None:
    """Cell as a trimmed string; padding by tab or apostrophe (the trick that keeps numbers whole) is removed."""
    if cell is None or isinstance(cell, bool):
        return None
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    found = str(cell).strip().lstrip("'’‘`").strip()
    return None if found in BLANK else found


class Remembering(dict[str, tuple[Any, DamagedCell | None]]):
    """What a reader made of the texts it has seen: names, tax ids and labels recur in every row of an export."""

    MOST = 100_000

    def __init__(self, read: Callable[[Any], tuple[Any, DamagedCell | None]]) -> None:
        super().__init__()
        self.read = read

    def __missing__(self, cell: str) -> tuple[Any, DamagedCell | None]:
        if len(self) >= self.MOST:
            self.clear()
        self[cell] = found = self.read(cell)
        return found


def _compact(cell: Any) -> str | None:
    if type(cell) is str and cell.isascii() and cell.isalnum():  # nearly every cell of an export
        return None if cell in BLANK else cell.upper()
    found = text(cell)
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", found)).upper() if found else None


def _numeric_damage(cell: Any, shown: str) -> DamagedCell | None:
    if isinstance(cell, int | float) and abs(cell) >= 1e15:
        return DamagedCell(Damage.OVER_15_DIGITS, shown)
    return DamagedCell(Damage.SCIENTIFIC, shown) if _SCIENTIFIC.fullmatch(shown) else None


def invoice_number(cell: Any) -> Read:
    """8 or 20 digits, or the free form of a local paper ticket that holds a letter."""
    if type(cell) is str and len(cell) in (8, 20) and cell.isascii() and cell.isdigit() and cell[-5:] != "00000":
        return cell, None  # nearly every cell of an export
    shown = _compact(cell)
    if shown is None:
        return None, None
    if damage := _numeric_damage(cell, shown):
        return None, damage
    if tail := _FLOAT_TAIL.fullmatch(shown):  # a CSV written from numeric cells
        shown = tail[1]
        if len(shown) > 15:
            return None, DamagedCell(Damage.OVER_15_DIGITS, shown)
    if shown.isascii() and shown.isdigit():
        if len(shown) == 20 and shown.endswith("00000"):
            return None, DamagedCell(Damage.ROUNDED, shown)
        if len(shown) in (8, 20):
            return shown, None
        return None, DamagedCell(Damage.LEADING_ZERO_LOST if len(shown) < 8 else Damage.WRONG_LENGTH, shown)
    return (shown, None) if _FREE_NUMBER.fullmatch(shown) else (None, DamagedCell(Damage.UNREADABLE, shown[:60]))


def digital_number(cell: Any) -> Read:
    """Exactly 20 digits; 8 in this column are the rest of a truncated number."""
    value, damage = invoice_number(cell)
    if value is None or len(value) == 20:
        return value, damage
    return None, DamagedCell(Damage.TRUNCATED if len(value) == 8 else Damage.WRONG_LENGTH, value)


def invoice_code(cell: Any) -> Read:
    """10 or 12 digits, or 10–12 with a letter. 11 digits are 12 without the leading zero."""
    shown = _compact(cell)
    if shown is None:
        return None, None
    if damage := _numeric_damage(cell, shown):
        return None, damage
    if tail := _FLOAT_TAIL.fullmatch(shown):
        shown = tail[1]
    if _CODE.fullmatch(shown):
        return shown, None
    lost = shown.isdigit() and len(shown) == 11
    return None, DamagedCell(Damage.LEADING_ZERO_LOST if lost else Damage.WRONG_LENGTH, shown[:60])


def tax_id(cell: Any) -> Read:
    shown = _compact(cell)
    if shown is None:
        return None, None
    if damage := _numeric_damage(cell, shown):
        return None, damage
    if _TAX_ID.fullmatch(shown):
        return shown, None
    # individuals bear identity papers of many forms; only a broken number is called damage
    return (shown[:30], None) if not shown.isdigit() else (None, DamagedCell(Damage.WRONG_LENGTH, shown[:60]))


@lru_cache(maxsize=8192)
def _day(iso: str) -> date:
    return date.fromisoformat(iso)


def issue_date(cell: Any) -> tuple[date | None, DamagedCell | None]:
    """Text in any usual form, date, datetime, or Excel serial."""
    if type(cell) is str and _ISO.fullmatch(cell):  # the bureau's own form, read fast
        try:
            return _day(cell[:10]), None
        except ValueError:
            return None, DamagedCell(Damage.UNREADABLE, cell)
    if isinstance(cell, datetime):
        return cell.date(), None
    if isinstance(cell, date):
        return cell, None
    shown = text(cell)
    if shown is None:
        return None, None
    plain = unicodedata.normalize("NFKC", shown).strip()
    if found := (_DATE.fullmatch(plain) or _DATE_8.fullmatch(plain)):
        try:
            return date(int(found[1]), int(found[2]), int(found[3])), None
        except ValueError:
            return None, DamagedCell(Damage.UNREADABLE, shown[:60])
    try:
        serial = float(plain)
    except ValueError:
        return None, DamagedCell(Damage.UNREADABLE, shown[:60])
    if SERIALS[0] <= serial < SERIALS[1]:
        return _EPOCH + timedelta(days=int(serial)), None
    return None, DamagedCell(Damage.UNREADABLE, shown[:60])


def money(cell: Any) -> tuple[Decimal | None, DamagedCell | None]:
    """Exact yuan. A numeric cell is read at Excel's 15 digits, which removes binary noise and nothing else."""
    if type(cell) is float and abs(cell) < 1e11 and (fen := round(cell * 100)) / 100 == cell:
        return Decimal(fen).scaleb(-2), None  # the float nearest to a whole number of 分, read fast
    if isinstance(cell, bool):
        return None, DamagedCell(Damage.UNREADABLE, str(cell))
    if isinstance(cell, int | float):
        value = Decimal(format(cell, ".15g"))
    else:
        shown = text(cell)
        if shown is None:
            return None, None
        plain = re.sub(r"[\s¥Y元]", "", unicodedata.normalize("NFKC", shown)).replace("−", "-")
        if plain.startswith("(") and plain.endswith(")"):  # accountants' negative
            plain = "-" + plain[1:-1]
        if not plain or set(plain) <= {"*"}:
            return None, None
        if not _MONEY.fullmatch(plain):
            return None, DamagedCell(Damage.UNREADABLE, shown[:60])
        try:
            value = Decimal(plain.replace(",", ""))
        except InvalidOperation:
            return None, DamagedCell(Damage.UNREADABLE, shown[:60])
    if value.is_finite() and abs(value) < MOST_YUAN and value == (exact := value.quantize(CENT)):
        return exact, None
    return None, DamagedCell(Damage.UNREADABLE, str(cell)[:60])

"""What a person types into the search box, taken apart: numbers, names, amounts and days, all of which must hold.

`苏州云杉 2024-06 100-200` is a name, a month and a range of amounts. What could be two things is looked for as both.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from models.money import parse_money

_DAY = r"((?:19|20)\d\d)[-./年](\d{1,2})(?:[-./月](\d{1,2})日?|月)?"
_ONE_DAY = re.compile(_DAY)
_DAYS = re.compile(rf"({_DAY})(?:~|\.\.|至|到)({_DAY})")
_MONEY = r"[¥]?\d[\d,]*(?:\.\d{1,2})?元?"
_COMPARED = re.compile(rf"(>=|<=|≥|≤|>|<|=)({_MONEY})")
_BETWEEN = re.compile(rf"({_MONEY})(?:-|~|\.\.|至|到)({_MONEY})")
_PLAIN = re.compile(rf"-?{_MONEY}")
_NUMBER = re.compile(r"\d{3,}")
FURTHEST = 10**15  #: 分; no amount is larger


@dataclass(frozen=True, slots=True)
class Word:
    """Part of a number, a name, a tax id, or a text on the invoice; `fen` where it may be an amount as well."""

    text: str
    fen: int | None = None

    @property
    def is_number(self) -> bool:
        return bool(_NUMBER.fullmatch(self.text))


@dataclass(frozen=True, slots=True)
class Amount:
    """分, both ends included."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Days:
    """Both ends included."""

    first: date
    last: date


Term = Word | Amount | Days


def take_apart(text: str) -> tuple[Term, ...]:
    """The terms of a search text; unreadable dates and amounts are looked for as words."""
    folded = unicodedata.normalize("NFKC", text)
    folded = re.sub(r"\s*(>=|<=|≥|≤|>|<|=|~|\.\.)\s*", r" \1", folded)
    folded = re.sub(r"(\S) (~|\.\.)", r"\1\2", folded)
    return tuple(_term(part) for part in folded.split())


def _term(part: str) -> Term:
    if between := _DAYS.fullmatch(part):
        first, last = _days(*between.group(2, 3, 4)), _days(*between.group(6, 7, 8))
        if first and last:
            return Days(min(first.first, last.first), max(first.last, last.last))
    if one := _ONE_DAY.fullmatch(part):
        days = _days(*one.groups())
        if days or "." not in part:
            return days or Word(part)
    if (compared := _COMPARED.fullmatch(part)) and (fen := _fen(compared[2])) is not None:
        return {
            ">": Amount(fen + 1, FURTHEST), ">=": Amount(fen, FURTHEST), "≥": Amount(fen, FURTHEST),
            "<": Amount(-FURTHEST, fen - 1), "<=": Amount(-FURTHEST, fen), "≤": Amount(-FURTHEST, fen),
            "=": Amount(fen, fen),
        }[compared[1]]  # fmt: skip
    if between := _BETWEEN.fullmatch(part):
        least, most = _fen(between[1]), _fen(between[2])
        if least is not None and most is not None:
            return Amount(min(least, most), max(least, most))
    fen = _fen(part) if _PLAIN.fullmatch(part) else None
    if fen is not None and ("." in part or "," in part or "¥" in part or "元" in part or part.startswith("-")):
        return Amount(fen, fen)
    return Word(part, fen if fen is not None and len(part) <= 9 else None)


def _days(year: str, month: str, day: str | None) -> Days | None:
    """A month or one day."""
    try:
        first = date(int(year), int(month), int(day or 1))
    except ValueError:
        return None
    return Days(first, first if day else first.replace(day=monthrange(first.year, first.month)[1]))


def _fen(text: str) -> int | None:
    value = parse_money(text.removesuffix("元"))
    return None if value is None or abs(value) > Decimal(FURTHEST) / 100 else int(value * 100)

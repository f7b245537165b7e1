"""How many earlier invoices say the same: the arithmetic of a suggestion. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

SHOWN = 20  #: records named in a support


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedent:
    """One earlier invoice of our records and what it says; None: it leaves the place blank."""

    record_id: int
    number: str | None
    issue_date: date | None
    value: str | None

    def export(self) -> dict[str, Any]:
        day = self.issue_date.isoformat() if self.issue_date else None
        return {"record_id": self.record_id, "number": self.number, "issue_date": day, "value": self.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A value for a gap. `name` is a field, or `line.<row>.<cell>` with rows counted from 0."""

    name: str
    value: str
    agreeing: int
    total: int
    by: Mapping[str, str]  #: the accepted values that determine it
    least: int = 1
    registered: bool = False  #: from the register of our companies, not from records
    objection: str | None = None  #: why it does not fit this invoice although the records agree
    reading: str | None = None  #: what the page was doubtfully read as
    precedents: tuple[Precedent, ...] = ()
    differing: tuple[Precedent, ...] = ()
    same_as_reading: bool | None = field(default=None)

    @property
    def adoptable(self) -> bool:
        return self.agreeing == self.total and self.total >= self.least and self.objection is None

    @property
    def confidence(self) -> float:
        """Rule of succession: agreement of a few is no certainty."""
        return 1.0 if self.registered else round((self.agreeing + 1) / (self.total + 2), 4)

    def beside(self, reading: str | None) -> Suggestion:
        if not reading:
            return self
        return replace(self, reading=reading, same_as_reading=reading.strip().upper() == self.value.strip().upper())

    def support(self) -> dict[str, Any]:
        """What is kept with an adopted value."""
        return {
            "agreeing": self.agreeing,
            "total": self.total,
            "by": dict(self.by),
            "registered": self.registered,
            "precedents": [p.export() for p in self.precedents[:SHOWN]],
        }

    def export(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "value": self.value,
            "adoptable": self.adoptable,
            **self.support(),
            "differing": [p.export() for p in self.differing[:SHOWN]],
            "objection": self.objection,
            "reading": self.reading,
        }


def weigh(
    name: str, precedents: Sequence[Precedent], *, least: int, by: Mapping[str, str], fold: Callable[[str | None], str]
) -> Suggestion | None:
    """The value most of them have, newest spelling; None where there is no value at all."""
    counted = Counter(fold(p.value) for p in precedents if p.value)
    if not counted:
        return None
    folded, agreeing = counted.most_common(1)[0]
    agree = tuple(p for p in precedents if p.value and fold(p.value) == folded)
    differ = tuple(p for p in precedents if not p.value or fold(p.value) != folded)
    return Suggestion(
        name=name, value=agree[0].value or "", agreeing=agreeing, total=len(precedents), by=by, least=least,
        precedents=agree, differing=differ,
    )  # fmt: skip

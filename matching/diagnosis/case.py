"""Everything a rule of diagnosis may look at, and what it gives back. Rules never touch the database."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from matching.captured import Captured
from matching.companies import OurCompanies
from matching.red_links import Red
from matching.scoring import Scored
from matching.stored import StoredImport
from matching.wording import Said
from models.ledger import Direction
from models.matching import CauseCode

_PERSON = re.compile(r"个人|[\u4e00-\u9fff·]{2,4}")


@dataclass(frozen=True, kw_only=True)
class Case:
    """One captured invoice that no record answers to. What several rules ask is worked out once."""

    invoice: Captured
    ranked: tuple[Scored, ...]  #: plausible candidates, best first
    companies: OurCompanies
    imports: Sequence[StoredImport]
    reds: Sequence[Red]  #: red invoices that name this one
    today: date
    sync_delay_days: int

    @cached_property
    def we_sell(self) -> bool:
        return self._ours("seller") is not None and self._ours("buyer") is None

    @cached_property
    def direction(self) -> Direction:
        """Which query would show it. A paper that is handed in is 进项 unless we are its seller."""
        return Direction.OUTPUT if self.we_sell else Direction.INPUT

    @cached_property
    def our_tax_id(self) -> str | None:
        return self._ours("seller" if self.we_sell else "buyer")

    def _ours(self, party: str) -> str | None:
        """Our id, as printed; or, where recognition may have misread it, by our name and a near id."""
        seen = self.invoice.field(f"{party}_tax_id")
        if self.companies.owns_id(seen.value):
            return seen.value
        named = self.companies.id_of_name(self.invoice.value(f"{party}_name"))
        misread = not (seen.accepted and seen.exact)
        return named if named and misread and self.companies.near_id(seen.value) == named else None

    @cached_property
    def buyer_certain(self) -> bool:
        """The buyer's id is safe to judge by: accepted, or in doubt yet far from every one of ours."""
        seen = self.invoice.field("buyer_tax_id")
        return seen.accepted or (seen.value is not None and self.companies.near_id(seen.value) is None)

    @cached_property
    def relevant(self) -> list[StoredImport]:
        """Imports of its direction (those of unknown direction might be)."""
        return [i for i in self.imports if i.direction in (self.direction.value, Direction.UNKNOWN.value)]

    @cached_property
    def covering(self) -> list[StoredImport]:
        """Relevant imports whose days include its date."""
        day = self.invoice.issue_date
        return [i for i in self.relevant if day and i.date_from and i.date_to and i.date_from <= day <= i.date_to]

    @property
    def age_days(self) -> int | None:
        day = self.invoice.issue_date
        return (self.today - day).days if day else None

    @cached_property
    def last_import(self) -> date | None:
        """Day of the latest relevant import, never later than today."""
        last = max((i.imported_at.date() for i in self.relevant), default=None)
        return min(last, self.today) if last else None

    @cached_property
    def synced_by_now(self) -> bool:
        """Issued long enough before the last relevant import to have been in it."""
        day, last = self.invoice.issue_date, self.last_import
        return bool(day and last and day + timedelta(days=self.sync_delay_days) < last)

    @property
    def buyer_is_person(self) -> bool:
        name = self.invoice.value("buyer_name")
        return bool(name and _PERSON.fullmatch(re.sub(r"\s", "", name)))


@dataclass(frozen=True, slots=True)
class Finding:
    """A hypothesis with its odds against "never recorded" (whose odds are `weights.BASE`)."""

    code: CauseCode
    odds: float
    evidence: tuple[Said, ...]
    action: Said


Rule = Callable[[Case], Finding | None]

"""What an import speaks for: whose account, which direction, which kinds, which days.

Without this, "not imported yet" could not be told from "absent".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from matching.companies import OurCompanies
from models.ledger import Direction, Record
from models.tables import ImportRow

UNKNOWN_KIND = "unknown"
_NAME_HINTS = {
    Direction.INPUT: ("进项", "取得", "应付", "抵扣"),
    Direction.OUTPUT: ("销项", "开具", "应收"),
}


def direction_in_name(name: str) -> Direction | None:
    """A word such as 进项 or 销项 in the name of a file or sheet, if only one direction is named."""
    found = {direction for direction, words in _NAME_HINTS.items() if any(word in name for word in words)}
    return found.pop() if len(found) == 1 else None


@dataclass(slots=True)
class Coverage:
    """Grows with each record; told apart by whether one of our tax ids buys or sells."""

    companies: OurCompanies
    stated: Direction | None  #: by the person, the kind of export or the file's name
    owner_tax_id: str | None = None
    kinds: set[str] = field(default_factory=set)
    date_from: date | None = None
    date_to: date | None = None
    directions: Counter[Direction] = field(default_factory=Counter)
    owners: Counter[str] = field(default_factory=Counter)

    def direction_of(self, record: Record) -> Direction:
        ours = self.companies.tax_ids
        buys, sells = record.buyer_tax_id in ours, record.seller_tax_id in ours
        if buys != sells:
            return Direction.INPUT if buys else Direction.OUTPUT
        return self.stated or Direction.UNKNOWN

    def note(self, record: Record) -> Direction:
        direction = self.direction_of(record)
        self.directions[direction] += 1
        owner = record.buyer_tax_id if direction is Direction.INPUT else record.seller_tax_id
        if owner and owner in self.companies.tax_ids:
            self.owners[owner] += 1
        self.kinds.add(record.kind.value if record.kind else UNKNOWN_KIND)
        if record.issue_date:
            self._reach(record.issue_date, record.issue_date)
        return direction

    def note_all(
        self,
        buyers: Sequence[str | None],
        sellers: Sequence[str | None],
        kinds: Sequence[str | None],
        days: Sequence[str | None],
    ) -> list[str]:
        """As `note`, for many records as they are stored; their directions."""
        ours = self.companies.tax_ids
        bought, sold, otherwise = (
            d.value for d in (Direction.INPUT, Direction.OUTPUT, self.stated or Direction.UNKNOWN)
        )
        directions = [
            otherwise if (buys := buyer in ours) == (seller in ours) else bought if buys else sold
            for buyer, seller in zip(buyers, sellers, strict=True)
        ]
        self.directions.update({Direction(value): count for value, count in Counter(directions).items()})
        sides = zip(buyers, sellers, directions, strict=True)
        self.owners.update(
            owner for buyer, seller, said in sides if (owner := buyer if said == bought else seller) in ours and owner
        )
        self.kinds.update(kind or UNKNOWN_KIND for kind in set(kinds))
        told = {day for day in set(days) if day}
        if told:
            self._reach(date.fromisoformat(min(told)), date.fromisoformat(max(told)))
        return directions

    def nothing_yet(self) -> Coverage:
        """Of the same companies and words, for a part of the rows."""
        return Coverage(self.companies, self.stated, self.owner_tax_id)

    def add(self, part: Coverage) -> None:
        self.directions.update(part.directions)
        self.owners.update(part.owners)
        self.kinds |= part.kinds
        if part.date_from and part.date_to:
            self._reach(part.date_from, part.date_to)

    def _reach(self, first: date, last: date) -> None:
        self.date_from = min(self.date_from or first, first)
        self.date_to = max(self.date_to or last, last)

    def write(self, row: ImportRow) -> None:
        row.kinds = sorted(self.kinds)
        row.date_from, row.date_to = self.date_from, self.date_to
        row.direction = (self.stated or self._majority()).value
        row.owner_tax_id = self.owner_tax_id or (self.owners.most_common(1)[0][0] if self.owners else None)

    def _majority(self) -> Direction:
        """Nine in ten, else unknown."""
        if not self.directions:
            return Direction.UNKNOWN
        direction, count = self.directions.most_common(1)[0]
        return direction if count >= 0.9 * self.directions.total() else Direction.UNKNOWN

"""Which reading's rows to keep. Rows are taken from one source as a whole: merging rows of two sources would invent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from extraction.fusion.weighing import CEILING
from extraction.reading import Reading
from models.invoice import Line
from models.money import CENT, parse_money


@dataclass(frozen=True, slots=True)
class ChosenLines:
    lines: tuple[Line, ...] = ()
    complete: bool = True


def choose_lines(readings: Sequence[Reading], net: str | None) -> ChosenLines:
    """The rows that add up to the printed net amount, from the most exact source that has any."""
    having = [r for r in readings if r.lines]
    if not having:
        return ChosenLines()
    total = parse_money(net)

    def rank(reading: Reading) -> tuple[bool, bool, float, int]:
        return (reading.lines_complete, _adds_up(reading, total), CEILING[reading.source], len(reading.lines))

    best = max(having, key=rank)
    return ChosenLines(best.lines, best.lines_complete)


def _adds_up(reading: Reading, total: Decimal | None) -> bool:
    amounts = [parse_money(line.amount_excl_tax) for line in reading.lines]
    known = [a for a in amounts if a is not None]
    return total is not None and len(known) == len(amounts) and abs(sum(known, Decimal(0)) - total) <= CENT

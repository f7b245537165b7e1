"""Which reading's rows to keep. Rows are taken from one source as a whole: merging rows of two sources would invent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from extraction.fusion.weighing import CEILING
from extraction.normalise import date_iso
from extraction.reading import Reading
from models.invoice import Line
from models.kinds import InvoiceKind
from models.money import CENT, parse_money


@dataclass(frozen=True, slots=True)
class ChosenLines:
    lines: tuple[Line, ...] = ()
    complete: bool = True


#: the toll form prints these in the columns of the ordinary table (domain §1.2)
TOLL_COLUMNS = {
    "specification": "plate_number",
    "unit": "vehicle_type",
    "quantity": "travel_date_from",
    "unit_price": "travel_date_to",
}


def choose_lines(readings: Sequence[Reading], net: str | None, kind: InvoiceKind) -> ChosenLines:
    """The rows that add up to the printed net amount, from the most exact source that has any."""
    having = [r for r in readings if r.lines]
    if not having:
        return ChosenLines()
    total = parse_money(net)

    def rank(reading: Reading) -> tuple[bool, bool, float, int, int]:
        special = sum(len(line.extra) for line in reading.lines)  # columns that an OFD's tags do not name
        return (reading.lines_complete, _adds_up(reading, total), CEILING[reading.source], len(reading.lines), special)

    best = max(having, key=rank)
    lines = tuple(_toll(line) if kind is InvoiceKind.TOLL_E or _dated(line) else line for line in best.lines)
    return ChosenLines(lines, best.lines_complete)


def _toll(line: Line) -> Line:
    """Plate, type and dates under their own names; an ordinary quantity stays what it is."""
    if any(value and not _is_date(value) for value in (line.quantity, line.unit_price)):
        return line
    moved = {name: value for cell, name in TOLL_COLUMNS.items() if (value := getattr(line, cell))}
    return replace(line, specification=None, unit=None, quantity=None, unit_price=None, extra={**line.extra, **moved})


def _dated(line: Line) -> bool:
    """A 数电 toll row: two dates where others have quantity and price."""
    return all(value is not None and _is_date(value) for value in (line.quantity, line.unit_price))


def _is_date(text: str) -> bool:
    return date_iso(text) is not None


def _adds_up(reading: Reading, total: Decimal | None) -> bool:
    amounts = [parse_money(line.amount_excl_tax) for line in reading.lines]
    known = [a for a in amounts if a is not None]
    return total is not None and len(known) == len(amounts) and abs(sum(known, Decimal(0)) - total) <= CENT

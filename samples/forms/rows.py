"""Item rows in columns: wraps long names, keeps the numbers on the row's first line. Shared by all ruled forms."""

from __future__ import annotations

from dataclasses import dataclass

from samples.fonts import Font
from samples.sheet import Align, Sheet, shrink, wrap
from samples.truth import TruthLine

#: columns whose text runs over several rows instead of shrinking
WRAPPED = frozenset(
    {"item_name", "specification", "construction_place", "construction_project", "property_certificate"}
)


@dataclass(frozen=True, slots=True)
class Column:
    """`x` is the edge the cell is aligned to, `room` its width in mm."""

    name: str
    x: float
    room: float
    align: Align
    tag: str


def cells(line: TruthLine) -> dict[str, str | None]:
    """Toll rows print plate, type and dates in the places of specification, unit, quantity and price."""
    middle = line.toll or (line.specification, line.unit, line.quantity, line.unit_price)
    return {
        "item_name": line.item_name,
        **dict(zip(("specification", "unit", "quantity", "unit_price"), middle, strict=True)),
        "amount_excl_tax": line.amount_excl_tax,
        "tax_rate": line.tax_rate,
        "tax_amount": line.tax_amount,
        **line.special,
    }


def row_count(line: TruthLine, columns: tuple[Column, ...], size: float) -> int:
    printed = cells(line)
    return max(len(_wrapped(printed.get(c.name), c, size)) for c in columns)


def draw_rows(
    sheet: Sheet,
    lines: tuple[TruthLine, ...],
    columns: tuple[Column, ...],
    top: float,
    *,
    size: float = 9,
    pitch: float = 4.4,
) -> float:
    """Draw from `top` down; returns where the next row would start."""
    for line in lines:
        printed = cells(line)
        for column in columns:
            for index, part in enumerate(_wrapped(printed.get(column.name), column, size)):
                sheet.value(
                    column.x,
                    top + pitch * (index + 0.5),
                    part,
                    _fitting(part, column, size),
                    align=column.align,
                    tag=column.tag,
                )
        top += pitch * row_count(line, columns, size)
    return top


def _fitting(text: str, column: Column, size: float) -> float:
    if column.name in WRAPPED:
        return size
    return shrink(text, Font.SONG, size, column.room, least=6)


def _wrapped(text: str | None, column: Column, size: float) -> list[str]:
    if not text:
        return [""]
    if column.name in WRAPPED:
        return wrap(text, Font.SONG, size, column.room)
    return [text]

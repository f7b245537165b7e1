"""Where the blank cells of item rows stand: column by row, kept clear of the text and the rules around them.

Detection overlooks single characters (quantity 1, unit 支), so a blank cell may hold text. Never decides that it does.
"""

from __future__ import annotations

from collections.abc import Sequence

from extraction.layouts.cells import Cell, Item
from extraction.layouts.columns import Columns
from extraction.layouts.rows import Glyph, Sheet
from extraction.reading import BlankCell
from models.pages import Box

#: names and specifications wrap and are blank on many rows; what was overlooked in them would be part of a text
_COLUMNS = ("unit", "quantity", "unit_price", "tax_rate", "tax_amount")
_ANCHORS = ("unit", "quantity", "unit_price", "amount_excl_tax", "tax_rate", "tax_amount")
_TALL = 0.75  #: of the amount's height, above and below its middle
_CLEAR = 0.1  #: of the amount's height, left free beside a neighbour


def blank_cells(sheet: Sheet, columns: Columns, items: Sequence[Item]) -> tuple[BlankCell, ...]:
    """The cells without text of every row, from top to bottom."""
    return tuple(
        BlankCell(index, name, box)
        for index, item in enumerate(items)
        for name in _COLUMNS
        if name not in item.cells and (box := _place(sheet, columns, item, name)) is not None
    )


def _place(sheet: Sheet, columns: Columns, item: Item, name: str) -> Box | None:
    interval = columns.interval(name)
    if interval is None:
        return None
    y, height = _level(item, sum(interval) / 2), item.height
    box = Box(interval[0], y - _TALL * height, interval[1], y + _TALL * height)
    x0, x1 = box.x0, box.x1
    for token in sheet.tokens:
        if _beside(token, box):
            left, right = token[0].x0, token[-1].x1
            if (left + right) / 2 < (box.x0 + box.x1) / 2:
                x0 = max(x0, right + _CLEAR * height)
            else:
                x1 = min(x1, left - _CLEAR * height)
    if x1 - x0 < 0.6 * height:
        return None
    return _on_page(sheet, Box(x0, box.y0, x1, box.y1))


def _level(item: Item, x: float) -> float:
    """Middle of the row at x: that of the figure nearest to it, for a page is never quite flat."""
    cells: list[Cell] = [cell for name in _ANCHORS for cell in item.cells.get(name, [])]
    near = min(cells, key=lambda cell: abs(cell.span.centre_x - x)).span
    return near.centre_y if abs(near.centre_y - item.y) < item.height else item.y


def _beside(token: tuple[Glyph, ...], box: Box) -> bool:
    return min(token[0].y1, box.y1) - max(token[0].y0, box.y0) > 0.3 * token[0].height and (
        token[0].x0 < box.x1 and token[-1].x1 > box.x0
    )


def _on_page(sheet: Sheet, box: Box) -> Box:
    """The sheet is the page turned by its slope; turned back, a cell is short enough to stay a rectangle."""
    down = sheet.slope * (box.centre_x - sheet.page.width / 2)
    right = -sheet.slope * (box.centre_y - sheet.page.height / 2)
    return Box(box.x0 + right, box.y0 + down, box.x1 + right, box.y1 + down)

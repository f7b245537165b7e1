"""Where the blank cells of item rows stand: column by row, kept clear of the text and the rules around them.

Detection overlooks single characters (quantity 1, unit 支), so a blank cell may hold text. Never decides that it does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extraction.checks import arithmetic
from extraction.layouts.cells import Cell, Item
from extraction.layouts.columns import Columns
from extraction.layouts.glyphs import Glyph
from extraction.layouts.rows import Sheet, Span
from extraction.reading import TOTAL_ROW, BlankCell
from models.invoice import Line
from models.pages import Box

#: names and specifications wrap and are blank on many rows; what was overlooked in them would be part of a text
_COLUMNS = ("unit", "quantity", "unit_price", "amount_excl_tax", "tax_rate", "tax_amount")
_NO_AMOUNT = re.compile(r"[^0-9]{1,4}|¥?\d[\d,]*\.?\d?")
_TALL = 0.75  #: of the amount's height, above and below its middle
_CLEAR = 0.1  #: of the amount's height, left free beside a neighbour
_REACH = 1.0  #: print may stand over the column's edge towards a neighbour that was read
_BLANK_REACH = 0.15  #: towards one that was not, whose own print may stand there


def blank_cells(sheet: Sheet, columns: Columns, items: Sequence[Item], lines: Sequence[Line]) -> tuple[BlankCell, ...]:
    """The cells of every row, from top to bottom, that are without text, or of which its sums say that one is wrong."""
    found = []
    for index, (item, line) in enumerate(zip(items, lines, strict=True)):
        denied = _denied(line)
        tokens = {g.token for name in denied for cell in item.cells.get(name, []) for g in cell.span.glyphs}
        for name in _COLUMNS:
            if name in denied or name not in item.cells:
                over = item.misread | tokens if name in denied else item.misread
                box = _place(sheet, columns, item, name, over)
                found += [BlankCell(index, name, box)] if box is not None else []
    return tuple(found)


def _denied(line: Line) -> set[str]:
    """Cells of a row whose product or tax does not come out: one of them was misread, which one is not known."""
    by_price = arithmetic.multiplies(line.quantity, line.unit_price, line.amount_excl_tax)
    by_tax = arithmetic.taxes(line.amount_excl_tax, line.tax_rate, line.tax_amount)
    denied = {"quantity", "unit_price"} if by_price is False else set()
    if by_tax is False:
        denied |= {"tax_rate", "tax_amount"}
    return denied | {"amount_excl_tax"} if denied and True not in (by_price, by_tax) else denied


def blank_total(sheet: Sheet, columns: Columns, row: Span) -> tuple[BlankCell, ...]:
    """The place of the total tax on the row of 合计, beside its net amount."""
    left, _ = columns.interval("amount_excl_tax") or (float("inf"), 0.0)
    end, _ = columns.interval("tax_amount") or (0.0, 0.0)
    amounts = (g for g in row.chunks(1.0) if g.key[-1:].isdigit() and left < g.x1 and g.x0 < end)
    amount = next((Cell("amount_excl_tax", g) for g in amounts), None)
    if amount is None:
        return ()
    item = Item(amount.span.centre_y, amount.span.height, {"amount_excl_tax": [amount], "tax_rate": [amount]})
    box = _place(sheet, columns, item, "tax_amount", _no_amounts(sheet, columns))
    return (BlankCell(TOTAL_ROW, "tax_amount", box),) if box else ()


def _no_amounts(sheet: Sheet, columns: Columns) -> set[int]:
    """Pieces in the tax column that are no amount: what recognition makes of asterisks, and figures whose last places
    were lost on the rule beside them."""
    x0, x1 = columns.interval("tax_amount") or (0.0, 0.0)
    return {
        token[0].token
        for token in sheet.tokens
        if x0 <= (token[0].x0 + token[-1].x1) / 2 <= x1 and _NO_AMOUNT.fullmatch("".join(glyph.key for glyph in token))
    }


def _place(sheet: Sheet, columns: Columns, item: Item, name: str, over: set[int]) -> Box | None:
    """The free part of a cell; tokens that it may lie `over` are no neighbours."""
    interval = columns.interval(name)
    if interval is None:
        return None
    y, height = _level(item, sum(interval) / 2), item.height
    before, after = (_REACH if near else _BLANK_REACH for near in _neighbours_read(columns, item, name))
    left, right = interval[0] - before * height, interval[1] + after * height
    box = Box(left, y - _TALL * height, right, y + _TALL * height)
    x0, x1 = box.x0, box.x1
    for token in sheet.tokens:
        if token[0].token not in over and _beside(token, box):
            if (token[0].x0 + token[-1].x1) / 2 < (box.x0 + box.x1) / 2:
                x0 = max(x0, token[-1].x1 + _CLEAR * height)
            else:
                x1 = min(x1, token[0].x0 - _CLEAR * height)
    return _on_page(sheet, Box(x0, box.y0, x1, box.y1)) if x1 - x0 >= 0.6 * height else None


def _neighbours_read(columns: Columns, item: Item, name: str) -> tuple[bool, bool]:
    """Whether the cells before and after this one hold text; beyond the first and the last column nothing does."""
    names = [cell[0] for cell in columns.cells]
    at = names.index(name)
    return at > 0 and names[at - 1] in item.cells, at + 1 < len(names) and names[at + 1] in item.cells


def _level(item: Item, x: float) -> float:
    """Middle of the row at x: that of the figure nearest to it, for a page is never quite flat."""
    cells: list[Cell] = [cell for name in _COLUMNS for cell in item.cells.get(name, [])]
    if not cells:
        return item.y
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

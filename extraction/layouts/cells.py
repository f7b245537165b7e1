"""Pieces of the item table put into columns: each piece whole where it can be, cut where it covers two cells."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from extraction.layouts.columns import Columns
from extraction.layouts.glyphs import Glyph
from extraction.layouts.rows import Row, Span
from models.money import CENT, parse_money

NUMBER = re.compile(r"[-+]?¥?-?\d[\d,]*(?:\.\d+)?|\.\d+")
_GRADE = re.compile(r"\d{1,3}号")
_BEGUN = re.compile(r"[\u4e00-\u9fff]\d$")
_RATE = re.compile(r"\d{1,2}(?:\.\d)?%|免税|不征税")
_BESIDE_RATE = ("amount_excl_tax", "tax_amount")
_MOSTLY = 0.8  #: of a part's width in one column: it is that cell's
_UNIT = re.compile(r"[\u4e00-\u9fff]{1,3}")
_APART = 1.0  #: of their height: two numbers with more between them are not one
_WIDE_STEP = 1.25  #: of the usual step from one ideograph to the next
_IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")
_SIZE = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[0-9A-Za-z.*/-]+")
ITEM_AMOUNT = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?")  #: items print no ¥; 合计 does
#: `***`, and what recognition makes of three asterisks
STARS = re.compile(r"(?:[*★☆※][*★☆※水本木米大字]{1,3}|[水本木米字]{3}|[水本木米大字][*★☆※][*★☆※水本木米大字]?)")


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of text in a column. `certain` false: it was cut, or lies half in another column."""

    column: str
    span: Span
    certain: bool = True


@dataclass
class Item:
    """An item row in the making: its height on the sheet and the cells put into it."""

    y: float
    height: float
    cells: dict[str, list[Cell]] = field(default_factory=dict)
    misread: set[int] = field(default_factory=set)  #: tokens taken out of a cell because they cannot be what it holds

    def put(self, cell: Cell) -> None:
        self.cells.setdefault(cell.column, []).append(cell)

    def take_out(self, column: str) -> None:
        """Leave the cell blank, to be looked at again."""
        self.misread.update(glyph.token for cell in self.cells.pop(column, []) for glyph in cell.span.glyphs)


def part_figures(item: Item, columns: Columns) -> None:
    """Quantity and unit price each in its own column, where both were found in one of the two.

    Figures flush with one end of a column may reach over its border, and columns of a form whose labels were not read
    stand a little off. Two numbers are told by the space between them or by the amount, their product; a word among
    the figures is the unit.
    """
    quantity, price = columns.interval("quantity"), columns.interval("unit_price")
    if quantity is None or price is None or quantity > price:
        return
    words = [cell for cell in item.cells.get("quantity", []) if _UNIT.fullmatch(cell.span.key)]
    if words and "unit" not in item.cells:
        item.cells["unit"] = [Cell("unit", cell.span, False) for cell in words]
        item.cells["quantity"] = [cell for cell in item.cells["quantity"] if cell not in words]
    held = [item.cells.get(name, []) for name in ("quantity", "unit_price")]
    if sorted(map(len, held)) != [0, 2]:
        return
    left, right = sorted((cell.span for cells in held for cell in cells), key=lambda span: span.x0)
    least = min(left.height, right.height)
    beside = abs(left.centre_y - right.centre_y) < 0.5 * least
    if not (beside and _one_number(left) and _one_number(right)):
        return
    if right.x0 - left.x1 > _APART * least or _makes(left, right, item.cells.get("amount_excl_tax", [])):
        item.cells["quantity"] = [Cell("quantity", left, False)]
        item.cells["unit_price"] = [Cell("unit_price", right, False)]


def _makes(quantity: Span, price: Span, cells: list[Cell]) -> bool:
    """Whether the amount is their product."""
    one, other = parse_money(quantity.key), parse_money(price.key)
    amount = parse_money("".join(cell.span.key for cell in cells))
    return one is not None and other is not None and amount is not None and abs(one * other - amount) <= CENT


def cells_of(row: Row, columns: Columns, *, exact: bool) -> list[Cell]:
    """The row's pieces, each in its column. `exact`: words of a text layer, which part at every blank."""
    out: list[Cell] = []
    for piece in _pieces(row, exact):
        last = out[-1] if out else None
        if exact and last and last.column == "specification" and _continues(last.span, piece):
            out.append(Cell("specification", piece))
            continue
        for cell in _placed(piece, columns, exact):
            column = _by_content(cell, last) if exact else _recognised(cell, out[-1] if out else None)
            out.append(cell if column == cell.column else Cell(column, cell.span, cell.certain))
    return out


def _by_content(cell: Cell, last: Cell | None) -> str:
    """A unit is no number: a specification's last figure may stand over the end of its cell."""
    if cell.column == "unit" and last is not None and last.column == "specification" and _one_number(cell.span):
        near = cell.span.x0 - last.span.x1 < 0.6 * cell.span.height
        return "specification" if near else cell.column
    return _coded(cell)


def _recognised(cell: Cell, last: Cell | None) -> str:
    """No unit is made of letters and figures: they end the specification that stands a blank before them."""
    if cell.column == "unit" and last is not None and last.column == "specification" and _SIZE.fullmatch(cell.span.key):
        near = cell.span.x0 - last.span.x1 < cell.span.height
        return "specification" if near else cell.column
    return _coded(cell)


def _coded(cell: Cell) -> str:
    """What a cell is by what it says. An item's code is figures and letters: ideographs beside it are the name, set
    left in its wide column."""
    if cell.column in _BESIDE_RATE and _RATE.fullmatch(cell.span.key):
        return "tax_rate"  # no amount: print that is set a little too far to one side
    if cell.column == "item_code" and _IDEOGRAPH.search(cell.span.key):
        return "item_name"
    return cell.column


def _continues(before: Span, piece: Span) -> bool:
    """A word of the same specification, one blank further on, may reach over the end of its cell."""
    return piece.x0 - before.x1 < 0.6 * piece.height and not _one_number(piece)


def _pieces(row: Row, exact: bool) -> list[Span]:
    """Token by token. A blank between figures parts two cells; in a text layer one between words does not."""
    out: list[list[Glyph]] = []
    for glyph in row.glyphs:
        before = out[-1][-1] if out else None
        if before is not None and _one_piece(before, glyph, exact):
            out[-1].append(glyph)
        else:
            out.append([glyph])
    return [Span(tuple(piece)) for piece in out]


def _one_piece(before: Glyph, glyph: Glyph, exact: bool) -> bool:
    figures = _number_like(glyph) and _number_like(before)
    if glyph.token == before.token:
        return not (glyph.blank_before and figures)
    return exact and not figures and -0.5 * glyph.height < glyph.x0 - before.x1 < 0.4 * glyph.height


def _number_like(glyph: Glyph) -> bool:
    return glyph.key in "0123456789.-,¥"


def _placed(piece: Span, columns: Columns, exact: bool) -> list[Cell]:
    overlaps = [
        (min(piece.x1, x1) - max(piece.x0, x0), name)
        for name, x0, x1 in columns.cells
        if min(piece.x1, x1) > max(piece.x0, x0)
    ]
    if not overlaps:
        nearest = min(columns.cells, key=lambda cell: min(abs(piece.centre_x - cell[1]), abs(piece.centre_x - cell[2])))
        return [Cell(nearest[0], piece, False)]
    share, name = max(overlaps)
    width = max(piece.x1 - piece.x0, 1e-6)
    if len(overlaps) == 1 or share >= 0.98 * width:
        return [Cell(name, piece)]
    spill = width - share
    if not exact and (at := _begins_unit(piece, columns)):
        unit = Cell("unit", Span(piece.glyphs[at:]), False)
        return [*_placed(Span(piece.glyphs[:at]), columns, exact), unit]
    if at := _begins_rate(piece, columns):
        amount = Cell("amount_excl_tax", Span(piece.glyphs[:at]))
        return [amount, *_placed(Span(piece.glyphs[at:]), columns, exact)]
    if spill <= 1.1 * piece.height or _one_number(piece):
        return [Cell(name, piece, spill <= 0.6 * piece.height or (_one_number(piece) and share > 0.6 * width))]
    cut = _cut(piece, columns, exact)
    if cut is None:
        return [Cell(name, piece, False)]
    return [cell for part in cut for cell in _placed_part(part, columns, exact)]


#: an amount and the rate beside it, where a wide font made them touch: an amount has two decimals
_AMOUNT_RATE = re.compile(r"(-?[\d,]+\.\d\d)(?:\d{1,2}(?:\.\d)?%|免税|不征税|\*{2,3}).*")


def _begins_rate(piece: Span, columns: Columns) -> int | None:
    """Where in the piece the rate begins, if it stands over the amount's column and reaches into the rate's."""
    found = _AMOUNT_RATE.fullmatch(piece.key)
    amount, rate = columns.interval("amount_excl_tax"), columns.interval("tax_rate")
    over = amount and rate and piece.x0 < amount[1] < piece.x1 and rate[0] < piece.x1
    return found.end(1) if found and over else None


def _placed_part(part: Span, columns: Columns, exact: bool) -> list[Cell]:
    """A part of a piece may cover two cells in its turn: a name, a specification and a unit that touch."""
    widest = max(min(part.x1, x1) - max(part.x0, x0) for _, x0, x1 in columns.cells)
    whole = exact or _one_number(part) or widest > _MOSTLY * (part.x1 - part.x0)
    again = None if whole else _cut(part, columns, exact)
    if again is None:
        return _placed_whole(part, columns)
    return [cell for each in again for cell in _placed_whole(each, columns)]


def _placed_whole(piece: Span, columns: Columns) -> list[Cell]:
    best = max(columns.cells, key=lambda cell: min(piece.x1, cell[2]) - max(piece.x0, cell[1]))
    return [Cell(best[0], piece, columns.ruled)]


def _one_number(piece: Span) -> bool:
    return NUMBER.fullmatch(piece.key) is not None


def _cut(piece: Span, columns: Columns, exact: bool) -> tuple[Span, Span] | None:
    """Cut a piece that covers two cells: at a blank, else where text turns into number, else at the rule itself."""
    inside = [x1 for _, _, x1 in columns.cells if piece.x0 + 0.5 * piece.height < x1 < piece.x1 - 0.5 * piece.height]
    if not inside:
        return None
    best: tuple[float, int] | None = None
    for i in range(1, len(piece.glyphs)):
        share = _cutting(piece, i, columns, exact)
        if share is None:
            continue
        middle = (piece.glyphs[i - 1].x1 + piece.glyphs[i].x0) / 2
        cost = share * min(abs(middle - x) for x in inside) / max(piece.height, 1e-6) + _inside_word(piece, i)
        if cost < 1.5 and (best is None or cost < best[0]):
            best = (cost, i)
    if best is None:
        return None
    return Span(piece.glyphs[: best[1]]), Span(piece.glyphs[best[1] :])


def _inside_word(piece: Span, i: int) -> float:
    """What it costs to part figures and letters of one word, or figures from the word that they begin: 7|座商务车."""
    left, right = piece.glyphs[i - 1], piece.glyphs[i]
    if left.token != right.token or right.blank_before:
        return 0.0
    word = not _wide(left) and not _wide(right) and left.key.isalnum() and right.key.isalnum()
    return 0.4 if word or _BEGUN.search(piece.key[:i]) else 0.0


def _cutting(piece: Span, i: int, columns: Columns, exact: bool) -> float | None:
    """What a cut before glyph `i` costs for its distance from the cells' boundary; None where it may not be cut."""
    left, right = piece.glyphs[i - 1], piece.glyphs[i]
    if not exact and columns.interval("property_certificate") is not None and _begins_property_cell(piece, i):
        return 0.2
    if not exact and (right.blank_before or right.token != left.token or right.x0 - left.x1 > 0.5 * piece.height):
        return 0.3
    if not exact and _GRADE.match(piece.key, i) and not left.key.isdigit():
        return 0.4  # 车用汽油(ⅥB)|95号
    if left.key.isdigit() and right.key == "号":
        return None
    if _number_like(left) != _number_like(right) and (_wide(left) or _wide(right)):
        return 0.6
    if not exact and _wide(left) != _wide(right) and (left.key.isalnum() and right.key.isalnum()):
        return 0.6  # 无线鼠|G102: recognition sees no blank between a name and a specification that touch
    if not exact and not columns.ruled and _steps_wide(piece, i):
        return 0.5
    return 1.0 if columns.ruled else None


#: how a property certificate begins, and the units of area that follow it: where no blank and no rule parts the cells
_CERTIFICATE = re.compile(r"[\u4e00-\u9fff][(](?:19|20)\d\d[)]")
_AREA = re.compile(r"平方(?:千米|公里|米)|公顷|亩|㎡")


def _begins_property_cell(piece: Span, i: int) -> bool:
    """The text itself says that another cell of a property's row begins at its glyph `i`."""
    rest = piece.key[i:]
    return _CERTIFICATE.match(rest) is not None or (
        _AREA.fullmatch(rest) is not None and _IDEOGRAPH.match(piece.key[i - 1]) is not None
    )


def _steps_wide(piece: Span, i: int) -> bool:
    """Two ideographs further apart than the others of their run: the last of one cell and the first of the next."""
    steps = [b.x0 - a.x0 for a, b in pairwise(piece.glyphs) if _wide(a) and _wide(b)]
    left, right = piece.glyphs[i - 1], piece.glyphs[i]
    return (
        len(steps) >= 4
        and _wide(left)
        and _wide(right)
        and right.x0 - left.x0 > _WIDE_STEP * sorted(steps)[len(steps) // 2]
    )


def _begins_unit(piece: Span, columns: Columns) -> int | None:
    """Where a lone ideograph begins that stands a blank after figures and letters, and in the column of the unit."""
    cell, at = columns.interval("unit"), len(piece.glyphs) - 1
    last, before = piece.glyphs[-1], piece.key[-2:-1]
    alone = last.blank_before and _IDEOGRAPH.match(last.key) and before.isascii() and before.isalnum()
    return at if cell and alone and cell[0] < last.centre_x < cell[1] else None


def _wide(glyph: Glyph) -> bool:
    return ord(glyph.char) > 0x2E80

"""Item rows of the table: a row begins where an amount stands; names and specifications wrap around it."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from extraction import normalise
from extraction.layouts.anchors import LIST_ATTACHED, SHORT_NAME, find_items
from extraction.layouts.blanks import blank_cells
from extraction.layouts.cells import STARS, Cell, Item, cells_of, part_figures
from extraction.layouts.columns import SPECIAL, Columns, Header, label_tokens
from extraction.layouts.rows import Row, Sheet, Span
from extraction.reading import BlankCell
from models.invoice import Line
from models.money import CENT, parse_money
from models.pages import Box

_ITEM_START = re.compile(r"[*﹡][^*]{1,20}[*﹡]")
_HALF_STARRED = re.compile(r"[^\w*（(【]?([\u4e00-\u9fff、]{2,20}\*[\u4e00-\u9fffA-Za-z0-9（(].*)", re.DOTALL)
_FOR_STAR = "*米※★☆×·•.°\"”'’"  #: what a lost asterisk leaves behind
_SECOND_STAR = re.compile(r"^(?:[*※★☆×·•.°\"”'’]|米(?![粉饭线酒糕面油糠皮]))")
_ONE_STAR = re.compile(r"\*([\u4e00-\u9fff、]{2,16})[米※★☆×]([^*米※★☆×]+)", re.DOTALL)
_RICE = re.compile(r"[大小玉稻糯香厘毫分纳虾平方立]米|米[粉饭线酒糕面油糠皮]")
_OPEN = re.compile(r"[^()（）]*([(（])[^()（）]{2,}", re.DOTALL)
_LITRE = re.compile(r"(?<=\d)m1(?![0-9A-Za-z.])")
_ONE = re.compile(r"(?<![0-9A-Za-z])l(?=(?:mg|ml|kg|g)(?![A-Za-z]))")
_ZERO = re.compile(r"(?<![0-9A-Za-z])[φΦØø](?=\.\d)")
_CIPHER = re.compile(r"[<>]|\d\+\d")  #: 密码区, whose last row stands just above the header
_GLUED = re.compile(r"-?\d+(?:\.\d+)?\.\d+")  #: quantity and unit price without a blank between them
_NO_RATE = re.compile(r"(?=.*[^0-9.])[^%免不征]{2,4}")
_MARGIN_LETTERS = re.compile(r"(?<=\.\d\d)[\u4e00-\u9fff]$")  #: 发票联, down the right margin of paper
_TEXT = ("item_name", "specification", "unit", *SPECIAL)
_MONEY = ("amount_excl_tax", "tax_amount")
_UNCERTAIN = 0.8
_STAMP = 1.4  #: of the height of the table's print and its labels


@dataclass(frozen=True, slots=True)
class Table:
    """The item rows, and those of their cells that stayed blank."""

    lines: tuple[Line, ...] = ()
    blank_cells: tuple[BlankCell, ...] = ()


def read_table(
    sheet: Sheet, columns: Columns, top: float, bottom: float, *, exact: bool, header: Header | None = None
) -> Table:
    """Item rows between two heights of the sheet. `exact`: a text layer, not recognised text; `header`: its row is read
    too, without its labels, because a drifted print sets the first item there.
    """
    area = Box(columns.x0, top, columns.x1 + (columns.x1 - columns.x0) * 0.02, bottom)
    if exact and header is not None:
        sheet = _without_stamps(sheet, area, header)
    rows = sheet.rows(area, whole=True)
    if header is not None:
        rows = [row for row in rows if row.centre_y > header.y1 or not _CIPHER.search(row.key)]
        labels = header.tokens | label_tokens(rows, header)
        rows = [row for row in (_without(row, labels) for row in rows) if row]
    placed = [cell for row in rows for cell in cells_of(row, columns, exact=exact)]
    items, rest = find_items(placed, exact=exact)
    if not items:
        return Table()
    if header is not None and min(item.y for item in items) > header.y1:  # nothing but labels in the header's row
        rest = [cell for cell in rest if cell.span.centre_y > header.y1 - 0.2 * header.height]
    for cell in rest:
        if cell.column not in _TEXT:
            _nearest(items, cell)
    _put_text(items, [cell for cell in rest if cell.column in _TEXT])
    for item in items:
        part_figures(item, columns)
    if not exact:
        for item in items:
            _take_out_misread(item)
        items = [item for item in items if item.cells]
    lines = tuple(_line(sheet, item, exact) for item in items)
    if not exact:
        lines = tuple(_closed(line) for line in starred_alike(lines))
    return Table(lines, () if exact else blank_cells(sheet, columns, items, lines))


def _without_stamps(sheet: Sheet, area: Box, header: Header) -> Sheet:
    """Without large print over the table (已报销, 仅供报销使用, a date beside it): items are set as large as labels."""
    glyphs = [g for token in sheet.tokens for g in token if area.y0 <= g.centre_y < area.y1]
    heights = sorted(glyph.height for glyph in glyphs)
    if not heights:
        return sheet
    most = _STAMP * max(header.height, heights[len(heights) // 2])
    kept = tuple(t for t in sheet.tokens if not (t[0].height > most and area.y0 <= t[0].centre_y < area.y1))
    return sheet if len(kept) == len(sheet.tokens) else replace(sheet, tokens=kept)


def _without(row: Row, skip: frozenset[int]) -> Row | None:
    kept = tuple(glyph for glyph in row.glyphs if glyph.token not in skip)
    return Span(kept) if kept else None


def _nearest(items: list[Item], cell: Cell) -> None:
    """Figures stand beside their amount; anything further off is no part of a line."""
    item = min(items, key=lambda item: abs(item.y - cell.span.centre_y))
    if abs(item.y - cell.span.centre_y) <= 0.9 * max(item.height, cell.span.height):
        item.put(cell)


def _put_text(items: list[Item], cells: list[Cell]) -> None:
    """Share out names, specifications and units, which may wrap and start a little above or below the amount."""
    names = [cell for cell in cells if cell.column == "item_name"]
    starts = sorted(cell.span.centre_y for cell in names if _ITEM_START.match(cell.span.key))
    tolerance = 0.6 * min(item.height for item in items)
    if len(starts) == len(items):
        bounds = starts
    else:
        first = min((cell.span.centre_y for cell in names), default=items[0].y)
        if first < items[0].y - 1.5 * tolerance:  # text is centred on the amount: the nearest amount owns it
            middles = [(a.y + b.y) / 2 for a, b in itertools.pairwise(items)]
            bounds = [first, *middles]
        else:
            bounds = [item.y for item in items]
    centred = len(starts) == len(items) and any(
        item.y - start > tolerance for item, start in zip(items, starts, strict=True)
    )
    for cell in sorted(cells, key=lambda cell: (cell.span.centre_y, cell.span.x0)):
        if centred and cell.column != "item_name":  # a specification of more lines than its name begins above it
            min(items, key=lambda item: abs(item.y - cell.span.centre_y)).put(cell)
            continue
        position = bisect_right(bounds, cell.span.centre_y + tolerance) - 1
        items[max(position, 0)].put(cell)


def _line(sheet: Sheet, item: Item, exact: bool) -> Line:
    spans = [cell.span for cells in item.cells.values() for cell in cells]
    certain = all(cell.certain for cells in item.cells.values() for cell in cells)
    box = spans[0].box
    for span in spans[1:]:
        box = box.union(span.box)
    read = {name: _value(name, item.cells.get(name, []), exact) for name in Line.CELLS}
    unglued_cells, unglued = _unglued(read)
    cells: dict[str, Any] = dict(unglued_cells)
    complete = all(value is None or _shaped(name, value) for name, value in cells.items())
    special = {name: _value(name, item.cells.get(name, []), exact) for name in SPECIAL}
    return Line(
        **cells,
        extra={name: value for name, value in special.items() if value},
        box=sheet.page.fraction(box),
        confidence=min(span.confidence for span in spans)
        * (1.0 if certain and complete and not unglued else _UNCERTAIN),
    )


def _take_out_misread(item: Item) -> None:
    """A tax that is no amount (asterisks taken for characters, a letter of the margin) is no reading of it; nor are
    two to four signs without any of a rate's own."""
    tax = _value("tax_amount", item.cells.get("tax_amount", []), exact=False)
    if tax is not None and not _shaped("tax_amount", tax):
        item.take_out("tax_amount")
    rate = _value("tax_rate", item.cells.get("tax_rate", []), exact=False)
    if rate is not None and not _shaped("tax_rate", rate) and _NO_RATE.fullmatch(rate):
        item.take_out("tax_rate")


def _value(name: str, cells: list[Cell], exact: bool) -> str | None:
    if not cells:
        return None
    if name in _TEXT:
        text = joined(_reading_order(cells))
        return (text if exact else _repaired(name, text)) or None
    text = "".join(cell.span.key for cell in sorted(cells, key=lambda c: c.span.x0))
    if not exact and name in _MONEY:
        text = _MARGIN_LETTERS.sub("", text)
    normal = exact_money if exact and name in _MONEY else _NORMAL[name]
    return normal(text) or text


def _repaired(name: str, text: str) -> str:
    """What recognition is known to lose: the first asterisk, the l of ml or the 1 of 1mg, which look alike, and the
    slashed 0 of 0.2g, for no diameter begins with a point."""
    if name == "item_name":
        return _starred(text)
    return _ZERO.sub("0", _LITRE.sub("ml", _ONE.sub("1", text))) if name == "specification" else text


def _starred(name: str) -> str:
    """`餐饮服务*餐费`: the short name of the tax code stands between two asterisks, and recognition lost the first."""
    return f"*{found[1]}" if (found := _HALF_STARRED.match(name)) else name


def starred_alike(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Asterisks that recognition lost or took for a character, put back where another row of the invoice shows the
    same short name between its two, or where the first was read and only one sign can be the second. Such a row is
    less sure than it was."""
    shown = {found[1] for line in lines if (found := SHORT_NAME.match(line.item_name or ""))}
    return tuple(_starred_as(line, shown) for line in lines)


def _starred_as(line: Line, shown: set[str]) -> Line:
    name = line.item_name or ""
    if not name or SHORT_NAME.match(name):
        return line
    known = max((x for x in shown if name.lstrip(_FOR_STAR).startswith(x)), key=len, default=None)
    if known is not None:
        rest = _SECOND_STAR.sub("", name.lstrip(_FOR_STAR)[len(known) :])
        restored = f"*{known}*{rest}" if rest else None
    else:
        found = _ONE_STAR.fullmatch(name)
        restored = f"*{found[1]}*{found[2]}" if found and not _RICE.search(name) else None
    return replace(line, item_name=restored, confidence=line.confidence * _UNCERTAIN) if restored else line


def _closed(line: Line) -> Line:
    """A name that ends inside a bracket lost the one that closes it: alone on its line, it is easily overlooked."""
    found = _OPEN.fullmatch(line.item_name or "")
    if found is None:
        return line
    closing = "）" if found[1] == "（" else ")"
    return replace(line, item_name=f"{line.item_name}{closing}", confidence=line.confidence * _UNCERTAIN)


def _shaped(name: str, value: str) -> bool:
    """Does a cell hold what its column must hold?"""
    return name in _TEXT or _NORMAL[name](value) is not None


def _unglued(cells: dict[str, str | None]) -> tuple[dict[str, str | None], bool]:
    """Quantity and unit price touch: cut them where, and only where, their product is the amount."""
    glued, amount = cells["unit_price"], parse_money(cells["amount_excl_tax"])
    if cells["quantity"] is not None or glued is None or amount is None or not _GLUED.fullmatch(glued):
        return cells, False
    if parse_money(glued) == amount:
        return cells, False
    cuts = []
    for i in range(1, glued.rindex(".")):
        quantity, price = parse_money(glued[:i]), parse_money(glued[i:])
        padded = glued[i] in ".-" or (glued[i] == "0" and glued[i + 1] != ".") or glued[i - 1] in ".-"
        if quantity and price and not padded and abs(quantity * price - amount) <= CENT:
            cuts.append((glued[:i], glued[i:]))
    if len(cuts) != 1:
        return cells, False
    return {**cells, "quantity": cuts[0][0], "unit_price": cuts[0][1]}, True


def _reading_order(cells: list[Cell]) -> list[Span]:
    spans = sorted((cell.span for cell in cells), key=lambda span: span.centre_y)
    rows: list[list[Span]] = []
    for span in spans:
        if rows and abs(span.centre_y - rows[-1][0].centre_y) < 0.5 * min(span.height, rows[-1][0].height):
            rows[-1].append(span)
        else:
            rows.append([span])
    return [span for row in rows for span in sorted(row, key=lambda span: span.x0)]


def joined(spans: list[Span]) -> str:
    """Wrapped text as one: a blank only where two Latin words would run together inside one printed row."""
    out = ""
    before: Span | None = None
    for span in spans:
        same_row = before is not None and abs(before.centre_y - span.centre_y) < 0.5 * span.height
        out += (" " if same_row else "") + span.text
        before = span
    return out.strip()


def exact_money(text: str) -> str | None:
    """An amount as a text layer gives it."""
    return "***" if STARS.fullmatch(text.strip("¥ ")) else normalise.money_text(text)


def money(text: str) -> str | None:
    """A recognised amount. Without two decimals a point was lost, and the value with it; 96,72 has a comma for it."""
    compact = re.sub(r"\s", "", text)
    compact = re.sub(r"^(-?¥?-?\d{1,3}(?:,\d{3})*),(\d{2})$", r"\1.\2", compact)
    if STARS.fullmatch(compact.strip("¥")):
        return "***"
    return normalise.money_text(compact) if re.search(r"\.\d{2}$", compact) else None


def _figure(text: str) -> str | None:
    return "***" if STARS.fullmatch(text) else normalise.number_text(text)


_NORMAL: dict[str, Callable[[str], str | None]] = {
    "quantity": _figure,
    "unit_price": _figure,
    "amount_excl_tax": money,
    "tax_rate": lambda text: "***" if STARS.fullmatch(text) else normalise.rate(text),
    "tax_amount": money,
}


def list_attached(lines: tuple[Line, ...]) -> bool:
    """Does the face send the reader to a 清单?"""
    return any(line.item_name and LIST_ATTACHED.search(line.item_name) for line in lines)

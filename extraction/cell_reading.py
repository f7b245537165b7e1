"""Blank cells of item rows read from the picture: recognition without detection, which overlooks lone characters.

A cell's text is taken only where there is print (no seal ink, no rule), two different cuts read alike and surely, the
text has its column's shape, and the row's arithmetic agrees wherever it can be asked. Otherwise the cell stays blank.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from extraction import normalise
from extraction.layouts.simplified import simplified
from extraction.ocr.engine import OcrEngine, RecognisedLine
from extraction.reading import BlankCell, Reading
from models.invoice import Line
from models.money import CENT, parse_money
from models.pages import Box, Picture, Pixels

LEAST_CONFIDENCE = 0.9
LEAST_CONTRAST = 45  #: grey levels between paper and print; less is shade or show-through
LINE_HEIGHT = 48  #: pixels of a cut's line, what the recogniser is made for
MARGIN = 0.35  #: of the print's height, left white around it
_LEAST_INK = 0.3  #: height of a character, of the cell's height
_SLIVER = 0.12  #: width of a mark at the cell's side that is no character, of the cell's height
_TAX_TOLERANCE = Decimal("0.06")  #: of a line's tax, as the issuing systems allow it
_UNIT = re.compile(r"[\u4e00-\u9fff]{1,3}|[A-Za-z]{1,4}|[mM][23²³]")
_QUANTITY = re.compile(r"-?\d{1,6}(?:\.\d{1,8})?")
_NOT_A_UNIT = frozenset("一二三口曰工丨〇章税号国")  #: strokes of rules and seals read as characters


@dataclass(frozen=True, slots=True)
class _Cut:
    cell: BlankCell
    pictures: tuple[Pixels, Pixels]


def fill_blank_cells(reading: Reading, picture: Picture, engine: OcrEngine) -> Reading:
    """The reading with those of its blank cells filled that hold text beyond doubt."""
    cuts = [cut for cell in reading.blank_cells if (cut := _cut(picture, cell)) is not None]
    if not cuts:
        return reading
    seen = engine.read_lines([pixels for cut in cuts for pixels in cut.pictures])
    lines = list(reading.lines)
    for position, cut in enumerate(cuts):
        text = _agreed(seen[2 * position : 2 * position + 2])
        if text is not None:
            index = cut.cell.line
            lines[index] = _filled(lines[index], cut.cell.column, *text)
    return replace(reading, lines=tuple(lines))


def _agreed(lines: Sequence[RecognisedLine]) -> tuple[str, float] | None:
    """What every cut says, and the least of their confidences."""
    texts = {re.sub(r"\s", "", simplified(line.text)) for line in lines}
    confidence = min(line.confidence for line in lines)
    return (texts.pop(), confidence) if len(texts) == 1 and confidence >= LEAST_CONFIDENCE else None


def _filled(line: Line, column: str, text: str, confidence: float) -> Line:
    value = _value(line, column, text)
    if value is None:
        return line
    cells: dict[str, Any] = {column: value, "confidence": min(line.confidence, confidence)}
    return replace(line, **cells)


def _value(line: Line, column: str, text: str) -> str | None:
    """The cell's value where its column and its row allow it."""
    if column == "unit":
        return text if _UNIT.fullmatch(text) and text not in _NOT_A_UNIT else None
    if column == "quantity":
        return text if _QUANTITY.fullmatch(text) and _multiplies(text, line.unit_price, line.amount_excl_tax) else None
    if column == "unit_price":
        price = normalise.number_text(text)
        return price if price and line.quantity and _multiplies(line.quantity, price, line.amount_excl_tax) else None
    if column == "tax_rate":
        rate = normalise.rate(text)
        return rate if rate and _taxes(line.amount_excl_tax, rate, line.tax_amount) else None
    tax = normalise.money_text(text) if re.search(r"\.\d{2}$", text) else None
    return tax if tax and line.tax_rate and _taxes(line.amount_excl_tax, line.tax_rate, tax) else None


def _multiplies(quantity: str, price: str | None, amount: str | None) -> bool:
    """Quantity × price is the amount as far as both are printed; a price or an amount missing proves nothing."""
    many, each, whole = parse_money(quantity), parse_money(price), parse_money(amount)
    if many is None or each is None or whole is None:
        return False
    allowed = CENT + abs(many) * _half_unit(price or "") + abs(each) * _half_unit(quantity)
    return many != 0 and abs(many * each - whole) <= allowed


def _half_unit(text: str) -> Decimal:
    """Half of the last place of a number with a fraction; a whole number is exact."""
    places = len(text.partition(".")[2])
    return Decimal(5).scaleb(-places - 1) if places else Decimal(0)


def _taxes(amount: str | None, rate: str, tax: str | None) -> bool:
    """A rate and a tax that can both be asked must agree."""
    net, paid = parse_money(amount), parse_money(tax)
    percent = parse_money(rate.removesuffix("%")) if rate.endswith("%") else None
    if net is None or paid is None or percent is None:
        return False
    return abs(net * percent / 100 - paid) <= _TAX_TOLERANCE


def _cut(picture: Picture, cell: BlankCell) -> _Cut | None:
    """The cell's print alone, on white, once without and once with seal ink; None where nothing is printed."""
    ink = _ink(picture.reading, cell.box)
    if ink is None:
        return None
    return _Cut(cell, (_line_picture(picture.reading, ink), _line_picture(picture.colour, ink, wider=0.1)))


def _ink(pixels: Pixels, box: Box) -> Box | None:
    """The rectangle of the characters in the cell; None where it is empty or where they run out of it."""
    height, width = pixels.shape[:2]
    x0, x1 = max(0, round(box.x0)), min(width, round(box.x1))
    y0, y1 = max(0, round(box.y0)), min(height, round(box.y1))
    if x1 - x0 < 6 or y1 - y0 < 8:
        return None
    dark = _dark(pixels[y0:y1, x0:x1])
    if dark is None:
        return None
    characters = _characters(dark)
    if not characters:
        return None
    left, right = min(b.x0 for b in characters), max(b.x1 for b in characters)
    top, bottom = min(b.y0 for b in characters), max(b.y1 for b in characters)
    if left <= 0 or right >= x1 - x0 or bottom - top < _LEAST_INK * (y1 - y0):
        return None
    return Box(x0 + left, y0 + top, x0 + right, y0 + bottom)


def _dark(cut: Pixels) -> npt.NDArray[np.uint8] | None:
    grey = cv2.cvtColor(cut, cv2.COLOR_BGR2GRAY)
    paper, print_ = float(np.percentile(grey, 80)), float(grey.min())
    if paper - print_ < LEAST_CONTRAST:
        return None
    return np.asarray(grey < (paper + print_) / 2, np.uint8)


def _characters(dark: npt.NDArray[np.uint8]) -> list[Box]:
    """Connected strokes that stand in the cell's middle band; rules and pieces of other rows are left out."""
    height = dark.shape[0]
    count, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    boxes = (Box(x, y, x + w, y + h) for x, y, w, h, _area in stats[1:count].tolist())
    standing = [box for box in boxes if _of_this_row(box, height) and not _rule(box, dark.shape)]
    inner = [box for box in standing if not _sliver(box, dark.shape)]
    clear = all(min(box.x0, dark.shape[1] - box.x1) > _SLIVER * height for box in inner)
    return inner if clear else standing


def _of_this_row(box: Box, height: int) -> bool:
    if max(box.width, box.height) < 3:
        return False
    touches = box.y0 <= 0 or box.y1 >= height
    return 0.15 * height < box.centre_y < 0.85 * height and not (touches and box.height < 0.5 * height)


def _sliver(box: Box, shape: Sequence[int]) -> bool:
    """A thin mark at the side of the cell: the edge of a rule or of the neighbour's last character."""
    return box.width < _SLIVER * shape[0] and (box.x0 <= 0 or box.x1 >= shape[1])


def _rule(box: Box, shape: Sequence[int]) -> bool:
    height, width = shape
    upright = box.height > 0.9 * height and box.width < 0.3 * height
    level = box.width > 0.8 * width and box.height < 0.2 * height
    return upright or level


def _line_picture(pixels: Pixels, ink: Box, wider: float = 0.0) -> Pixels:
    """The print with white around it, as tall as the recogniser wants; `wider` gives another sampling of it."""
    margin = (MARGIN + wider) * ink.height
    height, width = pixels.shape[:2]
    x0, x1 = max(0, int(ink.x0 - 0.3 * margin)), min(width, int(ink.x1 + 0.3 * margin) + 1)
    y0, y1 = max(0, int(ink.y0 - 0.3 * margin)), min(height, int(ink.y1 + 0.3 * margin) + 1)
    cut = pixels[y0:y1, x0:x1]
    paper = [int(v) for v in np.percentile(cut.reshape(-1, 3), 90, axis=0)]
    side, top = round(margin), round(0.5 * margin)
    padded = cv2.copyMakeBorder(cut, top, top, side, side, cv2.BORDER_CONSTANT, value=paper)
    scale = LINE_HEIGHT / padded.shape[0]
    size = (max(16, round(padded.shape[1] * scale)), LINE_HEIGHT)
    return np.asarray(cv2.resize(padded, size, interpolation=cv2.INTER_CUBIC), np.uint8)

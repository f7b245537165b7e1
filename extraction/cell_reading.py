"""Blank cells of item rows, and those whose text the row's arithmetic denies, read from the picture: recognition
without detection, which overlooks lone characters.

A cell's text is taken only where there is print (no seal ink, no rule), two different cuts read alike and surely, the
text has its column's shape, and the row's arithmetic agrees wherever it can be asked. Otherwise the cell stays blank.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from extraction import normalise
from extraction.cell_cuts import cut_cell
from extraction.checks import arithmetic, rates
from extraction.layouts import cells
from extraction.layouts.simplified import simplified
from extraction.ocr.engine import OcrEngine, RecognisedLine
from extraction.reading import TOTAL_ROW, Reading
from models.evidence import Evidence, Source
from models.invoice import Line
from models.money import parse_money
from models.pages import PageBox, Picture

LEAST_CONFIDENCE = 0.9
_ASTERISKS = 0.92  #: confidence in asterisks known by their shape and the row's arithmetic
STARS = "***"
_UNIT = re.compile(r"[\u4e00-\u9fff]{1,3}|[A-Za-z]{1,4}|[mM][23²³]")
_QUANTITY = re.compile(r"-?\d{1,6}(?:\.\d{1,8})?")
_NOT_A_UNIT = frozenset("一二三口曰工丨〇章税号国")  #: strokes of rules and seals read as characters


def fill_blank_cells(reading: Reading, picture: Picture, engine: OcrEngine) -> Reading:
    """The reading with those of its blank cells filled that hold text beyond doubt."""
    cuts = [cut for cell in reading.blank_cells if (cut := cut_cell(picture, reading.pages[0], cell)) is not None]
    if not cuts:
        return reading
    seen = engine.read_lines([pixels for cut in cuts for pixels in cut.pictures])
    lines = list(reading.lines)
    fields = dict(reading.fields)
    for position, cut in enumerate(cuts):
        text = (STARS, _ASTERISKS) if cut.asterisks else _agreed(seen[2 * position : 2 * position + 2])
        if text is None:
            continue
        if cut.cell.line == TOTAL_ROW:
            fields.update(_total_tax(reading, cut.place, *text))
        else:
            lines[cut.cell.line] = _filled(lines[cut.cell.line], cut.cell.column, *text)
    return replace(reading, lines=tuple(lines), fields=fields)


def _total_tax(reading: Reading, place: PageBox, text: str, confidence: float) -> dict[str, tuple[Evidence, ...]]:
    """The total tax where net and gross, both read, leave exactly this: nothing for asterisks."""
    net, gross = parse_money(reading.first("total_excl_tax")), parse_money(reading.first("total_incl_tax"))
    value = _stars(text) or (normalise.money_text(text) if re.search(r"\.\d{2}$", text) else None)
    tax = Decimal(0) if value == STARS else parse_money(value)
    if value is None or net is None or gross is None or tax is None or net + tax != gross:
        return {}
    found = Evidence(source=Source.OCR, value=value, raw=text, confidence=confidence, box=place, label="合计 cell")
    return {"total_tax": (found,)}


def _stars(text: str) -> str | None:
    return STARS if cells.STARS.fullmatch(text) else None


def _agreed(lines: Sequence[RecognisedLine]) -> tuple[str, float] | None:
    """What every cut says, and the least of their confidences."""
    texts = {re.sub(r"\s", "", simplified(line.text)) for line in lines}
    confidence = min(line.confidence for line in lines)
    return (texts.pop(), confidence) if len(texts) == 1 and confidence >= LEAST_CONFIDENCE else None


def _filled(line: Line, column: str, text: str, confidence: float) -> Line:
    value = _value(line, column, text)
    if value is None:
        return line
    changed: dict[str, Any] = {column: value, "confidence": min(line.confidence, confidence)}
    return replace(line, **changed)


def _value(line: Line, column: str, text: str) -> str | None:
    """The cell's value where its column and its row allow it."""
    if column == "unit":
        return text if _UNIT.fullmatch(text) and text not in _NOT_A_UNIT else None
    if column == "quantity":
        fits = parse_money(text) and arithmetic.multiplies(text, line.unit_price, line.amount_excl_tax)
        return text if _QUANTITY.fullmatch(text) and fits else None
    if column == "unit_price":
        price = normalise.number_text(text)
        return price if price and arithmetic.multiplies(line.quantity, price, line.amount_excl_tax) else None
    if column == "tax_rate":
        rate = _stars(text) or normalise.rate(text)
        if rate == STARS:
            return rate
        return rate if rate and arithmetic.taxes(line.amount_excl_tax, rate, line.tax_amount) else None
    if _stars(text):
        return STARS if column == "tax_amount" and line.tax_rate in rates.WITHOUT_TAX else None
    money = normalise.money_text(text) if re.search(r"\.\d{2}$", text) else None
    if money is None:
        return None
    if column == "amount_excl_tax":
        return money if _is_the_amount(line, money) else None
    return money if arithmetic.taxes(line.amount_excl_tax, line.tax_rate, money) else None


def _is_the_amount(line: Line, amount: str) -> bool:
    """Either quantity × price or rate and tax ask for this amount, and neither for another."""
    by_price = arithmetic.multiplies(line.quantity, line.unit_price, amount)
    by_tax = arithmetic.taxes(amount, line.tax_rate, line.tax_amount)
    return False not in (by_price, by_tax) and True in (by_price, by_tax)

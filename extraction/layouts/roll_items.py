"""Items of a 卷票 or 机打发票: a name over (or before) 单价, 数量 and a tax-inclusive 金额, which is kept as such.

A roll is photographed aslant more often than not, so the rows are gathered along the slope of the item header.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from extraction import normalise
from extraction.layouts import labels
from extraction.layouts.findings import SHAPED, Findings
from extraction.layouts.rows import Row, Span, sheet_of
from models.invoice import Line
from models.money import CENT, format_money, parse_money

_COLUMNS = {"unit_price": re.compile("单价"), "quantity": re.compile("数量"), "amount": re.compile("金额")}
_TOTAL_IN_WORDS = labels.label("金额合计", "合计")
_NAME_COLUMN = re.compile("项目")
_FIGURE = re.compile(r"-?\d+(?:\.\d+)?|-?\d[\d,]*\.\d{2}")
_LEAST_COLUMNS = 2
_UNSURE = 0.8


@dataclass
class _Item:
    name: list[Span] = field(default_factory=list)
    figures: dict[str, Span] = field(default_factory=dict)


def read_items(findings: Findings) -> tuple[Line, ...]:
    """The items between their header and 合计."""
    rough = findings.sheet.rows()
    header = _header(rough)
    if len(header) < _LEAST_COLUMNS:
        return ()
    rows = sheet_of(findings.sheet.page, slope=findings.sheet.slope + _slope(rough, header)).rows()
    header = _header(rows)
    totals = labels.find(rows, labels.TOTAL) or labels.find(rows, _TOTAL_IN_WORDS)
    total = next((h for h in totals if h.span.centre_y > _y(header)), None)
    if len(header) < _LEAST_COLUMNS or total is None:
        return ()
    zone = [row for row in rows if _y(header) + 0.5 * row.height < row.centre_y < total.span.centre_y]
    return tuple(_line(findings, item) for item in _items(zone, header))


def _header(rows: list[Row]) -> dict[str, Span]:
    for row in rows:
        found = {name: hits[0].span for name, pattern in _COLUMNS.items() if (hits := row.search(pattern))}
        if len(found) >= _LEAST_COLUMNS:
            return found
    return {}


def _y(header: dict[str, Span]) -> float:
    return sum(span.centre_y for span in header.values()) / max(len(header), 1)


def _slope(rows: list[Row], header: dict[str, Span]) -> float:
    """Rise of the header row per unit of x, 项目 included where it stands on it."""
    height = max(span.height for span in header.values())
    spans = list(header.values())
    spans += [
        f.span for row in rows for f in row.search(_NAME_COLUMN) if abs(f.span.centre_y - _y(header)) < 2 * height
    ]
    xs = [span.centre_x for span in spans]
    return float(np.polyfit(xs, [span.centre_y for span in spans], 1)[0]) if max(xs) - min(xs) > 2 * height else 0.0


def _items(zone: list[Row], header: dict[str, Span]) -> list[_Item]:
    """Names gather until a row of figures closes the item."""
    out: list[_Item] = []
    name: list[Span] = []
    for row in zone:
        left = min(span.x0 for span in header.values()) - row.height
        pieces = row.chunks(0.3)
        figures = [piece for piece in pieces if piece.x0 > left and _FIGURE.fullmatch(piece.key)]
        if figures:
            name = [*name, *(piece for piece in pieces if piece.x1 < left + row.height and piece not in figures)]
            out.append(_Item(name, _placed(figures, header)))
            name = []
        else:
            name = [*name, *pieces]
    return out


def _placed(figures: list[Span], header: dict[str, Span]) -> dict[str, Span]:
    """Three figures stand in the order of the labels; fewer go to the label each begins under, if it is one's own."""
    columns = sorted(header, key=lambda name: header[name].x0)
    if len(figures) == len(columns):
        return dict(zip(columns, figures, strict=True))
    out: dict[str, Span] = {}
    for piece in figures:
        name = min(columns, key=lambda column: abs(header[column].x0 - piece.x0))
        if name not in out:
            out[name] = piece
    return out


def _line(findings: Findings, item: _Item) -> Line:
    read = {name: normalise.number_text(span.key) for name, span in item.figures.items()}
    price, quantity = read.get("unit_price"), read.get("quantity")
    amount = parse_money(read.get("amount"))
    if price is not None and quantity is None and amount is not None:
        price, quantity = _parted(price, amount)
    spans = [*item.name, *item.figures.values()]
    box = spans[0].box
    for span in spans[1:]:
        box = box.union(span.box)
    sure = amount is not None and _product(price, quantity) is not None and _fits(price, quantity, amount)
    return Line(
        item_name="".join(part.text for part in item.name) or None,
        unit_price=price,
        quantity=quantity,
        extra={"amount_incl_tax": format_money(amount)} if amount is not None else {},
        box=findings.sheet.page.fraction(box),
        confidence=min(span.confidence for span in spans) * (SHAPED if sure else _UNSURE * SHAPED),
    )


def _parted(price: str, amount: Decimal) -> tuple[str, str | None]:
    """Price and quantity run together: parted where, and only where, their product is the amount."""
    cuts = [
        (price[:i], price[i:])
        for i in range(price.find(".") + 2, len(price))
        if "." in price and price[i] != "0" and _fits(price[:i], price[i:], amount)
    ]
    return cuts[0] if len(cuts) == 1 else (price, None)


def _product(price: str | None, quantity: str | None) -> Decimal | None:
    one, many = parse_money(price), parse_money(quantity)
    return one * many if one is not None and many is not None else None


def _fits(price: str | None, quantity: str | None, amount: Decimal) -> bool:
    product = _product(price, quantity)
    return product is not None and abs(product - amount) <= CENT

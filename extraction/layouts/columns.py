"""The item table's columns: their labels in the header row, and where one ends and the next begins.

Boundaries come from ruling lines where the form has them (old e-invoice, paper), else from the labels: a label stands
in the middle of its cell, and the cells share out the frame in known proportions (domain §1.3).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from extraction.layouts.labels import spaced
from extraction.layouts.rows import Row, Sheet, Span

#: cell of `models.invoice.Line` → forms of its label
LABELS: dict[str, tuple[str, ...]] = {
    "item_name": (
        "货物或应税劳务、服务名称", "货物或应税劳务名称", "应税劳务、服务名称", "货物或应税劳务", "务、服务名称",
        "劳务名称", "项目名称", "货物名称",
    ),
    "specification": ("规格型号", "规格型", "车牌号", "格型号"),
    "unit": ("单位", "类型"),
    "quantity": ("数量", "通行日期起", "日期起"),
    "unit_price": ("单价", "通行日期止", "日期止"),
    "amount_excl_tax": ("金额",),
    "tax_rate": ("税率/征收率", "税率", "征收率"),
    "tax_amount": ("税额",),
}  # fmt: skip
#: right ends of the cells in fractions of the ruled frame (paper and old e-invoice)
OLD_FORM = (0.26, 0.37, 0.43, 0.54, 0.65, 0.79, 0.845, 1.0)
NUMERIC = ("quantity", "unit_price", "amount_excl_tax", "tax_amount")
_PATTERNS = {
    name: re.compile("|".join(spaced(form) for form in sorted(forms, key=len, reverse=True)))
    for name, forms in LABELS.items()
}


@dataclass(frozen=True, slots=True)
class Header:
    """The header row: where each column's label stands."""

    row: Row
    spans: dict[str, Span]

    @property
    def y0(self) -> float:
        return min(span.y0 for span in self.spans.values())

    @property
    def y1(self) -> float:
        return max(span.y1 for span in self.spans.values())

    @property
    def height(self) -> float:
        return sorted(span.height for span in self.spans.values())[len(self.spans) // 2]

    @property
    def slope(self) -> float:
        """Rise of the row per unit of x; 0 where too few labels were read to tell."""
        if len(self.spans) < 4:
            return 0.0
        xs = [span.centre_x for span in self.spans.values()]
        ys = [span.centre_y for span in self.spans.values()]
        return float(np.polyfit(xs, ys, 1)[0]) if max(xs) - min(xs) > 8 * self.height else 0.0


def find_headers(rows: list[Row]) -> list[Header]:
    """Every header row on the page, from top to bottom: two of 金额, 税率, 税额 and two labels more."""
    out: list[Header] = []
    for row in rows:
        spans = _labels_in(row)
        amounts = {"amount_excl_tax", "tax_rate", "tax_amount"} & spans.keys()
        if len(amounts) >= 2 and len(spans) >= 4:
            out.append(Header(row, spans))
    return _merged(out, rows)


def _labels_in(row: Row) -> dict[str, Span]:
    spans: dict[str, Span] = {}
    for name, pattern in _PATTERNS.items():
        found = row.search(pattern)
        if found:
            spans[name] = found[0].span
    return spans


def _merged(headers: list[Header], rows: list[Row]) -> list[Header]:
    """Labels that stand a little off their row (税率 on two lines, a drifted scan) are taken in."""
    out: list[Header] = []
    for header in headers:
        spans = dict(header.spans)
        for row in rows:
            if row is header.row or abs(row.centre_y - header.row.centre_y) > 1.2 * header.height:
                continue
            for name, span in _labels_in(row).items():
                spans.setdefault(name, span)
        if not any(abs(header.y0 - other.y0) < 2 * header.height for other in out):
            out.append(Header(header.row, spans))
    return out


@dataclass(frozen=True, slots=True)
class Columns:
    """Column intervals, left to right, and the frame they divide."""

    cells: tuple[tuple[str, float, float], ...]
    ruled: bool
    x0: float
    x1: float

    def interval(self, name: str) -> tuple[float, float] | None:
        return next(((x0, x1) for cell, x0, x1 in self.cells if cell == name), None)


def find_columns(sheet: Sheet, header: Header, bottom: float) -> Columns:
    """Columns from the rules through the table if they are there, else from the labels."""
    names = sorted(header.spans, key=lambda name: header.spans[name].centre_x)
    rules = _vertical_rules(sheet, header, bottom)
    labels = [header.spans[name] for name in names]
    inner = []
    for left, right in pairwise(labels):
        between = [x for x in rules if left.x1 - 2 <= x <= right.x0 + 2]
        inner.append(sorted(between)[len(between) // 2] if between else None)
    frame = _frame(sheet, header, rules)
    if names and sum(x is not None for x in inner) >= max(3, len(inner) - 1):
        ends = [x if x is not None else (a.x1 + b.x0) / 2 for x, (a, b) in zip(inner, pairwise(labels), strict=True)]
        edges = [frame[0], *ends, frame[1]]
        return Columns(tuple(zip(names, edges, edges[1:], strict=False)), True, *frame)
    return Columns(_from_labels(names, labels, frame), False, *frame)


def _vertical_rules(sheet: Sheet, header: Header, bottom: float) -> list[float]:
    """x of the rules that pass the header row's height or the rows under it."""
    top = header.y0
    found = sorted(
        (s.x0 + s.x1) / 2
        for s in sheet.page.segments
        if not s.horizontal
        and min(s.y0, s.y1) <= header.y1 + header.height
        and max(s.y0, s.y1) >= min(bottom, header.y1 + 2 * header.height)
        and max(s.y0, s.y1) > top
    )
    out: list[float] = []
    for x in found:
        if not out or x - out[-1] > 2:
            out.append(x)
    return out


def _frame(sheet: Sheet, header: Header, rules: list[float]) -> tuple[float, float]:
    """Left and right of the ruled frame: outer rules, else the long horizontal rules, else the labels' own spread."""
    first = min(span.x0 for span in header.spans.values())
    last = max(span.x1 for span in header.spans.values())
    outer_left = [x for x in rules if x < first]
    outer_right = [x for x in rules if x > last]
    horizontal = [s for s in sheet.page.segments if s.horizontal and min(s.x0, s.x1) < first and max(s.x0, s.x1) > last]
    left = min(outer_left) if outer_left else min((min(s.x0, s.x1) for s in horizontal), default=None)
    right = max(outer_right) if outer_right else max((max(s.x0, s.x1) for s in horizontal), default=None)
    if left is None or right is None:
        guessed = _frame_from_labels(header)
        left = guessed[0] if left is None else left
        right = guessed[1] if right is None else right
    return left, right


def _frame_from_labels(header: Header) -> tuple[float, float]:
    """The old form's proportions laid over the labels."""
    ends = (0.0, *OLD_FORM)
    middles = dict(zip(LABELS, ((a + b) / 2 for a, b in pairwise(ends)), strict=True))
    pairs = [(middles[name], span.centre_x) for name, span in header.spans.items()]
    scale, offset = np.polyfit([p for p, _ in pairs], [x for _, x in pairs], 1)
    return float(offset), float(offset + scale)


def _from_labels(
    names: list[str], labels: list[Span], frame: tuple[float, float]
) -> tuple[tuple[str, float, float], ...]:
    """Ends of the cells such that labels stand in the middle, widths follow the form, and the frame is filled."""
    widths = dict(zip(LABELS, np.diff((0.0, *OLD_FORM)), strict=True))
    share = np.array([widths[name] for name in names])
    share = share / share.sum() * (frame[1] - frame[0])
    count = len(names)
    rows, target = [], []
    for i, span in enumerate(labels):
        middle = np.zeros(count + 1)
        middle[i] = middle[i + 1] = 0.5
        rows.append(2 * middle)
        target.append(2 * span.centre_x)
        width = np.zeros(count + 1)
        width[i], width[i + 1] = -0.5, 0.5
        rows.append(width)
        target.append(share[i] * 0.5)
    for i, x in ((0, frame[0]), (count, frame[1])):
        end = np.zeros(count + 1)
        end[i] = 2.0
        rows.append(end)
        target.append(2.0 * x)
    edges = np.linalg.lstsq(np.array(rows), np.array(target), rcond=None)[0]
    for i, (left, right) in enumerate(pairwise(labels)):
        edges[i + 1] = float(np.clip(edges[i + 1], left.x1, max(left.x1, right.x0)))
    return tuple((name, float(edges[i]), float(edges[i + 1])) for i, name in enumerate(names))

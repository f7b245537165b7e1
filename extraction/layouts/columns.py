"""The item table's columns: their labels in the header row, and where one ends and the next begins.

Boundaries come from ruling lines where the form has them (old e-invoice, paper), else from the labels: a label stands
in the middle of its cell, and the cells share out the frame in known proportions (domain §1.3).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from extraction.layouts.labels import spaced
from extraction.layouts.rows import Row, Sheet, Span

#: cell of `models.invoice.Line` → forms of its label
LABELS: dict[str, tuple[str, ...]] = {
    "row_number": ("序号",),
    "item_code": ("项目编码",),
    "item_name": (
        "货物或应税劳务、服务名称", "货物或应税劳务名称", "应税劳务、服务名称", "货物或应税劳务", "务、服务名称",
        "货物(劳务)名称", "劳务名称", "项目名称", "货物名称",
    ),
    "construction_place": ("建筑服务发生地",),
    "construction_project": ("建筑项目名称",),
    "property_certificate": ("产权证书/不动产权证号", "不动产权证号", "产权证书"),
    "specification": ("规格型号", "规格型", "车牌号", "格型号"),
    "unit": ("面积单位", "单位", "类型"),
    "quantity": ("数量", "通行日期起", "日期起"),
    "unit_price": ("单价", "通行日期止", "日期止", "收费标准", "标准"),
    "amount_excl_tax": ("金额",),
    "tax_rate": ("税率/征收率", "税率", "征收率"),
    "tax_amount": ("税额",),
}  # fmt: skip
#: columns that only special businesses have; they are no cells of every invoice's row
SPECIAL = ("item_code", "construction_place", "construction_project", "property_certificate")
#: of these the text wraps, and shares the gap to the next label
WRAPPING = ("item_name", "construction_place", "construction_project", "property_certificate")
#: right ends of the cells in fractions of the ruled frame (paper and old e-invoice)
OLD_FORM = {
    "item_name": 0.26, "specification": 0.37, "unit": 0.43, "quantity": 0.54,
    "unit_price": 0.65, "amount_excl_tax": 0.79, "tax_rate": 0.845, "tax_amount": 1.0,
}  # fmt: skip
#: middles of the labels of 数电票 in fractions of its frame; figures are set flush with the label's right end
DIGITAL_FORM = {
    "item_name": 0.088, "specification": 0.218, "unit": 0.333, "quantity": 0.463,
    "unit_price": 0.583, "amount_excl_tax": 0.714, "tax_rate": 0.803, "tax_amount": 0.967,
}  # fmt: skip
#: special businesses share out the columns between these two in their own way
_ENDS = ("item_name", "tax_amount")
_CLOSE = 0.01  #: in widths of the form: the labels stand where the form has them
_NEAR = 0.05  #: in widths of the form, from where the labels put the frame's side to a rule
_OUTER = 0.1  #: in widths of the form, from where the labels put it to a rule that runs down the whole table
_AROUND = 3.0  #: heights of a label, from the item table to the rules above and below it
_OTHER_COLUMNS = 0.02  #: in widths of the form: labels miss its usual places by more than a printer's difference
_AMOUNTS = ("amount_excl_tax", "tax_rate", "tax_amount")
NUMERIC = ("quantity", "unit_price", "amount_excl_tax", "tax_amount")
_IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")
_PATTERNS = {
    name: re.compile("|".join(spaced(form) for form in sorted(forms, key=len, reverse=True)))
    for name, forms in LABELS.items()
}


@dataclass(frozen=True)
class Header:
    """The header row: where each column's label stands."""

    row: Row
    spans: dict[str, Span]

    @cached_property
    def y0(self) -> float:
        return min(span.y0 for span in self.spans.values())

    @cached_property
    def y1(self) -> float:
        return max(span.y1 for span in self.spans.values())

    @cached_property
    def height(self) -> float:
        return sorted(span.height for span in self.spans.values())[len(self.spans) // 2]

    @property
    def tokens(self) -> frozenset[int]:
        """Source tokens of the labels."""
        return frozenset(glyph.token for span in self.spans.values() for glyph in span.glyphs)

    @property
    def slope(self) -> float:
        """Rise of the row per unit of x; 0 where too few labels were read to tell."""
        if len(self.spans) < 4:
            return 0.0
        xs = [span.centre_x for span in self.spans.values()]
        ys = [span.centre_y for span in self.spans.values()]
        return float(np.polyfit(xs, ys, 1)[0]) if max(xs) - min(xs) > 8 * self.height else 0.0


def find_headers(rows: list[Row], least_amounts: int = 2) -> list[Header]:
    """Every header row on the page, from top to bottom: two of 金额, 税率, 税额 and two labels more."""
    out: list[Header] = []
    for row in rows:
        if sum(bool(row.search(_PATTERNS[name])) for name in _AMOUNTS) < least_amounts:
            continue
        spans = _labels_in(row)
        if len(spans) >= 4:
            out.append(Header(row, spans))
    return _merged(out, rows)


def _labels_in(row: Row) -> dict[str, Span]:
    spans: dict[str, Span] = {}
    for name, pattern in _PATTERNS.items():
        found = row.search(pattern)
        if found:
            spans[name] = found[0].span
    return spans


def label_tokens(rows: list[Row], header: Header) -> frozenset[int]:
    """Source tokens at the header's height that are a label and nothing else: of a header that was placed, and whose
    labels are not known."""
    near = [row for row in rows if header.y0 - header.height < row.centre_y < header.y1 + header.height]
    texts: dict[int, str] = {}
    for glyph in (glyph for row in near for glyph in row.glyphs):
        texts[glyph.token] = texts.get(glyph.token, "") + glyph.key
    return frozenset(
        token for token, text in texts.items() if any(pattern.fullmatch(text) for pattern in _PATTERNS.values())
    )


def _merged(headers: list[Header], rows: list[Row]) -> list[Header]:
    """Labels that stand a little off their row (税率 on two lines, a drifted scan) are taken in."""
    out: list[Header] = []
    for header in headers:
        spans = dict(header.spans)
        for row in rows:
            if row is header.row or abs(row.centre_y - header.row.centre_y) > 1.2 * header.height:
                continue
            for name, span in _labels_in(row).items():
                if _alone(span, row):
                    spans.setdefault(name, span)
        if not any(abs(header.y0 - other.y0) < 2 * header.height for other in out):
            out.append(Header(header.row, spans))
    return out


def _alone(span: Span, row: Row) -> bool:
    """No word goes on before the label: 标准 in 标准厂房 is none, nor in 南岸标准."""
    before = [glyph for glyph in row.glyphs if glyph.token == span.glyphs[0].token and glyph.x1 <= span.x0 + 1e-6]
    return not before or not _IDEOGRAPH.match(before[-1].key) or span.x0 - before[-1].x1 > 0.3 * span.height


@dataclass(frozen=True, slots=True)
class Columns:
    """Column intervals, left to right, and the frame they divide."""

    cells: tuple[tuple[str, float, float], ...]
    ruled: bool
    x0: float
    x1: float

    def interval(self, name: str) -> tuple[float, float] | None:
        return next(((x0, x1) for cell, x0, x1 in self.cells if cell == name), None)


def find_columns(sheet: Sheet, header: Header, bottom: float, *, exact: bool = False) -> Columns:
    """Columns from the rules through the table if they are there, else from the labels."""
    fit = _fit(header)
    places = _places(header, fit)
    names = sorted(places, key=lambda name: places[name].centre_x)
    rules = _vertical_rules(sheet, header, bottom)
    spans = [places[name] for name in names]
    inner: list[float | None] = []
    for left, right in pairwise(spans):
        between = [x for x in rules if left.x1 - 0.3 * left.height <= x <= right.x0 + 0.3 * right.height]
        inner.append(sorted(between)[len(between) // 2] if between else None)
    frame = _frame(sheet, header, rules, fit, bottom, exact=exact)
    ruled = bool(names) and sum(x is not None for x in inner) >= max(3, len(inner) - 1)
    if ruled:
        ends = [x if x is not None else (a.x1 + b.x0) / 2 for x, (a, b) in zip(inner, pairwise(spans), strict=True)]
    else:
        ends = _flush_ends(names, spans) if fit.digital else _centred_ends(names, spans, frame)
    edges = [frame[0], *ends, frame[1]]
    return Columns(tuple(zip(names, edges, edges[1:], strict=False)), ruled, *frame)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a label stands, or would stand had it been read."""

    x0: float
    x1: float
    height: float

    @property
    def centre_x(self) -> float:
        return (self.x0 + self.x1) / 2


def _places(header: Header, fit: _Fit) -> dict[str, _Place]:
    """The labels read, and on the old form, whose eight columns are fixed, those that were not."""
    places = {name: _Place(span.x0, span.x1, span.height) for name, span in header.spans.items()}
    if fit.digital or not places.keys() <= OLD_FORM.keys():
        return places
    middles = _old_middles()
    known = sorted((middles[name], place.centre_x) for name, place in places.items())
    ends = [(-0.01, fit.x0), *known, (1.01, fit.x1)]
    for name, middle in middles.items():
        if name not in places:
            x = float(np.interp(middle, [m for m, _ in ends], [x for _, x in ends]))
            places[name] = _Place(x, x, header.height)
    return places


def _old_middles() -> dict[str, float]:
    starts = dict(zip(OLD_FORM, (0.0, *OLD_FORM.values()), strict=False))
    return {name: (starts[name] + end) / 2 for name, end in OLD_FORM.items()}


def _vertical_rules(sheet: Sheet, header: Header, bottom: float) -> list[float]:
    """x of the rules that run through the table; strokes of letters and seals are far too short to count."""
    top, tolerance = header.y0, 0.35 * header.height
    found = sorted(
        ((s.x0 + s.x1) / 2, max(0.0, min(max(s.y0, s.y1), bottom) - max(min(s.y0, s.y1), top)))
        for s in sheet.page.segments
        if not s.horizontal
    )
    groups: list[list[tuple[float, float]]] = []
    for x, length in found:
        if length <= 0:
            continue
        if groups and x - groups[-1][-1][0] <= tolerance:
            groups[-1].append((x, length))
        else:
            groups.append([(x, length)])
    least = 0.35 * max(bottom - top, 1e-6)
    return [max(group, key=lambda part: part[1])[0] for group in groups if sum(part[1] for part in group) >= least]


@dataclass(frozen=True, slots=True)
class _Fit:
    """A form's proportions laid over the labels: frame ends, and whether 数电票 fits better."""

    x0: float
    x1: float
    digital: bool


def _fit(header: Header) -> _Fit:
    old = _old_middles()
    fits: list[tuple[float, _Fit]] = []
    for digital, middles in ((False, old), (True, DIGITAL_FORM)):
        pairs = [(middles[name], span.centre_x) for name, span in header.spans.items() if name in middles]
        scale, offset, error = _laid(pairs)
        ends = [(middles[name], header.spans[name].centre_x) for name in _ENDS if name in header.spans]
        x0, x1 = offset, offset + scale
        if digital and error > _OTHER_COLUMNS and len(ends) == len(_ENDS):
            scale, offset, _ = _laid(ends)
            x0, x1 = min(x0, offset), max(x1, offset + scale)
        fits.append((error, _Fit(x0, x1, digital)))
    key = header.row.key
    if re.search(r"货物|劳务|服务名称|车牌号|通行日期", key):
        return fits[0][1]
    cells_of_their_own = fits[0][0] < _CLOSE and fits[1][0] > _OTHER_COLUMNS  # of a print that lays out its own table
    if "项目名" in key and "征收率" in key and not cells_of_their_own:
        return fits[1][1]
    return min(fits, key=lambda entry: entry[0])[1]


def _laid(pairs: list[tuple[float, float]]) -> tuple[float, float, float]:
    """Scale and offset that bring the form's places onto the labels', and how far they miss, in widths of the form."""
    xs, ys = np.array([place for place, _ in pairs]), np.array([x for _, x in pairs])
    scale, offset = (float(v) for v in np.polyfit(xs, ys, 1))
    return scale, offset, float(np.abs(xs * scale + offset - ys).mean()) / max(abs(scale), 1e-6)


def _nearby(
    down: list[float], ends: list[float], around: list[float], place: float, width: float, *, exact: bool
) -> list[float]:
    """Rules near the place that the labels give the frame's side: any; but of a text layer, whose rules are no folds or
    shadows, those that run down the whole table, which may be further off; else the one end that the rules share."""
    near = [x for x in (*down, *ends) if abs(x - place) < _NEAR * width]
    outer = [x for x in down if abs(x - place) < _OUTER * width]
    if exact and outer and not any(x in near for x in down):
        return outer
    return near or (_shared(around) if exact else [])


def _shared(ends: list[float]) -> list[float]:
    """Where the rules above and below the table end, if all of them end there."""
    return [sum(ends) / len(ends)] if len(ends) > 1 and max(ends) - min(ends) < 1e-3 * max(map(abs, ends)) + 1.0 else []


def _frame(
    sheet: Sheet, header: Header, rules: list[float], fit: _Fit, bottom: float, *, exact: bool
) -> tuple[float, float]:
    """Left and right of the ruled frame: outer rules or long horizontal rules near where the labels put them."""
    first = min(span.x0 for span in header.spans.values())
    last = max(span.x1 for span in header.spans.values())
    long = [s for s in sheet.page.segments if s.horizontal and min(s.x0, s.x1) < first and max(s.x0, s.x1) > last]
    around = [s for s in long if header.y0 - _AROUND * header.height < s.y0 < bottom + _AROUND * header.height]
    width = fit.x1 - fit.x0
    near_left = _nearby(
        [x for x in rules if x < first], [min(s.x0, s.x1) for s in long], [min(s.x0, s.x1) for s in around],
        fit.x0, width, exact=exact,
    )  # fmt: skip
    near_right = _nearby(
        [x for x in rules if x > last], [max(s.x0, s.x1) for s in long], [max(s.x0, s.x1) for s in around],
        fit.x1, width, exact=exact,
    )  # fmt: skip
    fit_x0, fit_x1 = min(fit.x0, first - 0.5 * header.height), max(fit.x1, last + 0.5 * header.height)
    return (
        min(near_left, key=lambda x: abs(x - fit.x0)) if near_left else fit_x0,
        min(near_right, key=lambda x: abs(x - fit.x1)) if near_right else fit_x1,
    )


def _flush_ends(names: list[str], spans: list[_Place]) -> list[float]:
    """数电票: figures end where their label ends; text cells share the gap between the labels."""
    out = []
    for name, (left, right) in zip(names, pairwise(spans), strict=False):
        gap = right.x0 - left.x1
        if name in NUMERIC:
            out.append(left.x1 + min(0.6 * left.height, 0.5 * gap))
        elif name in WRAPPING:
            out.append(left.x1 + 0.75 * gap)
        else:
            out.append(left.x1 + 0.5 * gap)
    return out


def _centred_ends(names: list[str], spans: list[_Place], frame: tuple[float, float]) -> list[float]:
    """Ends of the cells such that labels stand in the middle, widths follow the form, and the frame is filled."""
    starts = dict(zip(OLD_FORM, (0.0, *OLD_FORM.values()), strict=False))
    share = np.array([OLD_FORM[name] - starts[name] if name in OLD_FORM else 0.06 for name in names])
    share = share / share.sum() * (frame[1] - frame[0])
    count = len(names)
    rows, target = [], []
    for i, span in enumerate(spans):
        middle, width = np.zeros(count + 1), np.zeros(count + 1)
        middle[i] = middle[i + 1] = 1.0
        width[i], width[i + 1] = -0.5, 0.5
        rows += [middle, width]
        target += [2 * span.centre_x, share[i] * 0.5]
    for i, x in ((0, frame[0]), (count, frame[1])):
        end = np.zeros(count + 1)
        end[i] = 2.0
        rows.append(end)
        target.append(2.0 * x)
    edges = np.linalg.lstsq(np.array(rows), np.array(target), rcond=None)[0]
    return [
        float(np.clip(edges[i + 1], left.x1, max(left.x1, right.x0))) for i, (left, right) in enumerate(pairwise(spans))
    ]

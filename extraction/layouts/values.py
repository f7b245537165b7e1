"""Values by their shape, and how a value is found from its label when print and form have drifted apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extraction.layouts.findings import GUESSED, LABELLED, SHAPED
from extraction.layouts.labels import Hit, find
from extraction.layouts.rows import Row, Span, search_rows

_D = "[0-9OolI]"
#: a day or month of one digit is believed only where the form writes no leading zeros or closes it with 日
DATE = re.compile(
    r"(?:19|20)\d\d\|?年\|?\d{1,2}\|?月\|?(?:\d{1,2}\|?日|\d{2})|(?:19|20)\d\d-\d{2}-\d{2}(?!\d(?!\d?:\d\d))"
    r"|(?:19|20)\d\d([/.])(?:\d{2}\1\d{2}|[1-9]\1\d{1,2}|1[0-2]\1[1-9])(?!\d(?!\d?:\d\d))"
)
#: beside its label a date may have lost its 年月日
BARE_DATE = re.compile(rf"{DATE.pattern}|20\d\d\|?年?\|?[01]\d\|?月?\|?[0-3]\d\|?日?(?!\d)")
TWENTY = re.compile(rf"(?<![0-9A-Za-z]){_D}{{20}}(?![0-9A-Za-z])")
CODE = re.compile(r"(?<![0-9A-Za-z])(?:\d{12}|\d{10}|\d{7}[0-9A-Z]\d{4})(?![0-9A-Za-z])")
EIGHT = re.compile(r"(?:(?<![0-9A-Za-z])|(?<=N[o0O°]))\d{8}(?![0-9A-Za-z])")
TWELVE = re.compile(r"(?<![0-9A-Za-z])\d{12}(?![0-9A-Za-z])")
HEX5 = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{5}(?![0-9A-Za-z])")
TAX_ID = re.compile(r"(?<![0-9A-Za-z])[0-9A-Z]{15,20}(?![0-9A-Za-z])")
MONEY = re.compile(r"(?<![0-9.A-Za-z])-?[¥Y]?\|?-?\d[\d,]*\.\d{2}(?![0-9])")
YEN_MONEY = re.compile(r"-?[¥]\|?-?\d[\d,]*(?:\.\d{1,2})?(?![0-9])")
WORDS = re.compile(
    r"(?:[(]?负数?[)]?)?[⊗ⓧ⊕]?(?:[(]?负数?[)]?)?[零〇壹贰叁肆伍陆柒捌玖拾佰仟万亿]+[圆元圓角][零壹贰叁肆伍陆柒捌玖拾佰仟万亿圆元圓角分]*[整正]?"
)

BEFORE_WORDS = "⊗ⓧ⊕◎○●xX×@①"  #: the printed ⊗, and what is recognised in its place


@dataclass(frozen=True, slots=True)
class Value:
    """A value found, and how sure it is that it belongs to the label."""

    span: Span
    text: str
    association: float


def beside(rows: list[Row], label: re.Pattern[str], shape: re.Pattern[str], *, reach: float = 14.0) -> list[Value]:
    """Values of this shape that follow the label in its row; failing that, the nearest one just off the row."""
    out: list[Value] = []
    for hit in find(rows, label):
        value = _following(hit, shape) or _near(rows, hit, shape, reach)
        if value:
            out.append(value)
    return out


def _following(hit: Hit, shape: re.Pattern[str]) -> Value | None:
    rest = hit.rest
    if rest is None:
        return None
    for found in rest.search(shape):
        before = found.match.string[: found.match.start()].strip("|:;.,")
        distance = found.span.x0 - hit.span.x1
        if len(before) <= 1 and distance < 16 * hit.span.height:
            return Value(found.span, found.match.group().replace("|", ""), LABELLED if not before else SHAPED)
        return None
    return None


def _near(rows: list[Row], hit: Hit, shape: re.Pattern[str], reach: float) -> Value | None:
    height = hit.span.height
    candidates = []
    for _, found in search_rows((row for row in rows if row is not hit.row), shape):
        right = found.span.x0 - hit.span.x1
        down = found.span.centre_y - hit.span.centre_y
        if -hit.span.x1 + hit.span.x0 - height <= right < reach * height and -1.2 * height < down < 1.8 * height:
            candidates.append((abs(down) + 0.2 * abs(right), found))
    if not candidates:
        return None
    candidates.sort(key=lambda entry: entry[0])
    found = candidates[0][1]
    only = len({f.match.group() for _, f in candidates}) == 1
    return Value(found.span, found.match.group().replace("|", ""), SHAPED if only else GUESSED)


def below(rows: list[Row], label: re.Pattern[str], shape: re.Pattern[str], *, reach: float = 3.5) -> Value | None:
    """The value of this shape under its label, where labels stand in a row above their values.

    The column reaches half way to the labels on either side: values are set left in cells whose labels are centred.
    """
    for hit in find(rows, label):
        height = hit.span.height
        left, right = _column(hit)
        under = [
            found
            for row in rows
            if 0.5 * height < row.centre_y - hit.span.centre_y < reach * height
            for found in row.search(shape)
            if left < found.span.centre_x < right
        ]
        if under:
            nearest = min(under, key=lambda found: found.span.centre_y)
            level = [f for f in under if abs(f.span.centre_y - nearest.span.centre_y) < 0.5 * height]
            best = min(level, key=lambda found: abs(found.span.centre_x - hit.span.centre_x))
            association = LABELLED if len(level) == 1 else SHAPED
            return Value(best.span, best.match.group().replace("|", ""), association)
    return None


def _column(hit: Hit) -> tuple[float, float]:
    """Half way to the neighbouring labels; without one, as far as the page goes."""
    chunks = hit.row.chunks()
    before = [c.x1 for c in chunks if c.x1 <= hit.span.x0]
    after = [c.x0 for c in chunks if c.x0 >= hit.span.x1]
    left = (max(before) + hit.span.x0) / 2 if before else float("-inf")
    right = (min(after) + hit.span.x1) / 2 if after else float("inf")
    return left, right


def shaped(rows: list[Row], shape: re.Pattern[str]) -> list[Value]:
    """Every value of this shape, label or not."""
    return [Value(found.span, found.match.group().replace("|", ""), SHAPED) for _, found in search_rows(rows, shape)]

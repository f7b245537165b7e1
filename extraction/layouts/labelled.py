"""Forms that are a list of labels with values: each field by its label and the shape its value must have."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from extraction import normalise
from extraction.checks import codes
from extraction.layouts import labels, values
from extraction.layouts.findings import PLACED, Findings, plain
from extraction.layouts.rows import Row, Span

TEXT = re.compile(r"[^|:;]{2,60}")
HAN = re.compile(r"[\u4e00-\u9fff（）()·]{2,40}")
CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")
_IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")
FIGURE = re.compile(r"-?[¥Y]?-?\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A field, its label, the shape of its value and its normal form."""

    field: str
    label: re.Pattern[str]
    shape: re.Pattern[str]
    normal: Callable[[str], str | None] = plain
    reach: float = 14.0
    wraps: bool = False  #: the value may run on below itself in its cell


_PROVINCES = str.maketrans("粵滬魯蘇遼閩贛貴雲陝寧黔滇冀晉", "粤沪鲁苏辽闽赣贵云陕宁黔滇冀晋")


_EMPTY_DAY = re.compile(r"[年月日\s|]+")  #: of a form whose date is to be written by hand
_BESIDE_NAMES = re.compile(r"身份证号码/?\s*|/?\s*组织机构代码")


def party(text: str) -> str | None:
    """A party's name without the labels that stand in its cell; a mark for the seal's place is none, nor is （个人）,
    which is printed behind 付款单位."""
    if "盖章" in text or text.startswith(("(", "（")) or _EMPTY_DAY.fullmatch(text):
        return None
    return plain(_BESIDE_NAMES.sub("", text))


def plate(text: str) -> str | None:
    """A number plate; its province is always written in the simplified form, whatever recognition made of it."""
    return plain(text.translate(_PROVINCES))


NUMBERED: tuple[Labelled, ...] = (
    Labelled("invoice_code", labels.CODE, values.CODE, normalise.digits),
    Labelled("invoice_number", labels.NUMBER, values.EIGHT, normalise.digits),
    Labelled("issue_date", labels.DATE, values.DATE, normalise.date_iso),
    Labelled("check_code", labels.CHECK_CODE, values.TWENTY, normalise.digits),
    Labelled("machine_number", labels.MACHINE, values.TWELVE, normalise.digits),
)


def read_labelled(findings: Findings, rows: list[Row], fields: Sequence[Labelled]) -> None:
    """The best value of each field that has none yet. Where a cell is empty the next label is not its value."""
    for wanted in fields:
        if findings.has(wanted.field):
            continue
        found = values.beside(rows, wanted.label, wanted.shape, reach=wanted.reach)
        found = [value for value in found if not any(_begins(other.label, value.text) for other in fields)]
        found.sort(key=lambda value: -value.association)
        for value in found:
            more = _run_on(rows, value.span, fields) if wanted.wraps else None
            span = Span((*value.span.glyphs, *more.glyphs)) if more else value.span
            if findings.add(
                wanted.field,
                span,
                wanted.normal,
                label=wanted.field,
                association=min(value.association, PLACED) if more else value.association,
                raw=value.span.text + more.text if more else value.span.text,
            ):
                break


def read_digital_number(findings: Findings, rows: list[Row]) -> None:
    """The 20 digits that 数电纸质 forms print where older paper has its tax-control code."""
    found = [v for v in values.shaped(rows, values.TWENTY) if codes.plausible_digital_number(v.text)]
    if len({value.text for value in found}) == 1:
        findings.add("digital_invoice_number", found[0].span, normalise.digits, label="税控码", association=PLACED)


def _run_on(rows: list[Row], value: Span, fields: Sequence[Labelled]) -> Span | None:
    """The next line of a value too long for its cell: flush with it, one line further down, and no label."""
    for row in rows:
        for chunk in row.chunks():
            down = (chunk.centre_y - value.centre_y) / max(value.height, 1e-6)
            flush = abs(chunk.x0 - value.x0) < 0.6 * value.height
            text = flush and 0.7 < down < 1.5 and _IDEOGRAPH.search(chunk.key)  # a number below a name is not its end
            if text and not any(other.label.match(chunk.key) for other in fields):
                return chunk
    return None


def _begins(label: re.Pattern[str], text: str) -> bool:
    found = label.match(text)
    return found is not None and found.end() > 1


def read_code_and_number(findings: Findings, rows: list[Row]) -> None:
    """Code and number by shape, where a local paper prints them without labels: the code first, the number below it."""
    if not findings.has("invoice_code"):
        machine = findings.value("machine_number")  # of twelve digits too
        found = [v for v in values.shaped(rows, values.CODE) if len(v.text) == 12 and v.text[0] in "01"]
        found = [v for v in found if v.text != machine]
        if len({v.text for v in found}) == 1:
            findings.add("invoice_code", found[0].span, normalise.digits, label="code shape", association=PLACED)
    if not findings.has("invoice_number"):
        eights = values.shaped(rows, values.EIGHT)
        code = findings.fields.get("invoice_code")
        if code and len({v.text for v in eights}) > 1:
            below = [
                v
                for v in eights
                if v.span.box.y0 / findings.sheet.page.height >= (code[0].box.y0 if code[0].box else 0)
            ]
            eights = sorted(below, key=lambda v: v.span.centre_y)[:1]
        if len({v.text for v in eights}) == 1:
            findings.add("invoice_number", eights[0].span, normalise.digits, label="number shape", association=PLACED)

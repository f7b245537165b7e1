"""Forms that are a list of labels with values: each field by its label and the shape its value must have."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from extraction import normalise
from extraction.layouts import labels, values
from extraction.layouts.findings import PLACED, Findings, plain
from extraction.layouts.rows import Row

TEXT = re.compile(r"[^|:;]{2,60}")
HAN = re.compile(r"[\u4e00-\u9fff（）()·]{2,40}")
CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")
FIGURE = re.compile(r"-?[¥Y]?-?\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A field, its label, the shape of its value and its normal form."""

    field: str
    label: re.Pattern[str]
    shape: re.Pattern[str]
    normal: Callable[[str], str | None] = plain
    reach: float = 14.0


NUMBERED: tuple[Labelled, ...] = (
    Labelled("invoice_code", labels.CODE, values.CODE, normalise.digits),
    Labelled("invoice_number", labels.NUMBER, values.EIGHT, normalise.digits),
    Labelled("issue_date", labels.DATE, values.DATE, normalise.date_iso),
    Labelled("check_code", labels.CHECK_CODE, values.TWENTY, normalise.digits),
    Labelled("machine_number", labels.MACHINE, values.TWELVE, normalise.digits),
)


def read_labelled(findings: Findings, rows: list[Row], fields: Sequence[Labelled]) -> None:
    """The best value of each field that has none yet."""
    for wanted in fields:
        if findings.has(wanted.field):
            continue
        found = values.beside(rows, wanted.label, wanted.shape, reach=wanted.reach)
        found.sort(key=lambda value: -value.association)
        for value in found:
            if findings.add(
                wanted.field,
                value.span,
                wanted.normal,
                label=wanted.field,
                association=value.association,
                raw=value.span.text,
            ):
                break


def read_code_and_number(findings: Findings, rows: list[Row]) -> None:
    """Code and number by shape, where a local paper prints them without labels: the code first, the number below it."""
    if not findings.has("invoice_code"):
        found = [v for v in values.shaped(rows, values.CODE) if len(v.text) == 12 and v.text[0] in "01"]
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

"""出租汽车发票: a narrow column of labels and figures; code and number on top, the fare at the foot."""

from __future__ import annotations

import re

from extraction import normalise
from extraction.layouts import labels, values
from extraction.layouts.findings import GUESSED, LABELLED, PLACED, SHAPED, Findings, plain
from extraction.layouts.labelled import CLOCK, NUMBERED, Labelled, plate, read_code_and_number, read_labelled
from extraction.layouts.rows import Row
from models.kinds import InvoiceKind

KINDS = frozenset({InvoiceKind.TAXI})

_AMOUNT = re.compile(r"[¥Y]?\d{1,4}\.\d{2}(?!\d)元?|(?<![\d.])\d{1,4}元")
_PLATE = re.compile(r"[\u4e00-\u9fff]?[A-Z][-·.]?[0-9A-Z]{5,6}")
#: many meters print the year with two digits
_SHORT_DATE = re.compile(r"(?<!\d)[12]\d(?:年\d{1,2}月\d{1,2}日|([-/.])\d{2}\1\d{2}(?!\d))")
_RIDE = re.compile(r"(?<!\d)(?<!\d:)(\d{1,2}:\d{2})-(\d{1,2}:\d{2})(?![\d:])")
_DISTANCE = re.compile(r"(?<![\d:.])\d{1,4}(?:\.\d{1,2})?(?![\d:])")
_OF_THE_DAY = re.compile(r"(?<![\d:])\d{1,2}:\d{2}(?![\d:]|-\d)")
_FUEL = re.compile(r"[¥Y]?\d{1,2}\.\d{1,2}(?!\d)元?")


def _of_this_century(text: str) -> str | None:
    return normalise.date_iso(f"20{text}")


_FIELDS = (
    *NUMBERED,
    Labelled("issue_date", labels.label("日期"), values.DATE, normalise.date_iso),
    Labelled("issue_date", labels.label("日期"), _SHORT_DATE, _of_this_century),
    Labelled("boarding_time", labels.label("上车"), CLOCK),
    Labelled("alighting_time", labels.label("下车"), CLOCK),
    Labelled("plate", labels.label("车号", "车牌号", "车牌"), _PLATE, plate),
    Labelled("unit_price", labels.label("单价"), re.compile(r"¥?\d{1,2}\.\d{1,2}"), normalise.number_text),
    Labelled("distance", labels.label("里程"), _DISTANCE, normalise.number_text),
    Labelled("waiting_time", labels.label("等候", "等时", "候时"), CLOCK),
    Labelled("fuel_surcharge", labels.label("燃油附加费", "燃油附加", "附加费", "燃油费"), _FUEL, normalise.money_text),
)
_TOTALS = (
    re.compile(r"实收(?:.{0,2}额)?(?:\|?:)?|(?:总|合计)金?额(?:\|?:)?|[总合]计(?:\|?:)?"),
    labels.label("金额", "全额", "额:"),
)


def read_taxi(findings: Findings, rows: list[Row]) -> None:
    read_labelled(findings, rows, _FIELDS)
    read_code_and_number(findings, rows)
    if not findings.has("issue_date"):
        dates = values.shaped(rows, values.DATE)
        if len({value.text for value in dates}) == 1:
            findings.add("issue_date", dates[0].span, normalise.date_iso, label="date shape", association=PLACED)
    _ride(findings, rows)
    _fare(findings, rows)


def _ride(findings: Findings, rows: list[Row]) -> None:
    """Two times of day below each other are those of boarding and alighting, whatever labels the print has drifted
    beside. Some meters print both in one: `时间 13:02-13:34`."""
    clocks = sorted((f for row in rows for f in row.search(_OF_THE_DAY)), key=lambda f: f.span.centre_y)
    if len(clocks) == 2 and clocks[1].span.centre_y - clocks[0].span.centre_y > 0.5 * clocks[0].span.height:
        for name, clock in zip(("boarding_time", "alighting_time"), clocks, strict=True):
            if findings.value(name) != clock.match.group():
                findings.fields.pop(name, None)
                findings.add(name, clock.span, plain, label="in order", association=PLACED)
    elif findings.value("boarding_time") == findings.value("alighting_time"):
        findings.fields.pop("boarding_time", None)
        findings.fields.pop("alighting_time", None)
    found = [f for row in rows for f in row.search(_RIDE)]
    if len(found) == 1:
        for place, name in ((1, "boarding_time"), (2, "alighting_time")):
            if not findings.has(name):
                findings.add(
                    name, found[0].span, plain, label="时间", association=PLACED, raw=found[0].match.group(place)
                )


def _fare(findings: Findings, rows: list[Row]) -> None:
    """实收金额 where surcharges are listed, else 金额; among several amounts the one that is the sum of the others."""
    loose = [
        value
        for value in values.shaped(rows, _AMOUNT)
        if value.text.startswith(("¥", "Y")) or value.text.endswith("元")
    ]
    for pattern in _TOTALS:
        found = values.beside(rows, pattern, _AMOUNT, reach=20.0)
        if found:
            lowest = max(found, key=lambda value: value.span.centre_y)
            below = [v for v in loose if v.span.centre_y > lowest.span.centre_y + lowest.span.height]
            association = GUESSED if below else LABELLED if lowest.association == LABELLED else PLACED
            if below:
                break
            findings.add("total_incl_tax", lowest.span, normalise.money_text, label="金额", association=association)
            return
        if labels.find(rows, pattern):
            return  # the total's own value was not read: no other amount may stand in for it
    plain_sums = [v for v in values.shaped(rows, _AMOUNT) if v.span.centre_y > _middle(rows)]
    candidates = plain_sums or loose
    if candidates:
        last = max(candidates, key=lambda value: value.span.centre_y)
        parts = [float(normalise.number_text(v.text.strip("元")) or 0) for v in candidates if v is not last]
        total = float(normalise.number_text(last.text.strip("元")) or 0)
        single = len(candidates) == 1
        adds_up = bool(parts) and abs(total - sum(parts)) < 0.5
        findings.add(
            "total_incl_tax",
            last.span,
            normalise.money_text,
            label="last amount",
            association=PLACED if single else SHAPED if adds_up else GUESSED,
        )


def _middle(rows: list[Row]) -> float:
    return (rows[0].centre_y + rows[-1].centre_y) / 2 if rows else 0.0

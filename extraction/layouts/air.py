"""电子发票（航空运输电子客票行程单）: labels above their values, legs in between, the buyer at the foot.

Net of fare and fuel is not printed and not reckoned. Domestic amounts are printed with CNY.
"""

from __future__ import annotations

import re

from extraction import normalise
from extraction.layouts import labels, values
from extraction.layouts.findings import GUESSED, LABELLED, PLACED, Findings, plain
from extraction.layouts.labelled import HAN, Labelled, read_labelled
from extraction.layouts.rows import Row
from models.kinds import InvoiceKind

KINDS = frozenset({InvoiceKind.AIR_E})
_OWN_LABELS = tuple(
    labels.label(text) for text in ("承运人", "燃油附加费", "民航发展基金", "电子客票号码", "填开单位", "验证码")
)

_MONEY = re.compile(r"(?:CNY|¥)?\|?-?\d[\d,]*\.\d{2}(?!\d)")
_FIELDS = (
    Labelled("invoice_number", labels.NUMBER, values.TWENTY, normalise.digits),
    Labelled("issue_date", labels.label("填开日期", "开票日期"), values.DATE, normalise.date_iso),
    Labelled("e_ticket_number", labels.label("电子客票号码", "电子客票号"), re.compile(r"\d{3}-?\d{10}")),
    Labelled("verification_code", labels.label("验证码"), re.compile(r"[0-9A-Z]{4,10}")),
    Labelled("gp_number", labels.label("GP单号"), re.compile(r"[0-9A-Z]{4,20}")),
    Labelled("buyer_name", labels.label("购买方名称"), re.compile(r"[^|:;]{2,60}")),
    Labelled("buyer_tax_id", labels.TAX_ID, values.TAX_ID, normalise.tax_id),
    Labelled("seller_name", labels.label("销售方名称"), re.compile(r"[^|:;]{2,60}")),
    Labelled("issuing_party", labels.label("填开单位"), HAN),
    Labelled("insurance", labels.label("保险费"), _MONEY, normalise.money_text),
)  # fmt: skip
_MASKED_ID = re.compile(r"[0-9A-Z]{2,10}\*{2,}[0-9A-Z]{2,4}|\d{17}[0-9X]|[A-Z]{1,2}\d{7,8}")
_UNDER: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...] = (
    ("passenger_name", labels.label("旅客姓名"), re.compile(r"[\u4e00-\u9fff·]{2,20}|[A-Z]+/[A-Z]+(?:\|?[A-Z]+)*")),
    ("passenger_id", labels.label("有效身份证件号码", "有效身份证件号", "证件号码"), _MASKED_ID),
    ("endorsement", labels.label("签注"), re.compile(r"[^|:;]{2,60}")),
    ("tax_rate", labels.label("增值税税率", "税率"), re.compile(r"\d{1,2}%|免税")),
)
_AMOUNTS = (
    ("fare", labels.label("票价")),
    ("fuel_surcharge", labels.label("燃油附加费")),
    ("total_tax", labels.label("增值税税额")),
    ("civil_aviation_fund", labels.label("民航发展基金")),
    ("other_taxes", labels.label("其他税费")),
    ("total_incl_tax", labels.label("合计")),
)
_FLIGHT = re.compile(r"(?<![0-9A-Z])(?=[0-9A-Z]*[A-Z])[0-9A-Z]{2}\d{3,4}(?![0-9A-Z])")
_CARRIER = re.compile(r"[\u4e00-\u9fff]{2,8}")
_CLASS = re.compile(r"(?<![0-9A-Z])[A-Z]\d?(?![0-9A-Z])")
_CLOCK = re.compile(r"(?<!\d)\d{1,2}:\d{2}(?!\d)")
_PLACE = re.compile(r"[\u4e00-\u9fff]{2,16}(?:T\d[A-Z]?)?")


def looks_like_air(rows: list[Row]) -> bool:
    """An itinerary receipt whose title a seal has torn: its labels, and the number of a 数电票."""
    return sum(bool(labels.find(rows, each)) for each in _OWN_LABELS) >= 4 and bool(values.shaped(rows, values.TWENTY))


def read_air(findings: Findings, rows: list[Row]) -> None:
    read_labelled(findings, rows, _FIELDS)
    heads = [*(pattern for _, pattern, _ in _UNDER), *(pattern for _, pattern in _AMOUNTS)]
    for field, pattern, shape in _UNDER:
        value = values.below(rows, pattern, shape)
        if value and not any(head.match(value.text) for head in heads):
            normal = normalise.rate if field == "tax_rate" else plain
            findings.add(field, value.span, normal, label=field, association=value.association)
    _amounts(findings, rows)
    _legs(findings, rows)


def _amounts(findings: Findings, rows: list[Row]) -> None:
    for field, pattern in _AMOUNTS:
        value = values.below(rows, pattern, _MONEY)
        if value is None:
            beside = values.beside(rows, pattern, _MONEY, reach=4.0)
            value = next((v for v in beside if v.association == LABELLED), None)
        if value is not None:
            findings.add(field, value.span, _money, label=field, association=value.association)


def _legs(findings: Findings, rows: list[Row]) -> None:
    """自 and 至 with their places; carrier, flight, class, date and time of the first leg in one row."""
    for field, pattern in (("departure_place", re.compile(r"^自[:：]?")), ("arrival_place", re.compile(r"^至[:：]?"))):
        hits = [(hit, hit.rest.search(_PLACE)) for hit in labels.find(rows, pattern) if hit.rest]
        named = [(hit, places[0].span) for hit, places in hits if places]  # lines without a leg say VOID
        for hit, place in named[:1] if field == "departure_place" else named[-1:]:
            findings.add(field, place, plain, label=hit.span.key, association=PLACED)
    for row in rows:
        flights = row.search(_FLIGHT)
        dates, clocks = row.search(values.DATE), row.search(_CLOCK)
        if not flights or not (dates or clocks):
            continue
        flight = flights[0].span
        findings.add("flight_number", flight, plain, label="flight shape", association=PLACED)
        before = [f.span for f in row.search(_CARRIER) if f.span.x1 < flight.x0]
        findings.add("carrier", before[-1] if before else None, plain, label="before the flight", association=PLACED)
        classes = [f.span for f in row.search(_CLASS) if f.span.x0 > flight.x1]
        sure = PLACED if classes and (not dates or classes[0].x1 < dates[0].span.x0) else GUESSED
        findings.add("seat_class", classes[0] if classes else None, plain, label="class", association=sure)
        if dates:
            findings.add("travel_date", dates[0].span, normalise.date_iso, label="leg", association=PLACED)
        if clocks:
            findings.add("departure_time", clocks[0].span, plain, label="leg", association=PLACED)
        return


def _money(text: str) -> str | None:
    return normalise.money_text(text.replace("CNY", "").strip())

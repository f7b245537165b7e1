"""货物运输业增值税专用发票 (until 2016): carrier, payer, sender and receiver, and no item table.

The carrier sells, the 实际受票方 buys. Name and taxpayer number share a cell, one above the other.
"""

from __future__ import annotations

import re

from extraction import normalise
from extraction.layouts import labels, values
from extraction.layouts.findings import PLACED, SHAPED, Findings, plain
from extraction.layouts.foot import read_foot
from extraction.layouts.labelled import Labelled, read_labelled
from extraction.layouts.rows import Row
from extraction.layouts.totals import words_text
from models.kinds import InvoiceKind

KINDS = frozenset({InvoiceKind.FREIGHT_OLD})

_MONEY = re.compile(r"[¥Y]?\|?-?\d[\d,]*\.\d{2}(?!\d)")
_TEXT = re.compile(r"[^|:;]{2,60}")
_NAME = re.compile(r"(?!纳税人)[\u4e00-\u9fff（）()·]{4,40}")
#: letters of the strips 费用项目及金额 and 运输货物信息 stand glued before the words
_FEE = re.compile(
    r"(?:及金|项目|费用|额)?\|?((?!金额|费用|项目|及金|额)[\u4e00-\u9fff]{2,12})\|?¥?\d[\d,]*\.\d{2}(?!\d)"
)
_GOODS = re.compile(r"^(?:运输|货物|信息)?\|?((?!运输|货物|信息)[\u4e00-\u9fff]{2,12})$")
_PARTIES = (
    ("seller", labels.label("承运人及")),
    ("buyer", labels.label("实际受票方及", "受票方及")),
    ("receiver", labels.label("收货人及")),
    ("sender", labels.label("发货人及")),
)


def _route(text: str) -> str | None:
    """Two strokes between places are a dash, however they were read."""
    return plain(re.sub(r"(?<=[\u4e00-\u9fff])[一—―-]{2}(?=[\u4e00-\u9fff])", "——", text))


_FIELDS = (
    Labelled("issue_date", labels.DATE, values.DATE, normalise.date_iso),
    Labelled("machine_number", labels.MACHINE, values.TWELVE, normalise.digits),
    Labelled("route", labels.label("起运地、经由、到达地", "经由、到达地"), _TEXT, _route),
    Labelled("total_in_words", labels.GROSS, values.WORDS, words_text),
    Labelled("total_incl_tax", labels.IN_FIGURES, _MONEY, normalise.money_text),
    Labelled("total_excl_tax", labels.label("合计金额"), _MONEY, normalise.money_text),
    Labelled("tax_rate", labels.label("税率"), re.compile(r"\d{1,2}%"), normalise.rate),
    Labelled("total_tax", labels.label("税额"), _MONEY, normalise.money_text),
    Labelled("plate", labels.label("车种车号", "车种车号"), re.compile(r"[\u4e00-\u9fff]{0,6}[A-Z][0-9A-Z]{5,6}")),
    Labelled("tonnage", labels.label("车船吨位"), re.compile(r"\d{1,4}(?:\.\d+)?")),
    Labelled("tax_authority", labels.label("主管税务机关", "主管税务"), re.compile(r"[\u4e00-\u9fff]{4,30}")),
)


def read_freight(findings: Findings, rows: list[Row]) -> None:
    _code_and_number(findings, rows)
    for side, pattern in _PARTIES:
        _party(findings, rows, side, pattern)
    read_labelled(findings, rows, _FIELDS)
    _carried(findings, rows)
    gross = labels.find(rows, labels.GROSS)
    if gross:
        read_foot(findings, [row for row in rows if row.centre_y > gross[-1].span.y1])


def _code_and_number(findings: Findings, rows: list[Row]) -> None:
    """Printed large by the form and small by the machine, without labels: above the carrier."""
    carrier = labels.find(rows, _PARTIES[0][1])
    head = [row for row in rows if not carrier or row.centre_y < carrier[0].span.y0]
    for field, shape in (("invoice_code", values.CODE), ("invoice_number", values.EIGHT)):
        found = values.shaped(head, shape)
        texts = {value.text for value in found}
        for value in found:
            sure = PLACED if len(texts) == 1 and len(found) > 1 else SHAPED
            findings.add(field, value.span, normalise.digits, label="shape", association=sure, raw=value.text)


def _carried(findings: Findings, rows: list[Row]) -> None:
    """The box above 合计金额: a fee beside its amount, the goods at the right, each beside its strip of a label."""
    heads, below = labels.find(rows, labels.label("费用项目")), labels.find(rows, labels.label("合计金额"))
    if not heads or not below:
        return
    head = heads[0].span
    box = [row for row in rows if head.y0 - 2 * head.height < row.centre_y < below[0].span.y0]
    right = [chunk for row in box for chunk in row.chunks() if chunk.x0 > head.x1 + 10 * head.height]
    fees = [found for row in box for found in row.search(_FEE)]
    goods = [found for chunk in right for found in chunk.search(_GOODS)]
    for field, found in (("fee_name", fees), ("goods_name", goods)):
        if len(found) == 1:
            findings.add(field, found[0].span, plain, label=field, association=SHAPED, raw=found[0].match.group(1))


def _party(findings: Findings, rows: list[Row], side: str, pattern: re.Pattern[str]) -> None:
    """承运人及 / 纳税人识别号 in one cell; the name beside the upper line, the number beside the lower."""
    for hit in labels.find(rows, pattern)[:1]:
        top, bottom = hit.span.y0 - 0.8 * hit.span.height, hit.span.y1 + 2.2 * hit.span.height
        cell = [row for row in rows if top < row.centre_y < bottom]
        names = [
            f for row in cell for f in row.search(_NAME) if hit.span.x1 < f.span.x0 < hit.span.x1 + 12 * hit.span.height
        ]
        ids = [f for row in cell for f in row.search(values.TAX_ID) if f.span.x0 > hit.span.x1]
        name = min(names, key=lambda f: abs(f.span.centre_y - hit.span.centre_y), default=None)
        level = [f for f in ids if name and f.span.x0 < name.span.x1 + name.span.height]
        number = min(level, key=lambda f: abs(f.span.centre_y - hit.span.y1), default=None)
        if name and abs(name.span.centre_y - hit.span.centre_y) > hit.span.height:
            name = None  # the next party's
        if name:
            findings.add(f"{side}_name", name.span, plain, label=side, association=PLACED)
        if number:
            findings.add(f"{side}_tax_id", number.span, normalise.tax_id, label=side, association=PLACED)

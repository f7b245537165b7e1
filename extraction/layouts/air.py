"""电子发票（航空运输电子客票行程单）: fare, fuel surcharge, tax, fund and other charges in columns, total last."""

from __future__ import annotations

import re

from extraction import normalise
from extraction.layouts import labels, values
from extraction.layouts.findings import LABELLED, SHAPED, Findings
from extraction.layouts.labelled import HAN, Labelled, read_labelled
from extraction.layouts.rows import Row, Span
from models.kinds import InvoiceKind

KINDS = frozenset({InvoiceKind.AIR_E})

_MONEY = re.compile(r"(?:CNY|¥)?\|?-?\d[\d,]*\.\d{2}(?!\d)")
_FIELDS = (
    Labelled("invoice_number", labels.NUMBER, values.TWENTY, normalise.digits),
    Labelled("issue_date", labels.label("填开日期", "开票日期"), values.DATE, normalise.date_iso),
    Labelled("e_ticket_number", labels.label("电子客票号码", "电子客票号"), re.compile(r"\d{3}-?\d{10}")),
    Labelled("verification_code", labels.label("验证码"), re.compile(r"[0-9A-Z]{4,10}")),
    Labelled("buyer_name", labels.label("购买方名称"), re.compile(r"[^|:;]{2,60}")),
    Labelled("buyer_tax_id", labels.TAX_ID, values.TAX_ID, normalise.tax_id),
    Labelled("seller_name", labels.label("销售方名称"), re.compile(r"[^|:;]{2,60}")),
    Labelled("passenger_name", labels.label("旅客姓名"), re.compile(r"[\u4e00-\u9fff·]{2,20}|[A-Z]+/[A-Z]+")),
    Labelled("issuing_party", labels.label("填开单位"), HAN),
)  # fmt: skip
_AMOUNTS = (
    ("fare", labels.label("票价")),
    ("fuel_surcharge", labels.label("燃油附加费")),
    ("total_tax", labels.label("增值税税额")),
    ("civil_aviation_fund", labels.label("民航发展基金")),
    ("other_taxes", labels.label("其他税费")),
    ("total_incl_tax", labels.label("合计")),
)


def read_air(findings: Findings, rows: list[Row]) -> None:
    read_labelled(findings, rows, _FIELDS)
    for field, pattern in _AMOUNTS:
        for hit in labels.find(rows, pattern):
            span = _under(rows, hit.span) or _right(hit)
            if span is not None:
                findings.add(
                    field, span, _money, label=field, association=LABELLED if field != "total_incl_tax" else SHAPED
                )
                break


def _right(hit: labels.Hit) -> Span | None:
    found = hit.rest.search(_MONEY) if hit.rest else []
    return found[0].span if found else None


def _under(rows: list[Row], label: Span) -> Span | None:
    """The amount in the column under its label."""
    near = [
        found.span
        for row in rows
        if 0 < row.centre_y - label.centre_y < 3.5 * label.height
        for found in row.search(_MONEY)
        if found.span.x0 < label.x1 + label.height and found.span.x1 > label.x0 - label.height
    ]
    return min(near, key=lambda span: span.centre_y) if near else None


def _money(text: str) -> str | None:
    return normalise.money_text(text.replace("CNY", "").strip())

"""财政票据 (non-tax, donations, medical) and other papers that are not VAT invoices: kept and named."""

from __future__ import annotations

import re

from extraction import normalise
from extraction.layouts import labels, values
from extraction.layouts.columns import find_columns, find_headers
from extraction.layouts.findings import LABELLED, Findings, plain
from extraction.layouts.labelled import TEXT, Labelled, read_labelled
from extraction.layouts.lines import read_table
from extraction.layouts.rows import Row, Sheet
from extraction.layouts.totals import find_total_rows, words_text
from models.evidence import EXACT
from models.invoice import Line
from models.kinds import InvoiceKind

KINDS = frozenset({InvoiceKind.OTHER})

_FILLER = re.compile(r"_+(?=[\u4e00-\u9fff]{2,8}[:：]|$)")
_CLERK = re.compile(r"[\u4e00-\u9fff·]{2,8}|[A-Za-z]{2,20}|\d{3,8}")
_FIELDS = (
    Labelled("invoice_code", labels.label("票据代码"), re.compile(r"\d{8}(?!\d)"), normalise.digits),
    Labelled("invoice_number", labels.label("票据号码"), re.compile(r"\d{10}(?!\d)"), normalise.digits),
    Labelled("check_code", labels.label("校验码"), re.compile(r"[0-9A-Za-z]{6}(?![0-9A-Za-z])")),
    Labelled("issue_date", labels.label("开票日期"), values.DATE, normalise.date_iso),
    Labelled(
        "buyer_tax_id", labels.label("交款人统一社会信用代码", "统一社会信用代码"), values.TAX_ID, normalise.tax_id
    ),
    Labelled("buyer_name", labels.label("交款人", colon=True), TEXT),
    Labelled("seller_name", labels.label("收款单位(章)", "收款单位"), TEXT),
    Labelled("reviewer", labels.label("复核人", "复核"), _CLERK),
    Labelled("payee", labels.label("收款人", "收款员"), _CLERK),
    Labelled("total_incl_tax", labels.IN_FIGURES, re.compile(r"¥?-?\d[\d,]*\.\d{2}"), normalise.money_text),
    Labelled("total_in_words", labels.label("金额合计(大写)", "合计(大写)", "(大写)"), values.WORDS, words_text),
)


def _lines(sheet: Sheet, rows: list[Row], exact: bool) -> tuple[Line, ...]:
    headers = find_headers(rows, least_amounts=1)
    if not headers:
        return ()
    marks = find_total_rows(rows, headers[0])
    bottom = marks.first_y or (marks.gross.span.y0 if marks.gross else sheet.page.height)
    return read_table(sheet, find_columns(sheet, headers[0], bottom), headers[0].y1, bottom, exact=exact).lines


def _without_fillers(text: str) -> str | None:
    """`申请号:1_缴费日期:2`: the underscore before a label is how the form writes a blank."""
    return plain(_FILLER.sub(" ", text))


def read_fiscal(findings: Findings, rows: list[Row], sheet: Sheet) -> None:
    """Fields of a 财政电子票据; the remarks are its 其他信息."""
    read_labelled(findings, rows, _FIELDS)
    findings.lines = _lines(sheet, rows, findings.source in EXACT)
    total = labels.find(rows, labels.IN_FIGURES)
    foot = labels.find(rows, labels.label("收款单位(章)", "收款单位", "复核人"))
    if not total or not foot:
        return
    top, bottom = total[-1].span.y1, min(hit.span.y0 for hit in foot if hit.span.y0 > total[-1].span.y1 - 1)
    kept = []
    for row in rows:
        if top < row.centre_y < bottom and len(row.key) > 3:
            kept.append(row)
    if kept:
        text = "\n".join(row.text for row in kept)
        span = kept[0]
        findings.add("remarks", span, _without_fillers, label="其他信息", association=LABELLED, raw=text)

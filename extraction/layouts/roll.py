"""增值税普通发票（卷票）: one narrow column; 机打号码 repeats the number, items are tax-inclusive."""

from __future__ import annotations

import re

from extraction import normalise
from extraction.checks import codes
from extraction.layouts import labels, values
from extraction.layouts.findings import SHAPED, Findings
from extraction.layouts.labelled import NUMBERED, Labelled, read_labelled
from extraction.layouts.rows import Row
from extraction.layouts.totals import words_text
from models.invoice import Line
from models.kinds import InvoiceKind

KINDS = frozenset({InvoiceKind.ORDINARY_ROLL})

_TEXT = re.compile(r"[^|:;]{2,40}")
_MONEY = re.compile(r"[¥Y]?-?\d[\d,]*\.\d{2}(?!\d)")
_HEADER = re.compile(r"项目.*单价.*数量.*金额")
_FIGURES = re.compile(r"^(-?\d+(?:\.\d+)?)\s+(-?\d+(?:\.\d+)?)\s+-?[\d,]+\.\d{2}$")
_CLERK = re.compile(r"[\u4e00-\u9fff·]{2,5}|[A-Za-z0-9]{2,12}")
_FIELDS = (
    *NUMBERED,
    Labelled("seller_name", labels.label("销售方名称", "销货方名称"), _TEXT),
    Labelled("buyer_name", labels.label("购买方名称", "购货方名称"), _TEXT),
    Labelled("payee", labels.label("收款人", "收款员"), _CLERK),
    Labelled(
        "total_incl_tax",
        labels.label("合计金额(小写)", "合计(小写)", "小写合计", "(小写)"),
        _MONEY,
        normalise.money_text,
    ),
    Labelled(
        "total_in_words", labels.label("合计金额(大写)", "合计(大写)", "大写合计", "(大写)"), values.WORDS, words_text
    ),
)


def looks_like_roll(rows: list[Row]) -> bool:
    """The roll's title is the sheet's; its code, or 机打号码 above the seller, tells it apart."""
    if any(codes.kind_from_code(value.text) is InvoiceKind.ORDINARY_ROLL for value in values.shaped(rows, values.CODE)):
        return True
    machine = labels.find(rows, labels.label("机打号码"))
    seller = labels.find(rows, labels.label("销售方名称", "销货方名称"))
    return bool(machine and seller) and machine[0].span.centre_y < seller[0].span.centre_y


def read_roll(findings: Findings, rows: list[Row]) -> None:
    read_labelled(findings, rows, _FIELDS)
    for value in values.beside(rows, labels.label("机打号码"), values.EIGHT):
        findings.add("invoice_number", value.span, normalise.digits, label="机打号码", association=value.association)
    _tax_ids(findings, rows)
    findings.lines = _lines(findings, rows)


def _lines(findings: Findings, rows: list[Row]) -> tuple[Line, ...]:
    """Name over 单价, 数量 and a tax-inclusive 金额, which is no net amount and stays out of the line."""
    header = next((row for row in rows if _HEADER.search(row.key)), None)
    total = next(iter(labels.find(rows, labels.TOTAL)), None)
    if header is None or total is None:
        return ()
    out: list[Line] = []
    name: list[Row] = []
    for row in rows:
        if not header.centre_y < row.centre_y < total.span.centre_y or row is header:
            continue
        figures = _FIGURES.search(row.text)
        if figures is None:
            name.append(row)
            continue
        spans = [*name, row]
        box = spans[0].box
        for span in spans[1:]:
            box = box.union(span.box)
        out.append(
            Line(
                item_name="".join(part.text for part in name) or None,
                unit_price=figures[1],
                quantity=figures[2],
                box=findings.sheet.page.fraction(box),
                confidence=min(span.confidence for span in spans) * SHAPED,
            )
        )
        name = []
    return tuple(out)


def _tax_ids(findings: Findings, rows: list[Row]) -> None:
    """The number under a party's name is that party's."""
    ids = values.beside(rows, labels.TAX_ID, values.TAX_ID)
    names = {
        side: labels.find(rows, pattern)
        for side, pattern in (
            ("seller", labels.label("销售方名称", "销货方名称")),
            ("buyer", labels.label("购买方名称", "购货方名称")),
        )
    }
    for value in ids:
        above = [
            (value.span.centre_y - hit.span.centre_y, side)
            for side, hits in names.items()
            for hit in hits
            if hit.span.centre_y < value.span.centre_y
        ]
        if above:
            side = min(above)[1]
            findings.add(
                f"{side}_tax_id",
                value.span,
                normalise.tax_id,
                label="纳税人识别号",
                association=value.association,
                raw=value.text,
            )

"""增值税普通发票（卷票）: one narrow column; 机打号码 repeats the number, items are tax-inclusive."""

from __future__ import annotations

import re

from extraction import normalise
from extraction.checks import codes
from extraction.layouts import labels, values
from extraction.layouts.findings import GUESSED, LABELLED, PLACED, Findings, plain
from extraction.layouts.labelled import NUMBERED, Labelled, read_labelled
from extraction.layouts.roll_items import read_items
from extraction.layouts.rows import Row, Span
from extraction.layouts.totals import words_text
from models.kinds import InvoiceKind

KINDS = frozenset({InvoiceKind.ORDINARY_ROLL})

_TEXT = re.compile(r"[^|:;]{2,40}")
_MONEY = re.compile(r"[¥Y]?-?\d[\d,]*\.\d{2}(?!\d)")
_PARTIES = {
    "seller": labels.label("销售方名称", "销货方名称", "收款单位"),
    "buyer": labels.label("购买方名称", "购货方名称", "付款单位"),
}
_NAME_ENDS = re.compile(r"[司店社部厂院行所会馆户心场吧铺室站坊园局校]$")
_RUNS_ON = re.compile(r"(?!纳税|税号|开票|收款|付款|购买|购货|机器|项目|校验)[\u4e00-\u9fff()（）]{1,30}")
_CREDIT_CODE = 18
_END_OF_ID = re.compile(r"[0-9A-Z]{1,8}")
_CLERK = re.compile(r"[\u4e00-\u9fff·]{2,5}|[A-Za-z0-9]{2,12}")
_FIELDS = (
    *NUMBERED,
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
    """The title is the sheet's, or lies under the seal: the code tells a roll apart, or 机打号码 above the seller."""
    if any(codes.kind_from_code(value.text) is InvoiceKind.ORDINARY_ROLL for value in values.shaped(rows, values.CODE)):
        return True
    machine = labels.find(rows, labels.label("机打号码"))
    seller = labels.find(rows, _PARTIES["seller"])
    narrow = bool(rows) and rows[-1].y1 - rows[0].y0 > max(row.x1 for row in rows) - min(row.x0 for row in rows)
    return bool(machine and seller) and narrow and machine[0].span.centre_y < seller[0].span.centre_y


def read_roll(findings: Findings, rows: list[Row]) -> None:
    for side, pattern in _PARTIES.items():
        _name(findings, rows, f"{side}_name", pattern)
    read_labelled(findings, rows, _FIELDS)
    for value in values.beside(rows, labels.label("机打号码"), values.EIGHT):
        findings.add("invoice_number", value.span, normalise.digits, label="机打号码", association=value.association)
    _tax_ids(findings, rows)
    findings.lines = read_items(findings)


def _name(findings: Findings, rows: list[Row], field: str, pattern: re.Pattern[str]) -> None:
    """A party's name, with what runs on at the left margin of the next row where the paper is too narrow for it."""
    for hit in labels.find(rows, pattern):
        found = hit.rest.search(_TEXT) if hit.rest else []
        if not found:
            continue
        name = found[0].span
        right = max(row.x1 for row in rows)
        runs_on = _continuation(rows, hit, name)
        if runs_on is not None:
            whole = Span((*name.glyphs, *runs_on.glyphs))
            findings.add(field, whole, plain, label=field, association=PLACED, raw=name.text + runs_on.text)
            return
        cut_off = right - name.x1 < 2 * name.height and not _NAME_ENDS.search(name.key)
        findings.add(field, name, plain, label=field, association=GUESSED if cut_off else LABELLED)
        return


def _continuation(rows: list[Row], hit: labels.Hit, name: Span) -> Row | None:
    """The row between the name and the next label, if there is one: text alone, from the margin where labels begin."""
    height = hit.span.height
    following = [row for row in rows if row.centre_y > hit.row.centre_y and row is not hit.row]
    for row in following:
        if row.centre_y - hit.span.centre_y > 2.4 * height:
            return None
        if abs(row.x0 - hit.span.x0) < 1.5 * height and row.centre_y - hit.span.centre_y > 0.5 * height:
            return row if _RUNS_ON.fullmatch(row.key) and row.x1 < name.x1 else None
    return None


def _tax_ids(findings: Findings, rows: list[Row]) -> None:
    """The number under a party's name is that party's."""
    ids = values.beside(rows, labels.TAX_ID_OF_SLIP, values.TAX_ID)
    names = {side: labels.find(rows, pattern) for side, pattern in _PARTIES.items()}
    for value in ids:
        above = [
            (value.span.centre_y - hit.span.centre_y, side)
            for side, hits in names.items()
            for hit in hits
            if hit.span.centre_y < value.span.centre_y
        ]
        if above:
            side = min(above)[1]
            more = _end_of_id(rows, value)
            findings.add(
                f"{side}_tax_id",
                Span((*value.span.glyphs, *more.glyphs)) if more else value.span,
                normalise.tax_id,
                label="纳税人识别号",
                association=min(value.association, PLACED) if more else value.association,
                raw=value.text + more.key if more else value.text,
            )


def _end_of_id(rows: list[Row], value: values.Value) -> Row | None:
    """The row that completes a credit code of 18 characters on paper too narrow for it: figures and capitals alone,
    further left, right below."""
    missing = _CREDIT_CODE - len(value.text)
    for row in rows:
        down = (row.centre_y - value.span.centre_y) / max(value.span.height, 1e-6)
        if missing > 0 and 0.6 < down < 2.4 and row.x1 < value.span.x1 and _END_OF_ID.fullmatch(row.key):
            return row if len(row.key) == missing else None
    return None

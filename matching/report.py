"""The reconciliation as a workbook: documents, records without a document, and totals by status.

Long numbers are text cells, so that a spreadsheet does not damage them again; nothing is ever written as a formula.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from matching.comparing import LABELS
from models.kinds import KINDS, InvoiceKind
from models.matching import MatchStatus

STATUS = {
    MatchStatus.MATCHED: "已匹配", MatchStatus.DIFFERS: "有差异", MatchStatus.PROBABLE: "疑似匹配，待确认",
    MatchStatus.ABSENT: "记录中没有", MatchStatus.DUPLICATE: "重复", MatchStatus.VOID: "已作废",
    MatchStatus.RED_FLUSHED: "已红冲", MatchStatus.NOT_OURS: "非本单位", MatchStatus.NEEDS_REVIEW: "待复核",
    MatchStatus.NO_DOCUMENT: "有记录无票据",
}  # fmt: skip
CAUSES = {
    "misread_or_mistyped": "误读或误录", "code_number_swapped": "代码号码互换", "number_truncated": "号码被截短",
    "spreadsheet_damage": "表格软件损坏号码", "not_synced_yet": "尚未同步", "period_not_imported": "期间未导入",
    "kind_not_in_feed": "票种不在导出中", "wrong_direction": "进销方向不符", "other_entity": "购买方不是本单位",
    "buyer_id_missing": "无购买方税号", "voided": "已作废", "red_flushed": "已红冲", "is_red": "红字发票",
    "issued_on_behalf": "代开", "duplicate": "重复", "stored_under_other_key": "以其他号码存放",
    "no_access": "该账户未导入", "suspicious": "可疑", "never_recorded": "从未入账",
}  # fmt: skip
_DOCUMENT_COLUMNS = (
    ("文件", 34), ("票种", 20), ("发票代码", 15), ("发票号码", 24), ("开票日期", 12), ("销售方", 34), ("价税合计", 14),
    ("结论", 16), ("首要原因", 18), ("可能性", 9), ("证据", 50), ("建议", 40), ("不一致之处", 40), ("补录申请号", 22),
)  # fmt: skip
_RECORD_COLUMNS = (
    ("发票代码", 15), ("发票号码", 24), ("开票日期", 12), ("销售方", 34), ("销售方税号", 22), ("金额", 14),
    ("税额", 12), ("价税合计", 14), ("票种", 26), ("发票状态", 12),
)  # fmt: skip


def write_xlsx(rows: Iterable[dict[str, Any]], path: Path) -> None:
    """Write the rows of `reconcile` to `path`."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        summary = book.add_worksheet("汇总")
        documents = _Table(book, "票据", _DOCUMENT_COLUMNS)
        records = _Table(book, "有记录无票据", _RECORD_COLUMNS)
        counts: Counter[str] = Counter()
        totals: dict[str, Decimal] = defaultdict(Decimal)
        for row in rows:
            status = row["status"]
            shown = row["record"] if status == MatchStatus.NO_DOCUMENT.value else row
            counts[status] += 1
            totals[status] += Decimal(shown.get("total_incl_tax") or 0)
            if status == MatchStatus.NO_DOCUMENT.value:
                records.add(_record_cells(shown))
            else:
                documents.add(_document_cells(row))
        documents.finish()
        records.finish()
        _summarise(book, summary, counts, totals)


class _Table:
    """A sheet with a header, a filter and a frozen top row."""

    def __init__(self, book: Any, name: str, columns: tuple[tuple[str, int], ...]) -> None:
        self.sheet = book.add_worksheet(name)
        self.money = book.add_format({"num_format": "#,##0.00"})
        self.percent = book.add_format({"num_format": "0%"})
        head = book.add_format({"bold": True, "bg_color": "#E8EEF7", "bottom": 1})
        self.width = len(columns)
        self.row = 0
        for at, (title, width) in enumerate(columns):
            self.sheet.set_column(at, at, width)
            self.sheet.write_string(0, at, title, head)
        self.sheet.freeze_panes(1, 0)

    def add(self, cells: list[str | Decimal | float | None]) -> None:
        self.row += 1
        for at, cell in enumerate(cells):
            if isinstance(cell, Decimal):
                self.sheet.write_number(self.row, at, float(cell), self.money)
            elif isinstance(cell, float):
                self.sheet.write_number(self.row, at, cell, self.percent)
            elif cell:
                self.sheet.write_string(self.row, at, cell)

    def finish(self) -> None:
        self.sheet.autofilter(0, 0, max(self.row, 1), self.width - 1)


def _money(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def _kind(kind: str | None) -> str | None:
    return KINDS[InvoiceKind(kind)].title if kind else None


def _document_cells(row: dict[str, Any]) -> list[str | Decimal | float | None]:
    cause = (row.get("causes") or [{}])[0]
    differences = "；".join(
        f"{LABELS.get(d['field'], d['field'])}：票面 {d['document']}，记录 {d['record']}"
        for d in row.get("differences") or []
    )
    return [
        row.get("document"), _kind(row.get("kind")), row.get("invoice_code"), row.get("invoice_number"),
        row.get("issue_date"), row.get("seller_name"), _money(row.get("total_incl_tax")),
        STATUS[MatchStatus(row["status"])], CAUSES.get(cause.get("code", ""), ""), cause.get("probability"),
        "；".join(cause.get("evidence", [])), cause.get("action"), differences, row.get("draft"),
    ]  # fmt: skip


def _record_cells(record: dict[str, Any]) -> list[str | Decimal | float | None]:
    return [
        record.get("invoice_code"), record.get("invoice_number"), record.get("issue_date"), record.get("seller_name"),
        record.get("seller_tax_id"), _money(record.get("total_excl_tax")), _money(record.get("total_tax")),
        _money(record.get("total_incl_tax")), record.get("kind_label"), record.get("state_label"),
    ]  # fmt: skip


def _summarise(book: Any, sheet: Any, counts: Counter[str], totals: dict[str, Decimal]) -> None:
    head = book.add_format({"bold": True, "bg_color": "#E8EEF7", "bottom": 1})
    money = book.add_format({"num_format": "#,##0.00"})
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 2, 18)
    for at, title in enumerate(("结论", "张数", "价税合计")):
        sheet.write_string(0, at, title, head)
    for at, status in enumerate((s for s in MatchStatus if counts[s.value]), 1):
        sheet.write_string(at, 0, STATUS[status])
        sheet.write_number(at, 1, counts[status.value])
        sheet.write_number(at, 2, float(totals[status.value]), money)

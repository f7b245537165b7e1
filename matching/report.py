"""The reconciliation as a workbook: totals with their proof, documents, records without a document, one sheet a class.

Long numbers are text cells, so that a spreadsheet does not damage them again; amounts are numbers, days are dates, so
that filters and sums work; nothing is ever written as a formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from matching.names import AGES, CAUSES, STATUSES, class_name
from matching.reconciliation.ageing import age_of
from matching.reconciliation.summary import Summary
from matching.reconciliation.totals import Sums, Tally
from matching.report_words import CHINESE, Words
from models.matching import CauseCode, MatchStatus
from models.money import from_fen

_DOCUMENT_COLUMNS = (
    ("文件", 34), ("票种", 20), ("发票代码", 15), ("发票号码", 24), ("开票日期", 12), ("销售方", 34), ("金额", 14),
    ("税额", 12), ("价税合计", 14), ("结论", 16), ("首要原因", 18), ("可能性", 9), ("证据", 50), ("建议", 40),
    ("不一致之处", 40), ("补录申请号", 22), ("账龄", 11),
)  # fmt: skip
_RECORD_COLUMNS = (
    ("发票代码", 15), ("发票号码", 24), ("开票日期", 12), ("销售方", 34), ("销售方税号", 22), ("购买方", 30),
    ("金额", 14), ("税额", 12), ("价税合计", 14), ("票种", 26), ("发票状态", 12), ("最近交单人", 14), ("账龄", 11),
)  # fmt: skip
SHEET_ROWS = 1_000_000  #: of a sheet; Excel takes 48,575 more

Cell = str | Decimal | float | date | int | None


def write_xlsx(
    rows: Iterable[dict[str, Any]], path: Path, *, summary: Summary | None = None, as_of: date | None = None,
    words: Words = CHINESE,
) -> None:  # fmt: skip
    """Write the rows of `reconcile` to `path`; with `summary`, its totals, ageing and who owes what.

    `words` is the language of the workbook; the rows are said in it by `reconcile`.
    """
    options = {
        "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": True,
    }  # fmt: skip
    today = as_of or (summary.as_of if summary else date.today())
    with xlsxwriter.Workbook(str(path), options) as book:
        front = book.add_worksheet(words("汇总"))
        documents = _Table(book, words("单据"), _DOCUMENT_COLUMNS, words)
        records = _Table(book, words.name(STATUSES[MatchStatus.NO_DOCUMENT]), _RECORD_COLUMNS, words)
        by_class: dict[str, _Table] = {}
        counted: dict[str, Sums] = {}
        for row in rows:
            status = row["status"]
            alone = status == MatchStatus.NO_DOCUMENT.value
            shown = row["record"] if alone else row
            counted[status] = counted.get(status, Sums()) + _sums_of(shown)
            if alone:
                records.add(_record_cells(row, today, words))
                continue
            cells = _document_cells(row, today, words)
            documents.add(cells)
            if status != MatchStatus.MATCHED.value:  # the rest is what people work on, a sheet each
                if status not in by_class:
                    name = words.name(STATUSES[MatchStatus(status)])
                    by_class[status] = _Table(book, name, _DOCUMENT_COLUMNS, words)
                by_class[status].add(cells)
        if summary is not None:
            _owed(book, summary, words)
            _ageing(book, summary, words)
        for table in (documents, records, *by_class.values()):
            table.finish()
        _Front(book, front, words).write(counted, summary)


class _Table:
    """A sheet with a header, a filter and a frozen top row; goes on in another sheet when it is full."""

    def __init__(self, book: Any, name: str, columns: Sequence[tuple[str, int]], words: Words) -> None:
        self.book = book
        self.name = name
        self.columns = [(words(title), width) for title, width in columns]
        self.formats = {
            Decimal: book.add_format({"num_format": "#,##0.00"}),
            float: book.add_format({"num_format": "0%"}),
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
            int: book.add_format({"num_format": "0"}),
        }
        self.head = book.add_format({"bold": True, "bg_color": "#E8EEF7", "bottom": 1})
        self.sheets = 0
        self._begin()

    def _begin(self) -> None:
        self.sheets += 1
        self.row = 0
        self.sheet = self.book.add_worksheet(self.name if self.sheets == 1 else f"{self.name} {self.sheets}")
        for at, (title, width) in enumerate(self.columns):
            self.sheet.set_column(at, at, width)
            self.sheet.write_string(0, at, title, self.head)
        self.sheet.freeze_panes(1, 0)

    def add(self, cells: Sequence[Cell]) -> None:
        if self.row == SHEET_ROWS:
            self.finish()
            self._begin()
        self.row += 1
        for at, cell in enumerate(cells):
            if isinstance(cell, date):
                self.sheet.write_datetime(self.row, at, cell, self.formats[date])
            elif isinstance(cell, Decimal | float | int):
                self.sheet.write_number(self.row, at, float(cell), self.formats[type(cell)])
            elif cell:
                self.sheet.write_string(self.row, at, cell)

    def finish(self) -> None:
        self.sheet.autofilter(0, 0, max(self.row, 1), len(self.columns) - 1)


def _money(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def _fen(text: str | None) -> int:
    return int(Decimal(text) * 100) if text else 0


def _sums_of(row: dict[str, Any]) -> Sums:
    net, tax, gross = (_fen(row.get(name)) for name in ("total_excl_tax", "total_tax", "total_incl_tax"))
    return Sums(1, net, tax, gross, int(not row.get("total_incl_tax")))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def differences_of(row: dict[str, Any], words: Words = CHINESE) -> str:
    return words.semicolon([
        words("{field}：票面 {document}，记录 {record}", field=words.field(d["field"]), document=d["document"],
              record=d["record"])
        for d in row.get("differences") or []
    ])  # fmt: skip


def _document_cells(row: dict[str, Any], today: date, words: Words) -> list[Cell]:
    cause = (row.get("causes") or [{}])[0]
    settled = row["status"] in (MatchStatus.MATCHED.value, MatchStatus.DUPLICATE.value)
    return [
        row.get("document"), words.kind(row.get("kind")), row.get("invoice_code"), row.get("invoice_number"),
        _day(row.get("issue_date")), row.get("seller_name"), _money(row.get("total_excl_tax")),
        _money(row.get("total_tax")), _money(row.get("total_incl_tax")),
        words.name(STATUSES[MatchStatus(row["status"])]),
        words.name(CAUSES[CauseCode(cause["code"])]) if cause else None, cause.get("probability"),
        words.semicolon(cause.get("evidence", [])), cause.get("action"), differences_of(row, words), row.get("draft"),
        None if settled else words.name(AGES[age_of(_day(row.get("issue_date")), today)]),
    ]  # fmt: skip


def _record_cells(row: dict[str, Any], today: date, words: Words) -> list[Cell]:
    record = row["record"]
    return [
        record.get("invoice_code"), record.get("invoice_number"), _day(record.get("issue_date")),
        record.get("seller_name"), record.get("seller_tax_id"), record.get("buyer_name"),
        _money(record.get("total_excl_tax")), _money(record.get("total_tax")), _money(record.get("total_incl_tax")),
        record.get("kind_label"), record.get("state_label"), row.get("holder"),
        words.name(AGES[age_of(_day(record.get("issue_date")), today)]),
    ]  # fmt: skip


def _owed(book: Any, summary: Summary, words: Words) -> None:
    columns = (("销售方", 34), ("销售方税号", 22), ("购买方", 30), ("张数", 8), ("价税合计", 16), ("最近交单人", 14))
    table = _Table(book, words("应交单据"), columns, words)
    for each in summary.owed[:SHEET_ROWS]:
        who = each.holder.name if each.holder else None
        table.add([each.seller_name, each.seller_tax_id, each.buyer_name, each.count, from_fen(each.gross), who])
    table.finish()


def _ageing(book: Any, summary: Summary, words: Words) -> None:
    columns = (("账龄", 14), ("未入账张数", 14), ("未入账价税合计", 18), ("无单据张数", 14), ("无单据价税合计", 18))
    table = _Table(book, words("账龄"), columns, words)
    for each in summary.ageing:
        alone = (each.no_document, from_fen(each.no_document_gross))
        table.add([words.name(AGES[each.age]), each.absent, from_fen(each.absent_gross), *alone])
    table.finish()


class _Front:
    """The first sheet: what this is about, and both sides by class with their proof."""

    def __init__(self, book: Any, sheet: Any, words: Words) -> None:
        self.words = words
        self.sheet = sheet
        self.head = book.add_format({"bold": True, "bg_color": "#E8EEF7", "bottom": 1})
        self.strong = book.add_format({"bold": True})
        self.money = book.add_format({"num_format": "#,##0.00"})
        self.good = book.add_format({"num_format": "#,##0.00", "font_color": "#22694A", "bold": True})
        self.bad = book.add_format({"num_format": "#,##0.00", "font_color": "#A5301F", "bold": True})
        self.row = 0
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 4, 18)

    def write(self, counted: dict[str, Sums], summary: Summary | None) -> None:
        if summary is None:
            names = [status.value for status in MatchStatus if status.value in counted]
            self._titles("结论")
            for name in names:
                self._line(self.words.name(class_name(name)), counted[name])
            return
        self._said("期间", summary.scope.period or self.words("全部"))
        self._said("单位", summary.company or self.words("全部"))
        self._said("账龄截至", summary.as_of.isoformat())
        self.row += 1
        self._side("记录（台账）", summary.records)
        self._titles("按导入文件")
        for share in summary.imports:
            self._line(share.file_name or self.words("补录"), share.sums)
        self._proof("与全部记录之差", summary.imports_whole - summary.records.whole)
        self._side("单据", summary.documents)

    def _said(self, what: str, text: str) -> None:
        self.sheet.write_string(self.row, 0, self.words(what), self.strong)
        self.sheet.write_string(self.row, 1, text)
        self.row += 1

    def _titles(self, first: str) -> None:
        for at, title in enumerate((first, "张数", "金额", "税额", "价税合计")):
            self.sheet.write_string(self.row, at, self.words(title), self.head)
        self.row += 1

    def _line(self, name: str, sums: Sums) -> None:
        self.sheet.write_string(self.row, 0, name)
        self.sheet.write_number(self.row, 1, sums.count)
        for at, fen in enumerate((sums.net, sums.tax, sums.gross), 2):
            self.sheet.write_number(self.row, at, float(from_fen(fen)), self.money)
        self.row += 1

    def _side(self, name: str, tally: Tally) -> None:
        self._titles(name)
        for status, sums in tally.classes.items():
            self._line(self.words.name(class_name(status)), sums)
        self._line(self.words("以上合计"), tally.sum_of_classes)
        self._line(self.words("全部"), tally.whole)
        self._proof("差额", tally.difference)

    def _proof(self, name: str, difference: Sums) -> None:
        form = self.bad if difference else self.good
        self.sheet.write_string(self.row, 0, self.words(name), form)
        self.sheet.write_number(self.row, 1, difference.count, form)
        for at, fen in enumerate((difference.net, difference.tax, difference.gross), 2):
            self.sheet.write_number(self.row, at, float(from_fen(fen)), form)
        self.row += 2

"""Ledgers to match the documents: the bureau's 全量发票查询 workbook and an ERP's CSV, with their usual faults.

Columns of the workbook are exactly those of the domain reference §4.4; the CSV has headers of its own.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import xlsxwriter

from models.kinds import KINDS, InvoiceKind
from models.money import format_money
from samples.inventing import DIGITAL
from samples.outcomes import Outcome
from samples.truth import InvoiceTruth, TruthLine

BASIC_HEADERS = (
    "序号", "发票代码", "发票号码", "数电发票号码", "销方识别号", "销方名称", "购方识别号", "购买方名称", "开票日期",
    "金额", "税额", "价税合计", "发票来源", "发票票种", "发票状态", "是否正数发票", "发票风险等级", "开票人", "备注",
)  # fmt: skip
LINE_HEADERS = (
    *BASIC_HEADERS[:9], "税收分类编码", "特定业务类型", "货物或应税劳务名称", "规格型号", "单位", "数量", "单价",
    "金额", "税率", "税额", "价税合计", *BASIC_HEADERS[12:],
)  # fmt: skip
ERP_HEADERS = (
    "单据编号", "供应商", "供应商税号", "票据类型", "发票代码", "发票号", "开票日期", "不含税金额", "税额", "含税金额",
    "入账状态",
)  # fmt: skip
_KIND_LABELS = {
    InvoiceKind.DIGITAL_SPECIAL: "数电发票（增值税专用发票）",
    InvoiceKind.DIGITAL_ORDINARY: "数电发票（普通发票）",
    InvoiceKind.ORDINARY_E: "增值税电子普通发票",
    InvoiceKind.SPECIAL_E: "增值税电子专用发票",
    InvoiceKind.TOLL_E: "道路通行费电子普通发票",
    InvoiceKind.SPECIAL_PAPER: "增值税专用发票",
    InvoiceKind.ORDINARY_PAPER: "增值税普通发票",
    InvoiceKind.ORDINARY_ROLL: "增值税普通发票（卷式）",
    InvoiceKind.DIGITAL_PAPER_SPECIAL: "数电纸质发票（增值税专用发票）",
    InvoiceKind.DIGITAL_PAPER_ORDINARY: "数电纸质发票（普通发票）",
}
#: kinds of which samples stand in the ledgers; a 卷票 does not stand in a company's feed
RECORDED = frozenset(_KIND_LABELS) - {InvoiceKind.ORDINARY_ROLL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A stored record: the invoice it came from, what was done to it, and the document that should find it."""

    invoice: InvoiceTruth
    outcome: Outcome | None = None  #: None: a record without a document
    document: str | None = None


def write_bureau(path: Path, entries: list[Entry]) -> None:
    """Sheets 发票基础信息 and 信息汇总表."""
    book = xlsxwriter.Workbook(str(path), {"in_memory": True})
    book.set_properties({"created": datetime(2024, 7, 1), "title": "全量发票查询导出结果"})
    basic, rows = book.add_worksheet("发票基础信息"), book.add_worksheet("信息汇总表")
    basic.write_row(0, 0, BASIC_HEADERS)
    rows.write_row(0, 0, LINE_HEADERS)
    at = 1
    for number, entry in enumerate(entries, 1):
        values = _basic(entry, number)
        basic.write_row(number, 0, values)
        for line in entry.invoice.lines:
            rows.write_row(at, 0, [at, *values[1:9], *_line(line), *values[12:]])
            at += 1
    book.close()


def _basic(entry: Entry, number: int) -> list[Any]:
    invoice = entry.invoice
    digital = invoice.kind in DIGITAL
    net, tax, gross = booked_amounts(entry)
    clock = f"{8 + number % 10:02d}:{number * 7 % 60:02d}:{number * 13 % 60:02d}"
    return [
        number,
        "" if digital else invoice.invoice_code,
        "" if digital else invoice.invoice_number,
        invoice.invoice_number if digital else invoice.extra.get("digital_invoice_number", ""),
        invoice.seller.tax_id,
        invoice.seller.name,
        invoice.buyer.tax_id or "",
        invoice.buyer.name,
        f"{invoice.issue_date} {clock}",
        float(net),
        float(tax),
        float(gross),
        "电子发票服务平台" if digital or KINDS[invoice.kind].number == "code_8_and_20" else "增值税发票管理系统",
        _KIND_LABELS[invoice.kind],
        {Outcome.VOID: "作废", Outcome.RED_FLUSHED: "已红冲-全额"}.get(entry.outcome or Outcome.MATCHED, "正常"),
        "否" if invoice.total_incl_tax < 0 else "是",
        "正常",
        invoice.drawer,
        invoice.remarks or "",
    ]


def booked_amounts(entry: Entry) -> tuple[Decimal, Decimal, Decimal]:
    """Net, tax and gross as recorded: `DIFFERS` was booked with a wrong net and gross."""
    invoice = entry.invoice
    wrong = Decimal("9.00") if entry.outcome is Outcome.DIFFERS else Decimal()
    return invoice.total_excl_tax - wrong, invoice.total_tax or Decimal(), invoice.total_incl_tax - wrong


def _line(line: TruthLine) -> list[Any]:
    tax = Decimal() if line.tax_amount in (None, "***") else Decimal(line.tax_amount or "0")
    net = Decimal(line.amount_excl_tax or "0")
    return [
        line.tax_classification_code, "通行费" if line.toll else "", line.item_name, line.specification or "",
        line.unit or "", line.quantity or "", line.unit_price or "", float(net), line.tax_rate, float(tax),
        float(net + tax),
    ]  # fmt: skip


def write_erp(path: Path, entries: list[Entry], rng: Random, *, encoding: str = "gb18030") -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(ERP_HEADERS)
    for number, entry in enumerate(entries, 1):
        invoice = entry.invoice
        net, tax, gross = booked_amounts(entry)
        writer.writerow(
            [
                f"AP{invoice.issue_date:%y%m}-{number:04d}",
                invoice.seller.name,
                invoice.seller.tax_id,
                _KIND_LABELS[invoice.kind],
                invoice.invoice_code or "",
                typed_number(entry, rng),
                f"{invoice.issue_date.year}/{invoice.issue_date.month}/{invoice.issue_date.day}",
                format_money(net),
                format_money(tax),
                format_money(gross),
                "已入账",
            ]
        )
    path.write_bytes(out.getvalue().encode(encoding))


def typed_number(entry: Entry, rng: Random) -> str:
    """The number as it got into the ERP: one digit wrong, eaten by a spreadsheet, or only its last eight."""
    number = entry.invoice.invoice_number
    if entry.outcome is Outcome.SPREADSHEET_DAMAGE:
        return f"{Decimal(number):.4E}"
    if entry.outcome is Outcome.NUMBER_TRUNCATED:
        return number[-8:]
    if entry.outcome is Outcome.MISTYPED:
        at = rng.randint(len(number) - 6, len(number) - 2)
        wrong = {"0": "6", "1": "7", "2": "3", "3": "8", "4": "9", "5": "6", "6": "8", "7": "1", "8": "3", "9": "4"}
        return number[:at] + wrong[number[at]] + number[at + 1 :]
    return number


def blue_of(red: InvoiceTruth) -> InvoiceTruth:
    """The invoice that a red one takes back."""
    return replace(
        red,
        invoice_number=red.extra["original_invoice_number"],
        invoice_code=red.extra.get("original_invoice_code"),
        issue_date=red.issue_date.replace(day=1),
        total_excl_tax=-red.total_excl_tax,
        total_tax=None if red.total_tax is None else -red.total_tax,
        total_incl_tax=-red.total_incl_tax,
        lines=tuple(_positive(line) for line in red.lines),
        remarks=None,
    )


def _positive(line: TruthLine) -> TruthLine:
    def strip(text: str | None) -> str | None:
        return text.removeprefix("-") if text else text

    return replace(
        line,
        quantity=strip(line.quantity),
        amount_excl_tax=strip(line.amount_excl_tax),
        tax_amount=strip(line.tax_amount),
    )

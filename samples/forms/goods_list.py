"""清单: the A4 pages behind a face that says 详见销货清单."""

from __future__ import annotations

from decimal import Decimal

from models.money import format_money
from samples.fonts import Font
from samples.forms.rows import Column, draw_rows
from samples.seals import seller_seal
from samples.sheet import Align, Colour, Sheet
from samples.truth import InvoiceTruth, Trait, TruthLine

_ROWS = 25
_PITCH = 8.0
_EDGES = (12, 22, 76, 104, 114, 130, 148, 168, 180, 198)
_HEADS = ("序号", "货物（劳务）名称", "规格型号", "单位", "数量", "单价", "金额", "税率", "税额")
_NAMES = ("item_name", "specification", "unit", "quantity", "unit_price", "amount_excl_tax", "tax_rate", "tax_amount")
_ALIGN: tuple[Align, ...] = ("left", "left", "centre", "right", "right", "right", "centre", "right")


def draw(invoice: InvoiceTruth, ink: Colour) -> list[Sheet]:
    """Empty where the invoice has no 清单."""
    if Trait.GOODS_LIST not in invoice.traits:
        return []
    parts = [invoice.lines[i : i + _ROWS] for i in range(0, len(invoice.lines), _ROWS)]
    return [_page(invoice, lines, index, len(parts), ink) for index, lines in enumerate(parts)]


def _page(invoice: InvoiceTruth, lines: tuple[TruthLine, ...], index: int, count: int, ink: Colour) -> Sheet:
    sheet = Sheet(210, 297, ink=ink)
    sheet.label(105, 18, "销售货物或者提供应税劳务、服务清单", 17, align="centre")
    for y, label, value in (
        (32, "购买方名称：", invoice.buyer.name),
        (39, "销售方名称：", invoice.seller.name),
    ):
        sheet.label(12, y, label, 10)
        sheet.value(36, y, value, 10, tag="")
    kind = invoice.title[len(invoice.area.name) :]
    sheet.label(12, 46, f"所属{kind}代码：", 10)
    sheet.value(68, 46, invoice.invoice_code, 10, tag="")
    sheet.label(104, 46, "号码：", 10)
    sheet.value(116, 46, invoice.invoice_number, 10, tag="")
    sheet.label(166, 46, f"共{count}页 第{index + 1}页", 10)
    top, bottom = 50.0, 50.0 + _PITCH * (_ROWS + 2)
    for row in range(_ROWS + 3):
        if row <= 1 or row >= _ROWS + 1:
            sheet.rule(12, top + row * _PITCH, 198, top + row * _PITCH)
    for x in _EDGES:
        sheet.rule(x, top, x, bottom)
    columns = []
    for place, head in enumerate(_HEADS):
        start, end = _EDGES[place], _EDGES[place + 1]
        sheet.label((start + end) / 2, top + _PITCH / 2, head, 9, align="centre")
        if place:
            edge = {"left": start + 0.5, "right": end - 0.5, "centre": (start + end) / 2}[_ALIGN[place - 1]]
            columns.append(Column(_NAMES[place - 1], edge, end - start - 1, _ALIGN[place - 1], ""))
    for row, line in enumerate(lines):
        at = top + _PITCH * (row + 1)
        sheet.value(17, at + 2.2, str(index * _ROWS + row + 1), 8, tag="", align="centre")
        draw_rows(sheet, (line,), tuple(columns), at + 0.2, size=8, pitch=3.7)
    net = sum((Decimal(line.amount_excl_tax or "0") for line in lines), Decimal())
    tax = sum((Decimal(line.tax_amount or "0") for line in lines if line.tax_amount != "***"), Decimal())
    sheet.label(49, bottom - _PITCH / 2, "小计", 9, align="centre", spread=16)
    for x, amount in ((168, net), (198, tax)):
        sheet.value(x - 0.5, bottom - _PITCH / 2, f"¥{format_money(amount)}", 8.5, tag="", align="right")
    if index + 1 == count:
        sheet.label(49, bottom + 5, "总计", 9, align="centre", spread=16)
        sheet.value(167.5, bottom + 5, f"¥{format_money(invoice.total_excl_tax)}", 8.5, tag="", align="right")
        sheet.value(197.5, bottom + 5, f"¥{invoice.printed_tax}", 8.5, tag="", align="right")
    sheet.label(12, bottom + 13, "销售方（章）：", 10)
    sheet.label(120, bottom + 13, "填开日期：", 10)
    sheet.value(140, bottom + 13, f"{invoice.issue_date:%Y年%m月%d日}", 10, tag="", font=Font.SONG)
    seller_seal(sheet, 60, bottom + 5, invoice.seller)
    return sheet

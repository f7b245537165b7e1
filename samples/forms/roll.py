"""卷票: a narrow till roll, one column, gross prices, after the domain reference §1.3d."""

from __future__ import annotations

from models.money import format_money
from samples.fonts import Font
from samples.seals import seller_seal, supervision_seal
from samples.sheet import QrCode, Sheet, wrap
from samples.truth import InvoiceTruth

_WIDTH = 76.0


def draw(invoice: InvoiceTruth) -> list[Sheet]:
    sheet = Sheet(_WIDTH, 177.8, ink=(150, 60, 40), print_ink=(45, 40, 60), paper=(253, 252, 249))
    sheet.label(_WIDTH / 2, 11, invoice.title, 12, align="centre")
    sheet.label(_WIDTH / 2, 24.5, "发票联", 11, align="centre", spread=24)
    for y, label, value in (
        (31, "发票代码", invoice.invoice_code), (35.6, "发票号码", invoice.invoice_number),
    ):  # fmt: skip
        sheet.label(8, y, label, 10)
        sheet.label(27, y, value or "", 10, font=Font.SONG)
    y = 43.0
    for label, value in (
        ("机打号码:", invoice.invoice_number), ("机器编号:", invoice.machine_number),
        ("销售方名称:", invoice.seller.name), ("纳税人识别号:", invoice.seller.tax_id),
        ("开票日期:", invoice.issue_date.isoformat()), ("收款员:", invoice.payee),
        ("购买方名称:", invoice.buyer.name), ("纳税人识别号:", invoice.buyer.tax_id),
    ):  # fmt: skip
        for row in wrap(f"{label}{value or ''}", Font.SONG, 9, 62):
            sheet.value(7, y, row, 9, tag="")
            y += 4.6
    y = _items(sheet, invoice, y + 1.5)
    sheet.value(7, y, f"合计金额（小写）:¥{format_money(invoice.total_incl_tax)}", 9, tag="")
    sheet.value(7, y + 4.6, f"合计金额（大写）:{invoice.total_in_words}", 9, tag="", room=62)
    check = " ".join((invoice.check_code or "")[i : i + 5] for i in range(0, 20, 5))
    sheet.value(7, y + 10.5, f"校验码:{check}", 9, tag="", room=62)
    if invoice.qr:
        sheet.steps.append(QrCode(x=(_WIDTH - 24) / 2, y=y + 14, size=24, payload=invoice.qr, colour=sheet.print_ink))
    supervision_seal(sheet, _WIDTH / 2, 18, invoice.area.bureau)
    seller_seal(sheet, 50, min(y + 48, 160), invoice.seller)
    return [sheet]


def _items(sheet: Sheet, invoice: InvoiceTruth, y: float) -> float:
    for x, text in ((7, "项目"), (30, "单价"), (46, "数量"), (60, "金额")):
        sheet.value(x, y, text, 9, tag="")
    for line in invoice.lines:
        y += 4.6
        for row in wrap(line.item_name, Font.SONG, 9, 62):
            sheet.value(7, y, row, 9, tag="")
            y += 4.4
        for x, cell in ((30, line.unit_price), (46, line.quantity), (60, line.amount_incl_tax)):
            sheet.value(x, y, cell, 9, tag="")
    return y + 6.5

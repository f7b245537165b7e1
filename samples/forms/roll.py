"""卷票: a narrow till roll of 76 or 57 mm, one column, gross prices, after the domain reference §1.3d."""

from __future__ import annotations

from dataclasses import dataclass

from models.kinds import InvoiceKind
from models.money import format_money
from samples.fonts import Font
from samples.forms.form import PAPER, Form
from samples.seals import seller_seal, supervision_seal
from samples.sheet import QrCode, Sheet, wrap
from samples.truth import InvoiceTruth, Trait


@dataclass(frozen=True, slots=True)
class _Roll:
    """One of the two widths: margin, size of the print and where the three figures of a row begin."""

    width: float
    margin: float
    size: float
    figures: tuple[float, float, float]

    @property
    def room(self) -> float:
        return self.width - 2 * self.margin


_WIDE = _Roll(76.0, 7.0, 9.0, (30, 46, 60))
_NARROW = _Roll(57.0, 4.0, 7.5, (20, 33, 43))


def draw(invoice: InvoiceTruth) -> list[Sheet]:
    roll = _NARROW if Trait.NARROW_ROLL in invoice.traits else _WIDE
    middle, left, size = roll.width / 2, roll.margin, roll.size
    sheet = Sheet(roll.width, 177.8, ink=(150, 60, 40), print_ink=(45, 40, 60), paper=(253, 252, 249))
    sheet.label(middle, 11, invoice.title, 12 if roll is _WIDE else 9.5, align="centre")
    sheet.label(middle, 24.5, "发票联", 11, align="centre", spread=24)
    for y, label, value in (
        (31, "发票代码", invoice.invoice_code), (35.6, "发票号码", invoice.invoice_number),
    ):  # fmt: skip
        sheet.label(left + 1, y, label, 10)
        sheet.label(left + 20, y, value or "", 10, font=Font.SONG)
    y = 43.0
    for label, value in (
        ("机打号码:", invoice.invoice_number), ("机器编号:", invoice.machine_number),
        ("销售方名称:", invoice.seller.name), ("纳税人识别号:", invoice.seller.tax_id),
        ("开票日期:", invoice.issue_date.isoformat()), ("收款员:", invoice.payee),
        ("购买方名称:", invoice.buyer.name), ("纳税人识别号:", invoice.buyer.tax_id),
    ):  # fmt: skip
        for row in wrap(f"{label}{value or ''}", Font.SONG, size, roll.room):
            sheet.value(left, y, row, size, tag="")
            y += 4.6
    y = _items(sheet, invoice, roll, y + 1.5)
    sheet.value(left, y, f"合计金额（小写）:¥{format_money(invoice.total_incl_tax)}", size, tag="")
    sheet.value(left, y + 4.6, f"合计金额（大写）:{invoice.total_in_words}", size, tag="", room=roll.room)
    check = " ".join((invoice.check_code or "")[i : i + 5] for i in range(0, 20, 5))
    sheet.value(left, y + 10.5, f"校验码:{check}", size, tag="", room=roll.room)
    if invoice.qr:
        code = QrCode(x=(roll.width - 24) / 2, y=y + 14, size=24, payload=invoice.qr, colour=sheet.print_ink)
        sheet.steps.append(code)
    supervision_seal(sheet, middle, 18, invoice.area.bureau)
    seller_seal(sheet, roll.width - 26, min(y + 48, 160), invoice.seller)
    return [sheet]


def _items(sheet: Sheet, invoice: InvoiceTruth, roll: _Roll, y: float) -> float:
    for x, text in zip((roll.margin, *roll.figures), ("项目", "单价", "数量", "金额"), strict=True):
        sheet.value(x, y, text, roll.size, tag="")
    for line in invoice.lines:
        y += 4.6
        for row in wrap(line.item_name, Font.SONG, roll.size, roll.room):
            sheet.value(roll.margin, y, row, roll.size, tag="")
            y += 4.4
        figures = (line.unit_price, line.quantity, line.amount_incl_tax)
        for x, cell in zip(roll.figures, figures, strict=True):
            sheet.value(x, y, cell, roll.size, tag="")
    return y + 6.5


FORMS = (Form(kind=InvoiceKind.ORDINARY_ROLL, draw=draw, media=PAPER, traits=(Trait.NARROW_ROLL,), weight=6),)

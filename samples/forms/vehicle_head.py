"""What the invoices for new and for used vehicles print alike: the head of the 数电 form, and on paper the printed code
and number, their second printing by the machine, and 税控码."""

from __future__ import annotations

from dataclasses import dataclass

from samples.fonts import Font
from samples.seals import supervision_seal
from samples.sheet import QrCode, Sheet
from samples.truth import InvoiceTruth


def electronic_head(invoice: InvoiceTruth, height: float) -> Sheet:
    """A sheet of 数电 form with its title, number, date, QR code and seal."""
    sheet = Sheet(210, height, ink=(128, 0, 0))
    sheet.label(105, 11.4, invoice.title, 18, align="centre")
    for y in (18.0, 19.0):
        sheet.rule(60, y, 150, y)
    sheet.label(154.5, 12.8, "发票号码：", 9.4)
    sheet.value(170, 12.8, invoice.invoice_number, 9, tag="InvoiceNo")
    sheet.label(154.5, 18.9, "开票日期：", 9.4)
    sheet.value(170, 18.9, f"{invoice.issue_date:%Y年%m月%d日}", 9, tag="IssueDate")
    if invoice.qr:
        sheet.steps.append(QrCode(x=6.5, y=6, size=20, payload=invoice.qr))
    supervision_seal(sheet, 104, 17.6, invoice.area.bureau)
    return sheet


@dataclass(frozen=True, slots=True)
class PaperHead:
    """Where the head of a paper form has its lines, in millimetres from the top."""

    ink: tuple[int, int, int]
    title: float
    box: tuple[float, float]  #: of the machine's printing
    printed: tuple[float, float, float]  #: 机打代码, 机打号码, 机器编号
    cipher: tuple[float, float, int]  #: first line, step, count
    seal: float
    code_size: float


def paper_head(invoice: InvoiceTruth, head: PaperHead) -> Sheet:
    """A sheet of paper form down to the grid; 数电纸质 has its 20 digits where older paper has 税控码."""
    sheet = Sheet(240, 178, ink=head.ink, print_ink=(38, 52, 150), paper=(252, 251, 248))
    sheet.label(120, head.title, invoice.title, 20, align="centre", spread=84)
    sheet.label(120, head.title + 11, "发票联", 13, align="centre", spread=36)
    sheet.label(166, head.title + 7, f"发票代码 {invoice.invoice_code}", 12, font=Font.SONG)
    sheet.label(166, head.title + 13.5, f"发票号码 {invoice.invoice_number}", 12, font=Font.SONG)
    again = (
        ("机打代码", invoice.invoice_code),
        ("机打号码", invoice.invoice_number),
        ("机器编号", invoice.machine_number),
    )
    for y, (label, value) in zip(head.printed, again, strict=True):
        sheet.label(20, y, label, 9)
        sheet.value(40, y, value, 9.5, tag="")
    if invoice.extra.get("digital_invoice_number"):
        sheet.value(114, head.printed[1], invoice.extra["digital_invoice_number"], 13, tag="", font=Font.COURIER)
    else:
        first, step, count = head.cipher
        for index in range(count):
            row = "".join(f"{(index * 7 + k * 3) % 10}" if k % 4 else "<*>+-/"[(index + k) % 6] for k in range(38))
            sheet.value(112, first + step * index, row, 9.5, tag="", font=Font.COURIER)
    for at in (18, 94, 100, 222):
        sheet.rule(at, head.box[0], at, head.box[1])
    sheet.column(97, head.box[0] + 1, head.box[1] - 1, "税控码")
    supervision_seal(sheet, 120, head.seal, invoice.area.name + invoice.area.bureau, old=True)
    if invoice.qr:
        sheet.steps.append(QrCode(x=22, y=8, size=head.code_size, payload=invoice.qr))
    return sheet

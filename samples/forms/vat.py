"""The old form: 电子普票/电子专票 on 210 × 140 mm and paper 专票/普票, after the domain reference §1.3a–b.

Both share the ruled frame of 201 × 94 mm; they differ in the head, the ink and the seals.
"""

from __future__ import annotations

from dataclasses import dataclass

from models.kinds import InvoiceKind
from models.money import format_money
from samples.fonts import Font
from samples.forms import goods_list
from samples.forms.form import PAPER, PICTURES, Form
from samples.forms.rows import Column, draw_rows
from samples.seals import seller_seal, supervision_seal
from samples.sheet import Align, Colour, Oval, QrCode, Sheet, wrap
from samples.truth import Defect, InvoiceTruth, Medium, Party, Trait, TruthLine

BROWN: Colour = (156, 82, 35)
GREEN: Colour = (36, 110, 60)
BLUE_INK: Colour = (38, 52, 150)
_WIDTH, _HEIGHT = 201.0, 94.0
_SPLITS = (0.0, 0.26, 0.39, 0.45, 0.55, 0.65, 0.80, 0.855, 1.0)
_NAMES = ("item_name", "specification", "unit", "quantity", "unit_price", "amount_excl_tax", "tax_rate", "tax_amount")
_TAGS = ("Item", "Specification", "MeasurementDimension", "Quantity", "Price", "Amount", "TaxScheme", "TaxAmount")
_ALIGN: tuple[Align, ...] = ("left", "left", "centre", "right", "right", "right", "centre", "right")
_HEADS = (
    ("货物或应税劳务、服务名称", 0.0), ("规格型号", 0.0), ("单位", 0.0), ("数量", 8.0), ("单价", 8.0), ("金额", 9.0),
    ("税率", 0.0), ("税额", 9.0),
)  # fmt: skip
_TOLL_HEADS = (
    ("项目名称", 0.0), ("车牌号", 0.0), ("类型", 0.0), ("通行日期起", 0.0), ("通行日期止", 0.0), ("金额", 9.0),
    ("税率", 0.0), ("税额", 9.0),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Frame:
    """The ruled table; shares of it as in the domain reference, y below 0 above the table."""

    left: float
    top: float

    def x(self, share: float) -> float:
        return self.left + share * _WIDTH

    def y(self, share: float) -> float:
        return self.top + share * _HEIGHT


def draw(invoice: InvoiceTruth) -> list[Sheet]:
    """The e-invoice, followed by the pages of its 清单 if it has one."""
    sheet = Sheet(210, 140, ink=BROWN)
    left, top = 4.5, 30.0
    sheet.label(105, 12.5, invoice.title, 19, align="centre")
    for y in (18.6, 19.4):
        sheet.rule(67, y, 143, y)
    supervision_seal(sheet, 105, 18.5, invoice.area.bureau)
    if invoice.qr:
        sheet.steps.append(QrCode(x=8, y=6, size=18, payload=invoice.qr))
    if invoice.kind is not InvoiceKind.BLOCKCHAIN_SZ:
        sheet.label(6, 27.2, "机器编号:", 9)
    sheet.value(22, 27.2, invoice.machine_number, 9, tag="MachineNo")
    gap = "" if Defect.CHECK_CODE_CLOSED in invoice.defects else " "
    check = gap.join((invoice.check_code or "")[i : i + 5] for i in range(0, 20, 5))
    for y, text, spread, value, tag in (
        (9.2, "发票代码:", 0.0, invoice.invoice_code, "InvoiceCode"),
        (14.6, "发票号码:", 0.0, invoice.invoice_number, "InvoiceNo"),
        (20.1, "开票日期:", 0.0, f"{invoice.issue_date:%Y年%m月%d日}", "IssueDate"),
        (25.6, "校验码:", 14.3, check, "InvoiceCheckCode"),
    ):
        sheet.label(148, y, text, 9, spread=spread)
        sheet.value(163.5, y, value.strip() if value else None, 9, tag=tag)
    if invoice.corner_mark:
        sheet.label(40, 18.5, invoice.corner_mark, 13, layer="print")
    _frame(sheet, invoice, left, top)
    seller_seal(sheet, 182, 118, invoice.seller)
    return [sheet, *goods_list.draw(invoice, BROWN)]


def draw_paper(invoice: InvoiceTruth) -> list[Sheet]:
    """发票联 of a paper invoice on its continuous form with punched edges."""
    ink = GREEN if invoice.extra.get("copy") == "抵扣联" else BROWN
    sheet = Sheet(241, 140, ink=ink, print_ink=BLUE_INK, tractor_holes=True, paper=(252, 251, 248))
    left, top = 21.0, 31.5
    at = _Frame(left, top)
    sheet.label(at.x(0.495), at.y(-0.225), invoice.title, 19, align="centre", spread=62)
    for y in (0.148, 0.138):
        sheet.rule(at.x(0.33), at.y(-y), at.x(0.66), at.y(-y))
    sheet.label(at.x(0.495), at.y(-0.075), invoice.extra.get("copy", "发票联"), 13, align="centre", spread=34)
    sheet.label(at.x(0.11), at.y(-0.195), invoice.invoice_code or "", 17, font=Font.SONG, colour=(60, 60, 60))
    sheet.label(at.x(0.69), at.y(-0.20), "№", 17, font=Font.SONG, colour=(60, 60, 60))
    sheet.label(at.x(0.735), at.y(-0.20), invoice.invoice_number, 18, font=Font.SONG, colour=(30, 60, 170))
    sheet.value(at.x(0.90), at.y(-0.225), invoice.invoice_code, 9, tag="InvoiceCode", font=Font.COURIER)
    sheet.value(at.x(0.90), at.y(-0.175), invoice.invoice_number, 9, tag="InvoiceNo", font=Font.COURIER)
    sheet.label(at.x(0.735), at.y(-0.07), "开票日期：", 10)
    sheet.value(at.x(0.84), at.y(-0.07), f"{invoice.issue_date:%Y年%m月%d日}", 10, tag="IssueDate")
    if invoice.qr:
        sheet.steps.append(QrCode(x=at.x(0.005), y=at.y(-0.23), size=17, payload=invoice.qr, colour=BLUE_INK))
    if invoice.check_code and Defect.CHECK_CODE_IN_REMARKS not in invoice.defects:
        check = " ".join(invoice.check_code[i : i + 5] for i in range(0, 20, 5))
        sheet.value(at.x(0.10), at.y(-0.055), f"校验码 {check}", 9, tag="InvoiceCheckCode")
    if invoice.machine_number:
        sheet.value(at.x(0.10), at.y(-0.115), f"机器编号:{invoice.machine_number}", 8, tag="MachineNo")
    if invoice.corner_mark:
        sheet.value(at.x(0.235), at.y(-0.11), invoice.corner_mark, 12, tag="")
    _frame(sheet, invoice, left, top)
    copy = "第二联：抵扣联 购买方扣税凭证" if ink == GREEN else "第二联：发票联 购买方记账凭证"
    sheet.column(left + _WIDTH + 3.4, top + 4, top + 84, copy, 8)
    sheet.column(left - 3.6, top + 10, top + 82, "税总印制样张不作凭证使用", 7)
    supervision_seal(sheet, at.x(0.495), at.y(-0.15), invoice.area.name + invoice.area.bureau, old=True)
    seller_seal(sheet, at.x(0.83), at.y(0.94), invoice.seller)
    return [sheet]


def _frame(sheet: Sheet, invoice: InvoiceTruth, left: float, top: float) -> None:
    """The ruled table with everything in it; fractions of the frame as in the domain reference."""
    right = left + _WIDTH
    at = _Frame(left, top)
    sheet.box(left, top, right, top + _HEIGHT, 0.4)
    for share in (0.234, 0.70, 0.787):
        sheet.rule(left, at.y(share), right, at.y(share), 0.4)
    for start, end in ((0.0, 0.234), (0.787, 1.0)):
        for share in (0.037, 0.58, 0.60):
            sheet.rule(at.x(share), at.y(start), at.x(share), at.y(end))
    for share in _SPLITS[1:-1]:
        sheet.rule(at.x(share), at.y(0.234), at.x(share), at.y(0.70))
    sheet.rule(at.x(0.26), at.y(0.70), at.x(0.26), at.y(0.787))
    _party(sheet, invoice.buyer, left, (at.y(0.0), at.y(0.234)), tag="Buyer")
    _party(sheet, invoice.seller, left, (at.y(0.787), at.y(1.0)), tag="Seller")
    sheet.column(at.x(0.59), at.y(0.02), at.y(0.22), "密码区")
    for index, row in enumerate(invoice.cipher or ()):
        sheet.value(at.x(0.622), at.y(0.033 + 0.055 * index), row, 11.5, tag="TaxControlCode", font=Font.COURIER)
    digital_number = invoice.extra.get("digital_invoice_number")
    sheet.value(at.x(0.65), at.y(0.11), digital_number, 13, tag="", font=Font.COURIER)
    _items(sheet, invoice, left, top)
    sheet.label(at.x(0.13), at.y(0.665), "合计", 9, align="centre", spread=16)
    for share, text, tag in (
        (0.797, format_money(invoice.total_excl_tax), "TaxExclusiveTotalAmount"),
        (0.997, invoice.printed_tax, "TaxTotalAmount"),
    ):
        sign = "" if text == "***" else "¥"
        sheet.value(at.x(share), at.y(0.67), f"{sign}{text}", 10, align="right", tag=tag)
    sheet.label(at.x(0.13), at.y(0.743), "价税合计（大写）", 9, align="centre")
    sheet.label(at.x(0.74), at.y(0.743), "（小写）", 9)
    sheet.steps.append(
        Oval(x=at.x(0.275), y=at.y(0.743), rx=2, ry=2, width=0.3, colour=sheet.print_ink, layer="print", cross=True)
    )
    sheet.value(at.x(0.30), at.y(0.743), invoice.total_in_words, 10, tag="TaxInclusiveTotalAmountWithWords")
    sheet.value(at.x(0.81), at.y(0.743), f"¥{format_money(invoice.total_incl_tax)}", 11, tag="TaxInclusiveTotalAmount")
    sheet.column(at.x(0.59), at.y(0.81), at.y(0.98), "备注")
    for index, row in enumerate(_remarks(invoice)):
        sheet.value(at.x(0.605), at.y(0.815 + 0.042 * index), row, 9, tag="Note")
    for share, text, value, tag in (
        (0.02, "收款人:", invoice.payee, "Payee"),
        (0.30, "复核:", invoice.reviewer, "Checker"),
        (0.52, "开票人:", invoice.drawer, "InvoiceClerk"),
        (0.72, "销售方:（章）", None, ""),
    ):
        sheet.label(at.x(share), at.y(1.035), text, 9, spread=14.0 if len(text) < 5 else 0.0)
        sheet.value(at.x(share) + 16, at.y(1.035), value, 9, tag=tag)


def _party(sheet: Sheet, party: Party, left: float, rows: tuple[float, float], *, tag: str) -> None:
    top, height = rows[0], rows[1] - rows[0]
    sheet.column(left + 3.7, top + 1.5, top + height - 1.5, "购买方" if tag == "Buyer" else "销售方")
    x = left + 9
    for index, (label, value, name) in enumerate(
        (
            ("名称:", party.name, "Name"),
            ("纳税人识别号:", party.tax_id, "TaxID"),
            ("地址、电话:", party.address_phone, "AddrTel"),
            ("开户行及账号:", party.bank_account, "FinancialAccount"),
        )
    ):
        y = top + height * (0.12 + 0.25 * index)
        sheet.label(x, y, label, 9, spread=21.5)
        font, size = (Font.COURIER, 12.0) if name == "TaxID" else (Font.SONG, 9.0)
        sheet.value(x + 24, y, value, size, tag=f"{tag}{name}", font=font, room=82)


def _items(sheet: Sheet, invoice: InvoiceTruth, left: float, top: float) -> None:
    toll = invoice.kind is InvoiceKind.TOLL_E
    columns: list[Column] = []
    for index, (text, spread) in enumerate(_TOLL_HEADS if toll else _HEADS):
        start, end = left + _SPLITS[index] * _WIDTH, left + _SPLITS[index + 1] * _WIDTH
        size = 8.0 if text.startswith("通行日期") else 9.0
        sheet.label((start + end) / 2, top + 0.262 * _HEIGHT, text, size, align="centre", spread=spread)
        edge = {"left": start + 0.5, "right": end - 0.5, "centre": (start + end) / 2}[_ALIGN[index]]
        columns.append(Column(_NAMES[index], edge, end - start - 1, _ALIGN[index], _TAGS[index]))
    draw_rows(sheet, _face_lines(invoice), tuple(columns), top + 0.295 * _HEIGHT)


def _remarks(invoice: InvoiceTruth) -> list[str]:
    rows = wrap(invoice.remarks, Font.SONG, 9, 74) if invoice.remarks else []
    if Defect.CHECK_CODE_IN_REMARKS in invoice.defects and invoice.check_code:
        rows.insert(0, "校验码 " + " ".join(invoice.check_code[i : i + 5] for i in range(0, 20, 5)))
    return rows


def _face_lines(invoice: InvoiceTruth) -> tuple[TruthLine, ...]:
    if Trait.GOODS_LIST not in invoice.traits:
        return invoice.lines
    return (
        TruthLine(
            item_name="(详见销货清单)",
            amount_excl_tax=format_money(invoice.total_excl_tax),
            tax_rate=invoice.lines[0].tax_rate,
            tax_amount=invoice.printed_tax,
        ),
    )


_ELECTRONIC = (Medium.PDF, Medium.OFD, Medium.XML, *PICTURES)
_E_TRAITS = (Trait.DISCOUNT, Trait.TAX_FREE, Trait.ON_BEHALF, Trait.RED, Trait.GOODS_LIST, Trait.PERSONAL)
_PAPER_TRAITS = (Trait.DISCOUNT, Trait.TAX_FREE, Trait.PERSONAL)
FORMS = (
    Form(kind=InvoiceKind.ORDINARY_E, draw=draw, media=_ELECTRONIC, traits=_E_TRAITS, weight=14),
    Form(kind=InvoiceKind.SPECIAL_E, draw=draw, media=_ELECTRONIC, traits=(Trait.DISCOUNT, Trait.GOODS_LIST), weight=8),
    Form(kind=InvoiceKind.TOLL_E, draw=draw, media=_ELECTRONIC, weight=6),
    Form(
        kind=InvoiceKind.BLOCKCHAIN_SZ,
        draw=draw,
        media=(Medium.PDF, *PICTURES),
        traits=(Trait.DISCOUNT, Trait.TAX_FREE),
    ),
    Form(kind=InvoiceKind.SPECIAL_PAPER, draw=draw_paper, media=PAPER, traits=(Trait.DISCOUNT,), weight=12),
    Form(kind=InvoiceKind.ORDINARY_PAPER, draw=draw_paper, media=PAPER, traits=_PAPER_TRAITS, weight=12),
    Form(kind=InvoiceKind.DIGITAL_PAPER_SPECIAL, draw=draw_paper, media=PAPER, traits=(Trait.DISCOUNT,)),
    Form(kind=InvoiceKind.DIGITAL_PAPER_ORDINARY, draw=draw_paper, media=PAPER, traits=_PAPER_TRAITS),
)

"""数电票 on 210 × 140 mm (595 × 397 pt), after the domain reference §1.3c: one page, or several with 小计."""

from __future__ import annotations

from decimal import Decimal

from models.money import format_money
from samples.fonts import Font
from samples.forms.rows import Column, draw_rows, row_count
from samples.seals import supervision_seal
from samples.sheet import Oval, QrCode, Sheet, wrap
from samples.truth import InvoiceTruth, Party, Trait, TruthLine

MAROON = (128, 0, 0)
_PITCH = 4.2
_ROWS_PER_PAGE = 7
_COLUMNS = (
    Column("item_name", 5.0, 35.5, "left", "Item"),
    Column("specification", 42.0, 23.0, "left", "Specification"),
    Column("unit", 71.0, 10.0, "centre", "MeasurementDimension"),
    Column("quantity", 99.0, 25.0, "right", "Quantity"),
    Column("unit_price", 124.5, 25.0, "right", "Price"),
    Column("amount_excl_tax", 152.0, 26.0, "right", "Amount"),
    Column("tax_rate", 166.0, 16.0, "centre", "TaxScheme"),
    Column("tax_amount", 205.0, 28.0, "right", "TaxAmount"),
)
_HEADS = (
    (16, "项目名称", 0.0), (42.2, "规格型号", 0.0), (67, "单位", 9.5), (93, "数量", 9.5), (118, "单价", 9.5),
    (143.4, "金额", 9.5), (157.5, "税率/征收率", 0.0), (194.4, "税额", 9.5),
)  # fmt: skip


_PASSENGER_COLUMNS = (
    Column("item_name", 5.0, 50.0, "left", "Item"),
    Column("unit_price", 82.0, 24.0, "right", "Price"),
    Column("quantity", 111.0, 20.0, "right", "Quantity"),
    *_COLUMNS[5:],
)
_PASSENGER_HEADS = ((27.0, "项目名称", 0.0), (72.0, "单价", 9.5), (104.0, "数量", 9.5), *_HEADS[5:])
_JOURNEY = (
    (12, "出行人", "traveller"), (36, "有效身份证件号", "traveller_id"), (70, "出行日期", "travel_date"),
    (101, "出发地", "travel_from"), (133, "到达地", "travel_to"), (166, "等级", "travel_class"),
    (184, "交通工具类型", "travel_by"),
)  # fmt: skip


def draw(invoice: InvoiceTruth) -> list[Sheet]:
    pages = _pages(invoice.lines)
    return [_draw_page(invoice, lines, index + 1, len(pages)) for index, lines in enumerate(pages)]


def _pages(lines: tuple[TruthLine, ...]) -> list[tuple[TruthLine, ...]]:
    pages: list[list[TruthLine]] = [[]]
    used = 0
    for line in lines:
        rows = row_count(line, _COLUMNS, 9)
        if used + rows > _ROWS_PER_PAGE and pages[-1]:
            pages.append([])
            used = 0
        pages[-1].append(line)
        used += rows
    return [tuple(page) for page in pages]


def _draw_page(invoice: InvoiceTruth, lines: tuple[TruthLine, ...], page: int, count: int) -> Sheet:
    sheet = Sheet(210, 140, ink=MAROON)
    _head(sheet, invoice, page, count)
    _party(sheet, invoice.buyer, 4.5, "购买方信息", "Buyer")
    _party(sheet, invoice.seller, 105.0, "销售方信息", "Seller")
    passenger = Trait.PASSENGER in invoice.traits
    for x, text, spread in _PASSENGER_HEADS if passenger else _HEADS:
        sheet.label(x, 54.6, text, 9, spread=spread)
    draw_rows(sheet, lines, _PASSENGER_COLUMNS if passenger else _COLUMNS, 56.9, pitch=_PITCH)
    last = page == count
    y = 74.5 if passenger else 93.4
    if passenger:
        _journey(sheet, invoice)
    if count > 1:
        at = 88.6 if last else y
        sheet.label(20.5, at, "小计", 9, spread=18)
        _sums(sheet, at, *_subtotal(lines), tagged=False)
    if last:
        sheet.label(20.5, y, "合计", 9, spread=18)
        _sums(sheet, y, format_money(invoice.total_excl_tax), invoice.printed_tax, tagged=True)
    _foot(sheet, invoice, last)
    return sheet


def _journey(sheet: Sheet, invoice: InvoiceTruth) -> None:
    """Label at the top left, and the traveller table between totals and words."""
    sheet.label(33, 16.2, "旅客运输服务", 9, layer="print", font=Font.SONG)
    for y in (77.0, 81.5):
        sheet.rule(4.5, y, 205.5, y)
    for x, head, name in _JOURNEY:
        sheet.label(x, 79.3, head, 9)
        sheet.value(x, 84.5, invoice.extra.get(name), 8, tag="")


def _head(sheet: Sheet, invoice: InvoiceTruth, page: int, count: int) -> None:
    if invoice.qr:
        sheet.steps.append(QrCode(x=6.5, y=6, size=20, payload=invoice.qr))
    sheet.label(105, 11.4, invoice.title, 20, align="centre", font=Font.KAI)
    for y in (18.0, 19.0):
        sheet.rule(65.5, y, 138.5, y)
    supervision_seal(sheet, 104, 17.6, invoice.area.bureau)
    sheet.label(154.5, 12.8, "发票号码：", 9.4)
    sheet.value(170, 12.8, invoice.invoice_number, 9, tag="InvoiceNo")
    sheet.label(154.5, 18.9, "开票日期：", 9.4)
    sheet.value(170, 18.9, f"{invoice.issue_date:%Y年%m月%d日}", 9, tag="IssueDate")
    if count > 1:
        sheet.label(177, 25, f"共{count}页 第{page}页", 9)
    for y in (29.9, 51.9, 95.9, 103.9, 123.9):
        sheet.rule(4.5, y, 205.5, y)
    for x, top, bottom in ((4.5, 29.9, 123.9), (205.5, 29.9, 123.9), (10.7, 29.9, 51.9), (105, 29.9, 51.9),
                           (111.2, 29.9, 51.9), (56.5, 95.9, 103.9), (10.7, 103.9, 123.9)):  # fmt: skip
        sheet.rule(x, top, x, bottom)


def _party(sheet: Sheet, party: Party, left: float, side: str, tag: str) -> None:
    sheet.column(left + 3.1, 31, 51, side)
    sheet.label(left + 7, 34.6, "名称：", 9)
    sheet.value(left + 16.4, 34.6, party.name, 9, tag=f"{tag}Name", room=77)
    sheet.label(left + 7, 46.2, "统一社会信用代码/纳税人识别号：", 7.8)
    sheet.value(left + 49.6, 46.2, party.tax_id, 12, tag=f"{tag}TaxID", font=Font.COURIER)


def _sums(sheet: Sheet, y: float, net: str, tax: str, *, tagged: bool) -> None:
    for x, text, tag in ((152.0, net, "TaxExclusiveTotalAmount"), (205.0, tax, "TaxTotalAmount")):
        sign = "" if text == "***" else "¥"
        sheet.value(x, y, f"{sign}{text}", 9, align="right", tag=tag if tagged else "")


def _subtotal(lines: tuple[TruthLine, ...]) -> tuple[str, str]:
    net = sum((Decimal(line.amount_excl_tax or "0") for line in lines), Decimal())
    taxes = [Decimal(line.tax_amount) for line in lines if line.tax_amount not in (None, "***")]
    return format_money(net), format_money(sum(taxes, Decimal())) if taxes else "***"


def _foot(sheet: Sheet, invoice: InvoiceTruth, last: bool) -> None:
    sheet.label(17, 99.9, "价税合计（大写）", 9)
    sheet.label(143.5, 99.9, "（小写）", 9)
    if last:
        sheet.steps.append(
            Oval(x=60.4, y=99.9, rx=2, ry=2, width=0.3, colour=sheet.print_ink, layer="print", cross=True)
        )
        sheet.value(63.2, 99.9, invoice.total_in_words, 9, tag="TaxInclusiveTotalAmountWithWords")
        sheet.value(155.6, 99.9, f"¥{format_money(invoice.total_incl_tax)}", 11, tag="TaxInclusiveTotalAmount")
    sheet.column(7.6, 106, 122, "备注")
    if last:
        _remarks(sheet, invoice)
        sheet.label(19.5, 131.7, "开票人：", 9)
        sheet.value(32, 131.7, invoice.drawer, 9, tag="InvoiceClerk")


def _remarks(sheet: Sheet, invoice: InvoiceTruth) -> None:
    if not invoice.remarks:
        return
    for index, row in enumerate(wrap(invoice.remarks, Font.SONG, 9, 180)):
        sheet.value(12, 107 + 4 * index, row, 9, tag="Note")

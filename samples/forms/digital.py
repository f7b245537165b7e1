"""数电票 on 210 × 140 mm (595 × 397 pt), after the domain reference §1.3c: one page, or several with 小计."""

from __future__ import annotations

from decimal import Decimal

from models.kinds import InvoiceKind
from models.money import format_money
from samples.fonts import Font
from samples.forms.form import PICTURES, Form
from samples.forms.rows import draw_rows, row_count
from samples.forms.special import COLUMNS, Lower, table_of
from samples.seals import supervision_seal
from samples.sheet import Oval, QrCode, Sheet, wrap
from samples.truth import InvoiceTruth, Medium, Party, Trait, TruthLine

MAROON = (128, 0, 0)
_PITCH = 4.2
_ROWS_PER_PAGE = 7


def draw(invoice: InvoiceTruth) -> list[Sheet]:
    pages = _pages(invoice.lines)
    return [_draw_page(invoice, lines, index + 1, len(pages)) for index, lines in enumerate(pages)]


def _pages(lines: tuple[TruthLine, ...]) -> list[tuple[TruthLine, ...]]:
    pages: list[list[TruthLine]] = [[]]
    used = 0
    for line in lines:
        rows = row_count(line, COLUMNS, 9)
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
    table = table_of(invoice.traits)
    for x, text, spread in table.heads:
        sheet.label(x, 54.6, text, 9, spread=spread)
    draw_rows(sheet, lines, table.columns, 56.9, pitch=_PITCH)
    last = page == count
    y = 74.5 if table.lower else 93.4
    _special(sheet, invoice, table.lower)
    if count > 1:
        at = 88.6 if last else y
        sheet.label(20.5, at, "小计", 9, spread=18)
        _sums(sheet, at, *_subtotal(lines), tagged=False)
    if last:
        sheet.label(20.5, y, "合计", 9, spread=18)
        _sums(sheet, y, format_money(invoice.total_excl_tax), invoice.printed_tax, tagged=True)
    _foot(sheet, invoice, last)
    return sheet


def _special(sheet: Sheet, invoice: InvoiceTruth, lower: Lower) -> None:
    """Label at the top left, and for transport a second table between totals and words."""
    label = invoice.extra.get("special_business_type")
    if label:
        sheet.label(33, 16.2, label, 9, layer="print", font=Font.SONG)
    if not lower:
        return
    for y in (77.0, 81.5):
        sheet.rule(4.5, y, 205.5, y)
    for x, head, name in lower:
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
    rows = [row for line in invoice.remarks.split("\n") for row in wrap(line, Font.SONG, 9, 180)]
    for index, row in enumerate(rows):
        sheet.value(12, 107 + 4 * index, row, 9, tag="Note")


_MEDIA = (Medium.PDF, Medium.OFD, Medium.XML, *PICTURES)
_BOTH = (
    Trait.MULTI_PAGE, Trait.DISCOUNT, Trait.RED, Trait.CONSTRUCTION, Trait.FREIGHT, Trait.PROPERTY_LEASE,
    Trait.PROPERTY_SALE, Trait.OIL, Trait.VEHICLE_GOODS, Trait.VESSEL_TAX, Trait.TOLL_COLUMNS,
)  # fmt: skip
_ORDINARY = (
    Trait.TAX_FREE, Trait.PERSONAL, Trait.PASSENGER, Trait.TOLL, Trait.NOT_TAXED, Trait.ZERO_RATE, Trait.DIFFERENCE,
    Trait.FARM_PURCHASE, Trait.OWN_PRODUCE, Trait.SOLAR,
)  # fmt: skip
FORMS = (
    Form(kind=InvoiceKind.DIGITAL_ORDINARY, draw=draw, media=_MEDIA, traits=(*_BOTH, *_ORDINARY), weight=26),
    Form(kind=InvoiceKind.DIGITAL_SPECIAL, draw=draw, media=_MEDIA, traits=_BOTH, weight=20),
)

"""出租汽车发票: a narrow slip, printed labels with the meter's print beside them."""

from __future__ import annotations

from models.kinds import InvoiceKind
from models.money import format_money
from samples.fonts import Font
from samples.forms.form import PAPER, Form
from samples.seals import supervision_seal
from samples.sheet import Sheet
from samples.tickets import invent_taxi
from samples.truth import InvoiceTruth


def draw(invoice: InvoiceTruth) -> list[Sheet]:
    sheet = Sheet(58, 140, ink=(120, 40, 36), print_ink=(40, 34, 120), paper=(253, 253, 252))
    sheet.label(29, 9, invoice.area.name, 12, align="centre", spread=14, colour=(40, 40, 40))
    sheet.label(29, 14.5, invoice.title.removeprefix(invoice.area.name), 11, align="centre", colour=(40, 40, 40))
    sheet.label(29, 20.5, "发票联", 11, align="centre", colour=(40, 40, 40))
    sheet.label(5, 29, "发票代码:", 9)
    sheet.label(21, 29, invoice.invoice_code or "", 11, font=Font.SANS, colour=(210, 60, 60))
    sheet.label(5, 35, "发票号码:", 9)
    sheet.label(21, 35, invoice.invoice_number, 11.5, font=Font.SANS, colour=(40, 40, 40))
    sheet.box(18, 40, 52, 46)
    sheet.label(35, 43, "机打发票 手写无效", 9, align="centre")
    rows = (
        ("车号", invoice.extra["plate"]),
        ("日期", invoice.issue_date.isoformat()),
        ("上车", invoice.extra["boarding_time"]),
        ("下车", invoice.extra["alighting_time"]),
        ("单价", invoice.extra["unit_price"]),
        ("里程", invoice.extra["distance"]),
        ("等候", invoice.extra["waiting_time"]),
        ("金额", f"¥{format_money(invoice.total_incl_tax)}"),
    )
    for index, (label, value) in enumerate(rows):
        y = 54 + 7.2 * index
        sheet.label(9, y, f"{label}:", 10, spread=14)
        sheet.value(52, y, value, 12, tag="", align="right", font=Font.SONG)
    supervision_seal(sheet, 29, 13.5, invoice.area.bureau)
    return [sheet]


FORMS = (Form(kind=InvoiceKind.TAXI, draw=draw, invent=invent_taxi, media=PAPER, weight=6),)

"""铁路电子客票 on 210 × 140 mm, light blue: fare (or 退票费) on the face, neither net nor tax."""

from __future__ import annotations

from datetime import datetime

from models.kinds import InvoiceKind
from models.money import format_money
from samples.fonts import Font
from samples.forms.form import PICTURES, Form
from samples.seals import supervision_seal
from samples.sheet import QrCode, Sheet
from samples.tickets import invent_rail
from samples.truth import InvoiceTruth, Medium


def draw(invoice: InvoiceTruth) -> list[Sheet]:
    sheet = Sheet(210, 140, ink=(20, 20, 20), paper=(222, 240, 246))
    told = invoice.extra
    departure = datetime.strptime(f"{told['travel_date']} {told['departure_time']}", "%Y-%m-%d %H:%M")
    sheet.label(105, 9.5, invoice.title, 21, align="centre", font=Font.SONG)
    sheet.value(9, 18.7, f"发票号码:{invoice.invoice_number}", 12, tag="InvoiceNo")
    sheet.value(201, 18, f"开票日期:{invoice.issue_date:%Y年%m月%d日}", 12, tag="IssueDate", align="right")
    for x, name, sound in (
        (46, told["departure_station"], told["departure_station_phonics"]),
        (154, told["destination_station"], told["destination_station_phonics"]),
    ):
        sheet.value(x, 32.5, f"{name}站", 19, tag="", align="centre")
        sheet.value(x, 40.3, sound, 12, tag="", align="centre")
    sheet.value(100.5, 32.7, told["train_number"], 15, tag="", align="centre")
    sheet.rule(91, 36.4, 110, 36.4, 0.5)
    sheet.value(9, 49, f"{departure:%Y年%m月%d日}", 12, tag="")
    sheet.value(44, 49, f"{departure:%H:%M}开", 12, tag="")
    sheet.value(75, 49, f"{told['carriage']}车{told['seat']}", 12, tag="")
    sheet.value(127, 49, told["seat_class"], 12, tag="")
    label = {"退": "退票费:", "改": "票价:"}.get(told["business_type"], "票价:")
    sheet.value(9, 61, label, 12, tag="")
    sheet.value(
        26 if told["business_type"] == "退" else 20, 61, f"￥{format_money(invoice.total_incl_tax)}", 17, tag="Fare"
    )
    sheet.value(9, 80, told["passenger_id"], 12, tag="")
    sheet.value(75, 80, told["passenger_name"], 12, tag="")
    sheet.value(9, 100.5, f"电子客票号:{told['e_ticket_number']}", 12, tag="")
    sheet.value(9, 109, f"购买方名称:{invoice.buyer.name}", 12, tag="BuyerName", room=112)
    if invoice.buyer.tax_id:
        sheet.value(201, 109, f"统一社会信用代码:{invoice.buyer.tax_id}", 12, tag="BuyerTaxID", align="right")
    if told["business_type"] == "改":
        sheet.value(160, 49, "始发改签", 12, tag="")
    sheet.box(10, 120, 200, 133, 0.3)
    for y, text in ((124, "买票请到12306 发货请到95306"), (129.5, "中国铁路祝您旅途愉快")):
        sheet.label(105, y, text, 12, align="centre", font=Font.SONG)
    if invoice.qr:
        sheet.steps.append(QrCode(x=172, y=59.5, size=20, payload=invoice.qr))
    supervision_seal(sheet, 105, 15, invoice.area.bureau)
    return [sheet]


FORMS = (
    Form(kind=InvoiceKind.RAIL_E, draw=draw, invent=invent_rail, media=(Medium.PDF, Medium.XML, *PICTURES), weight=7),
)

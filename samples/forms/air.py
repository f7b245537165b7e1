"""电子发票（航空运输电子客票行程单）: passenger, legs, amounts with CNY, ticket number, buyer at the foot."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from models.kinds import KINDS, InvoiceKind
from models.money import format_money
from samples import codes
from samples.companies import new_company, new_person
from samples.fonts import Font
from samples.forms.form import PICTURES, Form
from samples.forms.grid import Grid, lab, val
from samples.items import cents
from samples.seals import supervision_seal
from samples.sheet import QrCode, Sheet
from samples.truth import InvoiceTruth, Medium, Party
from samples.words import in_words

_AIRPORTS = ("北京首都", "上海虹桥", "广州白云", "深圳宝安", "成都天府", "西安咸阳", "杭州萧山", "厦门高崎")
_CARRIERS = (("国航", "CA"), ("东航", "MU"), ("南航", "CZ"), ("海航", "HU"))
_LEG_HEADS = (
    (50, "承运人"), (66, "航班号"), (82, "座位等级"), (102, "日期"), (122, "时间"), (142, "客票级别/客票类别"),
    (163, "客票生效日期"), (181, "有效截止日期"), (197, "免费行李"),
)  # fmt: skip


def invent(rng: Random, kind: InvoiceKind, issued: date, buyer: Party) -> InvoiceTruth:
    area = rng.choice(codes.AREAS)
    seller = new_company(rng, "air", area)
    fare, fuel = Decimal(rng.randint(30, 320) * 10), Decimal(rng.choice((0, 20, 40, 110)))
    paid = cents((fare + fuel) / Decimal("1.09"))
    tax = fare + fuel - paid
    net_fuel = cents(fuel / Decimal("1.09"))
    fund, other = Decimal(50), Decimal(0)
    total = fare + fuel + fund + other
    number = codes.new_number(rng, kind, area, issued)
    carrier, letters = rng.choice(_CARRIERS)
    origin, target = rng.sample(_AIRPORTS, 2)
    travel = issued - timedelta(days=rng.randint(1, 20))
    extra = {
        "passenger_name": new_person(rng),
        "passenger_id": f"{area.district}{rng.randint(1960, 2003)}****{codes.digits(rng, 4)}",
        "carrier": carrier,
        "flight_number": f"{letters}{rng.randint(100, 9999)}",
        "seat_class": rng.choice("YMKHBJF"),
        "travel_date": travel.isoformat(),
        "departure_time": f"{rng.randint(6, 22):02d}:{rng.choice(('05', '20', '35', '50'))}",
        "departure_place": origin,
        "arrival_place": target,
        "fare": format_money(paid - net_fuel),
        "fuel_surcharge": format_money(net_fuel),
        "tax_rate": "9%",
        "civil_aviation_fund": format_money(fund),
        "other_taxes": format_money(other),
        "e_ticket_number": f"{rng.choice(('999', '781', '784', '880'))}-{codes.digits(rng, 10)}",
        "verification_code": codes.digits(rng, 4),
        "issuing_party": seller.name,
    }
    if rng.random() < 0.4:
        extra["endorsement"] = rng.choice(("不得签转", "不得签转改退收费"))
    return InvoiceTruth(
        kind=kind,
        title=KINDS[kind].title,
        area=area,
        invoice_code=None,
        invoice_number=number,
        issue_date=issued,
        buyer=buyer,
        seller=seller,
        lines=(),
        total_excl_tax=paid,
        total_tax=tax,
        total_incl_tax=total,
        total_in_words=in_words(total),
        drawer="",
        qr=codes.qr_payload(kind, None, number, amount=format_money(total), issued=issued, check_code=None),
        extra=extra,
        without=frozenset(
            {
                "seller_name",
                "seller_tax_id",
                "total_excl_tax",
                "total_in_words",
                "remarks",
                "payee",
                "reviewer",
                "drawer",
            }
        ),
    )


def draw(invoice: InvoiceTruth) -> list[Sheet]:
    sheet = Sheet(210, 140, ink=(60, 60, 90))
    x = invoice.extra
    sheet.label(105, 9.5, invoice.title, 17, align="centre", font=Font.SONG)
    sheet.value(152, 14, f"发票号码：{invoice.invoice_number}", 9, tag="InvoiceNo")
    sheet.value(152, 19, "开票状态：正常", 9, tag="")
    sheet.value(34, 19, "国内国际标识：国内", 9, tag="")
    if invoice.qr:
        sheet.steps.append(QrCode(x=6.5, y=4, size=18, payload=invoice.qr))
    grid = Grid(sheet, 6, 198)
    top = grid.row(24, 6, lab(0.3, "旅客姓名"), lab(0.4, "有效身份证件号码"), lab(0.3, "签注"))
    top = grid.row(
        top, 8, val(0.3, x["passenger_name"], 10), val(0.4, x["passenger_id"], 10), val(0.3, x.get("endorsement"))
    )
    for at, text in _LEG_HEADS:
        sheet.label(at, top + 4, text, 7 if len(text) > 5 else 8, align="centre")
    travel = x["travel_date"]
    sheet.label(8, top + 10, "自：", 9)
    sheet.value(15, top + 10, x["departure_place"], 9, tag="")
    for at, text in (
        (50, x["carrier"]), (66, x["flight_number"]), (82, x["seat_class"]),
        (102, f"{travel[:4]}年{travel[5:7]}月{travel[8:]}日"),
        (122, x["departure_time"]), (142, x["seat_class"]), (197, "20K"),
    ):  # fmt: skip
        sheet.value(at, top + 10, text, 8.5, tag="", align="centre")
    sheet.label(8, top + 17, "至：", 9)
    sheet.value(15, top + 17, x["arrival_place"], 9, tag="")
    sheet.value(50, top + 17, "VOID", 8.5, tag="", align="centre")
    top = 66.0
    top = grid.row(
        top, 6, lab(0.14, "票价"), lab(0.14, "燃油附加费"), lab(0.14, "增值税税率"), lab(0.15, "增值税税额"),
        lab(0.15, "民航发展基金"), lab(0.12, "其他税费"), lab(0.16, "合计"),
    )  # fmt: skip
    cny = "CNY {}".format
    top = grid.row(
        top, 8, val(0.14, cny(x["fare"])), val(0.14, cny(x["fuel_surcharge"])), val(0.14, x["tax_rate"]),
        val(0.15, cny(invoice.printed_tax)), val(0.15, cny(x["civil_aviation_fund"])), val(0.12, cny(x["other_taxes"])),
        val(0.16, cny(format_money(invoice.total_incl_tax))),
    )  # fmt: skip
    top = grid.row(
        top, 8, lab(0.12, "电子客票号码", 8), val(0.22, x["e_ticket_number"]), lab(0.08, "验证码"),
        val(0.10, x["verification_code"]), lab(0.10, "提示信息"), val(0.18, None), lab(0.08, "保险费"),
        val(0.12, "XXX"),
    )  # fmt: skip
    top = grid.row(
        top, 8, lab(0.12, "销售网点代号", 8), val(0.14, "PEK001"), lab(0.10, "填开单位"),
        val(0.36, x["issuing_party"], 8.5),
        lab(0.10, "填开日期"), val(0.18, f"{invoice.issue_date:%Y年%m月%d日}"),
    )  # fmt: skip
    grid.row(
        top, 8, lab(0.12, "购买方名称"), val(0.35, invoice.buyer.name, 9),
        lab(0.26, "统一社会信用代码/纳税人识别号", 8),
        val(0.27, invoice.buyer.tax_id, 10),
    )  # fmt: skip
    supervision_seal(sheet, 105, 15, invoice.area.bureau)
    return [sheet]


FORMS = (Form(kind=InvoiceKind.AIR_E, draw=draw, invent=invent, media=(Medium.PDF, Medium.OFD, *PICTURES), weight=5),)

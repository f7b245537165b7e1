"""二手车销售统一发票: paper, 数电纸质 and 数电. Buyer, seller, the car, the market that issued it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

from models.kinds import KINDS, InvoiceKind
from models.money import format_money
from samples import codes
from samples.companies import new_company, new_person, new_person_id
from samples.forms.form import PAPER, PICTURES, Form
from samples.forms.grid import Grid, lab, val
from samples.forms.vehicle import new_vin
from samples.forms.vehicle_head import PaperHead, electronic_head, paper_head
from samples.seals import seller_seal
from samples.sheet import Sheet
from samples.truth import InvoiceTruth, Medium, Party
from samples.words import in_words

_PAPER_HEAD = PaperHead(
    ink=(90, 60, 40), title=14, box=(35, 52), printed=(38.5, 43.5, 48.5), cipher=(38.5, 4.5, 3), seal=17, code_size=18
)


def invent(rng: Random, kind: InvoiceKind, issued: date, buyer: Party) -> InvoiceTruth:
    area = rng.choice(codes.AREAS)
    person = rng.random() < 0.6
    seller = (
        Party(name=new_person(rng), tax_id=new_person_id(rng, area), area=area)
        if person
        else new_company(rng, "goods", area)
    )
    price = Decimal(rng.randint(8, 400) * 1000)
    market = new_company(rng, "vehicle", area)
    code = codes.new_invoice_code(rng, kind, area, issued)
    number = codes.new_number(rng, kind, area, issued)
    digital_number = codes.new_digital_number(rng, area, issued) if KINDS[kind].number == "code_8_and_20" else None
    extra = {
        "buyer_address": f"{buyer.area.city}市长兴街{rng.randint(1, 99)}号",
        "buyer_phone": f"1{rng.choice('3578')}{codes.digits(rng, 9)}",
        "seller_address": f"{area.city}市望江路{rng.randint(1, 99)}号",
        "seller_phone": f"1{rng.choice('3578')}{codes.digits(rng, 9)}",
        "plate": f"{rng.choice('京沪粤浙苏鲁川')}{rng.choice('ABCE')}{codes.digits(rng, 5)}",
        "registration_number": codes.digits(rng, 12),
        "vehicle_type": rng.choice(("小型轿车", "小型普通客车", "轻型厢式货车")),
        "vin": new_vin(rng),
        "brand_model": f"砚朔牌YS{rng.randint(1000, 7999)}",
        "transfer_office": f"{buyer.area.city}市公安局交通警察支队车辆管理所",
        "market_name": market.name,
        "market_tax_id": market.tax_id or "",
    }
    if digital_number:
        extra["digital_invoice_number"] = digital_number
    return InvoiceTruth(
        kind=kind,
        title=KINDS[kind].title if kind is InvoiceKind.DIGITAL_USED_VEHICLE else "二手车销售统一发票",
        area=area,
        invoice_code=code,
        invoice_number=number,
        issue_date=issued,
        machine_number=rng.choice(("6616", "4990")) + codes.digits(rng, 8)
        if kind is InvoiceKind.USED_VEHICLE
        else None,
        buyer=buyer,
        seller=seller,
        lines=(),
        total_excl_tax=price,
        total_tax=None,
        total_incl_tax=price,
        total_in_words=in_words(price),
        drawer=new_person(rng),
        qr=codes.qr_payload(
            kind, code, digital_number or number, amount=format_money(price), issued=issued, check_code=None
        )
        if kind is not InvoiceKind.USED_VEHICLE
        else None,
        extra=extra,
        without=frozenset({"total_excl_tax", "total_tax", "remarks", "payee", "reviewer"}),
    )


def draw_paper(invoice: InvoiceTruth) -> list[Sheet]:
    sheet = paper_head(invoice, _PAPER_HEAD)
    sheet.label(20, 31, "开票日期：", 10)
    sheet.value(40, 31, f"{invoice.issue_date:%Y-%m-%d}", 10, tag="")
    bottom = _rows(Grid(sheet, 18, 204), invoice, 52.0, 10.2)
    sheet.label(20, bottom + 6, "开票单位（盖章）", 9)
    sheet.label(104, bottom + 6, "开票人：", 9)
    sheet.value(118, bottom + 6, invoice.drawer, 9, tag="")
    seller_seal(sheet, 70, bottom - 6, Party(name=invoice.extra["market_name"], tax_id=None, area=invoice.area))
    return [sheet]


def draw_digital(invoice: InvoiceTruth) -> list[Sheet]:
    sheet = electronic_head(invoice, 150)
    bottom = _rows(Grid(sheet, 4.5, 201), invoice, 29.9, 9.6)
    sheet.label(19.5, bottom + 5, "开票人：", 9)
    sheet.value(32, bottom + 5, invoice.drawer, 9, tag="InvoiceClerk")
    return [sheet]


def _rows(grid: Grid, invoice: InvoiceTruth, top: float, height: float) -> float:
    x = invoice.extra
    code = "单位代码/身份证号码"
    for side, party in (("买方", invoice.buyer), ("卖方", invoice.seller)):
        name = "buyer" if side == "买方" else "seller"
        top = grid.row(
            top, height, lab(0.14, f"{side}单位/个人"), val(0.38, party.name), lab(0.18, code, 8.5),
            val(0.30, party.tax_id, 10.5),
        )  # fmt: skip
        top = grid.row(
            top, height, lab(0.18, f"{side}单位/个人住址"), val(0.44, x[f"{name}_address"]), lab(0.08, "电话"),
            val(0.30, x[f"{name}_phone"]),
        )  # fmt: skip
    top = grid.row(
        top, height, lab(0.12, "车牌照号"), val(0.18, x["plate"]), lab(0.12, "登记证号"),
        val(0.24, x["registration_number"]),
        lab(0.12, "车辆类型"), val(0.22, x["vehicle_type"]),
    )  # fmt: skip
    top = grid.row(
        top, height, lab(0.15, "车架号/\n车辆识别代码", 8.5), val(0.23, x["vin"], 9), lab(0.10, "厂牌型号"),
        val(0.17, x["brand_model"], 9),
        lab(0.15, "转入地车辆\n管理所名称", 8.5), val(0.20, x["transfer_office"], 8),
    )  # fmt: skip
    top = grid.row(
        top, height, lab(0.20, "车价合计（大写）"), val(0.44, f"⊗ {invoice.total_in_words}"), lab(0.08, "小写"),
        val(0.28, f"￥{format_money(invoice.total_incl_tax)}"),
    )  # fmt: skip
    top = grid.row(
        top, height, lab(0.18, "经营、拍卖单位"), val(0.38, None), lab(0.14, "纳税人识别号"), val(0.30, None)
    )
    top = grid.row(
        top, height, lab(0.14, "二手车市场"), val(0.42, x["market_name"]), lab(0.14, "纳税人识别号"),
        val(0.30, x["market_tax_id"], 10.5),
    )  # fmt: skip
    return grid.row(top, height, lab(0.10, "备注"), val(0.90, None))


FORMS = (
    Form(kind=InvoiceKind.USED_VEHICLE, draw=draw_paper, invent=invent, media=PAPER, weight=4),
    Form(kind=InvoiceKind.DIGITAL_PAPER_USED_VEHICLE, draw=draw_paper, invent=invent, media=PAPER, weight=3),
    Form(
        kind=InvoiceKind.DIGITAL_USED_VEHICLE, draw=draw_digital, invent=invent,
        media=(Medium.PDF, Medium.OFD, *PICTURES),
        weight=3,
    ),
)  # fmt: skip

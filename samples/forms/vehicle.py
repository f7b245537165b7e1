"""机动车销售统一发票: paper of the tax-control printer, paper of the e-tax platform (数电纸质), and 数电.

A grid of labels that break over two lines. Source: the domain reference §1.2 and the field lists of public services.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

from models.kinds import KINDS, InvoiceKind
from models.money import format_money
from samples import codes
from samples.companies import new_company, new_person, new_person_id
from samples.fonts import Font
from samples.forms.form import PAPER, PICTURES, Form
from samples.forms.grid import Grid, lab, val
from samples.forms.vehicle_head import PaperHead, electronic_head, paper_head
from samples.items import cents
from samples.seals import seller_seal
from samples.sheet import Sheet
from samples.truth import InvoiceTruth, Medium, Party
from samples.words import in_words

_TYPES = ("轿车", "多用途乘用车", "小型普通客车", "载货汽车", "二轮摩托车", "越野乘用车")
_MAKES = ("澜岚牌LN{}", "砚朔牌YS{}AEV", "霁川牌JC{}Q2")
_VIN = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
_PAPER_HEAD = PaperHead(
    ink=(156, 82, 35), title=16, box=(39.0, 57), printed=(42.5, 48, 53.5), cipher=(42, 4.1, 4), seal=19, code_size=20
)
_KINDS = (InvoiceKind.MOTOR_VEHICLE, InvoiceKind.DIGITAL_PAPER_VEHICLE, InvoiceKind.DIGITAL_VEHICLE)


def new_vin(rng: Random) -> str:
    return "L" + "".join(rng.choice(_VIN) for _ in range(9)) + codes.digits(rng, 7)


def invent(rng: Random, kind: InvoiceKind, issued: date, buyer: Party) -> InvoiceTruth:
    seller = new_company(rng, "vehicle")
    person = rng.random() < 0.35
    if person:
        buyer = Party(name=new_person(rng), tax_id=new_person_id(rng, buyer.area), area=buyer.area)
    gross = Decimal(rng.randint(3, 60) * 10000 + rng.choice((0, 800, 5800, 8888)))
    rate = rng.choice((13, 13, 13, 3))
    net = cents(gross / (1 + Decimal(rate) / 100))
    imported = rng.random() < 0.2
    code = codes.new_invoice_code(rng, kind, seller.area, issued)
    number = codes.new_number(rng, kind, seller.area, issued)
    digital_number = (
        codes.new_digital_number(rng, seller.area, issued) if KINDS[kind].number == "code_8_and_20" else None
    )
    extra = {
        "vehicle_type": rng.choice(_TYPES),
        "brand_model": rng.choice(_MAKES).format(rng.randint(1000, 7999)),
        "origin": "德国" if imported else f"{rng.choice(codes.AREAS).city}市",
        "engine_number": "".join(rng.choice("0123456789ABCDEFGH") for _ in range(8)),
        "vin": new_vin(rng),
        "seller_phone": f"{seller.area.dialling}-8{codes.digits(rng, 7)}",
        "seller_account": codes.digits(rng, rng.choice((16, 19))),
        "seller_address": (seller.address_phone or "").split("号")[0] + "号",
        "seller_bank": (seller.bank_account or "").rstrip("0123456789"),
        "tax_rate": f"{rate}%",
        "tax_authority": f"国家税务总局{seller.area.city}市{rng.choice('江滨城湖')}{rng.choice('东南宁北')}区税务局",
        "tax_authority_code": f"1{seller.area.district}{codes.digits(rng, 2)}00",
        "capacity": str(rng.choice((2, 5, 7))),
    }
    if imported:
        extra |= {
            "import_certificate_number": f"XIV{codes.digits(rng, 10)}",
            "inspection_number": codes.digits(rng, 12),
        }
    else:
        extra["certificate_number"] = f"W{rng.choice('ABCDE')}{codes.digits(rng, 13)}"
    if extra["vehicle_type"] == "载货汽车":
        extra["tonnage"] = f"{rng.randint(10, 120) / 10}"
    if digital_number:
        extra["digital_invoice_number"] = digital_number
    machine = rng.choice(("6616", "4990", "5399")) + codes.digits(rng, 8) if kind is InvoiceKind.MOTOR_VEHICLE else None
    return InvoiceTruth(
        kind=kind,
        title="机动车销售统一发票" if kind is not InvoiceKind.DIGITAL_VEHICLE else KINDS[kind].title,
        area=seller.area,
        invoice_code=code,
        invoice_number=number,
        issue_date=issued,
        machine_number=machine,
        buyer=buyer,
        seller=seller,
        lines=(),
        total_excl_tax=net,
        total_tax=gross - net,
        total_incl_tax=gross,
        total_in_words=in_words(gross),
        drawer=new_person(rng),
        qr=codes.qr_payload(
            kind, code, digital_number or number, amount=format_money(net), issued=issued, check_code=None
        )
        if kind is not InvoiceKind.MOTOR_VEHICLE
        else None,
        extra=extra,
        without=frozenset({"remarks", "payee", "reviewer"}),
    )


def draw_paper(invoice: InvoiceTruth) -> list[Sheet]:
    """发票联, 240 × 178 mm; code and number printed on the form, and again by the machine."""
    sheet = paper_head(invoice, _PAPER_HEAD)
    sheet.label(20, 35, "开票日期", 10)
    sheet.value(38, 35, f"{invoice.issue_date:%Y-%m-%d}", 10, tag="")
    _rows(Grid(sheet, 18, 204), invoice, 57.0, 11.0)
    sheet.label(20, 174, "销货单位盖章", 9)
    sheet.label(104, 174, "开票人", 9)
    sheet.value(118, 174, invoice.drawer, 9, tag="")
    sheet.label(160, 174, "备注：一车一票", 9)
    seller_seal(sheet, 60, 160, invoice.seller)
    return [sheet]


def draw_digital(invoice: InvoiceTruth) -> list[Sheet]:
    """数电: the same grid under the head of an electronic invoice."""
    sheet = electronic_head(invoice, 156)
    bottom = _rows(Grid(sheet, 4.5, 201), invoice, 29.9, 11.4)
    sheet.label(19.5, bottom + 6, "开票人：", 9)
    sheet.value(32, bottom + 6, invoice.drawer, 9, tag="InvoiceClerk")
    return [sheet]


def _rows(grid: Grid, invoice: InvoiceTruth, top: float, height: float) -> float:
    """The grid below the head; labels of the older form are 购买方名称及 / 身份证号码/组织机构代码 in one cell."""
    x = invoice.extra
    digital = invoice.kind is InvoiceKind.DIGITAL_VEHICLE
    gross = f"￥{format_money(invoice.total_incl_tax)}"
    if digital:
        top = grid.row(
            top, height, lab(0.13, "购买方名称"), val(0.35, invoice.buyer.name),
            lab(0.22, "统一社会信用代码/\n纳税人识别号/身份证件号码", 8),
            val(0.30, invoice.buyer.tax_id, 11, Font.COURIER),
        )  # fmt: skip
    else:
        top = grid.row(
            top, height, lab(0.16, "购买方名称及\n身份证号码/\n组织机构代码", 8.5), val(0.42, invoice.buyer.name),
            lab(0.12, "纳税人识别号", 8.5), val(0.30, invoice.buyer.tax_id, 10.5),
        )  # fmt: skip
    top = grid.row(
        top, height, lab(0.13, "车辆类型"), val(0.22, x["vehicle_type"]), lab(0.12, "厂牌型号"),
        val(0.27, x["brand_model"]), lab(0.08, "产地"), val(0.18, x["origin"]),
    )  # fmt: skip
    top = grid.row(
        top, height, lab(0.13, "合格证号"), val(0.22, x.get("certificate_number")), lab(0.14, "进口证明书号"),
        val(0.21, x.get("import_certificate_number")), lab(0.10, "商检单号"), val(0.20, x.get("inspection_number")),
    )  # fmt: skip
    top = grid.row(
        top, height, lab(0.13, "发动机号码"), val(0.30, x["engine_number"]), lab(0.23, "车辆识别代号/车架号码"),
        val(0.34, x["vin"], 11, Font.COURIER),
    )  # fmt: skip
    top = grid.row(
        top,
        height,
        lab(0.13, "价税合计"),
        val(0.52, f"⊗ {invoice.total_in_words}"),
        lab(0.08, "小写"),
        val(0.27, gross),
    )
    top = grid.row(
        top, height, lab(0.13, "销售方名称" if digital else "销货单位名称"), val(0.49, invoice.seller.name),
        lab(0.10, "电话"),
        val(0.28, x["seller_phone"]),
    )  # fmt: skip
    top = grid.row(
        top, height, lab(0.13, "纳税人识别号", 8.5), val(0.49, invoice.seller.tax_id, 10.5), lab(0.10, "账号"),
        val(0.28, x["seller_account"]),
    )  # fmt: skip
    top = grid.row(
        top, height, lab(0.13, "地址"), val(0.40, x["seller_address"], 9), lab(0.10, "开户银行"),
        val(0.37, x["seller_bank"], 9),
    )  # fmt: skip
    authority = f"{x['tax_authority']}\n{x['tax_authority_code']}"
    top = grid.row(
        top, height, lab(0.13, "增值税税率\n或征收率", 8.5), val(0.10, x["tax_rate"]), lab(0.10, "增值税\n税额", 8.5),
        val(0.20, f"￥{format_money(invoice.total_tax or Decimal())}"), lab(0.12, "主管税务\n机关及代码", 8.5),
        val(0.35, authority, 8),
    )  # fmt: skip
    return grid.row(
        top, height, lab(0.13, "不含税价"), val(0.25, f"小写 ￥{format_money(invoice.total_excl_tax)}", 9),
        lab(0.13, "完税凭证号码", 8.5), val(0.17, None), lab(0.07, "吨位"), val(0.07, x.get("tonnage")),
        lab(0.10, "限乘人数"), val(0.08, x["capacity"]),
    )  # fmt: skip


FORMS = (
    Form(kind=InvoiceKind.MOTOR_VEHICLE, draw=draw_paper, invent=invent, media=PAPER, weight=5),
    Form(kind=InvoiceKind.DIGITAL_PAPER_VEHICLE, draw=draw_paper, invent=invent, media=PAPER, weight=3),
    Form(
        kind=InvoiceKind.DIGITAL_VEHICLE,
        draw=draw_digital,
        invent=invent,
        media=(Medium.PDF, Medium.OFD, *PICTURES),
        weight=4,
    ),
)

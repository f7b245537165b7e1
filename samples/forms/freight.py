"""货物运输业增值税专用发票 (ended 2016): carrier, payer, sender, receiver; fees in two columns, no item table."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

from models.kinds import KINDS, InvoiceKind
from models.money import format_money
from samples import codes
from samples.companies import new_company, new_person
from samples.fonts import Font
from samples.forms.form import PAPER, Form
from samples.forms.grid import Grid, lab, val
from samples.items import cents
from samples.seals import seller_seal, supervision_seal
from samples.sheet import QrCode, Sheet
from samples.truth import InvoiceTruth, Party
from samples.words import in_words


def invent(rng: Random, kind: InvoiceKind, issued: date, buyer: Party) -> InvoiceTruth:
    issued = date(2015, rng.randint(1, 12), rng.randint(1, 28))
    seller = new_company(rng, "transport")
    net = Decimal(rng.randint(30000, 4000000)) / 100
    tax = cents(net * Decimal("0.11"))
    code = codes.new_invoice_code(rng, kind, seller.area, issued)
    number = codes.new_number(rng, kind, seller.area, issued)
    start, end = rng.sample(("宁波市", "合肥市", "长沙市", "青岛市", "佛山市"), 2)
    return InvoiceTruth(
        kind=kind,
        title=f"{seller.area.name}{KINDS[kind].title}",
        area=seller.area,
        invoice_code=code,
        invoice_number=number,
        issue_date=issued,
        machine_number="8899" + codes.digits(rng, 8),
        cipher=codes.new_cipher(rng),
        buyer=buyer,
        seller=seller,
        lines=(),
        total_excl_tax=net,
        total_tax=tax,
        total_incl_tax=net + tax,
        total_in_words=in_words(net + tax),
        payee=new_person(rng),
        reviewer=new_person(rng),
        drawer=new_person(rng),
        qr=None,
        extra={
            "route": f"{start}——{end}",
            "fee_name": rng.choice(("运费", "国内货物运输服务")),
            "goods_name": rng.choice(("钢材", "机电设备", "日用百货")),
            "plate": f"{rng.choice('浙苏皖鲁')}{rng.choice('ABC')}{codes.digits(rng, 5)}",
            "tonnage": str(rng.randint(5, 40)),
            "tax_authority": f"{seller.area.city}市国家税务局",
            "tax_rate": "11%",
        },
        without=frozenset({"remarks"}),
    )


def draw(invoice: InvoiceTruth) -> list[Sheet]:
    sheet = Sheet(240, 140, ink=(156, 82, 35), print_ink=(38, 52, 150), tractor_holes=True, paper=(252, 251, 248))
    x = invoice.extra
    sheet.label(120, 11, invoice.title, 17, align="centre", spread=92)
    sheet.label(120, 22, "发票联", 12, align="centre", spread=34)
    sheet.label(42, 14, invoice.invoice_code or "", 16, font=Font.SONG, colour=(60, 60, 60))
    sheet.label(172, 13, f"№ {invoice.invoice_number}", 16, font=Font.SONG, colour=(30, 60, 170))
    sheet.value(199, 19, invoice.invoice_code, 9, tag="", font=Font.COURIER)
    sheet.value(199, 23, invoice.invoice_number, 9, tag="", font=Font.COURIER)
    sheet.label(164, 27.5, "开票日期：", 10)
    sheet.value(183, 27.5, f"{invoice.issue_date:%Y年%m月%d日}", 10, tag="")
    grid = Grid(sheet, 20, 200)
    for y, label, party in (
        (31, "承运人及\n纳税人识别号", invoice.seller),
        (41, "实际受票方及\n纳税人识别号", invoice.buyer),
    ):
        grid.row(y, 10, lab(0.15, label, 8.5), val(0.43, f"{party.name}\n{party.tax_id}"))
    sheet.column(139, 32, 50, "密码区")
    for index, row in enumerate(invoice.cipher or ()):
        sheet.value(143, 34 + 4.6 * index, row, 10, tag="", font=Font.COURIER)
    sheet.rule(20 + 200, 31, 20 + 200, 51)
    top = grid.row(
        51,
        9,
        lab(0.15, "收货人及\n纳税人识别号", 8.5),
        val(0.43, None),
        lab(0.14, "发货人及\n纳税人识别号", 8.5),
        val(0.28, None),
    )
    top = grid.row(top, 7, lab(0.2, "起运地、经由、到达地"), val(0.8, x["route"]))
    fee = f"{x['fee_name']}      {format_money(invoice.total_excl_tax)}"
    top = grid.row(
        top, 24, lab(0.05, "费用\n项目\n及金\n额", 8), val(0.53, f"费用项目        金额\n{fee}", 9),
        lab(0.05, "运输\n货物\n信息", 8),
        val(0.37, x["goods_name"]),
    )  # fmt: skip
    top = grid.row(
        top, 8, lab(0.10, "合计金额"), val(0.25, f"￥{format_money(invoice.total_excl_tax)}"), lab(0.07, "税率"),
        val(0.08, x["tax_rate"]), lab(0.07, "税额"), val(0.18, f"￥{format_money(invoice.total_tax or Decimal())}"),
        lab(0.09, "机器编号"), val(0.16, invoice.machine_number),
    )  # fmt: skip
    top = grid.row(
        top, 8, lab(0.17, "价税合计（大写）"), val(0.45, f"⊗ {invoice.total_in_words}"), lab(0.1, "（小写）"),
        val(0.28, f"￥{format_money(invoice.total_incl_tax)}"),
    )  # fmt: skip
    top = grid.row(
        top, 8, lab(0.10, "车种车号"), val(0.28, x["plate"]), lab(0.10, "车船吨位"), val(0.10, x["tonnage"]),
        lab(0.05, "备注"),
        val(0.37, None),
    )  # fmt: skip
    top = grid.row(
        top, 8, lab(0.15, "主管税务机关\n及代码", 8.5), val(0.43, x["tax_authority"]), lab(0.05, ""), val(0.37, None)
    )
    for at, label, value in (
        (24, "收款人：", invoice.payee), (72, "复核人：", invoice.reviewer), (118, "开票人：", invoice.drawer),
        (168, "承运人：（章）", None),
    ):  # fmt: skip
        sheet.label(at, top + 4, label, 9)
        sheet.value(at + 15, top + 4, value, 9, tag="")
    if invoice.qr:
        sheet.steps.append(QrCode(x=22, y=10, size=18, payload=invoice.qr))
    supervision_seal(sheet, 120, 15, invoice.area.name + invoice.area.bureau, old=True)
    seller_seal(sheet, 190, 115, invoice.seller)
    return [sheet]


FORMS = (Form(kind=InvoiceKind.FREIGHT_OLD, draw=draw, invent=invent, media=PAPER, weight=3),)

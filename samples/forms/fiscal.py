"""财政票据（电子）: not a VAT invoice. Code of 8, number of 10, check code of 6, items without tax."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

from models.kinds import InvoiceKind
from models.money import format_money
from samples import codes
from samples.companies import new_company, new_person
from samples.forms.form import PICTURES, Form
from samples.forms.rows import Column, draw_rows
from samples.seals import supervision_seal
from samples.sheet import QrCode, Sheet
from samples.truth import InvoiceTruth, Medium, Party, TruthLine
from samples.words import in_words

_TITLES = (
    "{area}非税收入统一票据（电子）",
    "{area}公益事业捐赠统一票据（电子）",
    "{area}行政事业单位资金往来结算票据（电子）",
)
_ITEMS = (
    ("103044906", "考试费", "元/人次"),
    ("103043201", "专利申请费", "元/件"),
    ("103070601", "不动产登记费", "元/件"),
)
_COLUMNS = (
    Column("item_name", 40, 54, "left", ""),
    Column("unit", 100, 20, "centre", ""),
    Column("quantity", 124, 16, "right", ""),
    Column("unit_price", 150, 22, "right", ""),
    Column("amount_excl_tax", 178, 24, "right", ""),
)


def invent(rng: Random, kind: InvoiceKind, issued: date, buyer: Party) -> InvoiceTruth:
    area = rng.choice(codes.AREAS)
    rows = []
    for code, name, unit in rng.sample(_ITEMS, rng.choice((1, 2))):
        quantity, price = rng.choice((1, 1, 2, 5)), Decimal(rng.randint(10, 900))
        rows.append(
            TruthLine(
                item_name=name,
                unit=unit,
                quantity=str(quantity),
                unit_price=format_money(price),
                amount_excl_tax=format_money(price * quantity),
                tax_classification_code=code,
            )
        )
    total = sum((Decimal(row.amount_excl_tax or "0") for row in rows), Decimal())
    code, number, check = codes.digits(rng, 8), codes.digits(rng, 10), f"{rng.randint(0, 0xFFFFFF):06x}"
    seller = Party(
        name=f"{area.city}市{rng.choice(('人事考试院', '不动产登记中心', '知识产权局'))}", tax_id=None, area=area
    )
    return InvoiceTruth(
        kind=kind,
        title=rng.choice(_TITLES).format(area=area.name),
        area=area,
        invoice_code=code,
        invoice_number=number,
        issue_date=issued,
        check_code=check,
        buyer=buyer if rng.random() < 0.7 else new_company(rng, "service"),
        seller=seller,
        lines=tuple(rows),
        total_excl_tax=total,
        total_tax=None,
        total_incl_tax=total,
        total_in_words=in_words(total),
        remarks=f"缴费方式:网上支付 业务流水号:{codes.digits(rng, 12)}" if rng.random() < 0.5 else None,
        payee=new_person(rng),
        reviewer=new_person(rng),
        drawer="",
        qr=f"CZ-EI-00,01,{code},{number},{check},{issued:%Y%m%d},{total}",
        without=frozenset({"total_excl_tax", "total_tax", "drawer"}),
    )


def draw(invoice: InvoiceTruth) -> list[Sheet]:
    sheet = Sheet(210, 130, ink=(120, 60, 50))
    sheet.label(105, 14, invoice.title, 18, align="centre")
    for y in (20, 20.8):
        sheet.rule(62, y, 148, y)
    if invoice.qr:
        sheet.steps.append(QrCode(x=12, y=6, size=18, payload=invoice.qr))
    for x, y, label, value in (
        (20, 28, "票据代码：", invoice.invoice_code), (140, 28, "票据号码：", invoice.invoice_number),
        (20, 33.5, "交款人统一社会信用代码：", invoice.buyer.tax_id), (140, 33.5, "校验码：", invoice.check_code),
        (20, 39, "交款人：", invoice.buyer.name), (140, 39, "开票日期：", invoice.issue_date.isoformat()),
    ):  # fmt: skip
        sheet.label(x, y, label, 9)
        sheet.value(x + 3.3 * len(label), y, value, 9, tag="")
    sheet.box(18, 43, 192, 92)
    for y in (50, 78, 85):
        sheet.rule(18, y, 192, y)
    for x, head in (
        (28, "项目编码"),
        (65, "项目名称"),
        (100, "单位"),
        (118, "数量"),
        (142, "标准"),
        (168, "金额（元）"),
        (186, "备注"),
    ):
        sheet.label(x, 46.5, head, 9, align="centre")
    y = 52.0
    for line in invoice.lines:
        sheet.value(20, y + 2.2, line.tax_classification_code, 8, tag="")
        y = draw_rows(sheet, (line,), _COLUMNS, y, pitch=5)
    sheet.label(20, 81.5, "金额合计（大写）", 9)
    sheet.value(52, 81.5, invoice.total_in_words, 9, tag="")
    sheet.label(140, 81.5, "（小写）", 9)
    sheet.value(156, 81.5, format_money(invoice.total_incl_tax), 9, tag="")
    sheet.column(20.5, 85.5, 91.5, "其他", 6)
    sheet.value(25, 88.5, invoice.remarks, 8.5, tag="")
    for x, label, value in (
        (20, "收款单位（章）：", invoice.seller.name),
        (108, "复核人：", invoice.reviewer),
        (150, "收款人：", invoice.payee),
    ):
        sheet.label(x, 100, label, 9)
        sheet.value(x + 3.3 * len(label), 100, value, 9, tag="")
    supervision_seal(sheet, 105, 18, invoice.area.bureau)
    return [sheet]


FORMS = (Form(kind=InvoiceKind.OTHER, draw=draw, invent=invent, media=(Medium.PDF, *PICTURES), weight=4),)

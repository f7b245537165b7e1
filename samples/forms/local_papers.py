"""Papers of few fields: 定额, 通用机打, 过路费, 公路客运, 轮船, 火车票. Each province prints its own; these follow the
commonest look. Source: the domain reference §1.1–1.2 (quota, toll and bus layouts are not verified there).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

from models.kinds import InvoiceKind
from models.money import format_money
from samples import codes
from samples.companies import new_company, new_person
from samples.fonts import Font
from samples.forms.form import PAPER, Form
from samples.seals import seller_seal, supervision_seal
from samples.sheet import Colour, Sheet
from samples.tickets import STATIONS
from samples.truth import InvoiceTruth, Party, TruthLine
from samples.words import in_words

_K = InvoiceKind
_ALL_OFF = frozenset(
    {
        "buyer_name", "buyer_tax_id", "seller_name", "seller_tax_id", "total_excl_tax", "total_tax", "total_in_words",
        "remarks", "payee", "reviewer", "drawer", "issue_date",
    }
)  # fmt: skip
_FACE_VALUES = (("伍拾元整", 50), ("壹拾元整", 10), ("壹佰元整", 100), ("贰拾元整", 20), ("伍元整", 5))
_BROWN: Colour = (150, 70, 40)


def _bare(
    rng: Random, kind: InvoiceKind, issued: date, buyer: Party, *, amount: Decimal, title: str, printed: set[str]
) -> InvoiceTruth:
    area = rng.choice(codes.AREAS)
    return InvoiceTruth(
        kind=kind,
        title=title.format(area=area.name),
        area=area,
        invoice_code=codes.new_invoice_code(rng, kind, area, issued),
        invoice_number=codes.new_number(rng, kind, area, issued),
        issue_date=issued,
        buyer=buyer,
        seller=new_company(rng, "toll" if kind is _K.TOLL_PAPER else "transport", area),
        lines=(),
        total_excl_tax=amount,
        total_tax=None,
        total_incl_tax=amount,
        total_in_words=in_words(amount),
        drawer=new_person(rng),
        without=_ALL_OFF - printed,
    )


def invent_quota(rng: Random, kind: InvoiceKind, issued: date, buyer: Party) -> InvoiceTruth:
    words, value = rng.choice(_FACE_VALUES)
    bare = _bare(
        rng, kind, issued, buyer, amount=Decimal(value), title="{area}通用定额发票", printed={"total_in_words"}
    )
    return replace(bare, total_in_words=words)


def invent_machine(rng: Random, kind: InvoiceKind, issued: date, buyer: Party) -> InvoiceTruth:
    rows: list[TruthLine] = []
    for name in rng.sample(("餐费", "住宿费", "维修费", "咨询服务费", "办公用品"), rng.choice((1, 1, 2))):
        quantity, price = rng.choice((1, 1, 2, 3)), Decimal(rng.randint(2000, 90000)) / 100
        rows.append(
            TruthLine(
                item_name=name,
                quantity=str(quantity),
                unit_price=format_money(price),
                amount_incl_tax=format_money(price * quantity),
            )
        )
    total = sum((Decimal(row.amount_incl_tax or "0") for row in rows), Decimal())
    printed = {"buyer_name", "buyer_tax_id", "seller_name", "seller_tax_id", "total_in_words", "drawer", "issue_date"}
    bare = _bare(rng, kind, issued, buyer, amount=total, title="{area}通用机打发票", printed=printed)
    return replace(bare, lines=tuple(rows))


def invent_toll(rng: Random, kind: InvoiceKind, issued: date, buyer: Party) -> InvoiceTruth:
    fee = Decimal(rng.randint(5, 380))
    bare = _bare(rng, kind, issued, buyer, amount=fee, title="{area}车辆通行费通用机打发票", printed={"issue_date"})
    entrance, exit_ = rng.sample(("云栖", "临江新城", "望江", "学府东", "锦绣", "科苑北"), 2)
    return replace(bare, extra={"entrance": entrance, "exit": exit_})


def invent_trip(rng: Random, kind: InvoiceKind, issued: date, buyer: Party) -> InvoiceTruth:
    title = "{area}公路旅客运输发票" if kind is _K.BUS else "{area}水路客运发票"
    bare = _bare(rng, kind, issued, buyer, amount=Decimal(rng.randint(20, 300)), title=title, printed=set())
    start, end = rng.sample(("湖州", "嘉兴", "舟山定海", "宁波南", "温州", "台州"), 2)
    extra = {
        "departure_place": start,
        "arrival_place": end,
        "travel_date": issued.isoformat(),
        "departure_time": f"{rng.randint(6, 20):02d}:{rng.choice(('00', '15', '30', '45'))}",
        "seat": str(rng.randint(1, 49)),
    }
    return replace(bare, extra=extra)


def invent_train(rng: Random, kind: InvoiceKind, issued: date, buyer: Party) -> InvoiceTruth:
    """Blue magnetic or red soft ticket: neither code nor number, a serial at the top left."""
    (origin, origin_sound), (target, target_sound) = rng.sample(STATIONS, 2)
    fare = Decimal(rng.randint(20, 2400)) / 2
    seat, letter = rng.choice((("二等座", "F"), ("一等座", "D"), ("新空调硬座", "")))
    bare = _bare(rng, kind, issued, buyer, amount=fare, title="火车票", printed=set())
    extra = {
        "ticket_number": f"{rng.choice('ABCDEFGHJ')}{codes.digits(rng, 6)}",
        "departure_station": origin,
        "destination_station": target,
        "train_number": f"{rng.choice('GDZK')}{rng.randint(1, 9999)}",
        "travel_date": issued.isoformat(),
        "departure_time": f"{rng.randint(6, 21):02d}:{rng.randint(0, 59):02d}",
        "carriage": f"{rng.randint(1, 16):02d}",
        "seat": f"{rng.randint(1, 18):02d}{letter}号",
        "seat_class": seat,
        "passenger_id": f"{bare.area.district}{rng.randint(1960, 2003)}****{codes.digits(rng, 4)}",
        "passenger_name": new_person(rng),
        "departure_station_phonics": origin_sound,
        "destination_station_phonics": target_sound,
        "colour": rng.choice(("blue", "red")),
    }
    return replace(
        bare, invoice_number="", extra=extra, without=bare.without | {"invoice_code", "invoice_number", "title"}
    )


def _slip(
    invoice: InvoiceTruth,
    width: float,
    height: float,
    rows: tuple[tuple[str, str | None], ...],
    *,
    code_top: float = 24,
) -> list[Sheet]:
    """A narrow slip: title, code, number, then one label with its value per row."""
    sheet = Sheet(width, height, ink=_BROWN, print_ink=(40, 34, 90), paper=(253, 252, 248))
    sheet.label(width / 2, 9, invoice.title, 11, align="centre")
    sheet.label(width / 2, 16, "发票联", 10, align="centre", spread=20)
    sheet.label(6, code_top, "发票代码", 9)
    sheet.label(24, code_top, invoice.invoice_code or "", 11, font=Font.SONG, colour=(60, 60, 60))
    sheet.label(6, code_top + 6, "发票号码", 9)
    sheet.label(24, code_top + 6, invoice.invoice_number, 11.5, font=Font.SONG, colour=(200, 50, 50))
    y = code_top + 16.0
    for label, value in rows:
        sheet.label(6, y, f"{label}：", 9.5)
        sheet.value(24, y, value, 10, tag="", room=width - 28)
        y += 8.0
    supervision_seal(sheet, width / 2, 12.5, invoice.area.bureau)
    return [sheet]


def draw_quota(invoice: InvoiceTruth) -> list[Sheet]:
    sheet = Sheet(175, 77, ink=(160, 60, 40), paper=(252, 246, 240))
    sheet.label(90, 10, invoice.title, 17, align="centre", spread=62)
    sheet.label(90, 19, "发票联", 12, align="centre", spread=30)
    sheet.label(112, 26, f"发票代码 {invoice.invoice_code}", 10.5, font=Font.SONG)
    sheet.label(112, 32, f"发票号码 {invoice.invoice_number}", 10.5, font=Font.SONG)
    sheet.label(90, 44, invoice.total_in_words, 24, align="centre", spread=58)
    sheet.label(16, 60, "收款单位（盖章有效）", 10)
    sheet.label(110, 60, "开票日期：　　　年　　月　　日", 10)
    sheet.label(16, 68, "本发票限于当年内填开使用有效", 8)
    supervision_seal(sheet, 90, 13, invoice.area.name + invoice.area.bureau, old=True)
    seller_seal(sheet, 40, 56, invoice.seller)
    return [sheet]


def draw_machine(invoice: InvoiceTruth) -> list[Sheet]:
    sheet = Sheet(190, 102, ink=_BROWN, print_ink=(40, 34, 90), paper=(252, 250, 246))
    sheet.label(95, 10, invoice.title, 17, align="centre", spread=62)
    sheet.label(95, 19, "发票联", 12, align="centre", spread=30)
    sheet.label(126, 17, f"发票代码 {invoice.invoice_code}", 10.5, font=Font.SONG)
    sheet.label(126, 23, f"发票号码 {invoice.invoice_number}", 10.5, font=Font.SONG)
    sheet.label(10, 30, "开票日期：", 9.5)
    sheet.value(28, 30, f"{invoice.issue_date:%Y-%m-%d}", 9.5, tag="")
    sheet.label(90, 30, "行业分类：", 9.5)
    sheet.value(108, 30, "服务业", 9.5, tag="")
    for y, label, name, tax_id in ((38, "付款方", invoice.buyer.name, invoice.buyer.tax_id),
                                   (45, "收款方", invoice.seller.name, invoice.seller.tax_id)):  # fmt: skip
        sheet.label(10, y, f"{label}名称：", 9.5)
        sheet.value(30, y, name, 9.5, tag="", room=72)
        sheet.label(106, y, f"{label}识别号：", 9.5)
        sheet.value(130, y, tax_id, 9.5, tag="")
    sheet.box(8, 50, 182, 76)
    sheet.rule(8, 56.5, 182, 56.5)
    for x, head in ((30, "项目"), (84, "单价"), (118, "数量"), (156, "金额")):
        sheet.label(x, 53.4, head, 9.5, align="centre")
    for index, line in enumerate(invoice.lines):
        y = 61 + 6 * index
        sheet.value(14, y, line.item_name, 9.5, tag="")
        for x, cell in ((84, line.unit_price), (118, line.quantity), (156, line.amount_incl_tax)):
            sheet.value(x, y, cell, 9.5, tag="", align="centre")
    sheet.label(10, 82, "金额合计（大写）", 9.5)
    sheet.value(42, 82, invoice.total_in_words, 9.5, tag="")
    sheet.label(116, 82, "（小写）", 9.5)
    sheet.value(132, 82, f"￥{format_money(invoice.total_incl_tax)}", 9.5, tag="")
    sheet.label(10, 93, "收款单位（盖章）：", 9.5)
    sheet.label(116, 93, "开票人：", 9.5)
    sheet.value(131, 93, invoice.drawer, 9.5, tag="")
    supervision_seal(sheet, 95, 13, invoice.area.name + invoice.area.bureau, old=True)
    seller_seal(sheet, 52, 88, invoice.seller)
    return [sheet]


def draw_toll(invoice: InvoiceTruth) -> list[Sheet]:
    rows = (
        ("入口", invoice.extra["entrance"]), ("出口", invoice.extra["exit"]), ("车型", "一型车"), ("收费员", "01037"),
        ("日期", f"{invoice.issue_date:%Y-%m-%d}"), ("时间", "14:27:36"),
        ("金额", f"{format_money(invoice.total_incl_tax)}元"),
    )  # fmt: skip
    return _slip(invoice, 76, 110, rows)


def draw_trip(invoice: InvoiceTruth) -> list[Sheet]:
    told = invoice.extra
    bus = invoice.kind is _K.BUS
    rows = (
        ("起点站" if bus else "起运港", told["departure_place"]),
        ("到达站" if bus else "到达港", told["arrival_place"]),
        ("乘车日期" if bus else "乘船日期", told["travel_date"]),
        ("发车时间" if bus else "开航时间", told["departure_time"]),
        ("座号", told["seat"]), ("票价", f"￥{format_money(invoice.total_incl_tax)}元"),
    )  # fmt: skip
    return _slip(invoice, 80, 108, rows)


def draw_train(invoice: InvoiceTruth) -> list[Sheet]:
    told = invoice.extra
    blue = told["colour"] == "blue"
    sheet = Sheet(86, 54, print_ink=(30, 30, 40), paper=(214, 234, 244) if blue else (250, 228, 226))
    day = told["travel_date"]
    sheet.value(5, 6, told["ticket_number"], 11, tag="", font=Font.SANS, colour=(190, 50, 60))
    sheet.value(60, 6, "检票口6A", 8.5, tag="")
    for x, name, sound in (
        (19, told["departure_station"], told["departure_station_phonics"]),
        (67, told["destination_station"], told["destination_station_phonics"]),
    ):
        sheet.value(x, 13, f"{name}站", 13, tag="", align="centre")
        sheet.value(x, 17.5, sound, 7.5, tag="", align="centre")
    sheet.value(43, 12.5, told["train_number"], 11.5, tag="", align="centre")
    sheet.value(5, 22.5, f"{day[:4]}年{day[5:7]}月{day[8:]}日 {told['departure_time']}开", 9, tag="")
    sheet.value(52, 22.5, f"{told['carriage']}车{told['seat']}", 9, tag="")
    sheet.value(5, 27.5, f"￥{invoice.total_incl_tax:.1f}元", 9.5, tag="")
    sheet.value(52, 27.5, told["seat_class"], 9, tag="")
    sheet.value(5, 32.5, "限乘当日当次车", 8, tag="")
    sheet.value(5, 37.5, f"{told['passenger_id']} {told['passenger_name']}", 9, tag="")
    sheet.value(22, 42.5, "买票请到12306 发货请到95306", 6.5, tag="")
    sheet.value(26, 46, "中国铁路祝您旅途愉快", 6.5, tag="")
    sheet.value(
        5,
        51,
        f"{told['ticket_number'][1:]}0{day[5:7]}{day[8:]}{told['ticket_number']}  {told['departure_station']}售",
        7,
        tag="",
    )
    return [sheet]


def _form(
    kind: InvoiceKind, draw: Callable[[InvoiceTruth], list[Sheet]], invent: Callable[..., InvoiceTruth], weight: int
) -> Form:
    return Form(kind=kind, draw=draw, invent=invent, media=PAPER, weight=weight)


FORMS = (
    _form(_K.QUOTA, draw_quota, invent_quota, 4),
    _form(_K.MACHINE, draw_machine, invent_machine, 4),
    _form(_K.TOLL_PAPER, draw_toll, invent_toll, 3),
    _form(_K.BUS, draw_trip, invent_trip, 3),
    _form(_K.SHIP, draw_trip, invent_trip, 2),
    _form(_K.TRAIN_PAPER, draw_train, invent_train, 5),
)

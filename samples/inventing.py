"""Makes one invented invoice from a seed: parties, rows, totals, codes, QR, all consistent with each other.

Never renders. The same random source gives the same invoice. Source: the domain reference §1–§3.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from models.kinds import KINDS, InvoiceKind
from models.money import format_money
from samples import codes
from samples.companies import PERSON_BUYER, new_company, new_person, new_person_id, tax_office
from samples.forms import FORMS
from samples.items import WARES, cents, difference_row, new_rows, plain
from samples.special_business import LABELS, SOLD_BY_PERSONS, TRADES, Business, invent_business
from samples.truth import InvoiceTruth, Party, Trait, TruthLine
from samples.words import in_words

DIGITAL = frozenset({InvoiceKind.DIGITAL_ORDINARY, InvoiceKind.DIGITAL_SPECIAL})
SPECIAL = frozenset(
    {
        InvoiceKind.DIGITAL_SPECIAL,
        InvoiceKind.SPECIAL_E,
        InvoiceKind.SPECIAL_PAPER,
        InvoiceKind.DIGITAL_PAPER_SPECIAL,
    }
)
_PAPER = frozenset(
    {
        InvoiceKind.SPECIAL_PAPER,
        InvoiceKind.ORDINARY_PAPER,
        InvoiceKind.DIGITAL_PAPER_SPECIAL,
        InvoiceKind.DIGITAL_PAPER_ORDINARY,
    }
)
_NO_CHECK_CODE = DIGITAL | _PAPER - {InvoiceKind.ORDINARY_PAPER}
_NO_CIPHER = frozenset(
    {
        InvoiceKind.ORDINARY_ROLL,
        InvoiceKind.BLOCKCHAIN_SZ,
        InvoiceKind.DIGITAL_PAPER_SPECIAL,
        InvoiceKind.DIGITAL_PAPER_ORDINARY,
    }
)
_TITLES = {
    InvoiceKind.SPECIAL_PAPER: "{area}增值税专用发票",
    InvoiceKind.ORDINARY_PAPER: "{area}增值税普通发票",
    InvoiceKind.ORDINARY_E: "{area}增值税电子普通发票",
    InvoiceKind.SPECIAL_E: "{area}增值税电子专用发票",
    InvoiceKind.TOLL_E: "{area}增值税电子普通发票",
    InvoiceKind.ORDINARY_ROLL: "{area}增值税普通发票（卷票）",
    InvoiceKind.DIGITAL_PAPER_SPECIAL: "{area}增值税专用发票",
    InvoiceKind.DIGITAL_PAPER_ORDINARY: "{area}增值税普通发票",
}
_TRADES = ("goods", "goods", "equipment", "food", "lodging", "service", "transport", "farm", "print")
_PLATES = "京沪粤浙苏鲁川渝陕鄂"


def invent(
    rng: Random,
    kind: InvoiceKind,
    *,
    traits: Collection[Trait] = (),
    buyer: Party | None = None,
    seller: Party | None = None,
    issue_date: date | None = None,
) -> InvoiceTruth:
    """An invoice of that kind. `buyer`, `seller` and `issue_date` are drawn where not given."""
    own = FORMS[kind].invent
    if own is not None:
        day = issue_date or date(2024, 11, 1) + timedelta(days=rng.randint(0, 300))
        return own(rng, kind, day, buyer or new_company(rng, "service"))
    issued = issue_date or date(2024, 1, 1) + timedelta(days=rng.randint(0, 540 if kind in DIGITAL else 300))
    trade = _trade(rng, kind, traits)
    shenzhen = next(a for a in codes.AREAS if a.code == "4403") if kind is InvoiceKind.BLOCKCHAIN_SZ else None
    seller = seller if seller and not shenzhen else new_company(rng, trade, shenzhen)
    area = seller.area
    if any(trait in SOLD_BY_PERSONS for trait in traits):
        seller = Party(name=new_person(rng), tax_id=new_person_id(rng, area), area=area)
    buyer = buyer or new_company(rng, rng.choice(("equipment", "service", "goods")))
    if Trait.PERSONAL in traits:
        buyer = Party(name=PERSON_BUYER, tax_id=None, area=buyer.area)
    business = next((invent_business(rng, t, issued) for t in sorted(traits) if t in LABELS), Business([]))
    lines = business.rows or _lines(rng, kind, trade, issued, traits)
    if Trait.RED in traits:
        lines = [_negative(line) for line in lines]
    net = sum((Decimal(line.amount_excl_tax or "0") for line in lines), Decimal())
    taxes = [Decimal(line.tax_amount) for line in lines if line.tax_amount and line.tax_amount != "***"]
    tax = sum(taxes, Decimal()) if taxes else None
    gross = net + (tax or 0)
    code = codes.new_invoice_code(rng, kind, area, issued)
    number = codes.new_number(rng, kind, area, issued)
    old = kind not in DIGITAL
    digest = "".join(rng.choice("0123456789abcdef") for _ in range(64)) if kind is InvoiceKind.BLOCKCHAIN_SZ else None
    check_code = digest[-5:] if digest else None if kind in _NO_CHECK_CODE else codes.digits(rng, 20)
    payee, reviewer = new_person(rng), new_person(rng)
    said_in_remarks = not old and rng.random() < 0.4
    extra = _blue_invoice(rng, kind, seller, issued) if Trait.RED in traits else {}
    extra |= business.extra
    if KINDS[kind].number == "code_8_and_20":
        extra["digital_invoice_number"] = codes.new_digital_number(rng, area, issued)
    remarks = business.remarks or _remarks(rng, kind, traits, seller, buyer, issued=issued, blue=extra)
    if Trait.DIFFERENCE in traits:
        remarks = f"差额征税：{lines[0].deduction}。{remarks or ''}"
        extra["deduction_amount"] = lines[0].deduction or ""
    if said_in_remarks:
        remarks = f"{remarks or ''}收款人:{payee}; 复核人:{reviewer};"
    printed_seller = tax_office(rng, area) if Trait.ON_BEHALF in traits else seller
    amount = format_money(gross if KINDS[kind].qr_amount_is_gross else net)
    shown = extra.get("digital_invoice_number", number)
    qr = codes.qr_payload(kind, code, shown, amount=amount, issued=issued, check_code=check_code)
    if digest:
        qr = codes.blockchain_address(number, digest, format_money(gross))
    title = _TITLES[kind].format(area=area.name) if kind in _TITLES else KINDS[kind].title
    return InvoiceTruth(
        kind=kind,
        title=title,
        area=area,
        invoice_code=code,
        invoice_number=number,
        issue_date=issued,
        check_code=check_code,
        machine_number=_machine_number(rng, kind),
        cipher=codes.new_cipher(rng) if old and kind not in _NO_CIPHER else None,
        buyer=buyer,
        seller=printed_seller,
        lines=tuple(lines),
        total_excl_tax=net,
        total_tax=tax,
        total_incl_tax=gross,
        total_in_words=in_words(gross),
        remarks=remarks,
        payee=payee if old or said_in_remarks else None,
        reviewer=reviewer if (old and kind is not InvoiceKind.ORDINARY_ROLL) or said_in_remarks else None,
        drawer=new_person(rng),
        qr=qr,
        corner_mark=_corner_mark(kind, traits),
        traits=frozenset(traits),
        extra=extra,
        without=frozenset({"drawer"}) if kind is InvoiceKind.ORDINARY_ROLL else frozenset(),
    )


def _trade(rng: Random, kind: InvoiceKind, traits: Collection[Trait]) -> str:
    if kind is InvoiceKind.TOLL_E or Trait.TOLL in traits:
        return "toll"
    business = next((TRADES[t] for t in sorted(traits) if t in TRADES), None)
    if business:
        return business
    if Trait.TAX_FREE in traits:
        return "farm"
    if Trait.NOT_TAXED in traits or Trait.ZERO_RATE in traits or Trait.DIFFERENCE in traits:
        return "service"
    if Trait.MULTI_PAGE in traits or Trait.GOODS_LIST in traits:
        return rng.choice(("goods", "equipment"))
    if kind is InvoiceKind.ORDINARY_ROLL:
        return rng.choice(("food", "goods"))
    return rng.choice(_TRADES)


def _lines(rng: Random, kind: InvoiceKind, trade: str, issued: date, traits: Collection[Trait]) -> list[TruthLine]:
    if kind is InvoiceKind.TOLL_E:
        return [_toll_line(rng, issued)]
    if Trait.TOLL in traits:
        return [_digital_toll_line(rng)]
    if Trait.DIFFERENCE in traits:
        return [difference_row(rng)]
    wares = [ware for ware in WARES if ware.trade == trade]
    count = rng.choice((1, 1, 1, 2, 3, 4))
    if Trait.MULTI_PAGE in traits:
        count = rng.randint(10, 19)
    elif Trait.GOODS_LIST in traits:
        count = rng.randint(9, 26)
    small = kind not in SPECIAL and rng.random() < 0.4
    rows: list[TruthLine] = []
    for index in range(count):
        discount = Trait.DISCOUNT in traits and (index == 0 or rng.random() < 0.4)
        tax_free = Trait.TAX_FREE in traits
        rows += new_rows(
            rng, rng.choice(wares), issued, small=small, tax_free=tax_free, discount=discount, digital=kind in DIGITAL
        )
    if Trait.NOT_TAXED in traits or Trait.ZERO_RATE in traits:
        rate = "不征税" if Trait.NOT_TAXED in traits else "0%"
        rows = [replace(row, tax_rate=rate, tax_amount="***") for row in rows]
    return [_as_sold_by_roll(row) for row in rows] if kind is InvoiceKind.ORDINARY_ROLL else rows


def _as_sold_by_roll(row: TruthLine) -> TruthLine:
    """卷票 rows print price and amount with tax."""
    gross = Decimal(row.amount_excl_tax or "0") + Decimal((row.tax_amount or "0").replace("***", "0"))
    quantity = Decimal(row.quantity or "1")
    if cents(gross / quantity) * quantity != gross:
        quantity = Decimal(1)
    return TruthLine(
        item_name=row.item_name,
        quantity=plain(quantity),
        unit_price=plain(cents(gross / quantity)),
        amount_excl_tax=row.amount_excl_tax,
        tax_rate=row.tax_rate,
        tax_amount=row.tax_amount,
        tax_classification_code=row.tax_classification_code,
        amount_incl_tax=format_money(gross),
    )


def _toll_line(rng: Random, issued: date) -> TruthLine:
    start = issued - timedelta(days=rng.randint(3, 20))
    end = start + timedelta(days=rng.randint(0, 2))
    gross = Decimal(rng.randint(500, 42000)) / 100
    net = cents(gross / Decimal("1.03"))
    plate = rng.choice(_PLATES) + rng.choice("ABCEF") + "".join(rng.choice("0123456789ABDEFGHK") for _ in range(5))
    return TruthLine(
        item_name="*经营租赁*通行费",
        amount_excl_tax=format_money(net),
        tax_rate="3%",
        tax_amount=format_money(gross - net),
        tax_classification_code="3040502020200000000",
        toll=(plate, rng.choice(("客车", "货车")), f"{start:%Y%m%d}", f"{end:%Y%m%d}"),
    )


def _digital_toll_line(rng: Random) -> TruthLine:
    gross = format_money(Decimal(rng.randint(500, 42000)) / 100)
    return TruthLine(
        item_name="*经营租赁*通行费",
        specification=rng.choice(("客车", "货车")),
        unit="次",
        quantity="1",
        unit_price=gross,
        amount_excl_tax=gross,
        tax_rate="***",
        tax_amount="***",
        tax_classification_code="3040502020200000000",
    )


def _negative(line: TruthLine) -> TruthLine:
    def flip(text: str | None) -> str | None:
        return text if text in (None, "***") else format_money(-Decimal(text or "0"))

    return TruthLine(
        item_name=line.item_name,
        specification=line.specification,
        unit=line.unit,
        quantity=f"-{line.quantity}" if line.quantity else None,
        unit_price=line.unit_price,
        amount_excl_tax=flip(line.amount_excl_tax),
        tax_rate=line.tax_rate,
        tax_amount=flip(line.tax_amount),
        tax_classification_code=line.tax_classification_code,
    )


def _machine_number(rng: Random, kind: InvoiceKind) -> str | None:
    if kind in DIGITAL or kind is InvoiceKind.BLOCKCHAIN_SZ or KINDS[kind].number == "code_8_and_20":
        return None
    if kind in _PAPER and rng.random() < 0.6:
        return None
    return rng.choice(("6616", "6619", "4990", "5399")) + codes.digits(rng, 8)


def _corner_mark(kind: InvoiceKind, traits: Collection[Trait]) -> str | None:
    if kind is InvoiceKind.TOLL_E:
        return "通行费"
    if kind in DIGITAL or kind in (InvoiceKind.ORDINARY_ROLL, InvoiceKind.BLOCKCHAIN_SZ):
        return None
    if Trait.ON_BEHALF in traits:
        return "代开"
    return "销项负数" if Trait.RED in traits else None


def _blue_invoice(rng: Random, kind: InvoiceKind, seller: Party, issued: date) -> dict[str, str]:
    """Number (and code) of the invoice that this red one takes back."""
    code = codes.new_invoice_code(rng, kind, seller.area, issued)
    number = codes.new_number(rng, kind, seller.area, issued)
    return {"original_invoice_number": number} | ({"original_invoice_code": code} if code else {})


def _remarks(
    rng: Random,
    kind: InvoiceKind,
    traits: Collection[Trait],
    seller: Party,
    buyer: Party,
    *,
    issued: date,
    blue: dict[str, str],
) -> str | None:
    if Trait.ON_BEHALF in traits:
        return f"代开企业税号:{seller.tax_id} 代开企业名称:{seller.name}"
    if Trait.RED in traits and kind in DIGITAL:
        slip = f"{seller.area.digital}{seller.area.district[2:4]}{issued:%y%m}{codes.digits(rng, 12)}"
        blue["red_confirmation_number"] = slip
        return f"被红冲蓝字数电发票号码：{blue['original_invoice_number']} 红字发票信息确认单编号：{slip}"
    if Trait.RED in traits:
        return f"对应正数发票代码:{blue['original_invoice_code']}号码:{blue['original_invoice_number']}"
    if Trait.TOLL in traits:
        day = issued - timedelta(days=rng.randint(2, 20))
        plate = f"{rng.choice(_PLATES)}{rng.choice('ABCEF')}{codes.digits(rng, 5)}"
        return (
            f"车牌号：{plate} 车辆类型：{rng.choice(('客车', '货车'))} 通行日期起/止：{day} 05:29:57/{day} 06:39:13 "
            "入/出口站：云栖东站-临江新城站（不可用于增值税进项抵扣）"
        )
    if kind is InvoiceKind.TOLL_E or kind is InvoiceKind.ORDINARY_ROLL:
        return "汇总开具" if kind is InvoiceKind.TOLL_E and rng.random() < 0.5 else None
    if kind in DIGITAL and buyer.bank_account and rng.random() < 0.4:
        bank = buyer.bank_account.rstrip("0123456789")
        return f"购方开户银行:{bank}; 银行账号:{buyer.bank_account[len(bank) :]};"
    if rng.random() < 0.35:
        return rng.choice((f"订单号:{codes.digits(rng, 12)}", f"合同编号：HT{issued:%Y}-{codes.digits(rng, 4)}"))
    return None

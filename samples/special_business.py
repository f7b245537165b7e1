"""特定业务 of 数电票: the rows, extra fields and remarks that each asks for, invented.

Labels as printed at the top left of the face. Source: the domain reference §1.1–1.2 and public field lists of the
issuing interfaces (建筑服务发生地, 跨地（市）标志, 税款所属期 …).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from models.money import format_money
from samples import codes
from samples.companies import new_person
from samples.items import cents, plain
from samples.truth import Trait, TruthLine

LABELS = {
    Trait.CONSTRUCTION: "建筑服务", Trait.FREIGHT: "货物运输服务", Trait.PROPERTY_LEASE: "不动产经营租赁服务",
    Trait.PROPERTY_SALE: "不动产销售", Trait.PASSENGER: "旅客运输服务", Trait.OIL: "成品油",
    Trait.VEHICLE_GOODS: "机动车",
    Trait.TOLL_COLUMNS: "通行费", Trait.FARM_PURCHASE: "农产品收购", Trait.OWN_PRODUCE: "自产农产品销售",
    Trait.SOLAR: "光伏收购", Trait.VESSEL_TAX: "代收车船税",
}  # fmt: skip
TRADES = {
    Trait.CONSTRUCTION: "building", Trait.FREIGHT: "transport", Trait.PROPERTY_LEASE: "property",
    Trait.PROPERTY_SALE: "property", Trait.PASSENGER: "transport", Trait.OIL: "fuel", Trait.VEHICLE_GOODS: "vehicle",
    Trait.TOLL_COLUMNS: "toll", Trait.FARM_PURCHASE: "farm", Trait.OWN_PRODUCE: "farm", Trait.SOLAR: "farm",
    Trait.VESSEL_TAX: "insurance",
}  # fmt: skip
#: the seller is a person who has no company
SOLD_BY_PERSONS = frozenset({Trait.FARM_PURCHASE, Trait.SOLAR})
_PLACES = ("浙江省杭州市西湖区", "江苏省苏州市吴中区", "广东省佛山市南海区", "四川省成都市武侯区")
_VIN = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"


@dataclass(frozen=True, slots=True)
class Business:
    """Rows (without parties), fields of the block, and what it puts into the remarks."""

    rows: list[TruthLine]
    extra: dict[str, str] = field(default_factory=dict)
    remarks: str | None = None


def invent_business(rng: Random, trait: Trait, issued: date) -> Business:
    made = _MAKERS[trait](rng, issued)
    made.extra["special_business_type"] = LABELS[trait]
    return made


def _row(
    rng: Random, name: str, rate: str, *, unit: str | None = None, specification: str | None = None,
    price: tuple[int, int] = (50, 900), most: int = 40, special: dict[str, str] | None = None,
) -> TruthLine:  # fmt: skip
    """A row with quantity and price where it has a unit, with the amount alone where it has none."""
    quantity = Decimal(rng.randint(1, most)) if unit else Decimal(1)
    if unit in ("升", "公斤", "吨", "平方米", "千瓦时"):
        quantity += Decimal(rng.randint(0, 99)) / 100
    gross = cents(quantity * Decimal(rng.randint(price[0] * 100, price[1] * 100)) / 100)
    taxed = rate.endswith("%")
    net = cents(gross / (1 + Decimal(rate[:-1]) / 100)) if taxed else gross
    return TruthLine(
        item_name=name,
        specification=specification,
        unit=unit,
        quantity=plain(quantity) if unit else None,
        unit_price=plain((net / quantity).quantize(Decimal("0.0000000001"))) if unit else None,
        amount_excl_tax=format_money(net),
        tax_rate=rate,
        tax_amount=format_money(gross - net) if taxed else "***",
        special=special or {},
    )


def _construction(rng: Random, issued: date) -> Business:
    facts = {
        "construction_place": rng.choice(_PLACES) + rng.choice(("", "云栖路88号")),
        "construction_project": rng.choice(
            ("云栖小镇二期安置房工程", "南岸标准厂房改造工程", "智能装备产业园一期基坑支护及降水工程")
        ),
    }
    name = rng.choice(("*建筑服务*工程服务", "*建筑服务*装饰服务", "*建筑服务*安装服务"))
    row = _row(rng, name, rng.choice(("9%", "3%")), price=(8000, 900000), special=dict(facts))
    number = rng.choice(("", f"{codes.digits(rng, 16)}"))
    cross = rng.choice("是否")
    text = f"土地增值税项目编号：{number}\n跨地（市）标志：{cross}"
    found = {**facts, "cross_city": cross} | ({"land_vat_project_number": number} if number else {})
    return Business([row], found, text)


def _freight(rng: Random, issued: date) -> Business:
    row = _row(rng, "*运输服务*国内货物运输服务", "9%", unit=rng.choice(("趟", "吨")), price=(200, 4000), most=20)
    start, end = rng.sample(_PLACES, 2)
    extra = {
        "transport_type": "公路运输",
        "transport_plate": f"{rng.choice('浙苏粤川')}{rng.choice('ABC')}{codes.digits(rng, 5)}",
        "departure_place": start[3:6],
        "arrival_place": end[3:6],
        "goods_name": rng.choice(("钢材", "日用百货", "机电设备")),
    }
    return Business([row], extra)


def _property(rng: Random) -> tuple[str, str]:
    year, city = rng.randint(2015, 2023), rng.choice(("杭州市", "苏州市"))
    certificate = f"{rng.choice('浙苏粤川')}（{year}）{city}不动产权第{codes.digits(rng, 7)}号"
    return certificate, f"{rng.choice(_PLACES)}望江路{rng.randint(1, 300)}号{rng.randint(1, 9)}幢"


def _lease(rng: Random, issued: date) -> Business:
    certificate, address = _property(rng)
    special = {"property_certificate": certificate}
    row = _row(
        rng, "*经营租赁*房屋租金", rng.choice(("9%", "5%")), unit="平方米", price=(20, 90), most=400, special=special
    )
    start = date(issued.year, 1, 1)
    end = date(issued.year, 12, 31)
    cross = rng.choice("是否")
    text = f"不动产地址：{address}\n租赁期起止：{start} {end}\n跨地（市）标志：{cross}"
    extra = {
        "property_certificate": certificate, "property_address": address, "lease_start": start.isoformat(),
        "lease_end": end.isoformat(), "cross_city": cross,
    }  # fmt: skip
    return Business([row], extra, text)


def _sale(rng: Random, issued: date) -> Business:
    certificate, address = _property(rng)
    special = {"property_certificate": certificate}
    row = _row(rng, "*不动产*商品房", "9%", unit="平方米", price=(9000, 30000), most=140, special=special)
    contract, cross = codes.digits(rng, 14), rng.choice("是否")
    text = f"不动产单元代码/网签合同备案编号：{contract}\n不动产地址：{address}\n跨地（市）标志：{cross}"
    extra = {
        "property_certificate": certificate, "property_address": address, "property_unit_code": contract,
        "cross_city": cross,
    }  # fmt: skip
    return Business([row], extra, text)


def _oil(rng: Random, issued: date) -> Business:
    name, grade = rng.choice(
        (("*汽油*92号车用汽油(ⅥB)", "92号"), ("*汽油*95号车用汽油(ⅥB)", "95号"), ("*柴油*0号车用柴油(Ⅵ)", "0号"))
    )
    return Business([_row(rng, name, "13%", unit="升", specification=grade, price=(6, 9), most=300)])


def _farm(rng: Random, issued: date) -> Business:
    rows = [
        _row(rng, name, "免税", unit="公斤", price=(3, 15), most=900)
        for name in rng.sample(("*蔬菜*西红柿", "*水果*苹果", "*谷物*稻谷"), rng.choice((1, 2)))
    ]
    return Business(rows)


def _vehicle(rng: Random, issued: date) -> Business:
    vin = "L" + "".join(rng.choice(_VIN) for _ in range(9)) + codes.digits(rng, 7)
    row = _row(rng, "*机动车*小型轿车", "13%", unit="辆", specification=vin, price=(60000, 300000), most=1)
    return Business([row])


def _vessel(rng: Random, issued: date) -> Business:
    row = _row(rng, "*保险服务*机动车交通事故责任强制保险", "6%", price=(600, 1200))
    policy = f"PDZA{codes.digits(rng, 18)}"
    plate = f"{rng.choice('浙苏粤川')}{rng.choice('ABC')}{codes.digits(rng, 5)}"
    tax = format_money(Decimal(rng.choice((180, 300, 360, 420))))
    period = f"{issued.year}-01 {issued.year}-12"
    text = (
        f"保险单号：{policy}\n车牌号/船舶登记号：{plate}\n税款所属期：{period}\n代收车船税金额：{tax}\n滞纳金金额：0.00\n"
        f"金额合计：{tax}"
    )
    extra = {
        "policy_number": policy, "plate": plate, "tax_period": period, "vessel_tax_amount": tax,
        "late_fee_amount": "0.00",
    }  # fmt: skip
    return Business([row], extra, text)


def _solar(rng: Random, issued: date) -> Business:
    return Business([_row(rng, "*发电*光伏发电", "免税", unit="千瓦时", price=(1, 2), most=4000)])


def _toll(rng: Random, issued: date) -> Business:
    gross = Decimal(rng.randint(500, 42000)) / 100
    untaxed = rng.random() < 0.5
    net = gross if untaxed else cents(gross / Decimal("1.03"))
    start = issued - timedelta(days=rng.randint(3, 20))
    plate = f"{rng.choice('京沪浙苏')}{rng.choice('ABCEF')}{codes.digits(rng, 5)}"
    row = TruthLine(
        item_name="*经营租赁*通行费",
        amount_excl_tax=format_money(net),
        tax_rate="不征税" if untaxed else "3%",
        tax_amount="***" if untaxed else format_money(gross - net),
        toll=(plate, rng.choice(("客车", "货车")), f"{start:%Y%m%d}", f"{start + timedelta(days=1):%Y%m%d}"),
    )
    return Business([row])


def _passenger(rng: Random, issued: date) -> Business:
    """The traveller table is often empty: ride platforms print its labels and nothing below them."""
    row = _row(
        rng, rng.choice(("*运输服务*客运服务费", "*交通运输服务*客运服务费")), "3%", unit="次", price=(12, 260), most=1
    )
    row = TruthLine(
        item_name=row.item_name, quantity=row.quantity, unit_price=row.unit_price, amount_excl_tax=row.amount_excl_tax,
        tax_rate=row.tax_rate, tax_amount=row.tax_amount,
    )  # fmt: skip
    extra = {
        "traveller": new_person(rng),
        "traveller_id": f"3301**********{codes.digits(rng, 4)}",
        "travel_date": (issued - timedelta(days=rng.randint(1, 15))).isoformat(),
        "departure_place": rng.choice(("杭州市", "上海市", "南京市")),
        "arrival_place": rng.choice(("宁波市", "合肥市", "苏州市")),
        "travel_by": rng.choice(("出租车", "公路客运")),
    }
    return Business([row], extra if rng.random() < 0.6 else {})


_MAKERS = {
    Trait.CONSTRUCTION: _construction, Trait.FREIGHT: _freight, Trait.PROPERTY_LEASE: _lease,
    Trait.PROPERTY_SALE: _sale,
    Trait.OIL: _oil, Trait.FARM_PURCHASE: _farm, Trait.OWN_PRODUCE: _farm, Trait.VEHICLE_GOODS: _vehicle,
    Trait.VESSEL_TAX: _vessel, Trait.SOLAR: _solar, Trait.TOLL_COLUMNS: _toll, Trait.PASSENGER: _passenger,
}  # fmt: skip

"""Things sold, and item rows with the rounding of the issuing systems.

Two systems exist: one multiplies net price by quantity and taxes the row, the other divides a gross amount.
Never rounds a total: totals are sums of rows. Source: the domain reference §1.4 and §2.2–2.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from random import Random

from models.money import CENT, format_money
from samples.truth import TruthLine


@dataclass(frozen=True, slots=True)
class Ware:
    """A row of the catalogue. `level` 0 standard, 1 reduced, 2 service rate."""

    trade: str
    short_name: str
    name: str
    specifications: tuple[str, ...]
    unit: str
    price: tuple[int, int]
    level: int
    tax_classification_code: str


WARES: tuple[Ware, ...] = (
    Ware("goods", "纸制品", "A4复印纸", ("70g 500张/包", "80g"), "包", (18, 32), 0, "1060105040000000000"),
    Ware("goods", "文具", "中性笔", ("0.5mm 黑", "0.38mm"), "支", (1, 6), 0, "1060408010000000000"),
    Ware("goods", "计算机外部设备", "无线鼠标", ("M330", "G102"), "个", (49, 189), 0, "1090511030000000000"),
    Ware("goods", "计算机外部设备", "27英寸液晶显示器",
         ("U2723QE", "27B2U"), "台", (899, 3299), 0, "1090511030000000000"),
    Ware("goods", "家具", "人体工学办公椅", ("BX-201 网布",), "把", (420, 1580), 0, "1050101010000000000"),
    Ware("goods", "洗涤剂", "洗手液家庭装大容量替换装泡沫型抑菌清香",
         ("500ml*2",), "瓶", (15, 46), 0, "1070210010000000000"),
    Ware("equipment", "金属制品", "不锈钢法兰", ("DN50 PN16", "DN80"), "件", (35, 260), 0, "1080412990000000000"),
    Ware("equipment", "电工仪器仪表", "数字万用表", ("UT61E+", "17B+"), "台", (280, 980), 0, "1091201010000000000"),
    Ware("equipment", "通信传输设备", "光纤收发器",
         ("HTB-1100S 25KM",), "对", (120, 460), 0, "1090521990000000000"),
    Ware("equipment", "电子元件", "贴片电容",
         ("0603 10uF 25V", "0805 4.7uF"), "千只", (12, 88), 0, "1090512020000000000"),
    Ware("equipment", "塑料制品", "PVC绝缘套管阻燃型", ("Φ20*1.5mm",), "米", (2, 9), 0, "1070601990000000000"),
    Ware("food", "餐饮服务", "餐费", (), "", (60, 2600), 2, "3070401000000000000"),
    Ware("food", "餐饮服务", "餐饮服务", (), "次", (38, 980), 2, "3070401000000000000"),
    Ware("lodging", "住宿服务", "住宿费", (), "天", (208, 880), 2, "3070402000000000000"),
    Ware("lodging", "会议展览服务", "会议费", (), "次", (1500, 9000), 2, "3040403010000000000"),
    Ware("service", "信息技术服务", "技术服务费", (), "项", (2000, 48000), 2, "3040203000000000000"),
    Ware("service", "软件", "企业数据管理平台软件V3.0", ("标准版",), "套", (6800, 56000), 0, "1090512990000000000"),
    Ware("service", "鉴证咨询服务", "审计费", (), "项", (5000, 60000), 2, "3040602000000000000"),
    Ware("service", "物业管理服务", "物业管理费", ("2号楼",), "月", (800, 9800), 2, "3040801020000000000"),
    Ware("transport", "运输服务", "国内货物运输服务", (), "趟", (300, 5200), 1, "3010102020000000000"),
    Ware("transport", "运输服务", "客运服务费", (), "次", (12, 160), 2, "3010101020000000000"),
    Ware("transport", "经营租赁", "车辆租赁费", ("7座商务车",), "日", (280, 900), 0, "3040502020000000000"),
    Ware("farm", "蔬菜", "西红柿", (), "公斤", (3, 9), 1, "1010112020000000000"),
    Ware("farm", "水果", "苹果", ("80mm",), "公斤", (5, 16), 1, "1010115010000000000"),
    Ware("farm", "谷物", "大米", ("10kg/袋",), "袋", (45, 88), 1, "1010101010000000000"),
    Ware("print", "印刷品", "宣传册", ("A4 157g铜版 24P",), "册", (4, 18), 0, "1060201990000000000"),
    Ware("print", "广告服务", "展板设计制作及安装（含现场布置与拆除）",
         ("3m*2m",), "块", (180, 860), 2, "3040301020000000000"),
)  # fmt: skip

_TWELVE = Context(prec=12, rounding=ROUND_HALF_UP)
_FIFTEEN = Context(prec=15, rounding=ROUND_HALF_UP)


def cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def rate_for(level: int, issued: date, *, small: bool) -> int:
    """Legal rate in percent on that day; small-scale sellers pay the levy rate."""
    if small:
        return 1 if issued >= date(2020, 3, 1) else 3
    if issued >= date(2019, 4, 1):
        return (13, 9, 6)[level]
    if issued >= date(2018, 5, 1):
        return (16, 10, 6)[level]
    return (17, 11, 6)[level]


def plain(value: Decimal) -> str:
    """As issuing systems print a quantity or price: no exponent, no trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def new_rows(
    rng: Random, ware: Ware, issued: date, *, small: bool, tax_free: bool, discount: bool, digital: bool
) -> list[TruthLine]:
    """One item row, followed by its discount row where asked."""
    several = (1, 1, 1, 2, 3) if ware.trade in ("food", "lodging") else (1, 1, 2, 3, 5, 10, 20, rng.randint(2, 60))
    quantity = Decimal(rng.choice(several))
    if ware.unit in ("公斤", "米") and rng.random() < 0.6:
        quantity += Decimal(rng.randint(1, 99)) / 100
    price = Decimal(rng.randint(ware.price[0] * 100, ware.price[1] * 100)) / 100
    percent = Decimal(rate_for(ware.level, issued, small=small)) / 100
    if tax_free:
        amount, tax, unit_price = cents(quantity * price), None, plain(price)
    elif rng.random() < 0.4:
        amount = cents(quantity * price)
        tax, unit_price = cents(amount * percent), str(price) if rng.random() < 0.5 else plain(price)
    else:
        gross = cents(quantity * price)
        amount = cents(gross / (1 + percent))
        tax = gross - amount
        unit_price = plain((_FIFTEEN if digital else _TWELVE).divide(amount, quantity))
    rate = "免税" if tax_free else f"{int(percent * 100)}%"
    bare = not ware.unit or (ware.level == 2 and rng.random() < 0.25)
    name = f"*{ware.short_name}*{ware.name}"
    item = TruthLine(
        item_name=name,
        specification=rng.choice(ware.specifications) if ware.specifications else None,
        unit=None if bare else ware.unit,
        quantity=None if bare else plain(quantity),
        unit_price=None if bare else unit_price,
        amount_excl_tax=format_money(amount),
        tax_rate=rate,
        tax_amount="***" if tax is None else format_money(tax),
        tax_classification_code=ware.tax_classification_code,
    )
    if not discount:
        return [item]
    less = -cents(amount * rng.randint(3, 30) / 100)
    taken = TruthLine(
        item_name=name,
        amount_excl_tax=format_money(less),
        tax_rate=rate,
        tax_amount="***" if tax is None else format_money(cents(less * percent)),
        tax_classification_code=ware.tax_classification_code,
        is_discount=True,
    )
    return [item, taken]


def difference_row(rng: Random) -> TruthLine:
    """差额征税: tax is due on what is left after the deduction; the rate prints as `***`."""
    gross = Decimal(rng.randint(20000, 900000)) / 100
    deduction = cents(gross * rng.randint(50, 90) / 100)
    tax = cents((gross - deduction) / Decimal("1.06") * Decimal("0.06"))
    return TruthLine(
        item_name="*人力资源服务*劳务派遣服务",
        unit="项",
        quantity="1",
        unit_price=format_money(gross - tax),
        amount_excl_tax=format_money(gross - tax),
        tax_rate="***",
        tax_amount=format_money(tax),
        tax_classification_code="3040803010000000000",
        deduction=format_money(deduction),
    )

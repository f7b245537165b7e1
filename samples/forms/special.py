"""The special-business blocks of 数电票: which columns the item table has, and the table below the totals.

Places in millimetres from printed invoices of 建筑服务 and 不动产经营租赁服务; 货物运输服务 has its vehicle table
where 旅客运输服务 has the traveller's.
"""

from __future__ import annotations

from dataclasses import dataclass

from samples.forms.rows import Column
from samples.truth import Trait

Head = tuple[float, str, float]  #: left side, label, spread
Lower = tuple[tuple[float, str, str], ...]  #: left side, label, name of the value in `extra`

AMOUNTS = (
    Column("amount_excl_tax", 152.0, 26.0, "right", "Amount"),
    Column("tax_rate", 166.0, 16.0, "centre", "TaxScheme"),
    Column("tax_amount", 205.0, 28.0, "right", "TaxAmount"),
)
AMOUNT_HEADS: tuple[Head, ...] = ((143.4, "金额", 9.5), (157.5, "税率/征收率", 0.0), (194.4, "税额", 9.5))
COLUMNS = (
    Column("item_name", 5.0, 35.5, "left", "Item"),
    Column("specification", 42.0, 23.0, "left", "Specification"),
    Column("unit", 71.0, 10.0, "centre", "MeasurementDimension"),
    Column("quantity", 99.0, 25.0, "right", "Quantity"),
    Column("unit_price", 124.5, 25.0, "right", "Price"),
    *AMOUNTS,
)
HEADS: tuple[Head, ...] = (
    (16, "项目名称", 0.0), (42.2, "规格型号", 0.0), (67, "单位", 9.5), (93, "数量", 9.5), (118, "单价", 9.5),
    *AMOUNT_HEADS,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """The item table and, below the totals, the second one."""

    columns: tuple[Column, ...] = COLUMNS
    heads: tuple[Head, ...] = HEADS
    lower: Lower = ()


_PROPERTY = Table(
    (
        Column("item_name", 5.0, 29.0, "left", "Item"),
        Column("property_certificate", 36.0, 32.0, "left", ""),
        Column("unit", 78.0, 10.0, "centre", "MeasurementDimension"),
        *COLUMNS[3:],
    ),
    ((13.5, "项目名称", 0.0), (36.0, "产权证书/不动产权证号", 0.0), (72.0, "面积单位", 0.0), *HEADS[3:]),
)
_LOWER_PASSENGER: Lower = (
    (12, "出行人", "traveller"), (36, "有效身份证件号", "traveller_id"), (70, "出行日期", "travel_date"),
    (101, "出发地", "departure_place"), (133, "到达地", "arrival_place"), (166, "等级", "travel_class"),
    (184, "交通工具类型", "travel_by"),
)  # fmt: skip
_LOWER_FREIGHT: Lower = (
    (12, "运输工具种类", "transport_type"), (48, "运输工具牌号", "transport_plate"), (84, "起运地", "departure_place"),
    (126, "到达地", "arrival_place"), (168, "运输货物名称", "goods_name"),
)  # fmt: skip
TABLES: dict[Trait, Table] = {
    Trait.PASSENGER: Table(
        (
            Column("item_name", 5.0, 50.0, "left", "Item"),
            Column("unit_price", 82.0, 24.0, "right", "Price"),
            Column("quantity", 111.0, 20.0, "right", "Quantity"),
            *AMOUNTS,
        ),
        ((27.0, "项目名称", 0.0), (72.0, "单价", 9.5), (104.0, "数量", 9.5), *AMOUNT_HEADS),
        _LOWER_PASSENGER,
    ),
    Trait.FREIGHT: Table(lower=_LOWER_FREIGHT),
    Trait.CONSTRUCTION: Table(
        (
            Column("item_name", 5.0, 35.5, "left", "Item"),
            Column("construction_place", 42.1, 41.0, "left", ""),
            Column("construction_project", 85.1, 44.0, "left", ""),
            *AMOUNTS,
        ),
        ((16, "项目名称", 0.0), (42.1, "建筑服务发生地", 0.0), (85.1, "建筑项目名称", 0.0), *AMOUNT_HEADS),
    ),
    Trait.PROPERTY_LEASE: _PROPERTY,
    Trait.PROPERTY_SALE: _PROPERTY,
    Trait.TOLL_COLUMNS: Table(
        heads=(
            (16, "项目名称", 0.0),
            (42.2, "车牌号", 0.0),
            (67, "类型", 9.5),
            (83, "通行日期起", 0.0),
            (108, "通行日期止", 0.0),
            *AMOUNT_HEADS,
        ),
    ),
}


def table_of(traits: frozenset[Trait]) -> Table:
    return next((table for trait, table in TABLES.items() if trait in traits), Table())

"""Invoice kinds: one row per kind, with the printed title and the codes that name it.

Source: the domain's kind table (title printed on the face, code in the QR and 查验 forms, code in e-tax data).
Adding a kind is one row here, one layout file in `extraction/layouts` and one sample.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

NumberShape = Literal["code_and_8", "20", "code_8_and_20", "free"]


class InvoiceKind(StrEnum):
    """Value used in JSON and in the database."""

    SPECIAL_PAPER = "special_paper"
    ORDINARY_PAPER = "ordinary_paper"
    ORDINARY_ROLL = "ordinary_roll"
    ORDINARY_E = "ordinary_e"
    SPECIAL_E = "special_e"
    TOLL_E = "toll_e"
    MOTOR_VEHICLE = "motor_vehicle"
    USED_VEHICLE = "used_vehicle"
    FREIGHT_OLD = "freight_old"
    DIGITAL_SPECIAL = "digital_special"
    DIGITAL_ORDINARY = "digital_ordinary"
    DIGITAL_PAPER_SPECIAL = "digital_paper_special"
    DIGITAL_PAPER_ORDINARY = "digital_paper_ordinary"
    DIGITAL_PAPER_VEHICLE = "digital_paper_vehicle"
    DIGITAL_PAPER_USED_VEHICLE = "digital_paper_used_vehicle"
    DIGITAL_VEHICLE = "digital_vehicle"
    DIGITAL_USED_VEHICLE = "digital_used_vehicle"
    RAIL_E = "rail_e"
    AIR_E = "air_e"
    TRAIN_PAPER = "train_paper"
    TAXI = "taxi"
    TOLL_PAPER = "toll_paper"
    QUOTA = "quota"
    MACHINE = "machine"
    BUS = "bus"
    SHIP = "ship"
    BLOCKCHAIN_SZ = "blockchain_sz"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class KindFacts:
    """What is fixed about a kind. `qr_code` is the QR payload's second field, `tax_code` the e-tax data's."""

    kind: InvoiceKind
    title: str
    number: NumberShape
    qr_code: str | None = None
    tax_code: str | None = None
    qr_amount_is_gross: bool | None = None  #: None: not established, compare with both


_K = InvoiceKind
KINDS: dict[InvoiceKind, KindFacts] = {
    facts.kind: facts
    for facts in (
        KindFacts(_K.SPECIAL_PAPER, "增值税专用发票", "code_and_8", "01", "01", False),
        KindFacts(_K.ORDINARY_PAPER, "增值税普通发票", "code_and_8", "04", "04", False),
        KindFacts(_K.ORDINARY_ROLL, "增值税普通发票（卷票）", "code_and_8", "11", "11", False),
        KindFacts(_K.ORDINARY_E, "增值税电子普通发票", "code_and_8", "10", "10", False),
        KindFacts(_K.SPECIAL_E, "增值税电子专用发票", "code_and_8", "08", "08", False),
        KindFacts(_K.TOLL_E, "增值税电子普通发票（通行费）", "code_and_8", "14", "14", False),
        KindFacts(_K.MOTOR_VEHICLE, "机动车销售统一发票", "code_and_8", "03", "03"),
        KindFacts(_K.USED_VEHICLE, "二手车销售统一发票", "code_and_8", "15", "15"),
        KindFacts(_K.FREIGHT_OLD, "货物运输业增值税专用发票", "code_and_8", "02", "02", False),
        KindFacts(_K.DIGITAL_SPECIAL, "电子发票（增值税专用发票）", "20", "31", "81", True),
        KindFacts(_K.DIGITAL_ORDINARY, "电子发票（普通发票）", "20", "32", "82", True),
        KindFacts(_K.DIGITAL_PAPER_SPECIAL, "增值税专用发票（数电纸质）", "code_8_and_20", "85", "85"),
        KindFacts(_K.DIGITAL_PAPER_ORDINARY, "增值税普通发票（数电纸质）", "code_8_and_20", "86", "86"),
        KindFacts(_K.DIGITAL_PAPER_VEHICLE, "机动车销售统一发票（数电纸质）", "code_8_and_20", "87", "87"),
        KindFacts(_K.DIGITAL_PAPER_USED_VEHICLE, "二手车销售统一发票（数电纸质）", "code_8_and_20", "88", "88"),
        KindFacts(_K.DIGITAL_VEHICLE, "电子发票（机动车销售统一发票）", "20", "83", "83"),
        KindFacts(_K.DIGITAL_USED_VEHICLE, "电子发票（二手车销售统一发票）", "20", "84", "84"),
        KindFacts(_K.RAIL_E, "电子发票（铁路电子客票）", "20", "51", "51", True),
        KindFacts(_K.AIR_E, "电子发票（航空运输电子客票行程单）", "20", "61", "61"),
        KindFacts(_K.TRAIN_PAPER, "火车票", "free"),
        KindFacts(_K.TAXI, "出租汽车发票", "code_and_8"),
        KindFacts(_K.TOLL_PAPER, "通行费发票", "code_and_8"),
        KindFacts(_K.QUOTA, "通用定额发票", "code_and_8"),
        KindFacts(_K.MACHINE, "通用机打发票", "code_and_8", "20"),
        KindFacts(_K.BUS, "公路客运发票", "code_and_8"),
        KindFacts(_K.SHIP, "水路客运发票", "code_and_8"),
        KindFacts(_K.BLOCKCHAIN_SZ, "深圳电子普通发票", "code_and_8"),
        KindFacts(_K.OTHER, "其他票据", "free"),
    )
}

KIND_BY_QR_CODE: dict[str, InvoiceKind] = {f.qr_code: k for k, f in KINDS.items() if f.qr_code}
KIND_BY_TAX_CODE: dict[str, InvoiceKind] = {f.tax_code: k for k, f in KINDS.items() if f.tax_code}

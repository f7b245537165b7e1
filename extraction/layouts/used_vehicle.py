"""二手车销售统一发票: buyer, seller, the vehicle, 车价合计."""

from __future__ import annotations

import re

from extraction import normalise
from extraction.layouts import labels, values
from extraction.layouts.findings import LABELLED, PLACED, Findings, plain
from extraction.layouts.labelled import NUMBERED, Labelled, plate, read_digital_number, read_labelled
from extraction.layouts.rows import Row, Span
from extraction.layouts.totals import words_text
from models.kinds import InvoiceKind

KINDS = frozenset({InvoiceKind.USED_VEHICLE, InvoiceKind.DIGITAL_USED_VEHICLE, InvoiceKind.DIGITAL_PAPER_USED_VEHICLE})

_TEXT = re.compile(r"[^|:;]{2,40}")
_ID = re.compile(r"(?<![0-9A-Za-z])[0-9A-Z]{15,20}(?![0-9A-Za-z])")
_ADDRESS = re.compile(r"[^|:;]{4,60}")
_OFFICE = re.compile(r"[^|:;]{4,40}")
_PHONE = re.compile(r"(?<!\d)(?:1\d{10}|0\d{2,3}-?\d{7,8})(?!\d)")


def _without_home(side: str) -> re.Pattern[str]:
    """买方单位/个人 names the party; 买方单位/个人住址 does not."""
    return re.compile(
        labels.spaced(f"{side}单位/个人") + r"(?!\|?[住地])(?:\|?:)?|" + labels.spaced(f"{side}单位") + r"(?!\|?/)"
    )


_FIELDS = (
    *NUMBERED,
    Labelled("buyer_name", _without_home("买方"), _TEXT, wraps=True),
    Labelled("seller_name", _without_home("卖方"), _TEXT, wraps=True),
    Labelled("plate", labels.label("车牌照号", "车牌号"), re.compile(r"[\u4e00-\u9fff][A-Z][0-9A-Z]{5,6}"), plate),
    Labelled("registration_number", labels.label("登记证号"), re.compile(r"\d{10,12}")),
    Labelled("vehicle_type", labels.label("车辆类型"), _TEXT),
    Labelled("vin", labels.label("车架号/车辆识别代码", "车辆识别代码", "车架号"), re.compile(r"[0-9A-HJ-NPR-Z]{17}")),
    Labelled("brand_model", labels.label("厂牌型号"), _TEXT),
    Labelled("buyer_address", labels.label("买方单位/个人住址", "买方单位/个人地址"), _ADDRESS, wraps=True),
    Labelled("seller_address", labels.label("卖方单位/个人住址", "卖方单位/个人地址"), _ADDRESS, wraps=True),
    Labelled("transfer_office", labels.label("转入地车辆", "管理所名称", "转入地车辆管理所名称"), _OFFICE, wraps=True),
    Labelled("market_name", labels.label("二手车市场"), _TEXT, wraps=True),
    Labelled("auction_name", labels.label("经营、拍卖单位", "经营拍卖单位"), _TEXT),
    Labelled("total_in_words", labels.label("车价合计(大写)", "车价合计", "合计(大写)"), values.WORDS, words_text),
    Labelled("total_incl_tax", labels.IN_FIGURES, re.compile(r"[¥Y]?\d[\d,]*\.\d{2}"), normalise.money_text),
)


def read_used_vehicle(findings: Findings, rows: list[Row], kind: InvoiceKind | None) -> None:
    if kind is InvoiceKind.DIGITAL_USED_VEHICLE:
        read_labelled(findings, rows, (Labelled("invoice_number", labels.NUMBER, values.TWENTY, normalise.digits),))
    else:
        read_digital_number(findings, rows)
    read_labelled(findings, rows, _FIELDS)
    ids = values.beside(rows, labels.label("单位代码/身份证号码", "单位代码/身份证号", "身份证号码"), _ID)
    for field, value in zip(("buyer_tax_id", "seller_tax_id"), ids, strict=False):
        findings.add(
            field, value.span, normalise.tax_id, label="单位代码", association=value.association, raw=value.text
        )
    phones = values.beside(rows, labels.label("电话"), _PHONE)
    for field, value in zip(("buyer_phone", "seller_phone"), phones, strict=False):
        if phones and len(phones) >= 2:
            findings.add(field, value.span, plain, label="电话", association=value.association)
    market = labels.find(rows, labels.label("二手车市场"))
    if market:
        level = [v for v in values.beside(rows, labels.TAX_ID, values.TAX_ID) if _level(v.span, market[0].span)]
        for value in level[:1]:
            findings.add(
                "market_tax_id", value.span, normalise.tax_id, label="二手车市场", association=value.association
            )
    drawer = values.beside(rows, labels.DRAWER, re.compile(r"[\u4e00-\u9fff]{2,4}(?![\u4e00-\u9fff])"))
    if drawer and drawer[0].association == LABELLED:
        findings.add("drawer", drawer[0].span, plain, label="开票人", association=PLACED)


def _level(span: Span, other: Span) -> bool:
    return abs(span.centre_y - other.centre_y) < other.height

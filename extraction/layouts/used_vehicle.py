"""二手车销售统一发票: buyer, seller, the vehicle, 车价合计."""

from __future__ import annotations

import re

from extraction import normalise
from extraction.layouts import labels, values
from extraction.layouts.findings import Findings
from extraction.layouts.labelled import NUMBERED, Labelled, read_labelled
from extraction.layouts.rows import Row
from extraction.layouts.totals import words_text
from models.kinds import InvoiceKind

KINDS = frozenset({InvoiceKind.USED_VEHICLE, InvoiceKind.DIGITAL_USED_VEHICLE, InvoiceKind.DIGITAL_PAPER_USED_VEHICLE})

_TEXT = re.compile(r"[^|:;]{2,40}")
_ID = re.compile(r"(?<![0-9A-Za-z])[0-9A-Z]{15,20}(?![0-9A-Za-z])")
_FIELDS = (
    *NUMBERED,
    Labelled("buyer_name", labels.label("买方单位/个人", "买方单位", "购买方名称"), _TEXT),
    Labelled("seller_name", labels.label("卖方单位/个人", "卖方单位", "销售方名称"), _TEXT),
    Labelled("plate", labels.label("车牌照号", "车牌号"), re.compile(r"[\u4e00-\u9fff][A-Z][0-9A-Z]{5,6}")),
    Labelled("registration_number", labels.label("登记证号"), re.compile(r"\d{10,12}")),
    Labelled("vehicle_type", labels.label("车辆类型"), _TEXT),
    Labelled("vin", labels.label("车架号/车辆识别代码", "车辆识别代码", "车架号"), re.compile(r"[0-9A-HJ-NPR-Z]{17}")),
    Labelled("brand_model", labels.label("厂牌型号"), _TEXT),
    Labelled("total_in_words", labels.label("车价合计", "合计(大写)"), values.WORDS, words_text),
    Labelled("total_incl_tax", labels.IN_FIGURES, re.compile(r"[¥Y]?\d[\d,]*\.\d{2}"), normalise.money_text),
)


def read_used_vehicle(findings: Findings, rows: list[Row], kind: InvoiceKind | None) -> None:
    if kind is InvoiceKind.DIGITAL_USED_VEHICLE:
        read_labelled(findings, rows, (Labelled("invoice_number", labels.NUMBER, values.TWENTY, normalise.digits),))
    read_labelled(findings, rows, _FIELDS)
    ids = values.beside(rows, labels.label("单位代码/身份证号码", "单位代码/身份证号", "身份证号码"), _ID)
    for field, value in zip(("buyer_tax_id", "seller_tax_id"), ids, strict=False):
        findings.add(
            field, value.span, normalise.tax_id, label="单位代码", association=value.association, raw=value.text
        )

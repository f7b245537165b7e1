"""机动车销售统一发票 (paper, 数电纸质 and 数电): a grid of labels with their values to the right.

The buyer's name and number share a cell in the older form; 纳税人识别号 stands twice, the buyer's above the seller's.
"""

from __future__ import annotations

import re

from extraction import normalise
from extraction.layouts import labels, values
from extraction.layouts.findings import GUESSED, LABELLED, PLACED, SHAPED, Findings, plain
from extraction.layouts.labelled import NUMBERED, Labelled, party, read_digital_number, read_labelled
from extraction.layouts.rows import Row
from extraction.layouts.totals import words_text
from extraction.layouts.values import Value
from models.kinds import InvoiceKind

KINDS = frozenset({InvoiceKind.MOTOR_VEHICLE, InvoiceKind.DIGITAL_VEHICLE, InvoiceKind.DIGITAL_PAPER_VEHICLE})

_TEXT = re.compile(r"[^|:;]{2,40}")
_ADDRESS = re.compile(r"[^|:;¥%]{4,60}")
_MONEY = re.compile(r"[¥Y]?-?\d[\d,]*\.\d{2}(?!\d)")
_VIN = re.compile(r"(?<![0-9A-Z])(?=[0-9]*[A-Z])[0-9A-HJ-NPR-Z]{17}(?![0-9A-Z])")
_MODEL = re.compile(r"[A-Z0-9][A-Z0-9\-/]{3,24}")
_RATE = labels.label("增值税税率", "或征收率")  #: the tax stands on this row, its own label often under the seal
_FIELDS = (
    *NUMBERED,
    Labelled("invoice_code", labels.label("机打代码"), values.CODE, normalise.digits),
    Labelled("invoice_number", labels.label("机打号码"), values.EIGHT, normalise.digits),
    Labelled("total_in_words", labels.label("价税合计"), values.WORDS, words_text),
    Labelled("buyer_name", labels.label("购买方名称及", "购买方名称", "购货单位"), _TEXT, party, wraps=True),
    Labelled("seller_name", labels.label("销货单位名称", "销售方名称", "销货单位名"), _TEXT, party, wraps=True),
    Labelled("vehicle_type", labels.label("车辆类型"), _TEXT),
    Labelled("brand_model", labels.label("厂牌型号"), re.compile(r"[^|:;]{2,40}")),
    Labelled("origin", labels.label("产地"), _TEXT),
    Labelled("certificate_number", labels.label("合格证号"), _MODEL),
    Labelled("import_certificate_number", labels.label("进口证明书号"), _MODEL),
    Labelled("inspection_number", labels.label("商检单号"), _MODEL),
    Labelled("engine_number", labels.label("发动机号码", "发动机号"), re.compile(r"[0-9A-Z\-*/ ]{4,24}")),
    Labelled("vin", labels.label("车辆识别代号/车架号码", "识别代号/车架号码", "车架号码"), _VIN),
    Labelled("tax_authority", labels.label("主管税务", "机关及代码"), re.compile(r"[\u4e00-\u9fff]{4,30}")),
    Labelled(
        "tax_authority_code", labels.label("机关及代码", "主管税务"), re.compile(r"(?<![0-9A-Z])\d{9,11}(?![0-9A-Z])")
    ),
    Labelled("seller_phone", labels.label("电话"), re.compile(r"[\d()-]{7,16}")),
    Labelled("seller_account", labels.label("账号", "帐号"), re.compile(r"\d{8,32}")),
    Labelled("seller_address", labels.label("地址"), _ADDRESS, wraps=True),
    Labelled("seller_bank", labels.label("开户银行", "开户行"), _ADDRESS, wraps=True),
    Labelled(
        "tax_rate",
        labels.label("增值税税率", "税率或征收率", "或征收率"),
        re.compile(r"\d{1,2}(?:\.\d)?%"),
        normalise.rate,
    ),
    Labelled("tax_payment_certificate", labels.label("完税凭证号码", "完税凭证号"), re.compile(r"[0-9A-Z]{6,24}")),
    Labelled("tonnage", labels.label("吨位"), re.compile(r"\d{1,3}(?:\.\d+)?|-+")),
    Labelled("capacity", labels.label("限乘人数"), re.compile(r"\d{1,3}(?!\d)")),
)


def read_vehicle(findings: Findings, rows: list[Row], kind: InvoiceKind | None) -> None:
    if kind is InvoiceKind.DIGITAL_VEHICLE:
        read_labelled(findings, rows, (Labelled("invoice_number", labels.NUMBER, values.TWENTY, normalise.digits),))
    else:
        read_digital_number(findings, rows)
    read_labelled(findings, rows, _FIELDS)
    _second_printing(findings, rows)
    _amounts(findings, rows)
    _tax_ids(findings, rows)
    if not findings.has("vin"):
        found = values.shaped(rows, _VIN)
        if len(found) == 1:
            findings.add("vin", found[0].span, plain, label="vin shape", association=SHAPED)
    drawer = values.beside(rows, labels.DRAWER, re.compile(r"(?!备注)[\u4e00-\u9fff]{2,4}(?![\u4e00-\u9fff])"))
    if drawer and drawer[0].association == LABELLED:
        findings.add("drawer", drawer[0].span, plain, label="开票人", association=PLACED)


def _second_printing(findings: Findings, rows: list[Row]) -> None:
    """机打代码 and 机打号码 repeat the printed ones: a second, independent reading."""
    for field, pattern, shape in (
        ("invoice_code", labels.label("机打代码"), values.CODE),
        ("invoice_number", labels.label("机打号码"), values.EIGHT),
    ):
        for value in values.beside(rows, pattern, shape):
            findings.add(field, value.span, normalise.digits, label="机打", association=value.association)


def _amounts(findings: Findings, rows: list[Row]) -> None:
    """小写 of 价税合计, 不含税价, 增值税税额: told apart by label, confirmed when net and tax make the gross."""
    gross_rows = labels.find(rows, labels.label("价税合计"))
    net_rows = labels.find(rows, labels.label("不含税价", "不含税"))
    money = [Value(f.span, f.match.group(), SHAPED) for row in rows for f in row.search(_MONEY)]
    gross = _level_with(money, gross_rows)
    net = _level_with([v for v in money if v is not gross], net_rows)
    rest = [v for v in money if v is not gross and v is not net]
    tax = next((v for v in rest if gross and net and _adds_up(net, v, gross)), None)
    sure = tax is not None
    if tax is None:
        labelled = values.beside(rows, labels.label("税额"), _MONEY)
        tax = labelled[-1] if labelled else _level_with(rest, labels.find(rows, _RATE))
    for field, value in (("total_incl_tax", gross), ("total_excl_tax", net), ("total_tax", tax)):
        if value is not None:
            findings.add(
                field, value.span, normalise.money_text, label=field, association=LABELLED if sure else GUESSED
            )


def _level_with(money: list[Value], hits: list[labels.Hit]) -> Value | None:
    near = [
        (abs(v.span.centre_y - h.span.centre_y), v)
        for h in hits
        for v in money
        if abs(v.span.centre_y - h.span.centre_y) < 1.5 * h.span.height and v.span.x0 > h.span.x1
    ]
    return min(near, key=lambda entry: entry[0])[1] if near else None


def _adds_up(net: Value, tax: Value, gross: Value) -> bool:
    n, t, g = (normalise.money_text(v.text) for v in (net, tax, gross))
    return bool(n and t and g) and abs(float(n or 0) + float(t or 0) - float(g or 0)) < 0.015


def _tax_ids(findings: Findings, rows: list[Row]) -> None:
    """Numbers in the buyer's band (above 车辆类型) and in the seller's (below 价税合计)."""
    middle = labels.find(rows, labels.label("车辆类型"))
    lower = labels.find(rows, labels.label("价税合计"))
    top = labels.find(rows, labels.label("购买方名称及", "购买方名称", "购货单位", "身份证号码"))
    labelled = values.beside(rows, labels.TAX_ID, values.TAX_ID)
    if middle and top:
        start, end = top[0].span.y0 - top[0].span.height, middle[0].span.y0
        band = [r for r in rows if start <= r.centre_y < end]
        _one_id(findings, "buyer_tax_id", values.shaped(band, values.TAX_ID), labelled)
    if lower:
        start = lower[0].span.y1
        near_seller = [v for v in labelled if v.span.centre_y > start]
        _one_id(findings, "seller_tax_id", near_seller[:1], labelled)


def _one_id(findings: Findings, field: str, found: list[Value], labelled: list[Value]) -> None:
    for value in found[:1]:
        sure = any(v.text == value.text for v in labelled)
        association = LABELLED if sure and len(found) == 1 else PLACED if len(found) == 1 else GUESSED
        findings.add(field, value.span, normalise.tax_id, label="纳税人识别号", association=association, raw=value.text)

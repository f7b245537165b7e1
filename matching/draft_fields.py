"""What a supplement draft holds: fields filled from accepted evidence only, the rest empty and listed. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from matching.captured import Captured
from models.errors import RequestError, Text
from models.evidence import FieldStatus, Source
from models.invoice import COMMON_FIELDS
from models.kinds import KINDS, InvoiceKind
from models.matching import DraftField
from models.money import format_money, parse_money, to_fen

MONEY = frozenset({"total_excl_tax", "total_tax", "total_incl_tax"})
#: shown and editable in this order; the number's own fields come from the evidence and are not edited
EDITABLE: tuple[str, ...] = tuple(n for n in COMMON_FIELDS if n not in ("invoice_code", "invoice_number"))
IDENTITY = ("kind", "invoice_code", "invoice_number", "digital_invoice_number")
REQUIRED = (
    "invoice_number",
    "issue_date",
    "seller_name",
    "buyer_name",
    "total_excl_tax",
    "total_tax",
    "total_incl_tax",
)
#: doubted ones that a person has to settle; the others may stay blank
SETTLED = frozenset({*REQUIRED, "invoice_code", "seller_tax_id", "buyer_tax_id"})
FREE_OF_TAX_LINE = ("免税", "不征税", "***", "0%")
_TAX_ID = re.compile(r"[0-9A-Z]{15,20}")
_EMPTY = DraftField(value=None, source=None, confidence=0.0).export()

Fields = dict[str, dict[str, Any]]


def filled(invoice: Captured) -> tuple[Fields, list[str]]:
    """Fields with provenance, and the names of those a person must fill."""
    fields: Fields = {"kind": DraftField(value=invoice.kind.value, source=None, confidence=1.0).export()}
    for name in COMMON_FIELDS:
        seen = invoice.field(name)
        fields[name] = dict(_EMPTY)
        if seen.accepted:
            known = DraftField(value=seen.value, source=seen.source, confidence=seen.confidence, raw=seen.raw)
            fields[name] = known.export()
    digital = invoice.field("digital_invoice_number")
    if digital.accepted:
        known = DraftField(value=digital.value, source=digital.source, confidence=digital.confidence, raw=digital.raw)
        fields["digital_invoice_number"] = known.export()
    doubted = [n for n in SETTLED if invoice.field(n).status is FieldStatus.REVIEW]
    return fields, missing(fields, doubted)


def missing(fields: Mapping[str, Mapping[str, Any]], doubted: list[str] | tuple[str, ...] = ()) -> list[str]:
    """Required fields without a value, and doubted ones that nobody has settled, in the order shown."""
    wanted = {*required(fields), *doubted}
    return [n for n in COMMON_FIELDS if n in wanted and not fields.get(n, _EMPTY)["value"]]


def required(fields: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    number = fields.get("invoice_number", _EMPTY)["value"] or ""
    kind = InvoiceKind(fields["kind"]["value"])
    with_code = len(number) != 20 and KINDS[kind].number != "20"
    return ("invoice_code", *REQUIRED) if with_code else REQUIRED


def edited(fields: Mapping[str, Mapping[str, Any]], changes: Mapping[str, str | None]) -> Fields:
    """Fields after a person's changes. Refuses what is no value of the field."""
    result: Fields = {name: dict(field) for name, field in fields.items()}
    for name, text in changes.items():
        if name not in EDITABLE:
            what = "号码与代码由票面证据确定，不能在补录单上修改" if name in IDENTITY else f"没有此项：{name}"
            raise RequestError("invalid_request", what=what)
        value = _valid(name, text)
        known = DraftField(value=value, source=Source.USER.value if value else None, confidence=1.0 if value else 0.0)
        result[name] = known.export() | {"raw": text if value and text != value else None}
    return result


def _valid(name: str, text: str | None) -> str | None:
    value = (text or "").strip()
    if not value:
        return None
    if name in MONEY:
        amount = parse_money(value)
        if amount is None or amount != amount.quantize(amount.__class__("0.01")):
            raise RequestError("invalid_request", what=Text(f"金额格式不正确：{value}", f"not an amount: {value}"))
        return format_money(amount)
    if name == "issue_date":
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError as error:
            raise RequestError(
                "invalid_request",
                what=Text(f"日期格式应为 2024-05-14：{value}", f"a day is written as 2024-05-14: {value}"),
            ) from error
    if name.endswith("_tax_id"):
        if not _TAX_ID.fullmatch(value.upper()):
            raise RequestError(
                "invalid_request",
                what=Text(
                    f"纳税人识别号应为 15–20 位数字或大写字母：{value}",
                    f"a tax id has 15–20 digits or capitals: {value}",
                ),
            )
        return value.upper()
    if len(value) > 200 and name != "remarks":
        raise RequestError("invalid_request", what=Text(f"内容过长：{name}", f"too long: {name}"))
    return value


def columns(fields: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What lists of drafts are sorted and narrowed by, as columns."""
    value = {name: fields.get(name, _EMPTY)["value"] for name in ("total_incl_tax", "issue_date", "buyer_tax_id")}
    gross = parse_money(value["total_incl_tax"])
    return {
        "total_incl_fen": None if gross is None else to_fen(gross),
        "issue_date": date.fromisoformat(value["issue_date"]) if value["issue_date"] else None,
        "buyer_tax_id": value["buyer_tax_id"],
    }


def sums_up(fields: Mapping[str, Mapping[str, Any]]) -> bool:
    """金额 + 税额 = 价税合计, where all three are plain amounts."""
    net, tax, gross = (parse_money(fields[n]["value"]) for n in ("total_excl_tax", "total_tax", "total_incl_tax"))
    return net is None or tax is None or gross is None or net + tax == gross

"""What to type into the tax platform's 查验 form, per kind. Only prepares: nothing is sent, no captcha is touched.

Follows the platform's own form. A wrong input spends one of the five tries a day, so that only accepted values count.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from models.authenticity import InquiryInput, InquiryInputs
from models.invoice import Invoice
from models.kinds import InvoiceKind

_K = InvoiceKind
_NOTE = "查验平台每张发票每天限查 5 次，可查 5 年内开具的发票；开票次日起查询较稳妥。"
_NOT_TAKEN = "查验平台不受理此票种。"
_NOT_KNOWN = "此票种在查验平台的输入项尚未核实，请以平台页面为准。"

_AMOUNT = re.compile(r"-?\d{1,11}(?:\.\d{1,2})?")


@dataclass(frozen=True, slots=True)
class _Box:
    name: str
    label: str
    fields: tuple[str, ...]
    take: Callable[[Invoice], str | None]


def inquiry_inputs(invoice: Invoice) -> InquiryInputs | None:
    """Inputs for this invoice, missing ones included; None for a paper that is no invoice of a known kind."""
    if invoice.kind is _K.OTHER:
        return None
    if invoice.kind in _NEVER_TAKEN:
        return InquiryInputs(kind=invoice.kind, verifiable=False, note=_NOT_TAKEN)
    boxes = _FORMS.get(invoice.kind)
    if invoice.kind is _K.USED_VEHICLE and _number(20)(invoice):
        boxes = _FORMS[_K.DIGITAL_USED_VEHICLE]
    if boxes is None:
        return InquiryInputs(kind=invoice.kind, verifiable=False, note=_NOT_KNOWN)
    inputs = tuple(
        InquiryInput(name=box.name, label=box.label, value=box.take(invoice), fields=box.fields) for box in boxes
    )
    return InquiryInputs(kind=invoice.kind, verifiable=True, inputs=inputs, note=_NOTE)


def _shaped(field: str, shape: str) -> Callable[[Invoice], str | None]:
    def take(invoice: Invoice) -> str | None:
        value = invoice.accepted(field)
        return value if value and re.fullmatch(shape, value) else None

    return take


def _number(digits: int) -> Callable[[Invoice], str | None]:
    """The accepted number of this length: 数电纸票 print two, in either field."""

    def take(invoice: Invoice) -> str | None:
        found = {invoice.accepted(field) for field in ("invoice_number", "digital_invoice_number")}
        fitting = [n for n in found if n and re.fullmatch(rf"\d{{{digits}}}", n)]
        return fitting[0] if len(fitting) == 1 else None

    return take


def _last_six(take: Callable[[Invoice], str | None]) -> Callable[[Invoice], str | None]:
    return lambda invoice: (take(invoice) or "")[-6:] or None


def _amount(field: str) -> Callable[[Invoice], str | None]:
    def take(invoice: Invoice) -> str | None:
        value = (invoice.accepted(field) or "").replace(",", "")
        return value if _AMOUNT.fullmatch(value) else None

    return take


def _day(invoice: Invoice) -> str | None:
    value = invoice.accepted("issue_date")
    return value.replace("-", "") if value and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) else None


_DATE = _Box("date", "开票日期", ("issue_date",), _day)
_CODE = _Box("code", "发票代码", ("invoice_code",), _shaped("invoice_code", r"\d{10}|\d{12}"))
_NUMBER_8 = _Box("number", "发票号码", ("invoice_number", "digital_invoice_number"), _number(8))
_NUMBER_20 = _Box("number", "发票号码", ("invoice_number", "digital_invoice_number"), _number(20))
_NET = _Box("amount", "开具金额(不含税)", ("total_excl_tax",), _amount("total_excl_tax"))
_GROSS = _Box("amount", "价税合计", ("total_incl_tax",), _amount("total_incl_tax"))
_FARE = _Box("amount", "票价", ("total_incl_tax",), _amount("total_incl_tax"))
_CAR_PRICE = _Box("amount", "车价合计", ("total_incl_tax",), _amount("total_incl_tax"))
_CHECK_6 = _Box("check_code", "校验码后 6 位", ("check_code",), _last_six(_shaped("check_code", r"\d{20}")))
_CHECK_5 = _Box("check_code", "校验码", ("check_code",), _shaped("check_code", r"[0-9A-Za-z]{5}"))
_NUMBER_6 = _Box(
    "check_code", "20 位发票号码后 6 位", ("digital_invoice_number", "invoice_number"), _last_six(_number(20))
)

_BY_NET = (_CODE, _NUMBER_8, _DATE, _NET)
_BY_CHECK_CODE = (_CODE, _NUMBER_8, _DATE, _CHECK_6)
_DIGITAL = (_NUMBER_20, _DATE, _GROSS)
_FORMS: dict[InvoiceKind, tuple[_Box, ...]] = {
    **dict.fromkeys(
        (_K.SPECIAL_PAPER, _K.SPECIAL_E, _K.MOTOR_VEHICLE, _K.FREIGHT_OLD, _K.DIGITAL_PAPER_SPECIAL,
         _K.DIGITAL_PAPER_VEHICLE), _BY_NET),
    **dict.fromkeys((_K.ORDINARY_PAPER, _K.ORDINARY_E, _K.ORDINARY_ROLL, _K.TOLL_E), _BY_CHECK_CODE),
    _K.DIGITAL_PAPER_ORDINARY: (_CODE, _NUMBER_8, _DATE, _NUMBER_6),
    _K.USED_VEHICLE: (_CODE, _NUMBER_8, _DATE, _CAR_PRICE),
    **dict.fromkeys((_K.DIGITAL_USED_VEHICLE, _K.DIGITAL_PAPER_USED_VEHICLE), (_NUMBER_20, _DATE, _CAR_PRICE)),
    **dict.fromkeys((_K.DIGITAL_SPECIAL, _K.DIGITAL_ORDINARY, _K.DIGITAL_VEHICLE, _K.AIR_E), _DIGITAL),
    _K.RAIL_E: (_NUMBER_20, _DATE, _FARE),
    _K.BLOCKCHAIN_SZ: (_CODE, _NUMBER_8, _DATE, _NET, _CHECK_5),
}  # fmt: skip
_NEVER_TAKEN = frozenset({_K.TRAIN_PAPER, _K.TAXI, _K.TOLL_PAPER, _K.QUOTA})

"""What the remarks of an invoice say in set phrases: the invoice a red one takes back, deductions, special business.

Never guesses: a phrase that is not complete gives nothing. Source: the remark patterns of the domain reference §1.4 and
the phrases that the e-tax platform itself writes into the remarks for each special business (特定业务).
"""

from __future__ import annotations

import re

from extraction import normalise

_END = r"(?=\s|[;；,，。]|$)"
_VALUE = rf"[ \t]*[:：][ \t]*([^\s;；,，。:：]{{1,80}}?){_END}"
_DAY = r"(\d{4}-\d{2}-\d{2}|\d{4}年\d{1,2}月\d{1,2}日|\d{8})"
_TWENTY = r"(\d(?:\n?\d){19})(?!\d)"  #: may wrap where the box ends
_PHRASES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (field, re.compile(pattern))
    for field, pattern in (
        (
            "original_invoice_number",
            r"被红冲蓝字(?:数电|发)?(?:票|发票)?号码\s*[:：]\s*(\d(?:\n?\d){19}|\d{8})(?!\n?\d)",
        ),
        ("original_invoice_code", r"被红冲蓝字发票代码\s*[:：]\s*(\d{12}|\d{10})(?!\d)"),
        ("original_invoice_code", r"对应正数发票代码\s*[:：]\s*(\d{12}|\d{10})\s*号码"),
        ("original_invoice_number", r"对应正数发票代码\s*[:：]\s*\d{10,12}\s*号码\s*[:：]\s*(\d{8})(?!\d)"),
        ("red_confirmation_number", rf"红字发票信息确认单编号\s*[:：]\s*{_TWENTY}"),
        ("red_info_form_number", r"信息表编号\s*[:：]?\s*(\d{16,24})(?!\d)"),
        ("deduction_amount", r"差额征税\s*[:：]\s*(-?[\d,]+(?:\.\d{1,2})?)"),
        ("land_vat_project_number", rf"土地增值税项目编号{_VALUE}"),
        ("cross_city", r"跨地\(?（?市）?\)?标志\s*[:：]\s*([是否])"),
        ("property_address", rf"不动产(?:详细)?地址{_VALUE}"),
        ("property_unit_code", rf"(?:不动产单元代码(?:/网签合同备案编[号码])?|网签合同备案编[号码]){_VALUE}"),
        ("lease_start", rf"租赁期起止\s*[:：]\s*{_DAY}"),
        ("lease_end", rf"租赁期起止\s*[:：]\s*{_DAY.replace('(', '(?:', 1)}\s*[-—~至/]?\s*{_DAY}"),
        ("policy_number", rf"保险单号{_VALUE}"),
        ("plate", rf"车牌号/船舶登记号{_VALUE}"),
        ("plate", r"车牌号\s*[:：]\s*([\u4e00-\u9fff][A-Z][0-9A-Z]{5,6})"),
        ("tax_period", r"税款所属期\s*[:：]\s*(\d{4}-\d{2}\s*[-—~至 ]?\s*\d{4}-\d{2})"),
        ("vessel_tax_amount", r"代收车船税金额\s*[:：]\s*(\d[\d,]*\.\d{2})"),
        ("late_fee_amount", r"滞纳金(?:金额)?\s*[:：]\s*(\d[\d,]*\.\d{2})"),
        ("vehicle_type", r"车辆类型\s*[:：]\s*([\u4e00-\u9fff]{2,8})"),
    )
)
_DATES = frozenset({"lease_start", "lease_end"})
_NUMBERS = frozenset({"original_invoice_number", "red_confirmation_number"})


def facts_in_remarks(remarks: str | None) -> dict[str, str]:
    """Field → value, the first phrase of each field counting."""
    found: dict[str, str] = {}
    if not remarks:
        return found
    for field, pattern in _PHRASES:
        match = pattern.search(remarks)
        value = _value(field, match[1]) if match else None
        if value and field not in found:
            found[field] = value
    return found


def _value(field: str, text: str) -> str | None:
    if field in _DATES:
        return normalise.date_iso(text)
    return text.replace("\n", "") if field in _NUMBERS else text.strip()

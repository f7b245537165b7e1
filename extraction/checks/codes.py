"""What an invoice code and number say by their structure: kind, area, year.

Source: the verification platform's own rules (domain §2.1). Digit 5 of a digital number is never enforced.
"""

from __future__ import annotations

import re

from models.kinds import KIND_BY_QR_CODE, InvoiceKind

AREAS: dict[str, str] = {
    "1100": "北京", "1200": "天津", "1300": "河北", "1400": "山西", "1500": "内蒙古", "2100": "辽宁", "2102": "大连",
    "2200": "吉林", "2300": "黑龙江", "3100": "上海", "3200": "江苏", "3300": "浙江", "3302": "宁波", "3400": "安徽",
    "3500": "福建", "3502": "厦门", "3600": "江西", "3700": "山东", "3702": "青岛", "4100": "河南", "4200": "湖北",
    "4300": "湖南", "4400": "广东", "4403": "深圳", "4500": "广西", "4600": "海南", "5000": "重庆", "5100": "四川",
    "5200": "贵州", "5300": "云南", "5400": "西藏", "6100": "陕西", "6200": "甘肃", "6300": "青海", "6400": "宁夏",
    "6500": "新疆",
}  # fmt: skip
_OWN_AREA = frozenset({"2102", "3302", "3502", "3702", "4403"})
_DIGITAL_AREAS = frozenset(area[:2] for area in AREAS) | {"91", "92", "93", "94", "95"}
_FIRST_DIGITAL_YEAR = 2021

_OLD_ELECTRONIC = frozenset({"144031539110", "131001570151", "133011501118", "111001571071"})
_BY_LAST_TWO = {"11": "10", "12": "14", "13": "08", "04": "04", "05": "04", "06": "11", "07": "11", "17": "15"}
_BY_EIGHTH = {"1": "01", "5": "01", "3": "04", "6": "04", "2": "02", "7": "02"}


def kind_from_code(code: str) -> InvoiceKind | None:
    """The kind that a 10- or 12-digit code belongs to; None for local and unknown paper kinds."""
    platform: str | None = None
    if re.fullmatch(r"[0-9]{12}", code):
        if code in _OLD_ELECTRONIC:
            platform = "10"
        elif code[0] == "0":
            platform = _BY_LAST_TWO.get(code[10:])
        elif code[7] == "2":
            platform = "03"
    elif re.fullmatch(r"[0-9]{10}", code):
        platform = _BY_EIGHTH.get(code[7])
    return KIND_BY_QR_CODE[platform] if platform else None


def area_of(code: str) -> str:
    """Four-digit area of a code; five cities have their own, elsewhere the province."""
    area = code[1:5] if len(code) == 12 else code[:4]
    return area if area in _OWN_AREA else area[:2] + "00"


def code_year(code: str) -> int:
    """Year in which the code was printed or allotted: the issue year or shortly before."""
    return 2000 + int(code[5:7] if len(code) == 12 else code[4:6])


def number_year(number: str) -> int:
    """Issue year of a 20-digit digital number."""
    return 2000 + int(number[:2])


def plausible_code(code: str) -> bool:
    """Shape of any invoice code, local paper kinds (12 characters, a letter possible) included."""
    return re.fullmatch(r"[0-9]{10}|[0-9]{11}[0-9A-Z]|[0-9]{7}[0-9A-Z]{5}", code) is not None


def plausible_number(number: str) -> bool:
    """Eight digits, not all zero; or a plausible digital number."""
    if len(number) == 20:
        return plausible_digital_number(number)
    return re.fullmatch(r"[0-9]{8}", number) is not None and number != "00000000"


def plausible_digital_number(number: str, issue_date: str | None = None) -> bool:
    """Twenty digits whose area exists and whose year is the issue year (where the ISO date is known)."""
    if not re.fullmatch(r"[0-9]{20}", number) or number[2:4] not in _DIGITAL_AREAS:
        return False
    if issue_date is not None:
        return number_year(number) == int(issue_date[:4])
    return number_year(number) >= _FIRST_DIGITAL_YEAR

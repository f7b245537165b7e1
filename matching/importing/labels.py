"""票种 and 发票状态 as the exports print them → our kinds and states. The printed text is always kept beside.

Source: the domain's list of label variants. What is not known stays unknown; nothing is guessed from a look-alike.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from models.kinds import KIND_BY_TAX_CODE, InvoiceKind
from models.ledger import RecordState

_K = InvoiceKind
_DIGITAL = re.compile(r"(?:数电发票|数电票|全电发票|电子发票|数电)\((.+)\)")
_DIGITAL_PAPER = re.compile(r"(?:数电纸质发票|数电纸票|数电纸质)\((.+)\)|(.+)\(数电纸质(?:发票)?\)")
_INNER_DIGITAL: dict[str, InvoiceKind] = {
    "增值税专用发票": _K.DIGITAL_SPECIAL, "专用发票": _K.DIGITAL_SPECIAL, "专票": _K.DIGITAL_SPECIAL,
    "普通发票": _K.DIGITAL_ORDINARY, "增值税普通发票": _K.DIGITAL_ORDINARY, "普票": _K.DIGITAL_ORDINARY,
    "铁路电子客票": _K.RAIL_E, "航空运输电子客票行程单": _K.AIR_E, "航空运输客票电子行程单": _K.AIR_E,
    "机动车销售统一发票": _K.DIGITAL_VEHICLE, "二手车销售统一发票": _K.DIGITAL_USED_VEHICLE,
}  # fmt: skip
_INNER_PAPER: dict[str, InvoiceKind] = {
    "增值税专用发票": _K.DIGITAL_PAPER_SPECIAL, "专用发票": _K.DIGITAL_PAPER_SPECIAL,
    "普通发票": _K.DIGITAL_PAPER_ORDINARY, "增值税普通发票": _K.DIGITAL_PAPER_ORDINARY,
    "机动车销售统一发票": _K.DIGITAL_PAPER_VEHICLE, "二手车销售统一发票": _K.DIGITAL_PAPER_USED_VEHICLE,
}  # fmt: skip
_PLAIN: dict[str, InvoiceKind] = {
    "增值税专用发票": _K.SPECIAL_PAPER, "专用发票": _K.SPECIAL_PAPER, "专票": _K.SPECIAL_PAPER,
    "增值税普通发票": _K.ORDINARY_PAPER, "普票": _K.ORDINARY_PAPER, "增值税普通发票(折叠票)": _K.ORDINARY_PAPER,
    "增值税电子专用发票": _K.SPECIAL_E, "电子专票": _K.SPECIAL_E, "增值税专用发票(电子)": _K.SPECIAL_E,
    "增值税电子普通发票": _K.ORDINARY_E, "电子普票": _K.ORDINARY_E, "增值税普通发票(电子)": _K.ORDINARY_E,
    "增值税普通发票(卷式)": _K.ORDINARY_ROLL, "增值税普通发票(卷票)": _K.ORDINARY_ROLL, "卷票": _K.ORDINARY_ROLL,
    "道路通行费电子普通发票": _K.TOLL_E, "增值税电子普通发票(通行费)": _K.TOLL_E,
    "通行费电子发票": _K.TOLL_E, "通行费电子普通发票": _K.TOLL_E,
    "机动车销售统一发票": _K.MOTOR_VEHICLE, "二手车销售统一发票": _K.USED_VEHICLE,
    "货物运输业增值税专用发票": _K.FREIGHT_OLD, "货运专票": _K.FREIGHT_OLD,
    "数电专票": _K.DIGITAL_SPECIAL, "数电普票": _K.DIGITAL_ORDINARY,
    "全电专票": _K.DIGITAL_SPECIAL, "全电普票": _K.DIGITAL_ORDINARY,
    "铁路电子客票": _K.RAIL_E, "航空运输电子客票行程单": _K.AIR_E,
    "海关缴款书": _K.OTHER, "海关进口增值税专用缴款书": _K.OTHER,
}  # fmt: skip


@lru_cache(maxsize=4096)
def kind_of(label: str | None) -> InvoiceKind | None:
    """None where the label is missing or not known."""
    if not label:
        return None
    folded = re.sub(r"\s+", "", unicodedata.normalize("NFKC", label))
    if found := KIND_BY_TAX_CODE.get(folded):
        return found
    if paper := _DIGITAL_PAPER.fullmatch(folded):
        return _INNER_PAPER.get(paper[1] or paper[2])
    if digital := _DIGITAL.fullmatch(folded):
        return _INNER_DIGITAL.get(digital[1])
    return _PLAIN.get(folded)


_STATES: dict[str, RecordState] = {
    "正常": RecordState.NORMAL, "正票": RecordState.NORMAL, "01": RecordState.NORMAL, "0": RecordState.NORMAL,
    "作废": RecordState.VOID, "已作废": RecordState.VOID, "02": RecordState.VOID, "2": RecordState.VOID,
    "已红冲-全额": RecordState.RED_FULL, "已红冲(全额)": RecordState.RED_FULL, "全额红冲": RecordState.RED_FULL,
    "红冲-全额": RecordState.RED_FULL, "红冲(全额)": RecordState.RED_FULL, "已全额红冲": RecordState.RED_FULL,
    "已红冲": RecordState.RED_FULL, "红冲": RecordState.RED_FULL, "03": RecordState.RED_FULL,
    "3": RecordState.RED_FULL, "8": RecordState.RED_FULL,
    "已红冲-部分": RecordState.RED_PARTIAL, "已红冲(部分)": RecordState.RED_PARTIAL,
    "部分红冲": RecordState.RED_PARTIAL,
    "红冲-部分": RecordState.RED_PARTIAL, "红冲(部分)": RecordState.RED_PARTIAL, "已部分红冲": RecordState.RED_PARTIAL,
    "04": RecordState.RED_PARTIAL, "7": RecordState.RED_PARTIAL,
    "失控": RecordState.LOST_CONTROL, "1": RecordState.LOST_CONTROL,
    "异常": RecordState.ABNORMAL, "4": RecordState.ABNORMAL,
}  # fmt: skip


@lru_cache(maxsize=1024)
def state_of(label: str | None) -> RecordState:
    """One-digit and two-digit codes belong to different feeds and do not mean the same."""
    if not label:
        return RecordState.UNKNOWN
    return _STATES.get(re.sub(r"\s+", "", unicodedata.normalize("NFKC", label)), RecordState.UNKNOWN)


@lru_cache(maxsize=64)
def is_positive(label: str | None) -> bool | None:
    return {"是": True, "Y": True, "否": False, "N": False}.get((label or "").strip().upper())

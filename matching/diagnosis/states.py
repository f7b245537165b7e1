"""Causes that lie in what became of the invoice: red, red-flushed, issued on behalf of another, not genuine."""

from __future__ import annotations

import re

from matching.diagnosis import weights
from matching.diagnosis.case import Case, Finding
from matching.on_behalf import true_seller
from models.matching import CauseCode

_BLUE = re.compile(
    r"(?:被红冲蓝字数电(?:票|发票)号码|被红冲蓝字发票号码|对应正数发票代码[::：]?\s*\d{10,12}\s*号码)[::：]?\s*(\d{8,20})"
)
#: checks whose failure means altered rather than misread, if the values themselves were read exactly
GRAVE_CHECKS = frozenset({"qr_amount", "qr_kind", "qr_number", "qr_code", "qr_date", "code_kind", "number_year",
                          "code_area_year", "sum", "words", "signature"})  # fmt: skip


def is_red(case: Case) -> Finding | None:
    if not case.invoice.is_red:
        return None
    evidence = ["金额为负数，是红字发票"]
    blue = _BLUE.search(re.sub(r"\s", "", case.invoice.value("remarks") or ""))
    if blue:
        evidence.append(f"备注写明被红冲的蓝字发票 {blue[1]}")
    return Finding(CauseCode.IS_RED, weights.IS_RED, tuple(evidence), "关联对应的蓝字发票，不作为费用凭证；不生成补录")


def red_flushed(case: Case) -> Finding | None:
    red = case.red_record
    if red is None:
        return None
    name = red.digital_invoice_number or red.invoice_number or ""
    evidence = (f"记录中的红字发票 {name} 备注指向本票",)
    return Finding(CauseCode.RED_FLUSHED, weights.RED_FLUSHED, evidence, "本票已被红冲：退回，不予报销或抵扣")


def issued_on_behalf(case: Case) -> Finding | None:
    seller = true_seller(case.invoice)
    if seller is None:
        return None
    evidence = (
        f"代开发票：印制的销售方为{case.invoice.value('seller_name') or '税务机关'}，备注中的企业为 {seller.shown}",
    )
    return Finding(CauseCode.ISSUED_ON_BEHALF, weights.ON_BEHALF, evidence, "按备注中的代开企业查找记录")


def suspicious(case: Case) -> Finding | None:
    """Absent is not forged: only grave failed checks on exact values, after the record is overdue, count."""
    failed = [text for text in case.invoice.failed_checks if text.partition(":")[0] in GRAVE_CHECKS]
    if not failed or not case.invoice.number_exact or (case.age_days or 0) <= case.sync_delay_days:
        return None
    odds = min(weights.SUSPICIOUS_PER_CHECK ** len(failed), weights.SUSPICIOUS_CAP)
    evidence = tuple(f"校验未通过：{text}" for text in failed[:4])
    return Finding(
        CauseCode.SUSPICIOUS, odds, evidence, "在国家税务总局查验平台查验；不一致或查无此票时上报，不得自动补录"
    )


RULES = (is_red, red_flushed, issued_on_behalf, suspicious)

"""Causes that show in the number itself: misread or mistyped, swapped, truncated, damaged, kept under another key."""

from __future__ import annotations

from collections.abc import Iterable

from matching.diagnosis import weights
from matching.diagnosis.case import Case, Finding
from matching.number_links import Link
from matching.scoring import Scored
from matching.stored import StoredRecord
from models.kinds import KINDS
from models.matching import CauseCode
from models.money import format_money, from_fen


def _named(record: StoredRecord) -> str:
    parts = [
        record.digital_invoice_number
        or "-".join(p for p in (record.invoice_code, record.invoice_number) if p)
        or "号码受损",
        record.seller_name or record.seller_tax_id or "",
        record.issue_date.isoformat() if record.issue_date else "",
        format_money(from_fen(record.total_incl_fen)) if record.total_incl_fen is not None else "",
    ]
    return " · ".join(p for p in parts if p)


_AGREES = {"seller": "销售方一致", "amount": "金额一致", "date": "开票日期一致"}


def _from_candidate(case: Case, links: Iterable[Link]) -> tuple[float, tuple[str, ...], Scored | None]:
    """Odds and evidence from the best candidate that hangs together in one of these ways."""
    wanted = set(links)
    best = next((s for s in case.ranked if s.number.kind in wanted), None)
    if best is None:
        return 0.0, (), None
    agreeing = "、".join(text for name, text in _AGREES.items() if name in best.supports)
    evidence = [f"相近记录：{_named(best.record)}"]
    if best.number.said:
        evidence.append(best.number.said)
    if agreeing:
        evidence.append(agreeing)
    odds = min(weights.CANDIDATE * best.probability / max(1 - best.probability, 0.01), weights.CANDIDATE_CAP)
    return odds, tuple(evidence), best


def misread_or_mistyped(case: Case) -> Finding | None:
    odds, evidence, _ = _from_candidate(case, (Link.SLIP, Link.CODE_SLIP, Link.DIFFERENT, Link.UNKNOWN))
    number = case.invoice.field("invoice_number")
    if not odds and not number.accepted:
        odds = weights.NUMBER_DOUBTED
        evidence = ("票面号码识别存疑" if number.value else "票面号码未读出",)
        if number.readings:
            evidence += (f"其他读法：{'、'.join(number.readings[:3])}",)
    if not odds:
        return None
    return Finding(
        CauseCode.MISREAD_OR_MISTYPED,
        odds,
        evidence,
        "对照原件核对号码；若记录即为本票，请确认匹配，否则更正号码后重新匹配",
    )


def code_number_swapped(case: Case) -> Finding | None:
    odds, evidence, _ = _from_candidate(case, (Link.SWAPPED,))
    code, number = case.invoice.code, case.invoice.number
    if not odds and code and number and len(code) == 8 and len(number) in (10, 12):
        odds, evidence = weights.NUMBER_SHAPE, (f"代码 {code} 为 8 位而号码 {number} 为 {len(number)} 位，位数相反",)
    if not odds:
        return None
    return Finding(CauseCode.CODE_NUMBER_SWAPPED, odds, evidence, "互换发票代码与号码后重新匹配；记录有误的请更正记录")


def number_truncated(case: Case) -> Finding | None:
    odds, evidence, _ = _from_candidate(case, (Link.TRUNCATED,))
    number = case.invoice.number
    if not odds and number and len(number) == 8 and KINDS[case.invoice.kind].number == "20":
        odds, evidence = weights.NUMBER_SHAPE, (f"数电票号码应为 20 位，现为 {number}",)
    if not odds:
        return None
    return Finding(CauseCode.NUMBER_TRUNCATED, odds, evidence, "按 20 位数电发票号码补全后重新匹配")


def spreadsheet_damage(case: Case) -> Finding | None:
    odds, evidence, _ = _from_candidate(case, (Link.DAMAGED,))
    if not odds:
        return None
    return Finding(
        CauseCode.SPREADSHEET_DAMAGE,
        odds,
        evidence,
        "把号码列设为文本后重新导出并导入（勿用表格软件打开另存），系统会自动对上",
    )


def stored_under_other_key(case: Case) -> Finding | None:
    odds, evidence, _ = _from_candidate(case, (Link.CODE_BLANK, Link.SAME))
    if not odds:
        return None
    return Finding(
        CauseCode.STORED_UNDER_OTHER_KEY, odds, evidence, "确认为同一张发票后匹配，并在记录中补全代码或 20 位号码"
    )


RULES = (misread_or_mistyped, code_number_swapped, number_truncated, spreadsheet_damage, stored_under_other_key)

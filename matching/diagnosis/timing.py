"""Causes that lie in time: not synchronised yet, period not imported."""

from __future__ import annotations

from matching.diagnosis import weights
from matching.diagnosis.case import Case, Finding
from models.ledger import Direction
from models.matching import CauseCode

EDGE_DAYS = 3
DIRECTIONS = {Direction.INPUT: "进项", Direction.OUTPUT: "销项", Direction.UNKNOWN: ""}


def not_synced_yet(case: Case) -> Finding | None:
    age, day = case.age_days, case.invoice.issue_date
    if age is None or day is None:
        return None
    action = "暂不处理；下次导入后系统自动复查"
    evidence = []
    last = case.last_import
    if last:
        apart = (last - day).days
        evidence.append(
            f"开票日期 {day} 晚于最近一次导入（{last}）" if apart < 0 else f"最近一次导入（{last}）前 {apart} 天开具"
        )
    if age <= case.sync_delay_days:
        evidence.append(f"开具至今 {max(age, 0)} 天，未超过通常的同步时间 {case.sync_delay_days} 天")
        return Finding(CauseCode.NOT_SYNCED_YET, weights.JUST_ISSUED, tuple(evidence), action)
    if last and (last - day).days <= case.sync_delay_days:
        evidence.append("此后尚未再次导入")
        return Finding(CauseCode.NOT_SYNCED_YET, weights.AFTER_LAST_IMPORT, tuple(evidence), "重新导出并导入最新记录")
    return None


def period_not_imported(case: Case) -> Finding | None:
    day = case.invoice.issue_date
    if day is None or case.covering or case.we_sell:  # 销项 has a rule of its own
        return None
    action = f"从税务局导出 {day:%Y-%m} 的{DIRECTIONS[case.direction]}发票（全量发票查询）并导入"
    spans = [(i.date_from, i.date_to) for i in case.relevant if i.date_from and i.date_to]
    if not spans:
        said = f"尚未导入任何{DIRECTIONS[case.direction]}记录"
        return Finding(CauseCode.PERIOD_NOT_IMPORTED, weights.NO_IMPORT_AT_ALL, (said,), action)
    gap = min((start - day).days if day < start else (day - end).days for start, end in spans)
    covered = "；".join(f"{start} 至 {end}" for start, end in sorted(set(spans))[:4])
    evidence = (f"开票日期 {day} 不在已导入的期间内（{covered}）",)
    if gap > EDGE_DAYS:
        return Finding(CauseCode.PERIOD_NOT_IMPORTED, weights.PERIOD_NOT_COVERED, evidence, action)
    near = (*evidence, f"距最近的已导入期间只差 {gap} 天")
    return Finding(CauseCode.PERIOD_NOT_IMPORTED, weights.PERIOD_EDGE, near, action)


RULES = (not_synced_yet, period_not_imported)

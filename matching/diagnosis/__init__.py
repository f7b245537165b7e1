"""Why an invoice is absent: every rule's finding, weighed against each other into probabilities that sum to 1.

Absent never means forged. A new cause is one rule in one of the families below.
Source: the domain's table of causes.
"""

from __future__ import annotations

from matching.diagnosis import buyer, feed, numbers, states, timing, weights
from matching.diagnosis.case import Case, Finding, Rule
from models.matching import Cause, CauseCode

RULES: tuple[Rule, ...] = (*numbers.RULES, *timing.RULES, *feed.RULES, *buyer.RULES, *states.RULES)
LEAST_SHOWN = 0.01  #: rarer hypotheses only make the list long

__all__ = ["RULES", "Case", "Finding", "diagnose"]


def diagnose(case: Case) -> tuple[Cause, ...]:
    """Ranked causes, likeliest first."""
    findings = [finding for rule in RULES if (finding := rule(case))]
    findings.append(_never_recorded(case))
    total = sum(f.odds for f in findings)
    shown = [f for f in findings if f.odds / total >= LEAST_SHOWN]
    total = sum(f.odds for f in shown)
    causes = [Cause(code=f.code, probability=f.odds / total, evidence=f.evidence, action=f.action) for f in shown]
    return tuple(sorted(causes, key=lambda cause: -cause.probability))


def _never_recorded(case: Case) -> Finding:
    covered = bool(case.covering) and case.synced_by_now and case.invoice.identity_accepted
    evidence = []
    if covered:
        span = case.covering[0]
        evidence.append(f"所在期间已导入（{span.date_from} 至 {span.date_to}），号码清晰，仍无记录")
    elif case.ranked:
        evidence.append("相近的记录不足以认定为本票")
    else:
        evidence.append("没有找到同号、近似号码或同销售方同金额的记录")
    return Finding(
        CauseCode.NEVER_RECORDED,
        weights.NEVER_RECORDED_COVERED if covered else weights.BASE,
        tuple(evidence),
        "先在查验平台查验，属实则提交补录申请",
    )

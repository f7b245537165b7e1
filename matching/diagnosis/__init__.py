"""Why an invoice is absent: every rule's finding, weighed against each other into probabilities that sum to 1.

Absent never means forged. A new cause is one rule in one of the families below.
Source: the domain's table of causes.
"""

from __future__ import annotations

from collections.abc import Iterator

from matching.diagnosis import buyer, feed, numbers, states, timing, weights
from matching.diagnosis.case import Case, Finding, Rule
from matching.wording import Said, say
from models.matching import Cause, CauseCode

RULES: tuple[Rule, ...] = (*numbers.RULES, *timing.RULES, *feed.RULES, *buyer.RULES, *states.RULES)
SHOWN_NEIGHBOURS = 3
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
    return Finding(
        CauseCode.NEVER_RECORDED,
        weights.NEVER_RECORDED_COVERED if covered else weights.BASE,
        (_nothing_found(case, covered=covered), *_next_numbers(case)),
        say("do_verify_then_draft"),
    )


def _nothing_found(case: Case, *, covered: bool) -> Said:
    if covered:
        span = case.covering[0]
        return say("covered_yet_absent", start=str(span.date_from), end=str(span.date_to))
    return say("too_unlike" if case.ranked else "nothing_alike")


def _next_numbers(case: Case) -> Iterator[Said]:
    """Numbers in sequence of the same seller and amount: shown, so that a person may see that it is no misreading."""
    for scored in case.ranked[:SHOWN_NEIGHBOURS]:
        if scored.number.neighbour and scored.recurs and scored.record.number:
            yield say("next_number", other=scored.record.number)

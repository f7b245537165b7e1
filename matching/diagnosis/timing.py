"""Causes that lie in time: not synchronised yet, period not imported."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from matching.diagnosis import weights
from matching.diagnosis.case import Case, Finding
from matching.wording import say
from models.matching import CauseCode

EDGE_DAYS = 3
SHOWN = 4  #: periods, those nearest to the day
Span = tuple[date, date]


def not_synced_yet(case: Case) -> Finding | None:
    age, day = case.age_days, case.invoice.issue_date
    if age is None or day is None:
        return None
    action = say("do_wait")
    evidence = []
    last = case.last_import
    if last:
        apart = (last - day).days
        evidence.append(
            say("after_last_import", day=str(day), last=str(last))
            if apart < 0
            else say("days_before_import", last=str(last), days=apart)
        )
    if age <= case.sync_delay_days:
        evidence.append(say("within_delay", days=max(age, 0), delay=case.sync_delay_days))
        return Finding(CauseCode.NOT_SYNCED_YET, weights.JUST_ISSUED, tuple(evidence), action)
    if last and (last - day).days <= case.sync_delay_days:
        evidence.append(say("no_import_since"))
        return Finding(CauseCode.NOT_SYNCED_YET, weights.AFTER_LAST_IMPORT, tuple(evidence), say("do_import_latest"))
    return None


def period_not_imported(case: Case) -> Finding | None:
    day = case.invoice.issue_date
    if day is None or case.covering or case.we_sell:  # 销项 has a rule of its own
        return None
    action = say("do_import_period", month=f"{day:%Y-%m}", direction=case.direction.value)
    spans = [(i.date_from, i.date_to) for i in case.relevant if i.date_from and i.date_to]
    if not spans:
        said = say("nothing_imported", direction=case.direction.value)
        return Finding(CauseCode.PERIOD_NOT_IMPORTED, weights.NO_IMPORT_AT_ALL, (said,), action)
    gap = min(_apart(day, span) for span in spans)
    nearest = sorted(_merged(spans), key=lambda span: _apart(day, span))[:SHOWN]
    covered = "; ".join(f"{start} – {end}" for start, end in sorted(nearest))
    evidence = (say("outside_periods", day=str(day), periods=covered),)
    if gap > EDGE_DAYS:
        return Finding(CauseCode.PERIOD_NOT_IMPORTED, weights.PERIOD_NOT_COVERED, evidence, action)
    near = (*evidence, say("outside_by", days=gap))
    return Finding(CauseCode.PERIOD_NOT_IMPORTED, weights.PERIOD_EDGE, near, action)


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Days that several imports cover, or one after the other without a gap, as one period."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1] + timedelta(days=1):
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _apart(day: date, span: Span) -> int:
    return (span[0] - day).days if day < span[0] else (day - span[1]).days


RULES = (not_synced_yet, period_not_imported)

"""Causes that show in the number itself: misread or mistyped, swapped, truncated, damaged, kept under another key."""

from __future__ import annotations

from collections.abc import Iterable

from matching.diagnosis import weights
from matching.diagnosis.case import Case, Finding
from matching.number_links import Link
from matching.stored import StoredRecord
from matching.wording import Said, join, say
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


_AGREES = ("seller", "amount", "date")


def _from_candidate(case: Case, links: Iterable[Link]) -> tuple[float, tuple[Said, ...]]:
    """Odds and evidence from the best candidate that hangs together in one of these ways."""
    wanted = set(links)
    best = next((s for s in case.ranked if s.number.kind in wanted), None)
    if best is None:
        return 0.0, ()
    agreeing = [say(f"{name}_agrees") for name in _AGREES if name in best.supports]
    evidence = [say("similar_record", record=_named(best.record))]
    if best.number.said:
        evidence.append(best.number.said)
    if agreeing:
        evidence.append(join(agreeing))
    odds = min(weights.CANDIDATE * best.probability / max(1 - best.probability, 0.01), weights.CANDIDATE_CAP)
    return odds, tuple(evidence)


def misread_or_mistyped(case: Case) -> Finding | None:
    odds, evidence = _from_candidate(case, (Link.SLIP, Link.CODE_SLIP, Link.DIFFERENT, Link.UNKNOWN))
    number = case.invoice.field("invoice_number")
    if not odds and not number.accepted:
        odds = weights.NUMBER_DOUBTED
        evidence = (say("number_in_doubt" if number.value else "number_unread"),)
        if number.readings:
            evidence += (say("other_readings", readings=list(number.readings[:3])),)
    if not odds:
        return None
    return Finding(CauseCode.MISREAD_OR_MISTYPED, odds, evidence, say("do_check_number"))


def code_number_swapped(case: Case) -> Finding | None:
    odds, evidence = _from_candidate(case, (Link.SWAPPED,))
    code, number = case.invoice.code, case.invoice.number
    if not odds and code and number and len(code) == 8 and len(number) in (10, 12):
        shape = say("shape_swapped", code=code, number=number, code_length=8, number_length=len(number))
        odds, evidence = weights.NUMBER_SHAPE, (shape,)
    if not odds:
        return None
    return Finding(CauseCode.CODE_NUMBER_SWAPPED, odds, evidence, say("do_swap"))


def number_truncated(case: Case) -> Finding | None:
    odds, evidence = _from_candidate(case, (Link.TRUNCATED,))
    number = case.invoice.number
    if not odds and number and len(number) == 8 and KINDS[case.invoice.kind].number == "20":
        odds, evidence = weights.NUMBER_SHAPE, (say("shape_short", number=number),)
    if not odds:
        return None
    return Finding(CauseCode.NUMBER_TRUNCATED, odds, evidence, say("do_complete"))


def spreadsheet_damage(case: Case) -> Finding | None:
    odds, evidence = _from_candidate(case, (Link.DAMAGED,))
    if not odds:
        return None
    return Finding(CauseCode.SPREADSHEET_DAMAGE, odds, evidence, say("do_reexport"))


def stored_under_other_key(case: Case) -> Finding | None:
    odds, evidence = _from_candidate(case, (Link.CODE_BLANK, Link.SAME))
    if not odds:
        return None
    return Finding(CauseCode.STORED_UNDER_OTHER_KEY, odds, evidence, say("do_confirm_key"))


RULES = (misread_or_mistyped, code_number_swapped, number_truncated, spreadsheet_damage, stored_under_other_key)

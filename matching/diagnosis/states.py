"""Causes that lie in what became of the invoice: red, red-flushed, issued on behalf of another, not genuine."""

from __future__ import annotations

from matching.diagnosis import weights
from matching.diagnosis.case import Case, Finding
from matching.on_behalf import true_seller
from matching.red_links import named_by, remaining
from matching.wording import say
from models.matching import CauseCode
from models.money import format_money, from_fen

#: checks whose failure means altered rather than misread, if the values themselves were read exactly
GRAVE_CHECKS = frozenset({"qr_amount", "qr_kind", "qr_number", "qr_code", "qr_date", "code_kind", "number_year",
                          "code_area_year", "sum", "words"})  # fmt: skip


def is_red(case: Case) -> Finding | None:
    if not case.invoice.is_red:
        return None
    evidence, named = [say("negative")], named_by(case.invoice)
    if named.blue_key:
        evidence.append(say("names_blue", blue=named.blue_key))
    elif named.form_number:
        evidence.append(say("names_form", form=named.form_number))
    return Finding(CauseCode.IS_RED, weights.IS_RED, tuple(evidence), say("do_link_blue"))


def red_flushed(case: Case) -> Finding | None:
    """The blue one itself is not recorded, but a red one of it is recorded or captured."""
    if not case.reds:
        return None
    evidence = [
        say("red_names_it", red=red.key or "—", amount=format_money(from_fen(red.fen))) for red in case.reds[:4]
    ]
    left = remaining(case.invoice.fen("total_incl_tax"), case.reds)
    if left is None or left <= 0:
        return Finding(CauseCode.RED_FLUSHED, weights.RED_FLUSHED, tuple(evidence), say("do_return_red"))
    evidence.append(say("remaining", amount=format_money(left)))
    return Finding(CauseCode.RED_FLUSHED, weights.RED_FLUSHED, tuple(evidence), say("do_remaining"))


def issued_on_behalf(case: Case) -> Finding | None:
    seller = true_seller(case.invoice)
    if seller is None:
        return None
    evidence = (say("on_behalf", printed=case.invoice.value("seller_name") or ["tax_office", {}], true=seller.shown),)
    return Finding(CauseCode.ISSUED_ON_BEHALF, weights.ON_BEHALF, evidence, say("do_by_remarks"))


def suspicious(case: Case) -> Finding | None:
    """Absent is not forged: a broken seal counts; grave failed checks on exact values, once the record is overdue."""
    failed = [f for text in case.invoice.failed_checks if (f := text.partition(": "))[0] in GRAVE_CHECKS]
    broken = case.invoice.broken_seals
    if broken:  # the signature is arithmetic over the file itself: neither misread nor early
        odds = weights.SEAL_BROKEN
    elif failed and case.invoice.number_exact and (case.age_days or 0) > case.sync_delay_days:
        odds = min(weights.SUSPICIOUS_PER_CHECK ** len(failed), weights.SUSPICIOUS_CAP)
    else:
        return None
    seals = [say("seal_broken", detail=detail) for detail in broken]
    checks = [say("check_failed", rule=rule, detail=detail) for rule, _, detail in failed]
    return Finding(CauseCode.SUSPICIOUS, odds, tuple([*seals, *checks][:4]), say("do_escalate"))


RULES = (is_red, red_flushed, issued_on_behalf, suspicious)

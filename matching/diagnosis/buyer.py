"""Causes that lie in the buyer on the face: not one of ours, our name with another id, a branch's name with its head
office's id, a name or a company that had ended, no id at all."""

from __future__ import annotations

from matching.diagnosis import weights
from matching.diagnosis.case import Case, Finding
from matching.wording import say
from models.evidence import FieldStatus
from models.matching import CauseCode


def other_entity(case: Case) -> Finding | None:
    """Apart: a buyer not ours; our name with a wrong id; head office and branch mixed; a name or company ended."""
    ours, invoice = case.companies, case.invoice
    buyer_id, buyer_name = invoice.value("buyer_tax_id"), invoice.value("buyer_name")
    if not ours.known or case.we_sell or not buyer_id or not case.buyer_certain:
        return None
    if case.our_tax_id:
        return _ours_but_wrong(case, case.our_tax_id, buyer_name)
    right = ours.id_of_name(buyer_name)
    if right:
        said = (say("wrong_buyer_id", seen=buyer_id, right=right),)
        return Finding(CauseCode.OTHER_ENTITY, weights.WRONG_BUYER_ID, said, say("do_reissue"))
    said = (say("not_ours", name=buyer_name or "", tax_id=buyer_id),)
    return Finding(CauseCode.OTHER_ENTITY, weights.OTHER_ENTITY, said, say("do_return_entity"))


def _ours_but_wrong(case: Case, our_id: str, name: str | None) -> Finding | None:
    ours, day = case.companies, case.invoice.issue_date
    named = ours.id_of_name(name) if case.invoice.field("buyer_name").accepted else None
    if named and named != our_id:
        relation = (
            "branch_name_head_id" if ours.heads.get(named) == our_id
            else "head_name_branch_id" if ours.heads.get(our_id) == named
            else "two_of_ours"
        )  # fmt: skip
        said = (say(relation, name=name, right=named, seen=our_id),)
        return Finding(CauseCode.OTHER_ENTITY, weights.WRONG_BUYER_ID, said, say("do_ask_which_of_ours"))
    closed = ours.closed.get(our_id)
    if closed and day and day > closed:
        said = (say("company_closed", name=name or our_id, closed=str(closed), day=str(day)),)
        return Finding(CauseCode.OTHER_ENTITY, weights.COMPANY_CLOSED, said, say("do_reissue_closed"))
    if not ours.is_former_name(name):
        return None
    ended = ours.name_ended(name)
    if ended is None or day is None:
        return Finding(
            CauseCode.OTHER_ENTITY, weights.FORMER_NAME, (say("former_name", name=name),), say("do_check_name")
        )
    if day <= ended:
        return None  # it was the name on that day
    said = (say("former_name_ended", name=name, ended=str(ended), day=str(day)),)
    return Finding(CauseCode.OTHER_ENTITY, weights.FORMER_NAME_ENDED, said, say("do_reissue_name"))


def buyer_id_missing(case: Case) -> Finding | None:
    field = case.invoice.field("buyer_tax_id")
    if field.value is not None or field.status is FieldStatus.REVIEW or case.we_sell:
        return None
    if not case.invoice.value("buyer_name") and not case.invoice.number:
        return None  # nothing was read: says nothing of the invoice
    evidence = [say("no_buyer_id")]
    odds = weights.BUYER_ID_MISSING
    if case.buyer_is_person:
        odds = weights.BUYER_IS_PERSON
        evidence.append(say("buyer_is_person", name=case.invoice.value("buyer_name")))
    return Finding(CauseCode.BUYER_ID_MISSING, odds, tuple(evidence), say("do_manual_or_reissue"))


RULES = (other_entity, buyer_id_missing)

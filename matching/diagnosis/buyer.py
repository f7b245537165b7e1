"""Causes that lie in the buyer on the face: not one of ours, our name with another id, no id at all."""

from __future__ import annotations

from matching.diagnosis import weights
from matching.diagnosis.case import Case, Finding
from matching.wording import say
from models.evidence import FieldStatus
from models.matching import CauseCode


def other_entity(case: Case) -> Finding | None:
    """Told apart: a buyer not ours; our name with a wrong id; a former name of ours."""
    ours, invoice = case.companies, case.invoice
    buyer_id, buyer_name = invoice.value("buyer_tax_id"), invoice.value("buyer_name")
    if not ours.known or case.we_sell or not buyer_id or not case.buyer_certain:
        return None
    if case.our_tax_id:
        if not ours.is_former_name(buyer_name):
            return None
        said = (say("former_name", name=buyer_name),)
        return Finding(CauseCode.OTHER_ENTITY, weights.FORMER_NAME, said, say("do_check_name"))
    right = ours.id_of_name(buyer_name)
    if right:
        said = (say("wrong_buyer_id", seen=buyer_id, right=right),)
        return Finding(CauseCode.OTHER_ENTITY, weights.WRONG_BUYER_ID, said, say("do_reissue"))
    said = (say("not_ours", name=buyer_name or "", tax_id=buyer_id),)
    return Finding(CauseCode.OTHER_ENTITY, weights.OTHER_ENTITY, said, say("do_return_entity"))


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

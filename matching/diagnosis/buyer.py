"""Causes that lie in the buyer on the face: not one of ours, our name with another id, no id at all."""

from __future__ import annotations

from matching.diagnosis import weights
from matching.diagnosis.case import Case, Finding
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
        said = (f"购买方名称“{buyer_name}”是本单位的曾用名",)
        return Finding(CauseCode.OTHER_ENTITY, weights.FORMER_NAME, said, "核对开票时名称是否仍有效，必要时退回重开")
    right = ours.id_of_name(buyer_name)
    if right:
        said = (f"购买方名称是本单位，但税号 {buyer_id} 与登记的 {right} 不同",)
        return Finding(CauseCode.OTHER_ENTITY, weights.WRONG_BUYER_ID, said, "联系销售方红冲后按正确税号重开")
    said = (f"购买方 {buyer_name or ''}（{buyer_id}）不是本单位",)
    return Finding(CauseCode.OTHER_ENTITY, weights.OTHER_ENTITY, said, "退回交票人；若为集团成员，请先登记该单位再匹配")


def buyer_id_missing(case: Case) -> Finding | None:
    field = case.invoice.field("buyer_tax_id")
    if field.value is not None or field.status is FieldStatus.REVIEW or case.we_sell:
        return None
    if not case.invoice.value("buyer_name") and not case.invoice.number:
        return None  # nothing was read: says nothing of the invoice
    evidence = ["票面没有购买方税号，不会归集到企业的税务数字账户"]
    odds = weights.BUYER_ID_MISSING
    if case.buyer_is_person:
        odds = weights.BUYER_IS_PERSON
        evidence.append(f"购买方“{case.invoice.value('buyer_name')}”像是个人")
    return Finding(CauseCode.BUYER_ID_MISSING, odds, tuple(evidence), "人工核对并补录，或请销售方按企业税号重开")


RULES = (other_entity, buyer_id_missing)

"""Causes that lie in what was exported: kinds that are not in the feed, the other direction, another account."""

from __future__ import annotations

from matching.diagnosis import weights
from matching.diagnosis.case import Case, Finding
from matching.importing.coverage import UNKNOWN_KIND
from matching.wording import Said, say
from models.kinds import InvoiceKind
from models.ledger import Direction
from models.matching import CauseCode

_K = InvoiceKind
#: local papers: no tax account lists them
NEVER_IN_FEED = frozenset({_K.TRAIN_PAPER, _K.TAXI, _K.TOLL_PAPER, _K.QUOTA, _K.MACHINE, _K.BUS, _K.SHIP, _K.OTHER})
RARELY_IN_FEED = frozenset({_K.ORDINARY_ROLL})
#: kinds that an 抵扣勾选 export never holds
NOT_DEDUCTIBLE = frozenset({_K.ORDINARY_PAPER, _K.ORDINARY_ROLL, _K.ORDINARY_E, _K.DIGITAL_ORDINARY,
                            _K.DIGITAL_PAPER_ORDINARY, _K.BLOCKCHAIN_SZ})  # fmt: skip
DEDUCTION = "bureau_deduction"


def kind_not_in_feed(case: Case) -> Finding | None:
    kind = case.invoice.kind
    if kind in NEVER_IN_FEED:
        return _finding(weights.KIND_NEVER_IN_FEED, say("kind_never", kind=kind.value), say("do_manual"))
    covering = case.covering
    if kind in NOT_DEDUCTIBLE and covering and all(i.format == DEDUCTION for i in covering):
        return _finding(weights.ONLY_DEDUCTION_FEED, say("only_deduction", kind=kind.value), say("do_full_query"))
    seen = {k for i in covering for k in i.kinds}
    if not covering or kind.value in seen:
        return None
    if kind in RARELY_IN_FEED:
        return _finding(weights.KIND_RARELY_IN_FEED, say("kind_rare", kind=kind.value), say("do_manual"))
    if UNKNOWN_KIND in seen:
        return None
    return _finding(weights.KIND_NOT_SEEN, say("kind_unseen", kind=kind.value), say("do_widen_query"))


def _finding(odds: float, said: Said, action: Said) -> Finding:
    return Finding(CauseCode.KIND_NOT_IN_FEED, odds, (said,), action)


def wrong_direction(case: Case) -> Finding | None:
    if not case.we_sell or any(i.direction == Direction.OUTPUT.value for i in case.covering):
        return None
    evidence: tuple[Said, ...] = (say("we_sell", seller=case.invoice.value("seller_name") or case.our_tax_id),)
    imported = {i.direction for i in case.imports}
    if imported == {Direction.INPUT.value}:
        evidence += (say("only_input"),)
    return Finding(CauseCode.WRONG_DIRECTION, weights.WRONG_DIRECTION, evidence, say("do_import_output"))


def no_access(case: Case) -> Finding | None:
    ours = case.our_tax_id
    owners = {i.owner_tax_id for i in case.covering if i.owner_tax_id}
    if ours is None or not owners or ours in owners or any(i.owner_tax_id is None for i in case.covering):
        return None
    evidence = (say("another_account", ours=ours, owners=sorted(owners)),)
    return Finding(CauseCode.NO_ACCESS, weights.NO_ACCESS, evidence, say("do_other_account", ours=ours))


RULES = (kind_not_in_feed, wrong_direction, no_access)

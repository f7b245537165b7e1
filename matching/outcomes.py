"""What is said of an invoice that has a record, or had a capture before: statuses with their grounds, in words."""

from __future__ import annotations

from collections.abc import Sequence

from matching.captured import Captured
from matching.comparing import Comparison
from matching.duplicates import Earlier
from matching.red_links import Red, remaining
from matching.scoring import Scored
from matching.stored import StoredRecord
from matching.wording import Said, join, say
from models.ledger import RecordState
from models.matching import Cause, CauseCode, MatchResult, MatchStatus
from models.money import format_money

_RED = (RecordState.RED_FULL.value, RecordState.RED_PARTIAL.value)
SHOWN_REDS = 5


def duplicate(earlier: Earlier) -> MatchResult:
    first = earlier.first
    if not earlier.certain:
        return MatchResult(
            status=MatchStatus.NEEDS_REVIEW, duplicate_of=first.id, differences=earlier.differences,
            why=say("same_as_earlier_doubted", first=first.id),
        )  # fmt: skip
    evidence, action = [say("same_as_earlier", first=first.id)], say("do_merge")
    if earlier.differences:
        evidence.append(say("faces_differ", fields=[d.field for d in earlier.differences]))
        action = say("do_verify_both")
    cause = Cause(code=CauseCode.DUPLICATE, probability=1.0, evidence=tuple(evidence), action=action)
    return MatchResult(
        status=MatchStatus.DUPLICATE, record_id=first.record_id, duplicate_of=first.id,
        differences=earlier.differences, causes=(cause,), why=evidence[0],
    )  # fmt: skip


def exact(invoice: Captured, record: StoredRecord, comparison: Comparison, reds: Sequence[Red]) -> MatchResult:
    if not invoice.identity_accepted and not _carries(comparison):
        return MatchResult(
            status=MatchStatus.PROBABLE, record_id=record.id, score=0.9, differences=comparison.differences,
            why=say("number_doubted_alone"),
        )  # fmt: skip
    why = say("number_agrees" if len(invoice.number or "") == 20 else "code_and_number_agree")
    return linked(record, comparison, reds, why)


def _carries(comparison: Comparison) -> bool:
    """A doubted number that equals a stored one is right if the amount or the seller and the date agree with it."""
    agreeing = set(comparison.agreeing)
    money = agreeing & {"total_incl_tax", "total_excl_tax"}
    return bool(money and agreeing & {"issue_date", "seller_tax_id", "seller_name"}) and not comparison.certain


def linked(record: StoredRecord, comparison: Comparison, reds: Sequence[Red], why: Said) -> MatchResult:
    """The record is this invoice's; its state, or red invoices that name it, may say that it no longer stands."""
    if record.state == RecordState.VOID.value:
        cause = Cause(
            code=CauseCode.VOIDED, probability=1.0, evidence=(say("record_state", state=record.state_label or "作废"),),
            action=say("do_return_void"),
        )  # fmt: skip
        return _result(MatchStatus.VOID, record, comparison, (cause,), why)
    if record.state in _RED or (reds and (record.total_incl_fen or 0) > 0):
        return _result(MatchStatus.RED_FLUSHED, record, comparison, (_flushed(record, reds),), why)
    said = [why]
    if record.state in (RecordState.LOST_CONTROL.value, RecordState.ABNORMAL.value):
        said.append(say("beware_state", state=record.state_label or record.state))
    if comparison.differences:
        said.append(say("differs_in", fields=[d.field for d in comparison.differences]))
    status = MatchStatus.DIFFERS if comparison.differences else MatchStatus.MATCHED
    return _result(status, record, comparison, (), join(said) if len(said) > 1 else why)


def _flushed(record: StoredRecord, reds: Sequence[Red]) -> Cause:
    """In full or in part. The state counts where it says so; otherwise the red invoices that name it."""
    evidence: list[Said] = []
    if record.state in _RED:
        evidence.append(say("record_state", state=record.state_label or "已红冲"))
    if reds:
        evidence.append(say("flushed_by", numbers=[red.key or "—" for red in reds[:SHOWN_REDS]]))
    left = remaining(record.total_incl_fen, reds)
    full = record.state == RecordState.RED_FULL.value or (record.state not in _RED and left is not None and left <= 0)
    if not full:
        evidence.append(say("remaining_unknown" if left is None else "remaining",
                            **({} if left is None else {"amount": format_money(left)})))  # fmt: skip
    action = say("do_return_red" if full else "do_remaining")
    return Cause(code=CauseCode.RED_FLUSHED, probability=1.0, evidence=tuple(evidence), action=action)


def _result(
    status: MatchStatus, record: StoredRecord, comparison: Comparison, causes: tuple[Cause, ...], why: Said
) -> MatchResult:
    return MatchResult(status=status, record_id=record.id, differences=comparison.differences, causes=causes, why=why)


def perhaps_again(best: Scored, first: int) -> MatchResult:
    """Not an absent invoice: a record all but equal has its document already."""
    why = say("perhaps_again", first=first, relation=relation_of(best).export())
    cause = Cause(code=CauseCode.DUPLICATE, probability=best.probability, evidence=(why,), action=say("do_compare"))
    return MatchResult(
        status=MatchStatus.NEEDS_REVIEW, duplicate_of=first, score=round(best.probability, 4), causes=(cause,), why=why
    )


def offered(ranked: Sequence[Scored], comparison: Comparison, causes: tuple[Cause, ...]) -> MatchResult:
    """The likeliest record, for a person to confirm."""
    best = ranked[0]
    said = [say("please_confirm", relation=relation_of(best).export())]
    if len(ranked) > 1:
        said.append(say("more_like_it", count=len(ranked) - 1))
    return MatchResult(
        status=MatchStatus.PROBABLE, record_id=best.record.id, score=round(best.probability, 4),
        differences=comparison.differences, causes=causes, why=join(said) if len(said) > 1 else said[0],
    )  # fmt: skip


def relation_of(scored: Scored) -> Said:
    return scored.number.said or say("alike_otherwise")

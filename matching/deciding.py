"""The finding for one captured invoice: which status, on what grounds. Reads the database, writes nothing.

Ladder: earlier capture → exact key → code-less record that agrees in everything → candidates → diagnosis.
A link is made by itself only on the identity key, or where 8 digits, seller, amount and date all agree; on a name
alone, never.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.candidates import by_id, by_key, claimed_in_blocks, in_blocks, near_numbers
from matching.captured import Captured, read_captured
from matching.companies import OurCompanies
from matching.comparing import Comparison, compare, describe
from matching.diagnosis import Case, diagnose
from matching.duplicates import Earlier, find_earlier
from matching.number_links import Link
from matching.red_records import red_record_of, remaining_after_red
from matching.scoring import PROBABLE, Scored, is_typed, rank, score
from matching.stored import StoredImport, StoredRecord, load_imports
from models.kinds import KINDS, InvoiceKind
from models.ledger import RecordState
from models.matching import Cause, CauseCode, MatchResult, MatchStatus
from models.settings import Settings
from models.tables import InvoiceRow, RecordRow

_UNLISTED = frozenset({InvoiceKind.TRAIN_PAPER, InvoiceKind.OTHER})  #: kinds without code or number

_SIZE = select(func.max(RecordRow.id))


@dataclass(frozen=True, slots=True)
class Finding:
    """A result, and the candidates behind it for a person to choose from."""

    result: MatchResult
    ranked: tuple[Scored, ...] = ()


class Ledger:
    """What stays the same while many invoices are matched in one go. Loaded when first asked for."""

    def __init__(self, session: Session) -> None:
        self.session = session

    @cached_property
    def companies(self) -> OurCompanies:
        return OurCompanies.load(self.session)

    @cached_property
    def imports(self) -> list[StoredImport]:
        return load_imports(self.session)

    @cached_property
    def formats(self) -> dict[int, str]:
        return {i.id: i.format for i in self.imports}

    @cached_property
    def size(self) -> int:
        """About; a count would read the whole table."""
        return self.session.connection().scalar(_SIZE) or 0


def decide(ledger: Ledger, row: InvoiceRow, *, today: date, settings: Settings) -> Finding:
    invoice = read_captured(row)
    said = row.match or {}
    if confirmed := said.get("confirmed"):
        record = by_id(ledger.session, confirmed["record_id"])
        if record is not None:
            return Finding(_linked(ledger, record, compare(invoice, record), "人工确认为同一张发票"))
    if invoice.kind is InvoiceKind.OTHER and not invoice.keys:
        return Finding(MatchResult(status=MatchStatus.NEEDS_REVIEW, why="不是增值税发票或无法识别票种，请人工处理"))
    earlier = find_earlier(ledger.session, row, invoice)
    if earlier:
        return Finding(_duplicate(earlier))
    rejected = frozenset(said.get("rejected", ()))
    exact = [r for r in by_key(ledger.session, invoice.keys) if r.id not in rejected]
    if len(exact) == 1:
        return Finding(_exact(ledger, invoice, exact[0]))
    ranked = _ranked(ledger, invoice, rejected)
    if (whole := _agrees_in_everything(invoice, ranked)) is not None:
        why = "记录没有发票代码；号码、销售方、金额、开票日期全部一致"
        return Finding(_linked(ledger, whole, compare(invoice, whole), why), ranked)
    if (again := _possible_duplicate(ledger, invoice, ranked, rejected)) is not None:
        return Finding(again, ranked)
    case = Case(
        invoice=invoice, ranked=ranked, companies=ledger.companies, imports=ledger.imports,
        red_record=red_record_of(ledger.session, invoice), today=today, sync_delay_days=settings.sync_delay_days,
    )  # fmt: skip
    return Finding(_open(case, ranked), ranked)


def _duplicate(earlier: Earlier) -> MatchResult:
    first = earlier.first
    if not earlier.certain:
        why = f"号码与已采集的票据 #{first.id} 相同，但本票识别存疑，请核对"
        return MatchResult(
            status=MatchStatus.NEEDS_REVIEW, duplicate_of=first.id, differences=earlier.differences, why=why
        )
    evidence = [f"与已采集的票据 #{first.id} 同号"]
    action = "与首次采集的票据合并；若为再次报销请退回"
    if earlier.differences:
        names = describe(tuple(d.field for d in earlier.differences))
        evidence.append(f"两份票面的{names}不同，可能被改动")
        action = "两份票面不一致：在查验平台查验，以查验结果为准"
    cause = Cause(code=CauseCode.DUPLICATE, probability=1.0, evidence=tuple(evidence), action=action)
    return MatchResult(
        status=MatchStatus.DUPLICATE, record_id=first.record_id, duplicate_of=first.id,
        differences=earlier.differences, causes=(cause,), why=evidence[0],
    )  # fmt: skip


def _exact(ledger: Ledger, invoice: Captured, record: StoredRecord) -> MatchResult:
    comparison = compare(invoice, record)
    if not invoice.identity_accepted and not _carries(comparison):
        why = "号码与记录相同，但号码识别存疑且没有其他字段佐证，请人工确认"
        return MatchResult(
            status=MatchStatus.PROBABLE, record_id=record.id, score=0.9, differences=comparison.differences, why=why
        )
    why = "发票号码一致" if len(invoice.number or "") == 20 else "发票代码和号码一致"
    return _linked(ledger, record, comparison, why)


def _carries(comparison: Comparison) -> bool:
    """A doubted number that equals a stored one is right if the amount or the seller and the date agree with it."""
    agreeing = set(comparison.agreeing)
    money = agreeing & {"total_incl_tax", "total_excl_tax"}
    return bool(money and agreeing & {"issue_date", "seller_tax_id", "seller_name"}) and not comparison.certain


def _linked(ledger: Ledger, record: StoredRecord, comparison: Comparison, why: str) -> MatchResult:
    status, causes = MatchStatus.DIFFERS if comparison.differences else MatchStatus.MATCHED, ()
    if record.state == RecordState.VOID.value:
        status, cause = MatchStatus.VOID, Cause(
            code=CauseCode.VOIDED, probability=1.0, evidence=(f"记录的发票状态为“{record.state_label or '作废'}”",),
            action="发票已作废：退回，不予报销或抵扣",
        )  # fmt: skip
        return _result(status, record, comparison, (cause,), why)
    if record.state in (RecordState.RED_FULL.value, RecordState.RED_PARTIAL.value):
        return _result(MatchStatus.RED_FLUSHED, record, comparison, (_flushed(ledger.session, record),), why)
    if record.state in (RecordState.LOST_CONTROL.value, RecordState.ABNORMAL.value):
        why = f"{why}；注意：记录的发票状态为“{record.state_label}”"
    if comparison.differences:
        why = f"{why}；不一致：{describe(tuple(d.field for d in comparison.differences))}"
    return _result(status, record, comparison, causes, why)


def _flushed(session: Session, record: StoredRecord) -> Cause:
    evidence = [f"记录的发票状态为“{record.state_label or '已红冲'}”"]
    if record.state == RecordState.RED_FULL.value:
        action = "发票已全额红冲：退回，不予报销或抵扣"
    else:
        remaining = remaining_after_red(session, record)
        evidence.append(
            f"红冲后剩余价税合计 {remaining}" if remaining is not None else "未找到对应的红字记录，剩余金额不详"
        )
        action = "只按红冲后的剩余金额处理"
    return Cause(code=CauseCode.RED_FLUSHED, probability=1.0, evidence=tuple(evidence), action=action)


def _result(
    status: MatchStatus, record: StoredRecord, comparison: Comparison, causes: tuple[Cause, ...], why: str
) -> MatchResult:
    return MatchResult(status=status, record_id=record.id, differences=comparison.differences, causes=causes, why=why)


def _ranked(ledger: Ledger, invoice: Captured, rejected: frozenset[int]) -> tuple[Scored, ...]:
    """Candidates of the blocks; numbers a slip away only where those do not suffice."""
    formats = ledger.formats
    found = in_blocks(ledger.session, invoice)
    scored = [score(invoice, r, typed=is_typed(r, formats)) for r in found if r.id not in rejected]
    ranked = rank(scored, ledger.size)
    if sum(s.probability for s in ranked) < PROBABLE:
        near = near_numbers(ledger.session, invoice, rejected | {r.id for r in found})
        scored += [score(invoice, r, typed=is_typed(r, formats)) for r in near]
        ranked = rank(scored, ledger.size)
    return tuple(ranked)


def _possible_duplicate(
    ledger: Ledger, invoice: Captured, ranked: tuple[Scored, ...], rejected: frozenset[int]
) -> MatchResult | None:
    """A number that may be misread, and a record all but equal whose document is already here: the same paper again?

    Without this a second photo with one wrong digit would be an absent invoice, and get a draft of its own.
    """
    if invoice.number_exact or sum(s.probability for s in ranked) >= PROBABLE:
        return None
    claimed = [(r, by) for r, by in claimed_in_blocks(ledger.session, invoice) if r.id not in rejected]
    scored = rank([score(invoice, r, typed=is_typed(r, ledger.formats)) for r, _ in claimed], ledger.size)
    if not scored or scored[0].probability < PROBABLE:
        return None
    best = scored[0]
    first = next(by for record, by in claimed if record.id == best.record.id)
    said = best.number.said or "销售方、金额、日期相符"
    why = f"可能与已采集的票据 #{first} 是同一张：{said}，请核对号码"
    cause = Cause(
        code=CauseCode.DUPLICATE, probability=best.probability, evidence=(why,),
        action="对照两份原件；同一张则合并，号码读错则更正后重新匹配",
    )  # fmt: skip
    return MatchResult(
        status=MatchStatus.NEEDS_REVIEW, duplicate_of=first, score=round(best.probability, 4), causes=(cause,), why=why
    )


def _agrees_in_everything(invoice: Captured, ranked: tuple[Scored, ...]) -> StoredRecord | None:
    """A table without codes: the whole number, seller, amount and date are equal and certain, and only one such."""
    if not invoice.identity_accepted:
        return None
    whole = [
        s.record
        for s in ranked
        if s.number.kind is Link.CODE_BLANK
        and s.record.invoice_code is None
        and not s.record.damaged
        and not (comparison := compare(invoice, s.record)).differences
        and {"total_incl_tax", "issue_date"} <= set(comparison.agreeing)
        and {"seller_tax_id", "seller_name"} & set(comparison.agreeing)
        and all(invoice.field(name).accepted for name in ("total_incl_tax", "issue_date"))
    ]
    return whole[0] if len(whole) == 1 else None


def _open(case: Case, ranked: tuple[Scored, ...]) -> MatchResult:
    """No record is linked: probable, not ours, to be reviewed, or absent."""
    invoice, causes = case.invoice, diagnose(case)
    belief = sum(s.probability for s in ranked)
    if ranked and belief >= PROBABLE:
        best = ranked[0]
        comparison = compare(invoice, best.record)
        others = f"；另有 {len(ranked) - 1} 条相近记录" if len(ranked) > 1 else ""
        said = best.number.said or "销售方、金额、日期相符"
        return MatchResult(
            status=MatchStatus.PROBABLE, record_id=best.record.id, score=round(best.probability, 4),
            differences=comparison.differences, causes=causes, why=f"{said}，请人工确认{others}",
        )  # fmt: skip
    if _not_ours(case):
        return MatchResult(status=MatchStatus.NOT_OURS, causes=causes, why=causes[0].evidence[0])
    doubted = not invoice.identity_accepted and invoice.kind not in _UNLISTED
    if doubted:
        missing = "未读出" if invoice.identity is None else "识别存疑"
        why = f"{KINDS[invoice.kind].title}的代码或号码{missing}，核对后才能判断是否在记录中"
        return MatchResult(status=MatchStatus.NEEDS_REVIEW, causes=causes, why=why)
    return MatchResult(
        status=MatchStatus.ABSENT, causes=causes, why=causes[0].evidence[0] if causes[0].evidence else ""
    )


def _not_ours(case: Case) -> bool:
    """The buyer, by a certain id and by name, is none of ours, and neither is the seller."""
    ours, invoice = case.companies, case.invoice
    return (
        ours.known
        and invoice.value("buyer_tax_id") is not None
        and case.buyer_certain
        and case.our_tax_id is None
        and ours.id_of_name(invoice.value("buyer_name")) is None
        and not ours.owns_id(invoice.value("seller_tax_id"))
        and ours.id_of_name(invoice.value("seller_name")) is None
    )

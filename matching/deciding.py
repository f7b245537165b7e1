"""The finding for one captured invoice: which status, on what grounds. Reads the database, writes nothing.

Ladder: earlier capture → exact key → code-less record that agrees in everything → candidates → diagnosis.
A link is made by itself only on the identity key, or where 8 digits, seller, amount and date all agree; on a name
alone, or on a weight, never.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching import outcomes
from matching.candidates import AtFirst, at_first, by_id, in_blocks, near_numbers
from matching.captured import Captured, read_captured
from matching.companies import OurCompanies, ours_of
from matching.comparing import compare
from matching.diagnosis import Case, diagnose
from matching.duplicates import find_earlier
from matching.learned import load_shifts
from matching.number_links import Link
from matching.red_links import Red, reds_of
from matching.scoring import PROBABLE, Face, Scored, Shifts, is_typed, rank, score
from matching.stored import StoredImport, StoredRecord, imports_of, load_imports
from matching.wording import Said, join, say
from models.kinds import InvoiceKind
from models.matching import MatchResult, MatchStatus
from models.settings import Settings
from models.tables import InvoiceRow, RecordRow

_UNLISTED = frozenset({InvoiceKind.TRAIN_PAPER, InvoiceKind.OTHER})  #: kinds without code or number

_SIZE = select(func.max(RecordRow.id))


@dataclass(frozen=True, slots=True)
class Finding:
    """A result, the candidates behind it for a person to choose from, and red invoices that name this one."""

    result: MatchResult
    ranked: tuple[Scored, ...] = ()
    reds: list[Red] = field(default_factory=list)
    total_fen: int | None = None  #: gross amount that the red ones take from
    contested: bool = True  #: other documents may be offered the same records


class Ledger:
    """What stays the same while many invoices are matched in one go. Loaded when first asked for."""

    def __init__(self, session: Session) -> None:
        self.session = session

    @cached_property
    def companies(self) -> OurCompanies:
        return OurCompanies.load(self.session)

    @cached_property
    def imports(self) -> Sequence[StoredImport]:
        return load_imports(self.session)

    @cached_property
    def formats(self) -> dict[int, str]:
        return {i.id: i.format for i in self.imports}

    @cached_property
    def size(self) -> int:
        """About: a count would read the whole table."""
        return self.session.connection().execute(_SIZE).scalar_one() or 0

    @cached_property
    def shifts(self) -> Shifts:
        return load_shifts(self.session)

    def at_first(self, invoice: Captured) -> AtFirst:
        """As `candidates.at_first`; what it tells of the ledger need not be asked for again."""
        found = at_first(self.session, invoice, around="imports" not in self.__dict__)
        self.size = found.size
        if found.companies is not None and found.imports is not None:
            self.companies, self.imports = ours_of(found.companies), imports_of(found.imports)
        if not found.learned:
            self.shifts = {}
        return found

    def weigh(self, face: Face, found: list[StoredRecord], *, again: bool = False) -> list[Scored]:
        return [score(face, r, typed=is_typed(r, self.formats), shifts=self.shifts, again=again) for r in found]


def decide(
    ledger: Ledger, row: InvoiceRow, *, today: date, settings: Settings, given: Mapping[int, int] | None = None
) -> Finding:
    """`given`: records that fit other documents better, with the invoice that each is offered to."""
    invoice = read_captured(row)
    said = row.match or {}
    if confirmed := said.get("confirmed"):
        record = by_id(ledger.session, confirmed["record_id"])
        if record is not None:
            return _linked(ledger, invoice, record, say("confirmed"))
    if invoice.kind is InvoiceKind.OTHER and not invoice.keys:
        return Finding(MatchResult(status=MatchStatus.NEEDS_REVIEW, why=say("not_an_invoice")))
    found = ledger.at_first(invoice)
    if found.captured and (earlier := find_earlier(ledger.session, row, invoice)):
        return Finding(outcomes.duplicate(earlier))
    rejected = frozenset(said.get("rejected", ()))
    exact = [keyed for keyed in found.records if keyed.record.id not in rejected]
    if len(exact) == 1:
        record = exact[0].record
        reds = reds_of(ledger.session, record, invoice.keys, record.seller_tax_id) if exact[0].has_reds else []
        result = outcomes.exact(invoice, record, compare(invoice, record), reds)
        return Finding(result, reds=reds, total_fen=record.total_incl_fen, contested=exact[0].offered)
    return _searched(ledger, invoice, rejected, given or {}, any_reds=found.reds, today=today, settings=settings)


def _linked(
    ledger: Ledger, invoice: Captured, record: StoredRecord, why: Said, ranked: tuple[Scored, ...] = ()
) -> Finding:
    reds = reds_of(ledger.session, record, invoice.keys, record.seller_tax_id)
    result = outcomes.linked(record, compare(invoice, record), reds, why)
    return Finding(result, ranked, reds, record.total_incl_fen)


def _searched(
    ledger: Ledger, invoice: Captured, rejected: frozenset[int], given: Mapping[int, int], *, any_reds: bool,
    today: date, settings: Settings,
) -> Finding:  # fmt: skip
    """No record bears its key: candidates of the blocks; numbers a slip away only where those do not suffice."""
    face, found = Face(invoice), in_blocks(ledger.session, invoice)
    barred, in_block = rejected | given.keys(), {r.id for r in found.free}
    scored = ledger.weigh(face, [r for r in found.free if r.id not in barred])
    ranked = rank(scored, ledger.size, found.recurring)
    if _belief(ranked) < PROBABLE:
        known = barred | in_block
        scored += ledger.weigh(face, near_numbers(ledger.session, invoice, known, tails_seen=found.complete))
        ranked = rank(scored, ledger.size, found.recurring)
    best = tuple(ranked)
    if (whole := _agrees_in_everything(invoice, best)) is not None:
        return _linked(ledger, invoice, whole, say("no_code_agrees"), best)
    claimed = [(r, by) for r, by in found.claimed if r.id not in rejected]
    if (again := _possible_duplicate(ledger, face, best, claimed, found.recurring)) is not None:
        return Finding(again, best)
    named = any_reds and not invoice.is_red
    reds = reds_of(ledger.session, None, invoice.keys, invoice.value("seller_tax_id")) if named else []
    case = Case(
        invoice=invoice, ranked=best, companies=ledger.companies, imports=ledger.imports, reds=reds, today=today,
        sync_delay_days=settings.sync_delay_days,
    )  # fmt: skip
    contested = found.contested or any(s.record.id not in in_block for s in best)
    return Finding(_open(case, given), best, reds, invoice.fen("total_incl_tax"), contested)


def _belief(ranked: list[Scored] | tuple[Scored, ...]) -> float:
    return sum(s.probability for s in ranked)


def _possible_duplicate(
    ledger: Ledger, face: Face, ranked: tuple[Scored, ...], claimed: list[tuple[StoredRecord, int]], recurring: int
) -> MatchResult | None:
    """A number that may be misread, and a record all but equal whose document is already here: the same paper again?

    Without this a second photo with one wrong digit would be an absent invoice, and get a draft of its own.
    """
    if face.invoice.number_exact or not claimed or _belief(ranked) >= PROBABLE:
        return None
    scored = rank(ledger.weigh(face, [r for r, _ in claimed], again=True), ledger.size, recurring)
    if not scored or scored[0].probability < PROBABLE:
        return None
    first = next(by for record, by in claimed if record.id == scored[0].record.id)
    return outcomes.perhaps_again(scored[0], first)


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


def _open(case: Case, given: Mapping[int, int]) -> MatchResult:
    """No record is linked: probable, not ours, to be reviewed, or absent."""
    invoice, ranked, causes = case.invoice, case.ranked, diagnose(case)
    if ranked and _belief(ranked) >= PROBABLE:
        return outcomes.offered(ranked, compare(invoice, ranked[0].record), causes)
    if _not_ours(case):
        return MatchResult(status=MatchStatus.NOT_OURS, causes=causes, why=causes[0].evidence[0])
    if given:  # which of the documents is the record's is for a person to see: no draft of its own meanwhile
        said = [say("fits_another", record=record, other=other) for record, other in sorted(given.items())]
        return MatchResult(status=MatchStatus.NEEDS_REVIEW, causes=causes, why=join(said))
    if not invoice.identity_accepted and invoice.kind not in _UNLISTED:
        code = "number_missing" if invoice.identity is None else "number_doubted"
        return MatchResult(status=MatchStatus.NEEDS_REVIEW, causes=causes, why=say(code, kind=invoice.kind.value))
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

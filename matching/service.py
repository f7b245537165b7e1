"""Matches captured invoices with the ledger and writes the finding on their rows. The caller commits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import cast

from sqlalchemy import Table, bindparam, exists, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from matching import drafts, learning, notices
from matching.assigning import assign
from matching.candidates import LINKED
from matching.captured import read_captured
from matching.deciding import Finding, Ledger, decide
from matching.findings import export
from matching.prepared import Prepared
from matching.red_links import link_capture, link_records
from models.database import begin_writing
from models.errors import RequestError
from models.matching import MatchResult, MatchStatus
from models.settings import Settings
from models.tables import InvoiceRow, RecordRow, RedLinkRow
from models.tables.base import now

OPEN = (MatchStatus.ABSENT, MatchStatus.PROBABLE, MatchStatus.NEEDS_REVIEW, MatchStatus.NOT_OURS)
#: past the unit of work, which takes longer than the search
_TABLE = cast(Table, InvoiceRow.__table__)
_WRITTEN = ("match_status", "record_id", "duplicate_of", "match", "matched_at")
_WRITE = Prepared(
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("row"))
    .values({name: bindparam(f"new_{name}", type_=_TABLE.c[name].type) for name in _WRITTEN})
)
SURE = 30.0  #: log₂ odds of an offer that rests on an equal number


def match_invoice(session: Session, invoice: InvoiceRow, *, today: date, settings: Settings) -> MatchResult:
    """Find the invoice's record, or say why it has none; the finding is written on the row.

    Where other documents are offered the same record, all of them are settled together.
    """
    ledger = Ledger(session)
    finding = _match(ledger, invoice, today=today, settings=settings)
    if not finding.contested:
        return finding.result
    if finding.result.status is MatchStatus.PROBABLE:
        rivals = _rivals(session, invoice, finding)
        if rivals:
            found = {invoice.id: finding}
            found |= {r.id: _match(ledger, r, today=today, settings=settings) for r in rivals}
            return _settle(ledger, found, today=today, settings=settings).get(invoice.id, finding).result
    elif finding.result.status.value in LINKED:
        for other in _offered(session, [finding.result.record_id], but=invoice.id):
            match_invoice(session, other, today=today, settings=settings)
    return finding.result


def _match(
    ledger: Ledger, invoice: InvoiceRow, *, today: date, settings: Settings, given: Mapping[int, int] | None = None
) -> Finding:
    ledger.session.flush()  # what follows asks the database past the session
    finding = decide(ledger, invoice, today=today, settings=settings, given=given)
    result = finding.result
    red = link_capture(ledger.session, read_captured(invoice)) if _may_be_red(invoice) else None
    written = {
        "match_status": result.status.value, "record_id": result.record_id, "duplicate_of": result.duplicate_of,
        "match": export(finding, invoice.match or {}, red=red, given=given or {}), "matched_at": now(),
    }  # fmt: skip
    _WRITE(ledger.session, {"row": invoice.id} | {f"new_{n}": v for n, v in written.items()})
    for name, value in written.items():
        set_committed_value(invoice, name, value)
    return finding


def _may_be_red(invoice: InvoiceRow) -> bool:
    amounts = (invoice.total_incl_fen, invoice.total_excl_fen, invoice.total_tax_fen)
    return any(fen is not None and fen < 0 for fen in amounts)


def _offered(session: Session, records: Iterable[int | None], *, but: int) -> list[InvoiceRow]:
    wanted = [r for r in records if r is not None]
    query = select(InvoiceRow).where(
        InvoiceRow.record_id.in_(wanted), InvoiceRow.match_status == MatchStatus.PROBABLE.value, InvoiceRow.id != but
    )
    return list(session.scalars(query.order_by(InvoiceRow.id))) if wanted else []


def _rivals(session: Session, invoice: InvoiceRow, finding: Finding) -> list[InvoiceRow]:
    """Documents that are offered one of its records, and those that gave way to them before."""
    rivals: dict[int, InvoiceRow] = {}
    waiting = _offered(session, _offers(finding), but=invoice.id)
    while waiting:
        rival = waiting.pop()
        if rival.id in rivals or rival.id == invoice.id:
            continue
        rivals[rival.id] = rival
        said = rival.match or {}
        waiting += _offered(session, (c["record_id"] for c in said.get("candidates", ())), but=invoice.id)
        waiting += [r for id_ in said.get("rivals", ()) if (r := session.get(InvoiceRow, id_)) and _is_open(r)]
    return [rivals[id_] for id_ in sorted(rivals)]


def _is_open(invoice: InvoiceRow) -> bool:
    return invoice.match_status in [status.value for status in OPEN]


def _offers(finding: Finding) -> dict[int, float]:
    if finding.ranked:
        return {s.record.id: s.weight + s.offset for s in finding.ranked if s.weight + s.offset > 0}
    return {finding.result.record_id: SURE} if finding.result.record_id is not None else {}


def _settle(ledger: Ledger, found: Mapping[int, Finding], *, today: date, settings: Settings) -> dict[int, Finding]:
    """Each record to one document; returns the findings that this changed."""
    offers = {id_: _offers(f) for id_, f in found.items() if f.result.status is MatchStatus.PROBABLE}
    chosen = assign(offers)
    holder = {record: id_ for id_, record in chosen.items()}
    changed: dict[int, Finding] = {}
    for id_, records in offers.items():
        best = found[id_].result.record_id
        if chosen.get(id_) == best:
            continue
        given = {r: holder[r] for r in records if holder.get(r, id_) != id_}
        if given:
            invoice = ledger.session.get_one(InvoiceRow, id_)
            changed[id_] = _match(ledger, invoice, today=today, settings=settings, given=given)
    for id_, record in chosen.items():
        rivals = sorted(other for other, records in offers.items() if other != id_ and record in records)
        if rivals:
            invoice = ledger.session.get_one(InvoiceRow, id_)
            invoice.match = (invoice.match or {}) | {"rivals": rivals}
    ledger.session.flush()
    return changed


def rematch(session: Session, *, today: date, settings: Settings, only_open: bool = True) -> int:
    """Match again what an import may have changed; returns how many statuses changed, and tells the people concerned.

    `only_open`: those without a certain record, and those whose record changed since (作废 or 红冲 after the match).
    Drafts whose real record has arrived are closed.
    """
    session.flush()
    begin_writing(session)
    link_records(session)
    learning.learn_if_due(session)
    ledger = Ledger(session)
    before: dict[int, tuple[str | None, int | None]] = {}
    offered: dict[int, Finding] = {}
    for invoice in _affected(session, only_open=only_open):
        before[invoice.id] = (invoice.match_status, invoice.record_id)
        finding = _match(ledger, invoice, today=today, settings=settings)
        if finding.result.status is MatchStatus.PROBABLE:
            offered[invoice.id] = finding
    _settle(ledger, offered, today=today, settings=settings)
    changes = [(session.get_one(InvoiceRow, id_), was) for id_, was in before.items()]
    changes = [(invoice, was) for invoice, was in changes if was != (invoice.match_status, invoice.record_id)]
    notices.tell_changes(session, [(invoice, was[0]) for invoice, was in changes])
    began = now()
    drafts.close_recorded(session)
    notices.tell_closed_drafts(session, began)
    return len(changes)


def _affected(session: Session, *, only_open: bool) -> Iterator[InvoiceRow]:
    query = select(InvoiceRow.id).order_by(InvoiceRow.id)
    if only_open:
        red_since = exists().where(
            RedLinkRow.blue_record_id == InvoiceRow.record_id, RedLinkRow.found_at > InvoiceRow.matched_at
        )
        query = query.outerjoin(RecordRow, RecordRow.id == InvoiceRow.record_id).where(
            or_(
                InvoiceRow.match_status.in_([status.value for status in OPEN]),
                InvoiceRow.record_id.is_(None) & (InvoiceRow.match_status != MatchStatus.DUPLICATE.value),
                RecordRow.updated_at > InvoiceRow.matched_at,
                red_since,
            ),
            InvoiceRow.match_status.is_not(None),
        )
    for id_ in list(session.scalars(query)):
        yield session.get_one(InvoiceRow, id_, with_for_update=True)  # a person's word of this moment is not lost


def confirm(
    session: Session, invoice: InvoiceRow, record: RecordRow, *, user_id: int, today: date, settings: Settings
) -> MatchResult:
    """A person says that invoice and record are one; remembered over every later match."""
    session.refresh(record, with_for_update=True)  # of two who say so of two invoices, one is second
    other = session.scalar(
        select(InvoiceRow.id).where(
            InvoiceRow.record_id == record.id,
            InvoiceRow.id != invoice.id,
            InvoiceRow.match_status.in_([MatchStatus.MATCHED.value, MatchStatus.DIFFERS.value]),
        )
    )
    if other is not None:
        raise RequestError("invalid_request", what=f"该记录已与单据 #{other} 匹配 / record is of document #{other}")
    learning.remember(session, Ledger(session), invoice, record.id, same=True, user_id=user_id)
    said = dict(invoice.match or {})
    said["confirmed"] = {"record_id": record.id, "by": user_id, "at": now().isoformat()}
    invoice.match = said
    return match_invoice(session, invoice, today=today, settings=settings)


def reject(
    session: Session, invoice: InvoiceRow, record: RecordRow, *, user_id: int, today: date, settings: Settings
) -> MatchResult:
    """A person says that they are two; the pair is never offered again. A document that gave way may get the record."""
    learning.remember(session, Ledger(session), invoice, record.id, same=False, user_id=user_id)
    said = dict(invoice.match or {})
    said.pop("confirmed", None)
    said["rejected"] = sorted({*said.get("rejected", ()), record.id})
    said["rejected_by"] = user_id
    gave_way = said.pop("rivals", [])
    invoice.match = said
    result = match_invoice(session, invoice, today=today, settings=settings)
    for id_ in gave_way:
        rival = session.get(InvoiceRow, id_)
        if rival is not None and _is_open(rival):
            match_invoice(session, rival, today=today, settings=settings)
    return result


def unsay(session: Session, invoice: InvoiceRow, record_id: int, *, today: date, settings: Settings) -> MatchResult:
    """What a person said of this pair is taken back, by whoever: matched as if nobody had decided it."""
    learning.unlearn(session, invoice, record_id)
    said = dict(invoice.match or {})
    if said.get("confirmed", {}).get("record_id") == record_id:
        said.pop("confirmed")
    said["rejected"] = [id_ for id_ in said.get("rejected", ()) if id_ != record_id]
    invoice.match = said
    return match_invoice(session, invoice, today=today, settings=settings)

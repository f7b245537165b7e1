"""Matches captured invoices with the ledger and writes the finding on their rows. The caller commits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from matching import drafts
from matching.deciding import Finding, Ledger, decide
from models.errors import RequestError
from models.matching import MatchResult, MatchStatus
from models.settings import Settings
from models.tables import InvoiceRow, RecordRow
from models.tables.base import now

SHOWN_CANDIDATES = 5
OPEN = (MatchStatus.ABSENT, MatchStatus.PROBABLE, MatchStatus.NEEDS_REVIEW, MatchStatus.NOT_OURS)


def match_invoice(session: Session, invoice: InvoiceRow, *, today: date, settings: Settings) -> MatchResult:
    """Find the invoice's record, or say why it has none; the finding is written on the row."""
    return _match(Ledger(session), invoice, today=today, settings=settings)


def _match(ledger: Ledger, invoice: InvoiceRow, *, today: date, settings: Settings) -> MatchResult:
    ledger.session.flush()  # what follows asks the database past the session
    finding = decide(ledger, invoice, today=today, settings=settings)
    result = finding.result
    invoice.match_status = result.status.value
    invoice.record_id = result.record_id
    invoice.duplicate_of = result.duplicate_of
    invoice.match = _export(finding, invoice.match or {})
    invoice.matched_at = now()
    ledger.session.flush()
    return result


def _export(finding: Finding, before: dict[str, object]) -> dict[str, object]:
    result = finding.result
    said = {name: before[name] for name in ("confirmed", "rejected", "rejected_by") if name in before}
    return said | {
        "score": result.score,
        "differences": [d.export() for d in result.differences],
        "causes": [c.export() for c in result.causes],
        "why": result.why,
        "candidates": [
            {
                "record_id": s.record.id,
                "probability": round(s.probability, 4),
                "weights": {name: round(w, 1) for name, w in s.parts.items()},
                "relation": s.number.said,
            }
            for s in finding.ranked[:SHOWN_CANDIDATES]
        ],
    }


def rematch(session: Session, *, today: date, settings: Settings, only_open: bool = True) -> int:
    """Match again what an import may have changed; returns how many statuses changed.

    `only_open`: those without a certain record, and those whose record changed since (作废 or 红冲 after the match).
    Drafts whose real record has arrived are closed.
    """
    ledger = Ledger(session)
    changed = 0
    for invoice in _affected(session, only_open=only_open):
        before = (invoice.match_status, invoice.record_id)
        _match(ledger, invoice, today=today, settings=settings)
        changed += before != (invoice.match_status, invoice.record_id)
    drafts.close_recorded(session)
    return changed


def _affected(session: Session, *, only_open: bool) -> Iterator[InvoiceRow]:
    query = select(InvoiceRow.id).order_by(InvoiceRow.id)
    if only_open:
        query = query.outerjoin(RecordRow, RecordRow.id == InvoiceRow.record_id).where(
            or_(
                InvoiceRow.match_status.in_([status.value for status in OPEN]),
                InvoiceRow.record_id.is_(None) & (InvoiceRow.match_status != MatchStatus.DUPLICATE.value),
                RecordRow.updated_at > InvoiceRow.matched_at,
            ),
            InvoiceRow.match_status.is_not(None),
        )
    for id_ in list(session.scalars(query)):
        yield session.get_one(InvoiceRow, id_)


def confirm(
    session: Session, invoice: InvoiceRow, record: RecordRow, *, user_id: int, today: date, settings: Settings
) -> MatchResult:
    """A person says that invoice and record are one; remembered over every later match."""
    other = session.scalar(
        select(InvoiceRow.id).where(
            InvoiceRow.record_id == record.id,
            InvoiceRow.id != invoice.id,
            InvoiceRow.match_status.in_([MatchStatus.MATCHED.value, MatchStatus.DIFFERS.value]),
        )
    )
    if other is not None:
        raise RequestError("invalid_request", what=f"该记录已与票据 #{other} 匹配")
    said = dict(invoice.match or {})
    said["confirmed"] = {"record_id": record.id, "by": user_id, "at": now().isoformat()}
    invoice.match = said
    return match_invoice(session, invoice, today=today, settings=settings)


def reject(
    session: Session, invoice: InvoiceRow, record: RecordRow, *, user_id: int, today: date, settings: Settings
) -> MatchResult:
    """A person says that they are two; the pair is never offered again."""
    said = dict(invoice.match or {})
    said.pop("confirmed", None)
    said["rejected"] = sorted({*said.get("rejected", ()), record.id})
    said["rejected_by"] = user_id
    invoice.match = said
    return match_invoice(session, invoice, today=today, settings=settings)

"""The saved self-check: a reconciliation kept as it stood, and what changed since the one before.

A digest says what is new, what was settled and what is overdue; it is text to copy. Nothing is sent to anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.reconciliation import totals
from matching.reconciliation.ageing import Age, age_of
from matching.reconciliation.scope import Scope
from matching.reconciliation.totals import RecordClass, class_of_record, first_holders
from models.matching import MatchStatus
from models.money import from_fen
from models.tables import DocumentRow, InvoiceRow, RecordRow, SelfCheckRow

OPEN_DOCUMENTS = (
    MatchStatus.ABSENT, MatchStatus.DIFFERS, MatchStatus.PROBABLE, MatchStatus.NEEDS_REVIEW, MatchStatus.NOT_OURS,
)  # fmt: skip
MOST_RECORDS = 20_000  #: records without a document kept one by one; above that only their totals are compared
EVERY = timedelta(days=7)


class Item(NamedTuple):
    """Something open, as it is kept."""

    key: str  #: `D` and the invoice's identity (or id), `R` and the record's id
    status: str
    cause: str | None
    day: str | None
    gross: int | None
    number: str | None
    seller: str | None


@dataclass(frozen=True, slots=True)
class Digest:
    """What a self-check says beside the one before it."""

    new: tuple[Item, ...]
    settled: tuple[Item, ...]
    overdue: tuple[Item, ...]
    still_open: int
    records_compared: bool  #: False where there are too many to be kept one by one


def take(session: Session, scope: Scope, *, as_of: date, user_id: int | None = None) -> SelfCheckRow:
    """Keep the reconciliation as it stands. The caller commits."""
    documents, records = totals.of_documents(session, scope), totals.of_records(session, scope)
    alone = records.classes.get(RecordClass.NO_DOCUMENT.value, totals.Sums()).count
    items = _documents(session, scope)
    if alone <= MOST_RECORDS:
        items += _records(session, scope)
    row = SelfCheckRow(
        as_of=as_of, period=scope.period, company_tax_id=scope.company_tax_id or "", taken_by=user_id,
        totals={
            "documents": {name: sums.export() for name, sums in documents.classes.items()},
            "records": {name: sums.export() for name, sums in records.classes.items()},
            "ties_out": documents.ties_out and records.ties_out,
            "records_kept": alone <= MOST_RECORDS,
        },
        open_items=[list(item) for item in items],
        previous_id=session.scalar(
            select(func.max(SelfCheckRow.id)).where(
                SelfCheckRow.period == scope.period, SelfCheckRow.company_tax_id == (scope.company_tax_id or "")
            )
        ),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def digest(now: SelfCheckRow, before: SelfCheckRow | None) -> Digest:
    """`before` None: everything is new."""
    mine = {item.key: item for item in items_of(now)}
    earlier = {item.key: item for item in items_of(before)} if before else {}
    both = bool(now.totals.get("records_kept")) and (before is None or bool(before.totals.get("records_kept")))
    if not both:  # one side kept totals only: its records would all seem new, or all settled
        mine = {key: item for key, item in mine.items() if key.startswith("D")}
        earlier = {key: item for key, item in earlier.items() if key.startswith("D")}
    return Digest(
        new=tuple(item for key, item in mine.items() if key not in earlier),
        settled=tuple(item for key, item in earlier.items() if key not in mine),
        overdue=tuple(item for item in mine.values() if _age(item, now.as_of) is Age.OVERDUE),
        still_open=len(mine.keys() & earlier.keys()),
        records_compared=both,
    )


def items_of(row: SelfCheckRow) -> list[Item]:
    return [Item(*item) for item in row.open_items]


def list_checks(session: Session, limit: int = 60) -> list[SelfCheckRow]:
    return list(session.scalars(select(SelfCheckRow).order_by(SelfCheckRow.id.desc()).limit(limit)))


def is_due(session: Session, *, today: date) -> bool:
    """Whether the weekly check of everything has not been taken for a week."""
    newest = session.scalar(
        select(func.max(SelfCheckRow.as_of)).where(SelfCheckRow.period == "", SelfCheckRow.company_tax_id == "")
    )
    return newest is None or today - newest >= EVERY


def _age(item: Item, as_of: date) -> Age:
    return age_of(date.fromisoformat(item.day) if item.day else None, as_of)


def _documents(session: Session, scope: Scope) -> list[Item]:
    cause = InvoiceRow.match["causes"][0]["code"].as_string()
    query = (
        select(
            InvoiceRow.id, InvoiceRow.identity_key, InvoiceRow.match_status, cause, InvoiceRow.issue_date,
            InvoiceRow.total_incl_fen, InvoiceRow.invoice_number, InvoiceRow.seller_name,
        )
        .join(DocumentRow, DocumentRow.id == InvoiceRow.document_id)
        .where(scope.of_invoices(), InvoiceRow.match_status.in_([status.value for status in OPEN_DOCUMENTS]))
        .order_by(InvoiceRow.id)
    )  # fmt: skip
    return [
        Item(f"D{key or f'#{id_}'}", status, first, day.isoformat() if day else None, gross, number, seller)
        for id_, key, status, first, day, gross, number, seller in session.execute(query)
    ]


def _records(session: Session, scope: Scope) -> list[Item]:
    holders = first_holders()
    query = (
        select(
            RecordRow.id, RecordRow.issue_date, RecordRow.total_incl_fen,
            func.coalesce(RecordRow.digital_invoice_number, RecordRow.invoice_number), RecordRow.seller_name,
        )
        .outerjoin(holders, holders.c.record_id == RecordRow.id)
        .where(scope.of_records(), class_of_record(holders) == RecordClass.NO_DOCUMENT.value)
        .order_by(RecordRow.id)
    )  # fmt: skip
    return [
        Item(f"R{id_}", RecordClass.NO_DOCUMENT.value, None, day.isoformat() if day else None, gross, number, seller)
        for id_, day, gross, number, seller in session.execute(query)
    ]


def sums_of(row: SelfCheckRow, side: str) -> dict[str, totals.Sums]:
    """Totals by class of `documents` or `records`, as they were kept."""
    stored: dict[str, Any] = row.totals.get(side, {})
    return {name: totals.Sums(*values) for name, values in stored.items()}


def gross_of(items: tuple[Item, ...]) -> str:
    return f"{from_fen(sum(item.gross or 0 for item in items)):,}"

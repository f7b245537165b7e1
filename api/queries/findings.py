"""What reconciliation found, for lists: invoices that are not in the records, and records without a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session, selectinload

from api.queries.paging import Slice, decode, encode, page_size
from api.queries.visibility import sight_of
from matching.captured import read_captured
from models.errors import RequestError
from models.ledger import Direction
from models.matching import MatchStatus
from models.tables import DraftRow, InvoiceRow, RecordRow, User


@dataclass(frozen=True, slots=True)
class AbsentInvoice:
    """An invoice we hold but have no record of, with the draft made for it."""

    invoice: InvoiceRow
    draft: DraftRow | None


@dataclass(frozen=True, slots=True)
class AbsentSum:
    count: int
    total_fen: int


_FIRST_CAUSE = InvoiceRow.match["causes"][0]["code"].as_string()


def list_absent(
    session: Session, user: User, *, cause: str | None = None, cursor: str | None = None, limit: int | None = None
) -> Slice[AbsentInvoice]:
    """Newest first; `cause` keeps those whose first cause it is."""
    size = page_size(limit)
    query = select(InvoiceRow).where(_absent(session, user)).options(selectinload(InvoiceRow.document))
    if cause:
        query = query.where(cause == _FIRST_CAUSE)
    if cursor:
        query = query.where(InvoiceRow.id < int_key(cursor))
    rows = session.scalars(query.order_by(InvoiceRow.id.desc()).limit(size + 1)).all()
    drafts = drafts_of(session, rows[:size], sight_of(session, user).drafts())
    found = [AbsentInvoice(row, drafts.get(row.id)) for row in rows[:size]]
    return Slice(found, encode(rows[size - 1].id) if len(rows) > size else None)


def absent_by_cause(session: Session, user: User) -> dict[str, AbsentSum]:
    """How many there are by their first cause, and what they come to; the most frequent first."""
    cause = _FIRST_CAUSE.label("cause")
    count = func.count().label("count")
    query = select(cause, count, func.coalesce(func.sum(InvoiceRow.total_incl_fen), 0)).where(_absent(session, user))
    rows = session.execute(query.group_by(cause).order_by(count.desc(), cause))
    return {name or "": AbsentSum(number, int(total)) for name, number, total in rows}


def _absent(session: Session, user: User) -> ColumnElement[bool]:
    return and_(InvoiceRow.match_status == MatchStatus.ABSENT, sight_of(session, user).invoices())


def drafts_of(
    session: Session, invoices: Sequence[InvoiceRow], seen: ColumnElement[bool] | None = None
) -> dict[int, DraftRow]:
    """Invoice → its draft, whichever of its keys that is under (数电纸票 has two).

    `seen` leaves out those that the user may not open: a link to them would lead nowhere.
    """
    keys = {row.id: read_captured(row).keys for row in invoices}
    wanted = {key for of_one in keys.values() for key in of_one}
    if not wanted:
        return {}
    query = select(DraftRow).where(DraftRow.identity_key.in_(wanted))
    drafts = {draft.identity_key: draft for draft in session.scalars(query if seen is None else query.where(seen))}
    return {id_: drafts[key] for id_, of_one in keys.items() for key in reversed(of_one) if key in drafts}


def list_records(
    session: Session,
    user: User,
    *,
    text: str = "",
    without_document: bool = False,
    cursor: str | None = None,
    limit: int | None = None,
) -> Slice[RecordRow]:
    """Ledger records, newest id first; `without_document` keeps what `reconcile` calls no_document."""
    size = page_size(limit)
    query = select(RecordRow).where(sight_of(session, user).records())
    if without_document:
        query = query.where(
            ~exists().where(InvoiceRow.record_id == RecordRow.id),
            RecordRow.direction != Direction.OUTPUT,
        )
    if text.strip():
        wanted = text.strip()
        query = query.where(
            RecordRow.invoice_number.contains(wanted, autoescape=True)
            | RecordRow.digital_invoice_number.contains(wanted, autoescape=True)
            | RecordRow.seller_name.contains(wanted, autoescape=True)
            | RecordRow.buyer_name.contains(wanted, autoescape=True)
        )
    if cursor:
        query = query.where(RecordRow.id < int_key(cursor))
    rows = session.scalars(query.order_by(RecordRow.id.desc()).limit(size + 1)).all()
    return Slice(rows[:size], encode(rows[size - 1].id) if len(rows) > size else None)


def count_records(session: Session, user: User) -> int:
    seen = sight_of(session, user).records()
    return session.scalar(select(func.count()).select_from(RecordRow).where(seen)) or 0


def any_records(session: Session) -> bool:
    return session.scalar(select(RecordRow.id).limit(1)) is not None


def find_draft(session: Session, user: User, application_number: str) -> DraftRow:
    seen = sight_of(session, user).drafts()
    draft = session.scalar(select(DraftRow).where(DraftRow.application_number == application_number, seen))
    if draft is None:
        raise RequestError("no_such_item", what=application_number)
    return draft


def int_key(cursor: str) -> int:
    (key,) = decode(cursor, 1)
    if not isinstance(key, int):
        raise RequestError("invalid_request", what="cursor")
    return key

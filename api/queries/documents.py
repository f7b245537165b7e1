"""Documents: the list with its filters, one document if the user may see it, and what changed since a moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from api.queries.paging import Slice, decode, encode, page_size
from api.queries.visibility import sight_of
from models.database import begin_writing
from models.errors import RequestError
from models.matching import MatchStatus
from models.tables import DocumentRow, InvoiceRow, User
from models.tables.documents import DocumentState

#: filter value → what it means; match statuses stand for themselves
UNFINISHED = (DocumentState.QUEUED.value, DocumentState.READING.value)
FILTERS: tuple[str, ...] = (
    "unfinished", "failed", "review",
    *(s.value for s in MatchStatus if s not in (MatchStatus.NO_DOCUMENT, MatchStatus.NEEDS_REVIEW)),
)  # fmt: skip

FIRST_DAY, LAST_DAY = date(1970, 1, 2), date(9998, 12, 31)  #: that are moments in any zone


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFilter:
    """What the list is narrowed to; empty values do not narrow."""

    status: str = ""
    text: str = ""
    since: date | None = None
    until: date | None = None


def visible_documents(session: Session, user: User) -> Select[DocumentRow]:
    """With those of their invoices that the user may see."""
    sight = sight_of(session, user)
    invoices = DocumentRow.invoices.and_(sight.invoices()) if sight.limited else DocumentRow.invoices
    return select(DocumentRow).where(sight.documents()).options(selectinload(invoices))


def list_documents(
    session: Session, user: User, wanted: DocumentFilter, *, cursor: str | None = None, limit: int | None = None
) -> Slice[DocumentRow]:
    """Newest first."""
    size = page_size(limit)
    query = _narrowed(visible_documents(session, user), wanted)
    if cursor:
        moment, last_id = decode(cursor, 2)
        try:
            received = datetime.fromisoformat(str(moment))
        except ValueError as damaged:
            raise RequestError("invalid_request", what="cursor") from damaged
        query = query.where(
            or_(
                DocumentRow.received_at < received,
                and_(DocumentRow.received_at == received, DocumentRow.id < str(last_id)),
            )
        )
    rows = session.scalars(query.order_by(DocumentRow.received_at.desc(), DocumentRow.id.desc()).limit(size + 1)).all()
    more = len(rows) > size
    last = rows[size - 1] if more else None
    return Slice(rows[:size], encode(last.received_at.isoformat(), last.id) if last else None)


def find_document(session: Session, user: User, document_id: str) -> DocumentRow:
    """The document, or `no_such_item` for an unknown one and for one of somebody else alike."""
    query = visible_documents(session, user).where(DocumentRow.id == document_id)
    row = session.scalar(query)
    if row is None:
        raise RequestError("no_such_item", what=document_id)
    return row


def find_invoice(session: Session, user: User, invoice_id: int) -> InvoiceRow:
    seen = sight_of(session, user).invoices()
    row = session.scalar(select(InvoiceRow).where(InvoiceRow.id == invoice_id, seen))
    if row is None:
        raise RequestError("no_such_item", what=str(invoice_id))
    return row


def hold_invoice(session: Session, user: User, invoice_id: int) -> InvoiceRow:
    """As `find_invoice`, to be changed: who comes second waits, and finds what the first one made of it."""
    begin_writing(session)
    seen = sight_of(session, user).invoices()
    query = select(InvoiceRow).where(InvoiceRow.id == invoice_id, seen).with_for_update(of=InvoiceRow)
    row = session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise RequestError("no_such_item", what=str(invoice_id))
    return row


def states_of(session: Session, user: User, *, since: datetime) -> Sequence[tuple[str, str]]:
    """Id and state of documents that arrived or finished after `since`, and of those still being read."""
    query = select(DocumentRow.id, DocumentRow.state).where(
        sight_of(session, user).documents(),
        or_(
            DocumentRow.state.in_(UNFINISHED),
            DocumentRow.received_at > since,
            DocumentRow.finished_at > since,
        ),
    )
    found = session.execute(query.order_by(DocumentRow.received_at).limit(500))
    return [(row.id, row.state) for row in found]


def count_by_state(session: Session) -> dict[str, int]:
    query = select(DocumentRow.state, func.count()).group_by(DocumentRow.state)
    return {row[0]: row[1] for row in session.execute(query)}


def count_by_match(session: Session) -> dict[str, int]:
    query = select(InvoiceRow.match_status, func.count()).group_by(InvoiceRow.match_status)
    return {status or "unmatched": count for status, count in session.execute(query)}


def _narrowed(query: Select[DocumentRow], wanted: DocumentFilter) -> Select[DocumentRow]:
    if wanted.status == "unfinished":
        query = query.where(DocumentRow.state.in_(UNFINISHED))
    elif wanted.status == "failed":
        query = query.where(DocumentRow.state == DocumentState.FAILED)
    elif wanted.status == "review":
        unsure = or_(InvoiceRow.needs_review.is_(True), InvoiceRow.match_status == MatchStatus.NEEDS_REVIEW)
        query = query.where(exists().where(InvoiceRow.document_id == DocumentRow.id, unsure))
    elif wanted.status == MatchStatus.DUPLICATE:
        same = exists().where(InvoiceRow.document_id == DocumentRow.id, InvoiceRow.match_status == wanted.status)
        query = query.where(or_(DocumentRow.state == DocumentState.DUPLICATE, same))
    elif wanted.status in FILTERS:
        query = query.where(
            exists().where(InvoiceRow.document_id == DocumentRow.id, InvoiceRow.match_status == wanted.status)
        )
    if wanted.text.strip():
        query = query.where(_mentions(wanted.text.strip()))
    if wanted.since:
        query = query.where(DocumentRow.received_at >= local_midnight(wanted.since))
    if wanted.until:
        query = query.where(DocumentRow.received_at < local_midnight(min(wanted.until, LAST_DAY) + timedelta(days=1)))
    return query


def _mentions(text: str) -> ColumnElement[bool]:
    of_invoice = or_(
        InvoiceRow.invoice_number.contains(text, autoescape=True),
        InvoiceRow.invoice_code.contains(text, autoescape=True),
        InvoiceRow.seller_name.contains(text, autoescape=True),
        InvoiceRow.buyer_name.contains(text, autoescape=True),
    )
    return or_(
        DocumentRow.name.contains(text, autoescape=True),
        exists().where(InvoiceRow.document_id == DocumentRow.id, of_invoice),
    )


def local_midnight(day: date) -> datetime:
    """Start of `day` where the service runs: people mean their own days."""
    day = max(day, FIRST_DAY)
    return datetime(day.year, day.month, day.day).astimezone()

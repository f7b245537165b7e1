"""What each step of a document writes: state, invoices, match, draft. Each is one transaction and safe to repeat.

A step that was cut in the middle runs again after a restart, so nothing here adds where it could set: invoices are
written by their place in the document, a draft belongs to an identity, an attempt has a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from api.invoice_columns import fill_columns
from api.pipeline.reading import ReadFile
from models.database import begin_writing, transaction
from models.errors import ChapiaoError
from models.invoice import Invoice
from models.matching import MatchStatus
from models.settings import Settings
from models.tables import DocumentRow, InvoiceRow
from models.tables.base import now
from models.tables.documents import DocumentState

Sessions = sessionmaker[Session]

FINAL_STATES = frozenset({DocumentState.DONE.value, DocumentState.FAILED.value, DocumentState.DUPLICATE.value})


class Begun(NamedTuple):
    """What a reading process needs to know of a document."""

    sha256: str
    name: str


def begin(sessions: Sessions, document_id: str, attempt: int) -> Begun | None:
    """Mark the document as being read. None when there is nothing to do (gone, or already at an end)."""
    with transaction(sessions) as session:
        row = session.get(DocumentRow, document_id)
        if row is None or row.state in FINAL_STATES:
            return None
        row.state = DocumentState.READING.value
        row.attempts = attempt
        return Begun(row.sha256, row.name)


def store_reading(sessions: Sessions, document_id: str, read: ReadFile, seconds: float) -> None:
    """Write what was read. The same document read twice ends with one row per invoice."""
    with transaction(sessions) as session:
        row = session.get_one(DocumentRow, document_id)
        row.media = read.media
        row.page_count = read.page_count
        row.cleanup = list(read.cleanup)
        row.seconds = round(seconds, 3)
        stored = {invoice.index: invoice for invoice in _invoices(session, document_id)}
        for index, invoice in enumerate(read.invoices):
            target = stored.pop(index, None)
            if target is None:
                target = InvoiceRow(document_id=document_id, index=index)
                session.add(target)
            if target.reviewed_at is None:  # else a person's word stands: what was read again is what they corrected
                _fill(target, invoice)
        for left_over in stored.values():  # an earlier, interrupted attempt saw more
            if left_over.reviewed_at is None:
                session.delete(left_over)


def match_invoices(sessions: Sessions, document_id: str, settings: Settings, today: date) -> None:
    """Join every invoice of the document with the records."""
    from matching.service import match_invoice

    with transaction(sessions) as session:
        for invoice in _invoices(session, document_id):
            match_invoice(session, invoice, today=today, settings=settings)


def draft_invoices(sessions: Sessions, document_id: str, *, due_days: int = 1) -> None:
    """Fill a supplement draft for each absent invoice of the document that has none."""
    from matching.drafts import draft_for

    with transaction(sessions) as session:
        uploaded_by = session.get_one(DocumentRow, document_id).uploaded_by
        for invoice in _invoices(session, document_id):
            if invoice.match_status == MatchStatus.ABSENT.value:
                draft_for(session, invoice, user_id=uploaded_by, due_days=due_days)


def finish(sessions: Sessions, document_id: str) -> None:
    """Once: a worker that dies between this and its own note of it comes here again, and the first time stands."""
    with transaction(sessions) as session:
        row = session.get_one(DocumentRow, document_id)
        if row.state == DocumentState.DONE.value:
            return
        row.state = DocumentState.DONE.value
        row.error_code = None
        row.error_details = None
        row.finished_at = now()


def fail(sessions: Sessions, document_id: str, error: ChapiaoError, *, seen: DocumentState | None = None) -> None:
    """End the document with its error; original and anything read stay. `seen`: only if it still is in that state."""
    with transaction(sessions) as session:
        begin_writing(session)
        row = session.get_one(DocumentRow, document_id, with_for_update=True)
        if seen is not None and row.state != seen.value:
            return
        row.state = DocumentState.FAILED.value
        row.error_code = error.code
        row.error_details = _plain(error.details)
        row.finished_at = now()


def requeue(session: Session, document_id: str) -> None:
    """Put a failed document back into the queue. The caller commits; the sweep picks it up as a new attempt."""
    row = session.get_one(DocumentRow, document_id)
    if row.state == DocumentState.FAILED.value:
        row.state = DocumentState.QUEUED.value
        row.error_code = None
        row.error_details = None
        row.finished_at = None


def _invoices(session: Session, document_id: str) -> list[InvoiceRow]:
    """To be changed: nobody else does until this is committed."""
    begin_writing(session)
    query = select(InvoiceRow).where(InvoiceRow.document_id == document_id).order_by(InvoiceRow.index)
    return list(session.scalars(query.with_for_update()))


def _fill(row: InvoiceRow, invoice: Invoice) -> None:
    """Columns for search and match; the whole account with its evidence is in `data`."""
    row.kind = invoice.kind.value
    fill_columns(row, {name: field.value for name, field in invoice.fields.items()})
    row.needs_review = invoice.needs_review
    row.data = invoice.export()


def _plain(details: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, (str, int, float, bool)) else str(value) for name, value in details.items()
    }

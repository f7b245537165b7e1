"""What becomes of drafts that an import's record ended, when that import is taken back.

What nobody had approved is a draft again. What two people had approved is approved again, with the record that their
approval made: the import had written over it, and its undo has put it back. Where that record never came to be, because
the import was a moment faster than the approval, it is made now, of what was approved. The history stays whole.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from matching import draft_records
from matching.supplement.noticing import tell_people
from matching.supplement.settling import reopen
from matching.supplement.workflow import Step, move, note
from models.matching import DraftState
from models.tables import DraftRow, InvoiceRow, RecordChangeRow, RecordLineRow, RecordRow

RESTORED = "restored"  #: event


def let_go(session: Session, came: ColumnElement[bool], import_id: int) -> list[DraftRow]:
    """Drafts that records of an import ended, or whose own records it wrote over; bound to none of those that go."""
    changed = select(RecordChangeRow.record_id).where(RecordChangeRow.import_id == import_id)
    query = select(DraftRow).where(DraftRow.state == DraftState.CLOSED.value).order_by(DraftRow.id)
    ended = list(session.scalars(query.where(DraftRow.record_id.in_(select(RecordRow.id).where(came)))))
    for draft in ended:
        draft.record_id = None
    session.flush()
    return ended + list(session.scalars(query.where(DraftRow.record_id.in_(changed))))


def give_back(session: Session, drafts: Iterable[DraftRow], file_name: str) -> None:
    """After the records are as before. A draft whose record is still an import's stays closed."""
    for draft in drafts:
        record = session.get(RecordRow, draft.record_id) if draft.record_id else None
        if record is None or record.origin == draft_records.SUPPLEMENT:
            take_back(session, draft, session.get_one(InvoiceRow, draft.invoice_id), file_name)


def take_back(session: Session, draft: DraftRow, invoice: InvoiceRow, file_name: str | None = None) -> None:
    """A closed draft whose record is no longer there: approved again if it was, else a draft."""
    if draft.approved_by is None:
        reopen(session, draft, invoice)
        return
    record = draft_records.written(session, draft)
    if record is None:
        record = draft_records.write(session, draft)
    else:  # the import's item rows may have replaced those that were approved
        session.execute(delete(RecordLineRow).where(RecordLineRow.record_id == record.id))
        draft_records.add_lines(session, record, draft)
    if record is None:  # another import's record answers to its keys: the draft stays closed
        arrived = draft_records.arrived(session, draft)
        draft.record_id = arrived.id if arrived else None
        return
    move(session, draft, Step.RESTORE, ended_because=None, record_id=record.id, invoice_id=invoice.id)
    note(session, draft, RESTORED, None, {"name": file_name, "record_id": record.id})
    tell_people(session, draft, "draft_restored", actor_id=None)

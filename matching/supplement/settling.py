"""Drafts whose reason has gone: the record arrived, the invoice is another's, void, a duplicate, or has another number.

A draft ends by itself only where the finding is certain; `probable` and `needs_review` are for a person, and the page
says so. What was ended is taken up again when the invoice turns out absent after all.
"""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from matching import draft_records
from matching.captured import read_captured
from matching.supplement.noticing import tell_people
from matching.supplement.workflow import OPEN, Step, move, note
from models.matching import DraftState, Ending, MatchStatus
from models.tables import DraftRow, InvoiceRow, RecordKeyRow, RecordRow

_M = MatchStatus
_ENDINGS = {
    _M.MATCHED: Ending.RECORDED, _M.DIFFERS: Ending.RECORDED, _M.VOID: Ending.VOID, _M.RED_FLUSHED: Ending.RED_FLUSHED,
    _M.NOT_OURS: Ending.NOT_OURS, _M.DUPLICATE: Ending.DUPLICATE,
}  # fmt: skip


def settle_all(session: Session) -> int:
    """End every draft whose reason has gone; returns how many."""
    return _close_by_key(session) + sum(settle(session, draft) for draft in _astray(session))


def settle(session: Session, draft: DraftRow) -> bool:
    """End the draft if what its invoice is found to be now asks for it."""
    invoice = session.get_one(InvoiceRow, draft.invoice_id)
    same_identity = draft.identity_key in read_captured(invoice).keys
    status = MatchStatus(invoice.match_status) if invoice.match_status else None
    if same_identity and status in (None, _M.ABSENT, _M.PROBABLE, _M.NEEDS_REVIEW):
        return False
    if (not same_identity or status is _M.DUPLICATE) and (other := _another_absent(session, draft)) is not None:
        draft.invoice_id = other
        return False
    ending = _ENDINGS[status] if same_identity and status is not None else Ending.IDENTITY_CHANGED
    record = session.get(RecordRow, invoice.record_id) if same_identity and invoice.record_id else None
    if record is not None and record.origin == "import" and ending is not Ending.NOT_OURS:
        close(session, draft, record, ending)
    else:
        move(session, draft, Step.WITHDRAW, ended_because=ending.value, reviewer_id=None, review_began_at=None)
        note(session, draft, "ended", None, {"because": ending.value})
        tell_people(session, draft, "draft_ended", actor_id=None)
    return True


def close(session: Session, draft: DraftRow, record: RecordRow, ending: Ending = Ending.RECORDED) -> None:
    """The real record is there: the draft ends, with a note of what it had otherwise."""
    differences = [d.export() for d in draft_records.differences(draft, record)]
    move(session, draft, Step.CLOSE, record_id=record.id, ended_because=ending.value)
    note(session, draft, "closed", None, {"record_id": record.id, "differences": differences, "because": ending.value})


def reopen(session: Session, draft: DraftRow, invoice: InvoiceRow) -> None:
    """Ended by the service, and its invoice is absent again."""
    move(session, draft, Step.REOPEN, ended_because=None, invoice_id=invoice.id, record_id=None)
    note(session, draft, "reopened", None, {})


def _close_by_key(session: Session) -> int:
    query = (
        select(DraftRow, RecordRow)
        .join(RecordKeyRow, RecordKeyRow.key == DraftRow.identity_key)
        .join(RecordRow, RecordRow.id == RecordKeyRow.record_id)
        .where(DraftRow.state != DraftState.CLOSED.value, RecordRow.origin == "import")
        .with_for_update(of=DraftRow)  # a person who changes one at this moment is waited for, not stumbled over
    )
    arrived = session.execute(query, execution_options={"populate_existing": True}).all()
    for draft, record in arrived:
        close(session, draft, record)
    return len(arrived)


def _astray(session: Session) -> list[DraftRow]:
    """Open drafts whose invoice is not plainly the absent one they were made for."""
    query = (
        select(DraftRow)
        .join(InvoiceRow, InvoiceRow.id == DraftRow.invoice_id)
        .where(
            DraftRow.state.in_([s.value for s in OPEN]),
            or_(
                InvoiceRow.match_status.is_distinct_from(_M.ABSENT.value),
                InvoiceRow.identity_key.is_distinct_from(DraftRow.identity_key),
            ),
        )
        .order_by(DraftRow.id)
        .with_for_update(of=DraftRow)
    )
    return list(session.scalars(query, execution_options={"populate_existing": True}))


def _another_absent(session: Session, draft: DraftRow) -> int | None:
    """Another capture of the same invoice that the draft may stand for."""
    query = select(InvoiceRow.id).where(
        InvoiceRow.identity_key.in_(draft_records.keys_of(draft)),
        InvoiceRow.match_status == _M.ABSENT.value,
        InvoiceRow.id != draft.invoice_id,
    )
    return session.scalars(query.order_by(InvoiceRow.id).limit(1)).first()

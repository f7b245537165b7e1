"""Supplement drafts (补录): made once per invoice identity, filled from evidence, checked by one, approved by another.

The ways between the states are in `matching.supplement.workflow`; every step is an event. Whoever approves has neither
submitted the draft nor typed its values last: checked here, and a constraint of the database. The caller commits.

Steps take `seen_version`, the version of the draft that the person looked at; None decides on whatever is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from matching import draft_fields, draft_records
from matching.application_numbers import application_number, next_sequence
from matching.captured import Captured, read_captured
from matching.supplement import adopting, history, hold, restoring, settling, workflow
from matching.supplement.deadlines import due_after
from matching.supplement.noticing import tell_people
from matching.supplement.workflow import LABELS, Step, move, note, refuse_out_of_turn, refuse_unseen
from models.database import begin_writing
from models.errors import RequestError, Text
from models.kinds import InvoiceKind
from models.matching import CauseCode, DraftState, MatchStatus
from models.tables import DraftRow, InvoiceRow, RecordRow, User
from models.tables.base import now

__all__ = [
    "LABELS", "adopt", "approve", "assign", "can_be_drafted", "close_recorded", "close_when_recorded", "comment",
    "draft_for", "drop_adopted", "edit", "release", "send_back", "set_due", "settle_for", "submit", "take",
    "take_up", "withdraw",
]  # fmt: skip

_INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
#: causes for which a draft would be wrong whatever the fields say
_NO_DRAFT = frozenset({CauseCode.SUSPICIOUS, CauseCode.IS_RED, CauseCode.RED_FLUSHED, CauseCode.VOIDED,
                       CauseCode.OTHER_ENTITY, CauseCode.DUPLICATE, CauseCode.WRONG_DIRECTION})  # fmt: skip
DUE_DAYS = 1  #: working days; the habit of uploading within 24 hours
LONGEST_COMMENT = 2000

adopt = adopting.adopt
drop_adopted = adopting.drop_adopted


def draft_for(
    session: Session, invoice: InvoiceRow, *, user_id: int | None = None, due_days: int = DUE_DAYS
) -> DraftRow | None:
    """The draft of this invoice's identity, made if there is none; None where evidence is not clean enough."""
    captured = read_captured(invoice)
    key = captured.identity
    if key is not None and (found := _by_key(session, key)) is not None:
        if found.ended_because and _fit(invoice, captured):
            if found.state == DraftState.WITHDRAWN:
                settling.reopen(session, found, invoice)
            elif found.state == DraftState.CLOSED:  # its record went, or no longer answers to this number
                restoring.take_back(session, found, invoice)
        if found.invoice_id == invoice.id:
            hold.follow(session, found, invoice, due_days=due_days)
        return found
    if key is None or not _fit(invoice, captured):
        return None
    fields, missing = draft_fields.filled(captured)
    held = hold.awaited(invoice)
    values = {
        "identity_key": key, "invoice_id": invoice.id, "state": DraftState.DRAFT.value, "fields": fields,
        "lines": [dict(line) for line in captured.lines], "line_support": {}, "missing": missing,
        "held_because": held.value if held else None, "created_by": user_id, "version": 1,
        **draft_fields.columns(fields),
    }  # fmt: skip
    return _create(session, key, values, user_id, due_days)


def can_be_drafted(invoice: InvoiceRow) -> bool:
    """Whether `draft_for` would make one: a button that is always refused helps nobody."""
    captured = read_captured(invoice)
    return captured.identity is not None and _fit(invoice, captured)


def _fit(invoice: InvoiceRow, captured: Captured) -> bool:
    """Absent, and its evidence clean enough to make a record of."""
    causes = (invoice.match or {}).get("causes") or [{"code": None}]
    return not (
        invoice.match_status != MatchStatus.ABSENT.value
        or not captured.identity_accepted
        or captured.kind is InvoiceKind.OTHER
        or captured.failed_checks
        or captured.is_red
        or causes[0]["code"] in _NO_DRAFT
    )


def _create(session: Session, key: str, values: dict[str, Any], user_id: int | None, due_days: int) -> DraftRow:
    """Insert under the next free number. Where another session was faster, the constraints say so and we look again."""
    add = _INSERTS[session.get_bind().dialect.name]
    moment = now()
    today = moment.astimezone().date()
    sequence = next_sequence(session, today)
    while True:
        number = application_number(today, sequence)
        due = None if values["held_because"] else due_after(today, due_days)
        row = values | {"application_number": number, "created_at": moment, "updated_at": moment, "due_on": due}
        made = session.execute(add(DraftRow).values(row).on_conflict_do_nothing().returning(DraftRow.id)).scalar()
        if made is not None:
            draft = session.get_one(DraftRow, made)
            detail = {"missing": values["missing"], "held": values["held_because"]}
            note(session, draft, "created", user_id, detail)
            return draft
        if (found := _by_key(session, key)) is not None:
            return found
        sequence = max(sequence + 1, next_sequence(session, today))


def edit(
    session: Session, draft: DraftRow, changes: Mapping[str, str | None], *, user_id: int,
    seen_version: int | None = None,
) -> DraftRow:  # fmt: skip
    """A person's values, with that person as the source. A withdrawn draft is a draft again.

    Values adopted from history fall with the value that determined them.
    """
    refuse_out_of_turn(draft, Step.EDIT)
    refuse_unseen(draft, seen_version)
    fallen = [name for name in history.fallen(draft, changes) if name not in changes]
    all_changes = {**changes, **dict.fromkeys(fallen)}
    before = {name: draft.fields.get(name, {}).get("value") for name in all_changes}
    doubted = [*(name for name in draft.missing if name not in changes), *fallen]
    fields = draft_fields.edited(draft.fields, all_changes)
    step, due = Step.EDIT, draft.due_on
    if draft.state == DraftState.WITHDRAWN:
        step, due = Step.REOPEN, due or due_after(now().astimezone().date(), DUE_DAYS)
    move(
        session, draft, step, fields=fields, missing=draft_fields.missing(fields, doubted), edited_by=user_id,
        due_on=due, ended_because=None, **draft_fields.columns(fields),
    )  # fmt: skip
    after = {name: fields[name]["value"] for name in all_changes}
    note(session, draft, "edited", user_id, {"before": before, "after": after})
    return draft


def take_up(session: Session, draft: DraftRow, *, user_id: int, due_days: int = DUE_DAYS) -> DraftRow:
    """A person wants the supplement although it is on hold."""
    return hold.take_up(session, draft, user_id=user_id, due_days=due_days)


def submit(
    session: Session, draft: DraftRow, *, user_id: int, seen_version: int | None = None, due_days: int = DUE_DAYS
) -> DraftRow:
    """For another person to approve. Whoever submits a draft on hold has taken it up."""
    _hold(session, draft)
    refuse_out_of_turn(draft, Step.SUBMIT)
    refuse_unseen(draft, seen_version)
    missing = draft_fields.missing(draft.fields, draft.missing)  # those in doubt too, on the page and in a batch alike
    if missing:
        raise RequestError("draft_incomplete", missing=Text(
            "、".join(draft_records.LABELS.get(n, n) for n in missing), ", ".join(n.replace("_", " ") for n in missing)
        ))  # fmt: skip
    if not draft_fields.sums_up(draft.fields):
        raise RequestError("invalid_request", what="金额 + 税额 ≠ 价税合计 / net + tax ≠ total")
    _refuse_not_absent(session, draft)
    held = draft.held_because
    move(session, draft, Step.SUBMIT, submitted_by=user_id, submitted_at=now(), approved_by=None, reviewer_id=None,
         review_began_at=None, return_reason=None, **hold.taken_up(draft, user_id, due_days))  # fmt: skip
    causes = (session.get_one(InvoiceRow, draft.invoice_id).match or {}).get("causes", [])
    # the application keeps the causes when the match moves on
    note(session, draft, "submitted", user_id, {"causes": causes, "held": held})
    return draft


def take(session: Session, draft: DraftRow, *, user_id: int) -> DraftRow:
    """Begin the review; others see by whom it is reviewed."""
    _refuse_taken(session, draft, user_id)
    refuse_out_of_turn(draft, Step.TAKE)
    _refuse_two_eyes(draft, user_id)
    move(session, draft, Step.TAKE, reviewer_id=user_id, review_began_at=now())
    note(session, draft, "taken", user_id, {})
    return draft


def release(session: Session, draft: DraftRow, *, user_id: int) -> DraftRow:
    """Give the review up; anyone may do it for a colleague who is away, and the history says who did."""
    reviewer = draft.reviewer_id
    move(session, draft, Step.RELEASE, reviewer_id=None, review_began_at=None)
    note(session, draft, "released", user_id, {"reviewer": reviewer})
    return draft


def approve(session: Session, draft: DraftRow, *, user_id: int, seen_version: int | None = None) -> DraftRow:
    """Another person approves; the record is created with origin `supplement`."""
    _hold(session, draft)
    refuse_out_of_turn(draft, Step.APPROVE)
    _refuse_two_eyes(draft, user_id)
    _refuse_taken(session, draft, user_id)
    refuse_unseen(draft, seen_version)
    if (arrived := draft_records.arrived(session, draft)) is not None:
        return close_when_recorded(session, draft, arrived)
    _refuse_not_absent(session, draft)
    move(session, draft, Step.APPROVE, approved_by=user_id, decided_at=now())
    record = draft_records.write(session, draft)
    if record is None:
        arrived = draft_records.arrived(session, draft)
        if arrived is None:  # another supplement of this invoice, under the other of its two numbers, was approved
            raise RequestError("draft_not_absent")
        return close_when_recorded(session, draft, arrived)
    draft.record_id = record.id
    invoice = session.get_one(InvoiceRow, draft.invoice_id)
    invoice.match_status, invoice.record_id = MatchStatus.MATCHED.value, record.id
    why = f"补录 {draft.application_number} 已批准"
    invoice.match = (invoice.match or {}) | {"why": why, "causes": [], "differences": []}
    invoice.matched_at = now()
    note(session, draft, "approved", user_id, {"record_id": record.id})
    tell_people(session, draft, "draft_approved", actor_id=user_id)
    return draft


def send_back(
    session: Session, draft: DraftRow, reason: str, *, user_id: int, seen_version: int | None = None
) -> DraftRow:
    if not reason.strip():
        raise RequestError("invalid_request", what="退回时须写明原因 / a reason is needed")
    refuse_out_of_turn(draft, Step.SEND_BACK)
    _refuse_taken(session, draft, user_id)
    refuse_unseen(draft, seen_version)
    move(session, draft, Step.SEND_BACK, return_reason=reason.strip(), decided_at=now(), reviewer_id=None,
         review_began_at=None)  # fmt: skip
    note(session, draft, "returned", user_id, {"reason": reason.strip()})
    tell_people(session, draft, "draft_returned", actor_id=user_id)
    return draft


def withdraw(session: Session, draft: DraftRow, *, user_id: int) -> DraftRow:
    move(session, draft, Step.WITHDRAW, ended_because=None, reviewer_id=None, review_began_at=None)
    note(session, draft, "withdrawn", user_id, {})
    return draft


def comment(session: Session, draft: DraftRow, text: str, *, user_id: int) -> DraftRow:
    """A remark in the thread of the draft, in any state; it changes nothing else."""
    said = text.strip()
    if not said or len(said) > LONGEST_COMMENT:
        raise RequestError("invalid_request", what=f"留言须为 1–{LONGEST_COMMENT} 字 / 1–{LONGEST_COMMENT} characters")
    note(session, draft, "commented", user_id, {"text": said})
    return draft


def assign(session: Session, draft: DraftRow, assignee_id: int | None, *, user_id: int) -> DraftRow:
    """Who is to complete it; None: whoever comes first."""
    _refuse_ended(draft)
    if assignee_id is not None:
        assignee = session.get(User, assignee_id)
        if assignee is None or assignee.disabled or assignee.role == "staff":
            raise RequestError("no_such_item", what=f"user {assignee_id}")
    if assignee_id != draft.assigned_to:
        draft.assigned_to = assignee_id
        note(session, draft, "assigned", user_id, {"to": assignee_id})
    return draft


def set_due(session: Session, draft: DraftRow, day: date, *, user_id: int) -> DraftRow:
    """By when. Whoever sets a day for a draft on hold has taken it up."""
    _refuse_ended(draft)
    if draft.held_because is not None:
        hold.take_up(session, draft, user_id=user_id, due_days=0)
    if day != draft.due_on:
        before, draft.due_on = draft.due_on, day
        detail = {"before": before.isoformat() if before else None, "after": day.isoformat()}
        note(session, draft, "due_changed", user_id, detail)
    return draft


def close_when_recorded(session: Session, draft: DraftRow, record: RecordRow) -> DraftRow:
    """The real record has arrived: the draft ends, with a note of what it had otherwise."""
    settling.close(session, draft, record)
    return draft


def close_recorded(session: Session) -> int:
    """End every draft whose real record has arrived or whose reason has gone; returns how many."""
    return settling.settle_all(session)


def settle_for(session: Session, invoice: InvoiceRow) -> int:
    """End the open drafts of this invoice that its new match or its corrected number left without reason."""
    states = [state.value for state in workflow.OPEN]
    query = select(DraftRow).where(DraftRow.invoice_id == invoice.id, DraftRow.state.in_(states))
    return sum(settling.settle(session, draft) for draft in session.scalars(query).all())


def _hold(session: Session, draft: DraftRow) -> None:
    """What is decided on is as it is now, and stays so: a match or another person waits, the invoice first."""
    begin_writing(session)
    session.get_one(InvoiceRow, draft.invoice_id, with_for_update=True)
    session.refresh(draft, with_for_update=True)


def _by_key(session: Session, key: str) -> DraftRow | None:
    return session.scalar(select(DraftRow).where(DraftRow.identity_key == key))


def _refuse_two_eyes(draft: DraftRow, user_id: int) -> None:
    if draft.submitted_by == user_id:
        raise RequestError("same_person")
    if draft.edited_by == user_id:
        raise RequestError("same_editor")


def _refuse_taken(session: Session, draft: DraftRow, user_id: int) -> None:
    if draft.state == DraftState.IN_REVIEW and draft.reviewer_id not in (None, user_id):
        reviewer = session.get(User, draft.reviewer_id)
        raise RequestError("draft_taken", name=reviewer.display_name if reviewer else "?")


def _refuse_not_absent(session: Session, draft: DraftRow) -> None:
    """Where the match now says anything else, a supplement might make a second record of one invoice."""
    if session.get_one(InvoiceRow, draft.invoice_id).match_status != MatchStatus.ABSENT.value:
        raise RequestError("draft_not_absent")


def _refuse_ended(draft: DraftRow) -> None:
    if DraftState(draft.state) not in workflow.OPEN:
        raise RequestError("draft_state", state=LABELS[DraftState(draft.state)])

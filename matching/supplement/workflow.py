"""The states of a supplement draft and the only ways between them. Pure but for `move`, which changes the row.

    draft ──submit──▶ submitted ──take──▶ in_review ──approve──▶ approved ─┐
      ▲                   │  ◀──release──   │                              ├─▶ closed, when the real record arrives
      └─edit─ withdrawn ◀─┴───withdraw──────┤                              │
                          returned ◀─return─┘   (every state but closed) ──┘

Where the import that brought its record is taken back, a closed draft is a draft again, or approved again if two people
had approved it.

Nothing but `STEPS` says what may follow what. Of two people who press at once, one wins: the state is part of the
UPDATE's condition, on SQLite and PostgreSQL alike.

A draft may be on hold (`matching.supplement.hold`); no other state is, so that every way out of it ends the hold.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Table, update
from sqlalchemy.orm import Session

from models.errors import RequestError, Text
from models.matching import DraftState
from models.tables import DraftEventRow, DraftRow
from models.tables.base import now

_S = DraftState
LABELS = {
    _S.DRAFT: Text("草稿", "a draft"), _S.SUBMITTED: Text("已提交", "submitted"),
    _S.IN_REVIEW: Text("审核中", "in review"), _S.APPROVED: Text("已批准", "approved"),
    _S.RETURNED: Text("已退回", "returned"), _S.WITHDRAWN: Text("已撤回", "withdrawn"),
    _S.CLOSED: Text("已办结", "closed"),
}  # fmt: skip
#: states in which work remains to be done
OPEN = (_S.DRAFT, _S.RETURNED, _S.SUBMITTED, _S.IN_REVIEW)
TO_COMPLETE = (_S.DRAFT, _S.RETURNED)
TO_REVIEW = (_S.SUBMITTED, _S.IN_REVIEW)


class Step(StrEnum):
    EDIT = "edit"
    SUBMIT = "submit"
    TAKE = "take"
    RELEASE = "release"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    WITHDRAW = "withdraw"
    TAKE_UP = "take_up"
    REOPEN = "reopen"
    CLOSE = "close"
    RESTORE = "restore"


class Way(NamedTuple):
    """From these states, to that one; None: the state stays."""

    sources: tuple[DraftState, ...]
    target: DraftState | None


STEPS: dict[Step, Way] = {
    Step.EDIT: Way((_S.DRAFT, _S.RETURNED, _S.WITHDRAWN), None),
    Step.SUBMIT: Way((_S.DRAFT, _S.RETURNED), _S.SUBMITTED),
    Step.TAKE: Way((_S.SUBMITTED,), _S.IN_REVIEW),
    Step.RELEASE: Way((_S.IN_REVIEW,), _S.SUBMITTED),
    Step.APPROVE: Way((_S.SUBMITTED, _S.IN_REVIEW), _S.APPROVED),
    Step.SEND_BACK: Way((_S.SUBMITTED, _S.IN_REVIEW), _S.RETURNED),
    Step.WITHDRAW: Way((_S.DRAFT, _S.RETURNED, _S.SUBMITTED, _S.IN_REVIEW), _S.WITHDRAWN),
    Step.TAKE_UP: Way((_S.DRAFT,), None),
    Step.REOPEN: Way((_S.WITHDRAWN, _S.CLOSED), _S.DRAFT),
    Step.CLOSE: Way(tuple(s for s in DraftState if s is not _S.CLOSED), _S.CLOSED),
    Step.RESTORE: Way((_S.CLOSED,), _S.APPROVED),
}


def allowed(draft: DraftRow, step: Step) -> bool:
    return DraftState(draft.state) in STEPS[step].sources


def refuse_out_of_turn(draft: DraftRow, step: Step) -> None:
    if not allowed(draft, step):
        raise RequestError("draft_state", state=LABELS[DraftState(draft.state)])


def refuse_unseen(draft: DraftRow, seen_version: int | None) -> None:
    """A person decides on what they saw: `seen_version` is that of the page they pressed the button on."""
    if seen_version is not None and seen_version != draft.version:
        raise RequestError("draft_changed", number=draft.application_number)


def move(session: Session, draft: DraftRow, step: Step, **values: Any) -> None:
    """Take `step` in one statement that holds only if nobody was faster."""
    refuse_out_of_turn(draft, step)
    session.flush()
    table = DraftRow.__table__
    assert isinstance(table, Table)
    way, seen = STEPS[step], draft.version
    target = way.target or DraftState(draft.state)
    if way.target is not None:
        values = {"held_because": None} | values
    statement = (
        update(table)
        .where(table.c.id == draft.id, table.c.state.in_([s.value for s in way.sources]), table.c.version == seen)
        .values(state=target.value, version=seen + 1, updated_at=now(), **values)
        .returning(table.c.id)
    )
    moved = session.execute(statement).scalar()
    session.refresh(draft)
    if moved is None:
        refuse_out_of_turn(draft, step)
        raise RequestError("draft_changed", number=draft.application_number)


def note(session: Session, draft: DraftRow, action: str, actor_id: int | None, detail: dict[str, Any]) -> None:
    """An event of the draft's history."""
    session.add(DraftEventRow(draft_id=draft.id, actor_id=actor_id, action=action, detail=detail))
    session.flush()
    session.expire(draft, ["events"])

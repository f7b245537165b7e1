"""What waits for whom: drafts to complete, to review, returned, overdue; and the digest of it for everyone.

Nothing is sent from here: whoever asks shows it or prints it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from matching.supplement.workflow import OPEN
from models.matching import DraftState
from models.tables import DraftRow, User

MOST = 200  #: drafts of one list; the oldest due come first


@dataclass(frozen=True, slots=True, kw_only=True)
class Tasks:
    """One person's; `overdue` are those of the other three that are past their day."""

    returned: Sequence[DraftRow]
    to_review: Sequence[DraftRow]
    to_complete: Sequence[DraftRow]
    overdue: Sequence[DraftRow]

    @property
    def count(self) -> int:
        return len(self.returned) + len(self.to_review) + len(self.to_complete)


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What to remind one person of."""

    user_id: int
    username: str
    display_name: str
    tasks: Tasks

    def export(self) -> dict[str, Any]:
        lists = {name: getattr(self.tasks, name) for name in ("returned", "to_review", "to_complete", "overdue")}
        return {"username": self.username, "display_name": self.display_name,
                **{name: [row.application_number for row in rows] for name, rows in lists.items()}}  # fmt: skip


def tasks_of(session: Session, user_id: int, *, today: date, seen: ColumnElement[bool] | None = None) -> Tasks:
    """Of an accountant: staff bring documents in and have nothing to decide. `seen` narrows to what they may see."""
    within = (seen,) if seen is not None else ()
    mine_or_free = or_(DraftRow.assigned_to == user_id, DraftRow.assigned_to.is_(None))
    came_back = or_(
        DraftRow.assigned_to == user_id,
        and_(DraftRow.assigned_to.is_(None), or_(DraftRow.submitted_by == user_id, DraftRow.submitted_by.is_(None))),
    )
    returned = _drafts(session, DraftRow.state == DraftState.RETURNED.value, came_back, *within)
    at_work = DraftRow.held_because.is_(None)  # those on hold ask nothing of anybody
    to_complete = _drafts(session, DraftRow.state == DraftState.DRAFT.value, at_work, mine_or_free, *within)
    to_review = _drafts(session, may_review(user_id), *within)
    late = [row for row in (*returned, *to_review, *to_complete) if is_overdue(row, today)]
    return Tasks(returned=returned, to_review=to_review, to_complete=to_complete, overdue=late)


def may_review(user_id: int) -> ColumnElement[bool]:
    """Drafts this person may take or has taken: neither submitted nor last edited by them."""
    return or_(
        and_(DraftRow.state == DraftState.IN_REVIEW.value, DraftRow.reviewer_id == user_id),
        and_(
            DraftRow.state == DraftState.SUBMITTED.value,
            DraftRow.submitted_by.is_distinct_from(user_id),
            DraftRow.edited_by.is_distinct_from(user_id),
        ),
    )


def digests(
    session: Session, *, today: date, seen_by: Callable[[Session, User], ColumnElement[bool]] | None = None
) -> list[Digest]:
    """Everyone who decides and has something waiting, by name."""
    query = select(User).where(User.disabled.is_(False), User.role != "staff").order_by(User.username)
    made = [
        Digest(user_id=user.id, username=user.username, display_name=user.display_name,
               tasks=tasks_of(session, user.id, today=today, seen=seen_by(session, user) if seen_by else None))
        for user in session.scalars(query)
    ]  # fmt: skip
    return [each for each in made if each.tasks.count]


def is_overdue(draft: DraftRow, today: date) -> bool:
    return draft.due_on is not None and draft.due_on < today and DraftState(draft.state) in OPEN


def days_late(draft: DraftRow, today: date) -> int:
    return (today - draft.due_on).days if is_overdue(draft, today) and draft.due_on else 0


def _drafts(session: Session, *conditions: ColumnElement[bool]) -> list[DraftRow]:
    query = select(DraftRow).where(*conditions).order_by(DraftRow.due_on, DraftRow.id).limit(MOST)
    return list(session.scalars(query))

"""Progress of an application by its number, forgiving how it is typed, never guessing which one was meant."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select
from sqlalchemy.orm import Session

from api.queries.supplements import visible_drafts
from api.supplement.form import Happening, build_form
from matching.application_numbers import MOST_MEANT, could_be, is_valid, near, normalised, part
from models.matching import DraftState
from models.tables import DraftRow, User

#: the straight way; where a draft leaves it, the page says so beside the steps
WAY = (DraftState.DRAFT, DraftState.SUBMITTED, DraftState.IN_REVIEW, DraftState.APPROVED)
_REACHED = {
    DraftState.DRAFT: 1, DraftState.RETURNED: 1, DraftState.WITHDRAWN: 1, DraftState.SUBMITTED: 2,
    DraftState.IN_REVIEW: 3, DraftState.APPROVED: 4, DraftState.CLOSED: 4,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """`draft` None: no such number. `mistyped`: the check digit says so, and `meant` are numbers one slip away.
    `partial`: only part of a number, and `meant` are those that it is part of, if they are few."""

    number: str
    mistyped: bool
    partial: bool = False
    draft: DraftRow | None = None
    reached: int = 0  #: steps of `WAY` behind or under it
    history: tuple[Happening, ...] = ()
    meant: tuple[str, ...] = ()


def find_progress(session: Session, user: User, typed: str, language: str) -> Progress:
    number = normalised(typed)
    query = visible_drafts(session, user)
    draft = session.scalar(query.where(DraftRow.application_number == number))
    if draft is not None:
        history = build_form(session, draft, language).history
        return Progress(
            number=number, mistyped=False, draft=draft, reached=_REACHED[DraftState(draft.state)], history=history
        )
    if is_valid(number):
        return Progress(number=number, mistyped=False)
    partial = not could_be(number)
    return Progress(number=number, mistyped=not partial, partial=partial, meant=numbers_meant(session, query, number))


def numbers_meant(session: Session, among: Select[DraftRow], number: str) -> tuple[str, ...]:
    """Existing numbers that a wrong or partial one may stand for, newest first; none where they are many."""
    if could_be(number):
        wanted = DraftRow.application_number.in_(near(number))
    elif (pattern := part(number)) is not None:
        wanted = DraftRow.application_number.like(pattern)
    else:
        return ()
    found = session.scalars(among.where(wanted).order_by(DraftRow.id.desc()).limit(MOST_MEANT + 1)).all()
    return tuple(row.application_number for row in found) if len(found) <= MOST_MEANT else ()

"""Drafts on hold (暂缓): the leading cause says that the record is merely not here yet, and what would bring it.

Such a draft keeps its number and contents, but asks nothing of anybody: no due day, no task, no reminder. It becomes an
ordinary draft when a match finds that another cause leads, or when a person takes it up all the same.

What holds is the next action of the cause, not its name: a taxi receipt is absent because no account lists its kind,
but no import will ever bring it, and a supplement is the very thing to do.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, update
from sqlalchemy.orm import Session

from matching.supplement.deadlines import due_after
from matching.supplement.workflow import Step, move, note, refuse_out_of_turn
from models.matching import CauseCode, DraftState, MatchStatus
from models.tables import DraftRow, InvoiceRow
from models.tables.base import now

#: what to do next, where an import (or waiting for one) would settle it: codes of `matching.sentences`
_AWAITS_IMPORT = frozenset({"do_wait", "do_import_latest", "do_import_period", "do_full_query", "do_widen_query",
                            "do_import_output", "do_other_account"})  # fmt: skip
HELD, RELEASED, TAKEN_UP = "held", "hold_ended", "taken_up"  #: events


def awaited(invoice: InvoiceRow) -> CauseCode | None:
    """The leading cause of an absent invoice, if an import would settle it."""
    match = invoice.match or {}
    said = (match.get("said") or {}).get("causes") or []
    if invoice.match_status != MatchStatus.ABSENT.value or not said or not said[0]["action"]:
        return None
    return CauseCode(match["causes"][0]["code"]) if said[0]["action"][0] in _AWAITS_IMPORT else None


def follow(session: Session, draft: DraftRow, invoice: InvoiceRow, *, due_days: int) -> None:
    """Hold or release the draft as its invoice's match now says. What a person has taken in hand is not put on hold.

    Where somebody changes the draft at this very moment it is left as it is, until the next match.
    """
    cause = awaited(invoice)
    because = cause.value if cause else None
    if draft.state != DraftState.DRAFT.value or because == draft.held_because:
        return
    was = draft.held_because
    begins, ends = was is None, because is None
    if begins and _in_hand(draft):
        return
    values: dict[str, Any] = {"held_because": because}
    if ends:
        values["due_on"] = due_after(now().astimezone().date(), due_days)
    elif begins:
        values["due_on"] = None
    if _changed(session, draft, values) and (begins or ends):
        note(session, draft, RELEASED if ends else HELD, None, {"because": because or was})


def take_up(session: Session, draft: DraftRow, *, user_id: int, due_days: int) -> DraftRow:
    """A person wants the supplement all the same: an ordinary draft from now on."""
    refuse_out_of_turn(draft, Step.TAKE_UP)
    because = draft.held_because
    if because is not None:
        move(session, draft, Step.TAKE_UP, **taken_up(draft, user_id, due_days))
        note(session, draft, TAKEN_UP, user_id, {"because": because})
    return draft


def taken_up(draft: DraftRow, user_id: int, due_days: int) -> dict[str, Any]:
    """Columns of a draft on hold that a person takes up; none where it is not on hold."""
    if draft.held_because is None:
        return {}
    due = draft.due_on or due_after(now().astimezone().date(), due_days)
    return {"held_because": None, "taken_up_by": user_id, "due_on": due}


def _in_hand(draft: DraftRow) -> bool:
    people = (draft.taken_up_by, draft.edited_by, draft.assigned_to, draft.submitted_by)
    return any(person is not None for person in people)


def _changed(session: Session, draft: DraftRow, values: dict[str, Any]) -> bool:
    session.flush()
    table = DraftRow.__table__
    assert isinstance(table, Table)
    unchanged = (table.c.id == draft.id, table.c.state == draft.state, table.c.version == draft.version)
    values = values | {"version": draft.version + 1, "updated_at": now()}
    changed = session.execute(update(table).where(*unchanged).values(values).returning(table.c.id)).scalar()
    session.refresh(draft)
    return changed is not None

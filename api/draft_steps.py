"""The steps of a supplement draft by name, so that pages and REST take the same ones; several drafts at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session, sessionmaker

from api import audit
from api.queries.findings import find_draft
from matching import drafts
from models.database import transaction
from models.errors import ChapiaoError, RequestError
from models.tables import DraftRow, User

STEPS = ("take_up", "submit", "take", "release", "approve", "send_back", "withdraw")
IN_BATCHES = ("submit", "take", "approve")
MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one draft of a batch."""

    number: str
    state: str | None
    error: ChapiaoError | None


def take_step(
    session: Session, draft: DraftRow, step: str, *, user: User, due_days: int, reason: str | None = None,
    seen: int | None = None,
) -> None:  # fmt: skip
    """Take `step`; who may, and when, is decided by `matching.drafts`. `seen` is the version the person looked at."""
    if step == "send_back":
        if not (reason or "").strip():
            raise RequestError("invalid_request", what="退回原因不能为空 / a reason is needed")
        drafts.send_back(session, draft, (reason or "").strip(), user_id=user.id, seen_version=seen)
    elif step == "submit":
        drafts.submit(session, draft, user_id=user.id, seen_version=seen, due_days=due_days)
    elif step == "take_up":
        drafts.take_up(session, draft, user_id=user.id, due_days=due_days)
    elif step == "approve":
        drafts.approve(session, draft, user_id=user.id, seen_version=seen)
    elif step == "take":
        drafts.take(session, draft, user_id=user.id)
    elif step == "release":
        drafts.release(session, draft, user_id=user.id)
    elif step == "withdraw":
        drafts.withdraw(session, draft, user_id=user.id)
    else:
        raise RequestError("no_such_item", what=step)


def take_steps(
    sessions: sessionmaker[Session], seen: Sequence[tuple[str, int | None]], step: str, *, user: User, channel: str,
    due_days: int,
) -> list[Outcome]:  # fmt: skip
    """`step` for each (number, version seen), each in a transaction of its own: one refused leaves the others done.

    Drafts on hold are refused: to want one all the same is a decision about that one.
    """
    if step not in IN_BATCHES:
        raise RequestError("no_such_item", what=step)
    if not seen:
        raise RequestError("invalid_request", what="没有选中任何补录单 / nothing chosen")
    if len(seen) > MOST_AT_ONCE:
        raise RequestError("invalid_request", what=f"一次最多 {MOST_AT_ONCE} 份 / at most {MOST_AT_ONCE} at once")
    outcomes = []
    for number, version in seen:
        try:
            with transaction(sessions) as session:
                draft = find_draft(session, user, number)
                if draft.held_because is not None:
                    raise RequestError("draft_held", number=number)
                take_step(session, draft, step, user=user, due_days=due_days, seen=version)
                audit.record(session, user.id, f"{channel}:draft:{step}", f"draft:{number}", {"batch": len(seen)})
                state = draft.state
        except ChapiaoError as error:
            outcomes.append(Outcome(number, None, error))
        else:
            outcomes.append(Outcome(number, state, None))
    return outcomes

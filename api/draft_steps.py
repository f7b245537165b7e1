"""The steps of a supplement draft by name, so that pages and REST take the same ones."""

from __future__ import annotations

from sqlalchemy.orm import Session

from matching import drafts
from models.errors import RequestError
from models.tables import DraftRow, User

STEPS = ("submit", "approve", "send_back", "withdraw")


def take_step(session: Session, draft: DraftRow, step: str, *, user: User, reason: str | None = None) -> None:
    """Take `step`; who may, and when, is decided by `matching.drafts`."""
    if step == "send_back":
        if not (reason or "").strip():
            raise RequestError("invalid_request", what="退回原因不能为空 / a reason is needed")
        drafts.send_back(session, draft, (reason or "").strip(), user_id=user.id)
    elif step == "submit":
        drafts.submit(session, draft, user_id=user.id)
    elif step == "approve":
        drafts.approve(session, draft, user_id=user.id)
    elif step == "withdraw":
        drafts.withdraw(session, draft, user_id=user.id)
    else:
        raise RequestError("no_such_item", what=step)

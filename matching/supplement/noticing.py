"""Tells those who filled or submitted a draft what became of it. The text of a notice is the page's."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.notices import tell
from matching.supplement.tasks import Digest
from models.tables import DraftRow, NoticeRow
from models.tables.accounts import Role

TASKS = "draft_tasks"  #: code of the daily reminder


def tell_people(session: Session, draft: DraftRow, code: str, *, actor_id: int | None, **params: Any) -> None:
    """Everybody who worked on it but the one who acted; the accountants where nobody did."""
    involved = {draft.created_by, draft.submitted_by, draft.edited_by, draft.assigned_to} - {None, actor_id}
    subject, number = f"draft:{draft.application_number}", draft.application_number
    for person in sorted(p for p in involved if p is not None):
        tell(session, code, user_id=person, subject=subject, number=number, **params)
    if not involved and actor_id is None:
        tell(session, code, role=Role.ACCOUNTANT, subject=subject, number=number, **params)
    session.flush()


def tell_tasks(session: Session, digest: Digest, *, today: date) -> bool:
    """The daily reminder, as a notice of its own. False when this person has been told today."""
    subject = f"tasks:{today.isoformat()}"
    same = select(NoticeRow.id).where(
        NoticeRow.user_id == digest.user_id, NoticeRow.code == TASKS, NoticeRow.subject == subject
    )
    if session.scalar(same.limit(1)) is not None:
        return False
    tasks = digest.tasks
    tell(
        session, TASKS, user_id=digest.user_id, subject=subject, returned=len(tasks.returned),
        to_review=len(tasks.to_review), to_complete=len(tasks.to_complete), overdue=len(tasks.overdue),
    )  # fmt: skip
    session.flush()
    return True

"""After an invoice or the records changed: join them again, and draft what is absent. Shared by pages, REST and CLI."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import notices
from matching.drafts import draft_for, settle_for
from matching.service import match_invoice, rematch
from models.matching import MatchStatus
from models.settings import Settings
from models.tables import InvoiceRow, User
from models.tables.base import now


def match_again(session: Session, invoice: InvoiceRow, *, settings: Settings, user: User) -> None:
    match_invoice(session, invoice, today=date.today(), settings=settings)
    settle_drafts(session, invoice, settings=settings, user=user)


def settle_drafts(session: Session, invoice: InvoiceRow, *, settings: Settings, user: User) -> None:
    """What its match means for supplements: drafts without reason end, an absent invoice gets one."""
    settle_for(session, invoice)
    if invoice.match_status == MatchStatus.ABSENT:
        draft_for(session, invoice, user_id=user.id, due_days=settings.supplement_due_days)


def match_all_again(session: Session, *, settings: Settings, user_id: int | None = None) -> int:
    """What is open against the records as they are now; drafts for what has turned out absent. How many changed."""
    began = now()
    changed = rematch(session, today=date.today(), settings=settings)
    for invoice in session.scalars(select(InvoiceRow).where(InvoiceRow.match_status == MatchStatus.ABSENT.value)):
        draft_for(session, invoice, user_id=user_id, due_days=settings.supplement_due_days)
    notices.tell_released_drafts(session, began)
    return changed

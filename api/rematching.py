"""After a person changed an invoice: join it with the records again, and draft what is absent."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from matching.drafts import draft_for
from matching.service import match_invoice
from models.matching import MatchStatus
from models.settings import Settings
from models.tables import InvoiceRow, User


def match_again(session: Session, invoice: InvoiceRow, *, settings: Settings, user: User) -> None:
    match_invoice(session, invoice, today=date.today(), settings=settings)
    if invoice.match_status == MatchStatus.ABSENT:
        draft_for(session, invoice, user_id=user.id)

"""A person settles a proposed match: the record is the invoice's, or it is not. Shared by pages and REST.

Only what was proposed can be settled: a link between two things that nothing speaks for would be a wrong one that looks
right. What follows for supplement drafts follows at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from api import audit
from api.queries.imports import find_record, seen_record
from api.rematching import settle_drafts
from matching.service import confirm, reject
from models.errors import RequestError
from models.settings import Settings
from models.tables import InvoiceRow, RecordRow, User


def proposed(session: Session, user: User, invoice: InvoiceRow) -> Sequence[tuple[RecordRow, dict[str, Any]]]:
    """Records that were offered for it, best first, with the grounds of each; those that the user may see."""
    offered = (invoice.match or {}).get("candidates", [])
    found = [(seen_record(session, user, each["record_id"]), each) for each in offered]
    return [(record, each) for record, each in found if record is not None]


def settle_record(
    session: Session, invoice: InvoiceRow, record_id: int, *, same: bool, user: User, settings: Settings, action: str
) -> None:
    """Raises RequestError where the record was not proposed, or is another document's by now. Commits nothing."""
    record = find_record(session, user, record_id)
    candidates = [each["record_id"] for each in (invoice.match or {}).get("candidates", [])]
    if record.id not in (*candidates, invoice.record_id):
        raise RequestError("not_proposed", record=record.id)
    settle = confirm if same else reject
    settle(session, invoice, record, user_id=user.id, today=date.today(), settings=settings)
    settle_drafts(session, invoice, settings=settings, user=user)
    audit.record(session, user.id, action, f"invoice:{invoice.id}", {"record_id": record.id})

"""A person settles a proposed match: the record is the invoice's, or it is not. Shared by pages and REST.

Only what was proposed can be settled: a link between two things that nothing speaks for would be a wrong one that looks
right. What follows for supplement drafts follows at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy.orm import Session

from api import audit
from api.queries.imports import find_record, seen_record
from api.rematching import settle_drafts
from matching.service import confirm, reject, unsay
from models.errors import RequestError
from models.settings import Settings
from models.tables import InvoiceRow, RecordRow, User

Decision = Literal["confirm", "reject", "unsay"]


@dataclass(frozen=True, slots=True)
class Decided:
    """What people said of an invoice's records; those that the user may see."""

    confirmed: RecordRow | None
    confirmed_by: int | None
    rejected: Sequence[RecordRow]


def decided(session: Session, user: User, invoice: InvoiceRow) -> Decided:
    said = invoice.match or {}
    kept = said.get("confirmed") or {}
    rejected = [seen_record(session, user, id_) for id_ in said.get("rejected", ())]
    return Decided(
        seen_record(session, user, kept.get("record_id")), kept.get("by"), [row for row in rejected if row is not None]
    )


def proposed(session: Session, user: User, invoice: InvoiceRow) -> Sequence[tuple[RecordRow, dict[str, Any]]]:
    """Records that were offered for it, best first, with the grounds of each; those that the user may see."""
    offered = (invoice.match or {}).get("candidates", [])
    found = [(seen_record(session, user, each["record_id"]), each) for each in offered]
    return [(record, each) for record, each in found if record is not None]


def settle_record(
    session: Session, invoice: InvoiceRow, record_id: int, decision: Decision, *, user: User, settings: Settings,
    action: str,
) -> None:  # fmt: skip
    """Raises RequestError where the record was not proposed, or is another document's by now; to unsay, where nobody
    decided on it. Commits nothing."""
    record = find_record(session, user, record_id)
    today = date.today()
    if decision == "unsay":
        before = decided(session, user, invoice)
        if record not in (before.confirmed, *before.rejected):
            raise RequestError("not_proposed", record=record.id)
        unsay(session, invoice, record.id, today=today, settings=settings)
    else:
        candidates = [each["record_id"] for each in (invoice.match or {}).get("candidates", [])]
        if record.id not in (*candidates, invoice.record_id):
            raise RequestError("not_proposed", record=record.id)
        settle = confirm if decision == "confirm" else reject
        settle(session, invoice, record, user_id=user.id, today=today, settings=settings)
    settle_drafts(session, invoice, settings=settings, user=user)
    audit.record(session, user.id, action, f"invoice:{invoice.id}", {"record_id": record.id})

"""What happened to a document and its invoices, from the audit trail, newest first."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import AuditEvent, DocumentRow, User


def history_of(session: Session, row: DocumentRow) -> Sequence[AuditEvent]:
    subjects = [f"document:{row.id}", *(f"invoice:{invoice.id}" for invoice in row.invoices)]
    query = select(AuditEvent).where(AuditEvent.subject.in_(subjects)).order_by(AuditEvent.id.desc()).limit(100)
    return session.scalars(query).all()


def people(session: Session) -> dict[int, str]:
    """Names to print beside events."""
    return {row.id: row.display_name for row in session.execute(select(User.id, User.display_name))}

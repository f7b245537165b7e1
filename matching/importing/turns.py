"""One import, or the taking back of one, at a time: two that speak of the same invoice must not meet."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from models.database import begin_writing


def one_at_a_time(session: Session) -> None:
    """Until this session commits. On SQLite there is only one writer, whose place is taken."""
    begin_writing(session)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext('chapiao.import'))"))

"""An import taken back: its records, its coverage, and what was matched with them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from api import audit
from api.queries.visibility import sight_of
from api.rematching import match_all_again
from matching.importing import undo_import
from models.errors import RequestError
from models.settings import Settings
from models.tables import ImportRow, User


def find_import(session: Session, user: User, import_id: int) -> ImportRow:
    row = session.scalar(select(ImportRow).where(ImportRow.id == import_id, sight_of(session, user).imports()))
    if row is None:
        raise RequestError("no_such_item", what=str(import_id))
    return row


def undo(session: Session, settings: Settings, row: ImportRow, *, user: User, action: str) -> int:
    """How many records went or are as before. Raises RequestError where something later rests on the import."""
    count = undo_import(session, row)
    audit.record(session, user.id, action, f"import:{row.id}", {"name": row.file_name, "records": count})
    match_all_again(session, settings=settings, user_id=user.id)
    return count

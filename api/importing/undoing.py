"""An import taken back: its records, its coverage, and what was matched with them; at once where that is little."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from api import audit
from api.importing import aside
from api.queries.visibility import sight_of
from api.rematching import match_all_again
from matching.importing import undo_import
from matching.importing.changes import undo_refusal
from models.errors import RequestError
from models.settings import Settings
from models.tables import ImportRow, StagedImportRow, User
from models.tables.importing import Purpose, StagedState


def find_import(session: Session, user: User, import_id: int) -> ImportRow:
    row = session.scalar(select(ImportRow).where(ImportRow.id == import_id, sight_of(session, user).imports()))
    if row is None:
        raise RequestError("no_such_item", what=str(import_id))
    return row


def undo(
    session: Session, settings: Settings, row: ImportRow, *, user: User, channel: str
) -> int | StagedImportRow:  # fmt: skip
    """How many records went or are as before; or, of a large one, the work that the runner is to do after the answer.

    Raises RequestError where something later rests on the import.
    """
    if (under_way := aside.under_way(session, row.id, Purpose.UNDO)) is not None:
        return under_way
    if (refusal := undo_refusal(session, row)) is not None:
        raise RequestError("import_not_undoable", why=refusal)
    if row.added + row.updated > aside.MOST_RECORDS or aside.much_is_open(session):
        return aside.keep(
            session, settings, Purpose.UNDO, StagedState.UNDOING, name=row.file_name, imported=row, user_id=user.id,
            channel=channel,
        )  # fmt: skip
    count = take_back(session, row, user_id=user.id, channel=channel)
    match_all_again(session, settings=settings, user_id=user.id)
    return count


def take_back(session: Session, row: ImportRow, *, user_id: int | None, channel: str) -> int:
    """The records alone; what was matched with them is matched again afterwards. Commits nothing."""
    count = undo_import(session, row)
    detail = {"name": row.file_name, "records": count}
    audit.record(session, user_id, f"{channel}:import:undo", f"import:{row.id}", detail)
    return count

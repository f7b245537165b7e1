"""Uploaded tables that wait for a person: kept in the data folder under a token, previewed, then imported or cancelled.

A row's state is the job: whoever works on this data folder takes it up (`working`). Nothing here reads a table.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, defer

from api import audit
from api.gate.receiving import ReceivedFile, readable_size
from api.queries.visibility import sight_of
from matching.folding import fold_tax_id
from matching.importing.mapping import ColumnMapping
from models.errors import RequestError
from models.ledger import Direction
from models.settings import MIB, Settings
from models.tables import ImportRow, RecordRow, StagedImportRow, User
from models.tables.base import now
from models.tables.importing import Purpose, StagedState

KEPT = timedelta(hours=48)  #: a table nobody decided on
TRAIL = timedelta(days=30)  #: the row of a settled one; what was imported has its own for ever
MOST_FILES = 50
MOST_BYTES = 4096 * MIB
WORKING = (StagedState.PREVIEWING.value, StagedState.IMPORTING.value, StagedState.MATCHING.value,
           StagedState.UNDOING.value)  # fmt: skip
_BEGINS = {Purpose.IMPORT: StagedState.PREVIEWING, Purpose.UNDO: StagedState.UNDOING,
           Purpose.MATCH: StagedState.MATCHING}  # fmt: skip
WAITING = (StagedState.READY.value, StagedState.UNMAPPED.value, StagedState.FAILED.value)
OPEN = (*WORKING, *WAITING)
BASIS = "basis"
_TOKEN = re.compile(r"[0-9a-f]{32}")


def folder_of(settings: Settings, token: str) -> Path:
    if not _TOKEN.fullmatch(token):
        raise RequestError("no_such_item", what=token[:40])
    return settings.data / "staged" / token


def file_of(settings: Settings, token: str) -> Path:
    return folder_of(settings, token) / "table"


def stage(
    session: Session, settings: Settings, file: ReceivedFile, *, user: User, channel: str, action: str,
    said: dict[str, Any] | None = None, mapping: ColumnMapping | None = None,
) -> StagedImportRow:  # fmt: skip
    """Keep an uploaded table. It is previewed next. Raises RequestError, and the file's own error."""
    if file.error is not None:
        raise file.error
    tidy(session, settings)
    held = select(func.count(), func.coalesce(func.sum(StagedImportRow.size), 0)).where(StagedImportRow.state.in_(OPEN))
    count, size = session.execute(held).one()
    if count >= MOST_FILES or size + file.size > MOST_BYTES:
        raise RequestError("too_many_staged", count=count, size=readable_size(int(size)))
    with file.path.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    token = uuid.uuid4().hex
    folder_of(settings, token).mkdir(parents=True)
    file.path.replace(file_of(settings, token))
    row = StagedImportRow(
        token=token, file_name=file.name, sha256=sha256, size=file.size, channel=channel,
        state=StagedState.PREVIEWING.value, created_by=user.id, **(said or {}),
    )  # fmt: skip
    if mapping is not None:
        row.mapping, row.mapping_name = mapping.export(), mapping.name
    session.add(row)
    session.flush()
    audit.record(session, user.id, action, f"staged:{token}", {"name": file.name, "sha256": sha256})
    return row


def find_staged(session: Session, user: User, token: str) -> StagedImportRow:
    row = session.get(StagedImportRow, token)
    if row is None or not sight_of(session, user).staged(row):
        raise RequestError("no_such_item", what=token[:40])
    return row


def list_staged(session: Session, user: User, states: Sequence[str] = OPEN) -> Sequence[StagedImportRow]:
    """Newest first."""
    sight = sight_of(session, user)
    query = select(StagedImportRow).where(StagedImportRow.state.in_(states))
    if not sight.limited:  # whose a table is may stand in its preview alone
        query = query.options(defer(StagedImportRow.preview))
    return [row for row in session.scalars(query.order_by(StagedImportRow.created_at.desc())) if sight.staged(row)]


def stated(direction: str, owner_tax_id: str, covers_from: str = "", covers_to: str = "") -> dict[str, Any]:
    """What a person says of a table, from a form. Blank: the file says it. Raises RequestError."""
    if direction and direction not in (Direction.INPUT, Direction.OUTPUT):
        raise RequestError("invalid_request", what=f"direction: {direction[:40]}")
    days = []
    for name, text in (("covers_from", covers_from), ("covers_to", covers_to)):
        try:
            days.append(date.fromisoformat(text) if text else None)
        except ValueError as wrong:
            raise RequestError("invalid_request", what=name) from wrong
    if (days[0] is None) != (days[1] is None) or (days[0] and days[1] and days[0] > days[1]):
        raise RequestError("invalid_request", what="covers_from, covers_to")
    owner = fold_tax_id(owner_tax_id) or None
    return {"direction": direction or None, "owner_tax_id": owner, "covers_from": days[0], "covers_to": days[1]}


def say(session: Session, row: StagedImportRow, said: dict[str, Any]) -> None:
    """Take a person's word on direction, account and days, and preview again."""
    _move(session, row, WAITING, StagedState.PREVIEWING, preview=None, error_code=None, error_details=None, **said)


def map_columns(session: Session, row: StagedImportRow, mapping: ColumnMapping | None) -> None:
    """Read the table by this mapping from now on (None: by its own headers), and preview again."""
    if mapping is not None:
        mapping.check()
    _move(
        session, row, WAITING, StagedState.PREVIEWING, preview=None, error_code=None, error_details=None,
        mapping=mapping.export() if mapping else None, mapping_name=mapping.name if mapping else None,
    )  # fmt: skip


def confirm(session: Session, settings: Settings, row: StagedImportRow, *, by: User) -> bool:
    """Import it as previewed; the import is the work of who confirmed it.

    False where the records have changed since: it is looked at again, because what it would do may be something else.
    """
    if row.state == StagedState.READY.value and (row.preview or {}).get(BASIS) != basis(session):
        again(session, settings, row)
        return False
    _move(session, row, (StagedState.READY.value,), StagedState.IMPORTING, created_by=by.id)
    return True


def basis(session: Session) -> list[int]:
    """What a preview rests on: it holds while no import was stored or taken back, and no record made, since."""
    newest = select(func.coalesce(func.max(ImportRow.id), 0), func.count(ImportRow.undone_at))
    record = select(func.coalesce(func.max(RecordRow.id), 0))
    return [*session.execute(newest).one(), session.scalar(record) or 0]


def again(session: Session, settings: Settings, row: StagedImportRow) -> None:
    """After a failure, or when the records changed: begin anew."""
    begins = _BEGINS[Purpose(row.purpose)]
    if begins is StagedState.PREVIEWING and not file_of(settings, row.token).is_file():
        raise RequestError("import_file_gone")
    _move(session, row, WAITING, begins, preview=None, error_code=None, error_details=None)


def cancel(session: Session, settings: Settings, row: StagedImportRow) -> None:
    """Drop the file. What is being imported cannot be cancelled any more; what is only looked at can."""
    _move(
        session, row, (*WAITING, StagedState.PREVIEWING.value), StagedState.CANCELLED, preview=None, finished_at=now()
    )
    drop(settings, row.token)


def drop(settings: Settings, token: str) -> None:
    shutil.rmtree(folder_of(settings, token), ignore_errors=True)


def _move(session: Session, row: StagedImportRow, from_: Sequence[str], to: StagedState, **values: Any) -> None:
    """One step, only from the states given: two people may press at the same time."""
    query = update(StagedImportRow).where(StagedImportRow.token == row.token, StagedImportRow.state.in_(from_))
    moved = session.execute(query.values(state=to.value, **values).returning(StagedImportRow.token)).all()
    session.expire(row)
    if not moved:
        raise RequestError("import_state", state=row.state)


def mend(session: Session, settings: Settings) -> None:
    """After a restore the rows are there and their folders are not: a table without its file is told as failed, for
    its person to bring it again; work on what is stored goes on."""
    for row in session.scalars(select(StagedImportRow).where(StagedImportRow.state.in_(OPEN))):
        if folder_of(settings, row.token).is_dir():
            continue
        if row.purpose == Purpose.IMPORT:
            row.state, row.error_code, row.error_details = StagedState.FAILED.value, "import_file_gone", {}
        else:
            folder_of(settings, row.token).mkdir(parents=True)


def tidy(session: Session, settings: Settings) -> None:
    """Cancel what nobody decided on for two days, forget settled rows, remove folders that belong to nothing open."""
    old = select(StagedImportRow).where(StagedImportRow.state.in_(WAITING), StagedImportRow.created_at < now() - KEPT)
    for row in session.scalars(old):
        cancel(session, settings, row)
    settled = (StagedState.DONE.value, StagedState.CANCELLED.value)
    session.execute(
        delete(StagedImportRow).where(
            StagedImportRow.state.in_(settled), StagedImportRow.created_at < now() - TRAIL
        )
    )  # fmt: skip
    root = settings.data / "staged"
    if not root.is_dir():
        return
    kept = set(session.scalars(select(StagedImportRow.token).where(StagedImportRow.state.in_(OPEN))))
    long_ago = (now() - timedelta(hours=1)).timestamp()  # a younger one's row may not be committed yet
    for folder in root.iterdir():
        if folder.name not in kept and folder.stat().st_mtime < long_ago:
            shutil.rmtree(folder, ignore_errors=True)

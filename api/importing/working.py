"""Does what a staged row's state asks for: preview a table, import it, take an import back, match again.

Off the request, in any process. One worker a row, by a lock that the kernel drops with its process; the import is one
transaction and so is the undoing, so that a worker killed in the middle leaves nothing of it, and the next one begins
anew.
"""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import structlog
from sqlalchemy import make_url, update
from sqlalchemy.orm import Session, sessionmaker

from api import audit
from api.audit import Action
from api.importing.staging import BASIS, WORKING, basis, drop, file_of, folder_of
from api.importing.undoing import take_back
from api.rematching import match_all_again
from matching.importing import import_records
from matching.importing.headers import recognise
from matching.importing.mapping import ColumnMapping, Recogniser
from matching.importing.preview import preview, unknown_tables
from matching.importing.saved_mappings import mapping_for, restore, used
from matching.importing.tables import sheets
from models.database import open_engine, session_factory, transaction
from models.errors import ChapiaoError, RecordsError, Text
from models.ledger import Direction
from models.settings import MIB, Settings
from models.tables import ImportRow, StagedImportRow
from models.tables.base import now
from models.tables.importing import StagedState

Sessions = sessionmaker[Session]
SMALL = MIB  #: bytes of a table that is worked on where it is asked for
TELL_SECONDS = 0.3
LEAVING_SECONDS = 1.0
_INTERRUPTED = {StagedState.UNDOING.value: "undo_interrupted", StagedState.MATCHING.value: "matching_interrupted"}

log = structlog.get_logger()


def work_in_process(settings: Settings, token: str) -> None:
    """As `work`, in a process of its own."""
    engine = open_engine(settings.resolved_database_url)
    try:
        work(session_factory(engine), settings, token)
    finally:
        engine.dispose()


def work(sessions: Sessions, settings: Settings, token: str) -> None:
    """Bring the table as far as it goes without a person. Never raises for what the table holds."""
    with _alone(folder_of(settings, token)) as alone:
        while alone:
            with sessions() as session:
                row = session.get(StagedImportRow, token)
            if row is None or row.state not in WORKING:
                return
            try:
                _STEPS[row.state](sessions, settings, row)
            except ChapiaoError as error:
                _fail(sessions, token, row.state, error)
            except Exception as error:  # a fault of ours: told to the person, whose file waits
                log.error("staged_import_failed", token=token, exc_info=error)
                what = f"{type(error).__name__}: {error}"[:200]
                _fail(
                    sessions,
                    token,
                    row.state,
                    RecordsError(_INTERRUPTED.get(row.state, "import_interrupted"), what=what),
                )


def _preview(sessions: Sessions, settings: Settings, row: StagedImportRow) -> None:
    path = file_of(settings, row.token)
    direction = Direction(row.direction) if row.direction else None
    with _harmless(sessions, settings, row) as session:
        rests_on = basis(session)
        mapping = ColumnMapping.restore(row.mapping) if row.mapping else None
        if mapping is None and (saved := mapping_for(session, sheets(path))) is not None:
            mapping = restore(saved)
        values: dict[str, object] = {"state": StagedState.READY.value, "mapping": mapping.export() if mapping else None}
        values["mapping_name"] = mapping.name if mapping else None
        try:
            values["preview"] = preview(
                session, path, row.file_name,
                direction=direction or (mapping.direction if mapping else None),
                owner_tax_id=row.owner_tax_id or (mapping.owner_tax_id if mapping else None),
                mapping=mapping, progress=_teller(settings, row.token),
            ) | {BASIS: rests_on}  # fmt: skip
        except RecordsError as error:
            tables = unknown_tables(session, path, direction=direction)
            if error.code not in ("records_unknown_headers", "mapping_does_not_fit") or not tables:
                raise
            values |= {"state": StagedState.UNMAPPED.value, "preview": {"tables": tables}}
            values |= {"mapping": None, "mapping_name": None}
        session.rollback()
    _move(sessions, row, values)


@contextmanager
def _harmless(sessions: Sessions, settings: Settings, row: StagedImportRow) -> Iterator[Session]:
    """A session to rehearse in. SQLite has one writer, whom a long rehearsal would keep out: it gets a copy."""
    url = make_url(settings.resolved_database_url)
    if row.size <= SMALL or url.get_backend_name() != "sqlite" or not url.database:
        with sessions() as session:
            yield session
        return
    copy = folder_of(settings, row.token) / "rehearsal.sqlite"
    copy.unlink(missing_ok=True)
    with closing(sqlite3.connect(url.database)) as original, closing(sqlite3.connect(copy)) as target:
        original.backup(target, pages=4096)
    engine = open_engine(f"sqlite:///{copy}")
    try:
        with session_factory(engine)() as session:
            yield session
    finally:
        engine.dispose()
        for leftover in copy.parent.glob("rehearsal.sqlite*"):
            leftover.unlink()


def _import(sessions: Sessions, settings: Settings, row: StagedImportRow) -> None:
    mapping = ColumnMapping.restore(row.mapping) if row.mapping else None
    with transaction(sessions) as session:
        imported = import_as(
            session, file_of(settings, row.token), row.file_name, user_id=row.created_by,
            direction=Direction(row.direction) if row.direction else None, owner_tax_id=row.owner_tax_id,
            mapping=mapping, progress=_teller(settings, row.token),
        )  # fmt: skip
        if row.covers_from and row.covers_to:
            imported.date_from = min(row.covers_from, imported.date_from or row.covers_from)
            imported.date_to = max(row.covers_to, imported.date_to or row.covers_to)
        action = Action.REST_RECORDS_IMPORT if row.channel == "rest" else Action.WEB_RECORDS_IMPORT
        detail = {"name": row.file_name, "rows": imported.rows, "added": imported.added, "updated": imported.updated}
        audit.record(session, row.created_by, action, f"import:{imported.id}", detail)
        query = update(StagedImportRow).where(
            StagedImportRow.token == row.token, StagedImportRow.state == StagedState.IMPORTING.value
        )
        session.execute(query.values(state=StagedState.MATCHING.value, import_id=imported.id))


def import_as(
    session: Session, source: bytes | Path, name: str, *, user_id: int | None, direction: Direction | None,
    owner_tax_id: str | None, mapping: ColumnMapping | None, near: bool = False,
    progress: Callable[[int], None] | None = None,
) -> ImportRow:  # fmt: skip
    """Import a table, by a mapping where there is one; the import keeps the mapping's name. Commits nothing."""
    fits = Recogniser(mapping, near) if mapping else None
    imported = import_records(
        session, source, name, user_id=user_id,
        direction=direction or (mapping.direction if mapping else None),
        owner_tax_id=owner_tax_id or (mapping.owner_tax_id if mapping else None),
        recognise=fits or recognise, progress=progress,
    )  # fmt: skip
    if mapping is not None and mapping.name:
        imported.mapping_name = mapping.name
        used(session, mapping.name)
        session.flush()
    return imported


def _undo(sessions: Sessions, settings: Settings, row: StagedImportRow) -> None:
    """In one transaction with the step that follows: a service that dies has taken nothing back, or all of it."""
    with transaction(sessions) as session:
        take_back(session, session.get_one(ImportRow, row.import_id), user_id=row.created_by, channel=row.channel)
        query = update(StagedImportRow).where(
            StagedImportRow.token == row.token, StagedImportRow.state == StagedState.UNDOING.value
        )
        session.execute(query.values(state=StagedState.MATCHING.value))


def _match(sessions: Sessions, settings: Settings, row: StagedImportRow) -> None:
    with transaction(sessions) as session:
        match_all_again(session, settings=settings, user_id=row.created_by)
    _move(sessions, row, {"state": StagedState.DONE.value, "finished_at": now(), "preview": None})
    drop(settings, row.token)


_STEPS: dict[str, Callable[[Sessions, Settings, StagedImportRow], None]] = {
    StagedState.PREVIEWING.value: _preview,
    StagedState.IMPORTING.value: _import,
    StagedState.MATCHING.value: _match,
    StagedState.UNDOING.value: _undo,
}


def _move(sessions: Sessions, row: StagedImportRow, values: dict[str, object]) -> None:
    """Unless somebody moved it meanwhile: a preview that was cancelled stays cancelled."""
    with transaction(sessions) as session:
        query = update(StagedImportRow).where(StagedImportRow.token == row.token, StagedImportRow.state == row.state)
        session.execute(query.values(**values))


def _fail(sessions: Sessions, token: str, state: str, error: ChapiaoError) -> None:
    """A failed import left nothing. A failed matching keeps the import: what is open is matched at the next one."""
    ended = StagedState.DONE if state == StagedState.MATCHING else StagedState.FAILED
    details = {
        name: value if isinstance(value, int | float | Text) else str(value) for name, value in error.details.items()
    }
    values = {"state": ended.value, "error_code": error.code, "error_details": details, "finished_at": now()}
    with transaction(sessions) as session:
        query = update(StagedImportRow).where(StagedImportRow.token == token, StagedImportRow.state == state)
        session.execute(query.values(**values))


def fail(sessions: Sessions, token: str, what: str) -> None:
    """The process that worked on it ended without a word, twice."""
    with sessions() as session:
        row = session.get(StagedImportRow, token)
    if row is not None and row.state in WORKING:
        _fail(sessions, token, row.state, _interrupted(row.state, what))


def _interrupted(state: str, what: str) -> RecordsError:
    return RecordsError(_INTERRUPTED.get(state, "import_interrupted"), what=what)


def _teller(settings: Settings, token: str) -> Callable[[int], None]:
    """Writes how many rows were read beside the file: while SQLite imports, nobody else can write to the database."""
    path = folder_of(settings, token) / "progress"
    told = float("-inf")

    def tell(rows: int) -> None:
        nonlocal told
        if time.monotonic() - told >= TELL_SECONDS:
            told = time.monotonic()
            partial = path.with_suffix(".part")
            partial.write_text(json.dumps({"rows": rows}))
            partial.replace(path)

    return tell


def rows_read(settings: Settings, token: str) -> int:
    try:
        return int(json.loads((folder_of(settings, token) / "progress").read_text())["rows"])
    except FileNotFoundError:
        return 0


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """True while this process alone works on the table; False where another does, or where it is gone.

    Whoever works looks at the state once more before it leaves: waiting that long is enough.
    """
    if not folder.is_dir():
        yield False
        return
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _locked(descriptor)
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    end = time.monotonic() + LEAVING_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                return False
            time.sleep(0.02)
        else:
            return True

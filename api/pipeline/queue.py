"""The worker of this process: DBOS Transact over SQLite in the data folder, or over the PostgreSQL of `database_url`.

`start` and `stop` it, `enqueue` to say that a row was just committed, `wait_until_done` to watch rows come to an end.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date

from dbos import DBOS, DBOSConfig
from sqlalchemy import func, make_url, select

from api.pipeline import daily, documents, weekly
from api.pipeline.liveness import Presence
from api.pipeline.outbox import BATCH, Outbox
from api.pipeline.processes import ReadingProcesses
from api.pipeline.workflow import QUEUE, STEPS_VERSION, Bench, set_bench
from capture.store import OriginalStore
from models.database import migrate, open_engine, session_factory, transaction
from models.settings import Settings
from models.tables import DocumentRow


class Pipeline:
    """One worker: reading processes, steps, sweep and recovery. One per process, because DBOS is."""

    def __init__(self, settings: Settings, today: Callable[[], date] = date.today) -> None:
        self.settings = settings
        self._today = today
        settings.data.mkdir(parents=True, exist_ok=True)
        migrate(settings.resolved_database_url)
        self.engine = open_engine(settings.resolved_database_url)
        self.sessions = session_factory(self.engine)
        self.store = OriginalStore(settings.originals)
        self.processes = ReadingProcesses(settings)
        self._presence = Presence(settings.data)
        self._outbox = Outbox(self.sessions, settings.data, self._presence.executor_id)

    def start(self) -> None:
        set_bench(Bench(self.settings, self.sessions, self.store, self.processes, self._today))
        DBOS(config=_dbos_config(self.settings, self._presence.executor_id))
        DBOS.launch()
        DBOS.register_queue(
            QUEUE,
            # one more than can read at a time, so that no reading process waits for another document's matching
            worker_concurrency=self.settings.workers + 1,
            polling_interval_sec=0.1,
            on_conflict="always_update",
        )
        weekly.schedule()
        daily.schedule()
        self._outbox.start()

    def stop(self, grace_seconds: int) -> None:
        """Take nothing new, let documents under way finish for `grace_seconds`, leave the rest to the next start."""
        self._outbox.stop()
        DBOS.destroy(workflow_completion_timeout_sec=grace_seconds)
        set_bench(None)
        self.processes.close()
        self.engine.dispose()
        self._presence.leave()

    def wake(self) -> None:
        self._outbox.wake()


_running: Pipeline | None = None


def start(settings: Settings, today: date | None = None) -> Pipeline:
    """Start this process's worker. `today`: another day than the clock's, for samples whose ledger has a date."""
    global _running  # noqa: PLW0603 — DBOS is one per process, and so is this
    if _running is not None:
        raise RuntimeError("the pipeline already runs in this process")
    _running = Pipeline(settings) if today is None else Pipeline(settings, lambda: today)
    _running.start()
    return _running


def stop(grace_seconds: int = 10) -> None:
    """Stop this process's worker, if it runs."""
    global _running  # noqa: PLW0603
    if _running is not None:
        _running.stop(grace_seconds)
        _running = None


@contextmanager
def running(settings: Settings, grace_seconds: int = 10, today: date | None = None) -> Iterator[Pipeline]:
    """A worker in this process for the length of a block."""
    try:
        yield start(settings, today)
    finally:
        stop(grace_seconds)


def current() -> Pipeline | None:
    """This process's worker, if it runs."""
    return _running


def enqueue(document_id: str) -> None:
    """Say that the row of `document_id` has just been committed. Whoever works on this data folder reads it."""
    if _running is not None:  # otherwise another process's sweep finds the row within a second
        _running.wake()


def wait_until_done(
    sessions: documents.Sessions,
    document_ids: Iterable[str],
    *,
    progress: Callable[[int], None] | None = None,
    give_up: Callable[[], bool] = lambda: False,
    poll_seconds: float = 0.2,
) -> bool:
    """Wait for documents to come to an end; `progress` gets how many have. False when `give_up` said so."""
    ids = sorted(set(document_ids))
    while True:
        done = 0
        with transaction(sessions) as session:
            for begin in range(0, len(ids), BATCH):
                done += session.scalars(
                    select(func.count())
                    .select_from(DocumentRow)
                    .where(
                        DocumentRow.id.in_(ids[begin : begin + BATCH]), DocumentRow.state.in_(documents.FINAL_STATES)
                    )
                ).one()
        if progress is not None:
            progress(done)
        if done == len(ids):
            return True
        if give_up():
            return False
        time.sleep(poll_seconds)


def _dbos_config(settings: Settings, executor_id: str) -> DBOSConfig:
    return DBOSConfig(
        name="chapiao",
        system_database_url=system_database_url(settings),
        application_version=STEPS_VERSION,
        executor_id=executor_id,
        log_level="WARNING",
    )


def system_database_url(settings: Settings) -> str:
    """Where DBOS keeps its checkpoints: `queue.sqlite` in the data folder, or its own schema of our PostgreSQL."""
    url = make_url(settings.resolved_database_url)
    if url.get_backend_name() != "sqlite":
        return url.set(drivername="postgresql").render_as_string(hide_password=False)
    path = (settings.data / "queue.sqlite").absolute()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")  # readers never block the writer; kept in the file
    return f"sqlite:///{path}"

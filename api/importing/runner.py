"""Works on staged tables in the web service: small ones at once, large ones one at a time in a process of its own, and
so is what was put aside because it is too long for a request.

What a dead service left is taken up at the next start: the row says what was wanted, the file is still there.
"""

from __future__ import annotations

import threading
from collections import deque

import structlog
from sqlalchemy import select

from api.importing.staging import WORKING, mend, tidy
from api.importing.working import SMALL, Sessions, fail, work, work_in_process
from api.pipeline.processes import ReadingProcesses, WorkerStopping
from models.database import transaction
from models.errors import ChapiaoError
from models.settings import Settings
from models.tables import StagedImportRow
from models.tables.importing import Purpose

LONGEST_SECONDS = 6 * 3600

log = structlog.get_logger()


class ImportRunner:
    """One per service. `take_up` returns at once for a large table."""

    def __init__(self, sessions: Sessions, settings: Settings) -> None:
        self._sessions = sessions
        self._settings = settings
        self._waiting: deque[str] = deque()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stopping = False
        self._processes = ReadingProcesses(
            settings.model_copy(update={"reading_timeout_seconds": LONGEST_SECONDS}), workers=1
        )

    def start(self) -> None:
        """Take up what an earlier run of the service left."""
        with transaction(self._sessions) as session:
            tidy(session, self._settings)
            mend(session, self._settings)
            left = list(session.scalars(select(StagedImportRow.token).where(StagedImportRow.state.in_(WORKING))))
        for token in left:
            self._enqueue(token)

    def take_up(self, token: str) -> None:
        with transaction(self._sessions) as session:
            row = session.get(StagedImportRow, token)
        if row is None:
            return
        if row.purpose == Purpose.IMPORT and row.size <= SMALL:
            work(self._sessions, self._settings, token)
        else:
            self._enqueue(token)

    def close(self) -> None:
        """Stop at once; what is under way is rolled back and begins anew at the next start."""
        self._stopping = True
        self._processes.close()
        if self._thread is not None:
            self._thread.join()

    def _enqueue(self, token: str) -> None:
        with self._lock:
            if token not in self._waiting:
                self._waiting.append(token)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work_off, name="imports", daemon=True)
                self._thread.start()

    def _work_off(self) -> None:
        while not self._stopping:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                token = self._waiting.popleft()
            try:
                self._processes.call(work_in_process, self._settings, token)
            except WorkerStopping:
                return
            except ChapiaoError as error:
                fail(self._sessions, token, error.code)
            except Exception as error:  # the process could not even be started: the next table must not wait for ever
                log.error("import_process_failed", token=token, exc_info=error)
                fail(self._sessions, token, type(error).__name__)

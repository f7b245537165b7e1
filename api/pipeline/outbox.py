"""Hands waiting rows to DBOS and brings back what dead workers left.

The `documents` row with state `queued` is the outbox: intake commits the row and nothing else. Handing one over twice
is harmless, because the workflow id is made from the document's id and the attempt.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from pathlib import Path

import structlog
from dbos import DBOS, SetWorkflowID
from sqlalchemy import select, update

from api.pipeline import documents
from api.pipeline.liveness import claim_dead
from api.pipeline.workflow import QUEUE, document_workflow, workflow_id
from models.database import transaction
from models.errors import DocumentError
from models.tables import DocumentRow
from models.tables.documents import DocumentState

SWEEP_SECONDS = 1.0
RECOVERY_SECONDS = 5.0
BATCH = 500  #: rows handed over per sweep; the rest wait in the table
MOST_ATTEMPTS = 5  #: of a document whose workflow ended without bringing the row to an end
OVER = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")

log = structlog.get_logger()


class Outbox:
    """The sweep of one worker."""

    def __init__(self, sessions: documents.Sessions, data: Path, executor_id: str) -> None:
        self._sessions = sessions
        self._data = data
        self._executor_id = executor_id
        self._wake = threading.Event()
        self._stopping = False
        self._handed_over: set[str] = set()
        self._thread = threading.Thread(target=self._keep_sweeping, name="outbox-sweep", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping = True
        self._wake.set()
        self._thread.join()

    def wake(self) -> None:
        """Sweep now rather than in a second."""
        self._wake.set()

    def _keep_sweeping(self) -> None:
        recovered = float("-inf")
        while not self._stopping:
            try:
                if time.monotonic() - recovered >= RECOVERY_SECONDS:
                    self.recover()
                    self.mend()
                    recovered = time.monotonic()
                self.sweep()
            except Exception as error:  # noqa: BLE001 — the database may be away for a moment; the rows wait
                log.error("outbox_sweep_failed", error=repr(error))
            self._wake.wait(SWEEP_SECONDS)
            self._wake.clear()

    def sweep(self) -> None:
        """Hand rows that wait to DBOS, oldest first."""
        with transaction(self._sessions) as session:
            rows = session.execute(
                select(DocumentRow.id, DocumentRow.attempts)
                .where(DocumentRow.state == DocumentState.QUEUED.value)
                .order_by(DocumentRow.received_at)
                .limit(BATCH)
            ).all()
        waiting = {workflow_id(row.id, row.attempts + 1): (row.id, row.attempts + 1) for row in rows}
        self._handed_over &= waiting.keys()
        new = waiting.keys() - self._handed_over
        status = _status_of(new)
        for workflow, (document_id, attempt) in waiting.items():
            if self._stopping:
                return
            if workflow not in new:
                continue
            if status.get(workflow) in OVER:  # the row is older than the queue (a backup came back): next number
                self._restart(document_id, DocumentState.QUEUED, attempt - 1, attempt)
                continue
            if workflow not in status:
                with SetWorkflowID(workflow):
                    DBOS.enqueue_workflow(QUEUE, document_workflow, document_id, attempt)
            self._handed_over.add(workflow)

    def recover(self) -> None:
        """Resume what dead workers had begun."""
        pending = DBOS.list_workflows(status="PENDING", queue_name=QUEUE, load_input=False, load_output=False)
        for executor in {str(workflow.executor_id) for workflow in pending} - {self._executor_id}:
            with claim_dead(self._data, executor) as dead:
                if not dead:
                    continue
                for workflow in DBOS.list_workflows(
                    status="PENDING", executor_id=executor, load_input=False, load_output=False
                ):
                    log.info("resuming", workflow=workflow.workflow_id, left_by=executor)
                    DBOS.resume_workflow(workflow.workflow_id, queue_name=QUEUE)

    def mend(self) -> None:
        """Rows marked as being read for which DBOS knows no living workflow go back into the queue."""
        with transaction(self._sessions) as session:
            rows = session.execute(
                select(DocumentRow.id, DocumentRow.attempts).where(DocumentRow.state == DocumentState.READING.value)
            ).all()
        status = _status_of(workflow_id(row.id, row.attempts) for row in rows)
        for row in rows:
            found = status.get(workflow_id(row.id, row.attempts))
            if found is None:
                self._restart(row.id, DocumentState.READING, row.attempts, row.attempts - 1)
            elif found in OVER:
                self._restart(row.id, DocumentState.READING, row.attempts, row.attempts)

    def _restart(self, document_id: str, state: DocumentState, attempts: int, next_attempts: int) -> None:
        """Queue the row again, if it still is as it was seen."""
        if next_attempts >= MOST_ATTEMPTS:
            documents.fail(self._sessions, document_id, DocumentError("reading_crashed"), seen=state)
            return
        with transaction(self._sessions) as session:
            session.execute(
                update(DocumentRow)
                .where(
                    DocumentRow.id == document_id, DocumentRow.state == state.value, DocumentRow.attempts == attempts
                )
                .values(state=DocumentState.QUEUED.value, attempts=max(next_attempts, 0))
            )


def _status_of(workflow_ids: Iterable[str]) -> dict[str, str]:
    wanted = sorted(workflow_ids)
    found: dict[str, str] = {}
    for begin in range(0, len(wanted), BATCH):
        for workflow in DBOS.list_workflows(
            workflow_ids=wanted[begin : begin + BATCH], load_input=False, load_output=False
        ):
            found[workflow.workflow_id] = str(workflow.status)
    return found

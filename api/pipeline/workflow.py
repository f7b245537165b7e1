"""The steps of one document as a DBOS workflow: read → match → draft → finish, or fail.

DBOS checkpoints each step; a step cut in the middle runs again after a restart, which `documents` makes harmless.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import structlog
from dbos import DBOS

from api.pipeline import documents
from api.pipeline.pictures import picture_folder
from api.pipeline.processes import ReadingProcesses, WorkerStopping
from api.pipeline.reading import read_whole
from capture.store import OriginalStore
from models.errors import ChapiaoError
from models.settings import Settings

QUEUE = "documents"
STEPS_VERSION = "1"  #: raise when the order of steps changes: unfinished documents then start anew

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Bench:
    """What the steps work with."""

    settings: Settings
    sessions: documents.Sessions
    store: OriginalStore
    processes: ReadingProcesses
    today: Callable[[], date]


_bench: Bench | None = None


def set_bench(bench: Bench | None) -> None:
    """Give the steps their tools; None while the worker stops. Steps are functions of the process, as DBOS wants."""
    global _bench  # noqa: PLW0603 — see above
    _bench = bench


def bench() -> Bench:
    if _bench is None:
        raise WorkerStopping
    return _bench


def workflow_id(document_id: str, attempt: int) -> str:
    """The document's id; later attempts carry their number."""
    return document_id if attempt == 1 else f"{document_id}.{attempt}"


@DBOS.workflow(name="document")
def document_workflow(document_id: str, attempt: int) -> None:
    try:
        if read_step(document_id, attempt):
            match_step(document_id)
            draft_step(document_id)
            finish_step(document_id)
    except Exception as error:
        cause = (getattr(error, "errors", None) or [error])[-1]  # of a step tried several times, the last
        log.error("document_failed", document=document_id, exc_info=cause)
        fail_step(document_id, f"{type(cause).__name__}: {cause}"[:300])


# retried because the database may be busy or away for a moment
@DBOS.step(name="read", retries_allowed=True, max_attempts=4, interval_seconds=0.5)
def read_step(document_id: str, attempt: int) -> bool:
    """Read in a reading process and store the invoices. False when there is nothing left to do."""
    here = bench()
    begun = documents.begin(here.sessions, document_id, attempt)
    if begun is None:
        return False
    started = time.monotonic()
    pictures = picture_folder(here.settings, begun.sha256)
    original = here.store.path(begun.sha256)
    try:
        read = here.processes.call(read_whole, original, begun.name, here.settings, pictures=pictures)
    except ChapiaoError as error:
        documents.fail(here.sessions, document_id, error)
        return False
    documents.store_reading(here.sessions, document_id, read, time.monotonic() - started)
    return True


@DBOS.step(name="match", retries_allowed=True, max_attempts=4, interval_seconds=0.5)
def match_step(document_id: str) -> None:
    here = bench()
    documents.match_invoices(here.sessions, document_id, here.settings, here.today())


@DBOS.step(name="draft", retries_allowed=True, max_attempts=4, interval_seconds=0.5)
def draft_step(document_id: str) -> None:
    documents.draft_invoices(bench().sessions, document_id, due_days=bench().settings.supplement_due_days)


@DBOS.step(name="finish", retries_allowed=True, max_attempts=4, interval_seconds=0.5)
def finish_step(document_id: str) -> None:
    documents.finish(bench().sessions, document_id)


@DBOS.step(name="fail", retries_allowed=True, max_attempts=4, interval_seconds=0.5)
def fail_step(document_id: str, what: str) -> None:
    documents.fail(bench().sessions, document_id, ChapiaoError("processing_failed", what=what))

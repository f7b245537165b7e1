"""Recyclable reading processes: a poisonous file costs one process, never the service.

pebble starts them (spawned, so that no lock or thread is inherited), stops one that runs over its time, and replaces
each after a number of documents because recognition memory grows with every new shape. A process that dies is replaced
and its document tried once more. Follows the design's note on OCR: native code can crash or hang.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from typing import Any, ParamSpec, TypeVar

import structlog
from pebble import ProcessExpired, ProcessPool

from api.pipeline.logs import log_to_stderr
from models.errors import ChapiaoError, DocumentError
from models.settings import MIB, Settings

P = ParamSpec("P")
R = TypeVar("R")

log = structlog.get_logger()


class WorkerStopping(BaseException):
    """The worker is shutting down: the document stays as it is and is read after the next start.

    Not an `Exception`, so that no step records it as the document's failure.
    """


class ReadingProcesses:
    """A pool of reading processes. Threads may share it; each call waits for its own result."""

    def __init__(self, settings: Settings, workers: int | None = None) -> None:
        self._settings = settings
        self._workers = workers or settings.workers
        self._lock = threading.Lock()
        self._pool: ProcessPool | None = None
        self._waiting: set[Future[Any]] = set()
        self._stopping = False

    def call(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `function` in a reading process. Raises DocumentError on timeout, crash or a fault in the reader."""
        seconds = self._settings.reading_timeout_seconds
        for attempt in (1, 2):
            future = self._schedule(function, args, kwargs, seconds)
            try:
                result = future.result()
            except ChapiaoError:
                raise
            except TimeoutError:
                raise DocumentError("reading_timeout", seconds=seconds) from None
            except (ProcessExpired, BrokenProcessPool, CancelledError) as error:
                if self._stopping:
                    raise WorkerStopping from None
                log.warning("reading_process_died", error=repr(error), attempt=attempt)
            except Exception as error:  # a fault in the reader fails this document, not the service
                log.error("reading_fault", error=repr(error), traceback=getattr(error, "traceback", None))
                raise DocumentError("reading_failed", what=f"{type(error).__name__}: {error}"[:300]) from error
            else:
                return result
            finally:
                with self._lock:
                    self._waiting.discard(future)
        raise DocumentError("reading_crashed")

    def close(self) -> None:
        """Stop at once. Calls that wait raise WorkerStopping."""
        with self._lock:
            self._stopping = True
            pool, self._pool = self._pool, None
            waiting = list(self._waiting)
        if pool is not None:
            pool.stop()
            pool.join()
        for future in waiting:  # pebble leaves those that no process had begun without an end
            future.cancel()

    def _schedule(
        self, function: Callable[..., R], args: tuple[Any, ...], kwargs: dict[str, Any], seconds: float
    ) -> Future[R]:
        with self._lock:
            if self._stopping:
                raise WorkerStopping
            if self._pool is not None and not self._pool.active:  # it broke: its last process died idle
                self._pool.stop()
                self._pool = None
            if self._pool is None:
                self._pool = ProcessPool(
                    max_workers=self._workers,
                    max_tasks=self._settings.reading_tasks_per_process,
                    initializer=prepare_process,
                    initargs=(os.getpid(), self._settings.reading_memory_mib),
                    context=multiprocessing.get_context("spawn"),
                )
            future: Future[R] = self._pool.schedule(function, args=args, kwargs=kwargs, timeout=seconds)
            self._waiting.add(future)
            return future


def prepare_process(parent: int, memory_mib: int) -> None:
    """First thing in a reading process: a ceiling on memory, and an end when the worker is gone."""
    log_to_stderr()
    ceiling = memory_mib * MIB
    resource.setrlimit(resource.RLIMIT_DATA, (ceiling, ceiling))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    threading.Thread(target=_end_with, args=(parent,), daemon=True, name="orphan-watch").start()


def _end_with(parent: int) -> None:
    """A worker killed outright cannot stop its processes: they notice and leave."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)

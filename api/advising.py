"""Advice on pictures while they are uploaded: measured in a process of its own, within a time limit, or not at all.

A hostile picture costs that process, never the service; a slow one costs its advice. Nothing here stops an upload.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import threading
import time
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import structlog
from pebble import ProcessExpired, ProcessPool

from api.pipeline.processes import prepare_process
from models.advice import Advice
from models.errors import ChapiaoError
from models.settings import Settings

SECONDS = 4.0  #: of one request, all its files together; the first request also pays for starting the process
MOST_FILES = 6  #: of one request; a person takes pictures one by one, hundreds at once are an archive
MOST_TASKS = 500  #: before the process is replaced

log = structlog.get_logger()
_lock = threading.Lock()
_pools: list[ProcessPool] = []


def advise_on(paths: Sequence[Path | None], settings: Settings) -> list[tuple[Advice, ...]]:
    """Advice per file, in order; empty where there is none, none in time, or no file."""
    waiting = {i: _schedule(p, settings) for i, p in enumerate(paths[:MOST_FILES]) if p is not None}
    end = time.monotonic() + SECONDS
    return [_within(waiting[i], end) if i in waiting else () for i in range(len(paths))]


def check_file(path: Path, settings: Settings) -> tuple[Advice, ...]:
    """In the measuring process: advice on the picture at `path`."""
    from capture.limits import Limits  # imported here: only this process needs the picture libraries
    from capture.quality import check

    return check(path.read_bytes(), limits=Limits.from_settings(settings))


def _schedule(path: Path, settings: Settings) -> Future[tuple[Advice, ...]]:
    with _lock:
        if _pools and not _pools[0].active:
            _pools.pop().stop()
        if not _pools:
            _pools.append(
                ProcessPool(
                    max_workers=1,
                    max_tasks=MOST_TASKS,
                    initializer=prepare_process,
                    initargs=(os.getpid(), settings.reading_memory_mib),
                    context=multiprocessing.get_context("spawn"),
                )
            )
        future: Future[tuple[Advice, ...]] = _pools[0].schedule(check_file, args=(path, settings), timeout=SECONDS)
        return future


def _within(future: Future[tuple[Advice, ...]], end: float) -> tuple[Advice, ...]:
    try:
        return future.result(timeout=max(0.0, end - time.monotonic()))
    except (TimeoutError, FutureTimeout):
        future.cancel()
        log.info("advice_late")
    except ChapiaoError as error:  # damaged or too large: reading says so, with its own words
        log.info("advice_refused", code=error.code)
    except (ProcessExpired, BrokenProcessPool, CancelledError) as error:
        log.warning("advice_process_died", error=repr(error))
    return ()


@atexit.register
def close() -> None:
    """End the measuring process."""
    with _lock:
        while _pools:
            pool = _pools.pop()
            pool.stop()
            pool.join()

"""Who is alive: one locked file per worker in `workers/` of the data folder.

The kernel drops the lock the moment a process ends, however it ends, so a dead worker is known at once and a busy or
sleeping one is never taken for dead. Whoever holds the lock of a dead worker is the one that resumes its documents.
Workers on several machines share the data folder already, because the originals lie in it.
"""

from __future__ import annotations

import fcntl
import os
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Presence:
    """This worker's lock. Taken before the first document is, kept until the process ends."""

    def __init__(self, data: Path) -> None:
        self._folder = data / "workers"
        self.executor_id = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._descriptor = _take(_path(self._folder, self.executor_id))

    def leave(self) -> None:
        """Say that this worker ended in order. Its unfinished documents are free from now on."""
        _path(self._folder, self.executor_id).unlink(missing_ok=True)
        os.close(self._descriptor)

    def others_alive(self) -> bool:
        return any(other != self.executor_id for other in alive(self._folder.parent))


def alive(data: Path) -> list[str]:
    """Executor ids of the workers that run now."""
    found = []
    for path in sorted((data / "workers").glob("*.lock")):
        with _dead(path) as is_dead:
            if not is_dead:
                found.append(path.stem)
    return found


@contextmanager
def claim_dead(data: Path, executor_id: str) -> Iterator[bool]:
    """True while this process alone may resume the documents of `executor_id`; False when that worker is alive.

    A worker without a file left in order (or its file was deleted): dead. The file goes when the block ends without
    an error.
    """
    folder = data / "workers"
    path = _path(folder, executor_id)
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.touch()
    with _dead(path) as is_dead:
        yield is_dead
        if is_dead:
            path.unlink(missing_ok=True)


@contextmanager
def _dead(path: Path) -> Iterator[bool]:
    """Whether nobody holds the lock of `path`; if so it is held here until the block ends."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        yield False  # someone else has just cleared it away
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


def _take(path: Path) -> int:
    """Create and lock `path`. Loops when a cleaner removed the new file between the two."""
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if path.exists() and os.fstat(descriptor).st_ino == path.stat().st_ino:
            return descriptor
        os.close(descriptor)


def _path(folder: Path, executor_id: str) -> Path:
    return folder / f"{executor_id}.lock"

"""Things a hostile or unlucky file can do to the process that reads it."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from models.errors import DocumentError


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def crash_once(marker: Path) -> str:
    if not marker.exists():
        marker.touch()
        crash()
    return "read"


def hang() -> None:
    time.sleep(60)


def devour_memory(mib: int) -> int:
    return len(bytearray(mib * 1024 * 1024))


def stumble() -> None:
    raise ValueError("unforeseen")


def refuse() -> None:
    raise DocumentError("too_many_pages", pages=200, limit=100)


def read_well() -> int:
    return os.getpid()

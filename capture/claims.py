"""Claiming files of a watched folder: a rename on the same volume, so that of two watchers one wins.

`.claimed/<host>.<pid>.<token>/<path within the folder>`. A claim whose watcher is gone is an orphan and is taken up
again; taking the same claim twice is harmless, because the intake knows its path.
"""

from __future__ import annotations

import os
import socket
import time
import uuid
from collections.abc import Iterator, Set
from pathlib import Path

import psutil

from capture.store import sync_folder

CLAIMED = ".claimed"
#: taking in lasts seconds; a claim of another machine this old has no one behind it
ABANDONED_SECONDS = 600.0


def claim(folder: Path, path: Path) -> Path | None:
    """Move `path` into a claim of its own. None where another watcher was faster or the file is still locked."""
    token = folder / CLAIMED / f"{_host()}.{os.getpid()}.{uuid.uuid4().hex[:12]}"
    target = token / path.relative_to(folder)
    target.parent.mkdir(parents=True)
    try:
        path.rename(target)
    except (FileNotFoundError, PermissionError):
        clear(folder, target)
        return None
    sync_folder(target.parent)
    return target


def orphans(folder: Path, held: Set[Path]) -> Iterator[Path]:
    """Claimed files whose watcher is gone. `held` are the caller's own claims."""
    for token in sorted((folder / CLAIMED).glob("*")):
        if token.is_dir() and _is_orphan(token):
            files = [path for path in token.rglob("*") if path.is_file() and path not in held]
            yield from files
            if not files:
                _remove_empty(token)


def within(folder: Path, claimed: Path) -> Path:
    """Path that the claimed file had within the watched folder."""
    return Path(*claimed.relative_to(folder / CLAIMED).parts[1:])


def clear(folder: Path, claimed: Path) -> None:
    """Remove the emptied folders of a claim."""
    token = folder / CLAIMED / claimed.relative_to(folder / CLAIMED).parts[0]
    _remove_empty(token)


def _remove_empty(token: Path) -> None:
    for name, _, _ in os.walk(token, topdown=False):
        if not any(Path(name).iterdir()):
            Path(name).rmdir()


def _is_orphan(token: Path) -> bool:
    host, _, rest = token.name.rpartition(".")[0].rpartition(".")
    if host == _host() and rest.isdecimal():
        pid = int(rest)
        # in a container the process before this one had this very number: what it claimed is not in `held`
        if pid == os.getpid() or not psutil.pid_exists(pid):
            return True
    try:
        return time.time() - token.stat().st_mtime > ABANDONED_SECONDS
    except FileNotFoundError:
        return False


def _host() -> str:
    return socket.gethostname().replace(os.sep, "_") or "host"

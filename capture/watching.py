"""Watches a folder and takes in what lands there. At every moment a file is in exactly one place that is looked at.

A file is ready when its size and time have stood still; then it is claimed (renamed into `.claimed/`), taken, and
only after the take has committed moved to `done/`, or to `failed/` with a file that says why. Cases that this handles:

* a copy still growing, an empty placeholder, a scanner that writes in bursts: not ready until still
* `.part`, `~$`, `._`, `.DS_Store`, `Thumbs.db`, `@eaDir`: never taken
* a crash or power cut anywhere: the claim is found again and taken again, which gives the same row
* a database or disk that is away: the claim stays and is tried again, later and later
* two watchers on one share: the rename decides; a share without change events: polling finds it
* a writer that paused longer than the settling time: its file goes back and is taken again when whole
* the same name twice: the second becomes `name (2)`
"""

from __future__ import annotations

import fnmatch
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import structlog
import watchfiles

from capture.claims import CLAIMED, claim, clear, orphans, within
from capture.intake import Intake
from capture.store import sync_folder
from models.errors import ChapiaoError
from models.settings import Settings
from models.tables.documents import DocumentState

log = structlog.get_logger()

DONE, FAILED = "done", "failed"
IGNORED = (
    ".*",
    "~$*",
    "*.part",
    "*.partial",
    "*.tmp",
    "*.crdownload",
    "Thumbs.db",
    "desktop.ini",
    "@eaDir",
    "#recycle",
)
POLL_SECONDS = 2.0
EMPTY_PATIENCE = 12  #: an empty file is often a name reserved before its content: wait so many times longer
LONGEST_PAUSE = 300.0
#: the machine's fault, not the file's: keep the claim and try again
TRANSIENT = ("storage_full",)

Take = Callable[[Path], Intake]  #: takes one file in and commits


def watch(folder: Path, settings: Settings, take: Take, stop: threading.Event) -> None:
    """Take in every file that lands in `folder`, until `stop` is set."""
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    watcher = Watcher(folder, settings, take)
    due = 0.0
    for changed in _pulses(folder, stop, min(POLL_SECONDS, max(settings.watch_settle_seconds, 0.05))):
        started = time.monotonic()
        if not (changed or watcher.waiting or started >= due):
            continue
        try:
            watcher.scan()
        except OSError:
            log.exception("watched_folder_unreadable", folder=str(folder))
        # a very large folder on a slow share is looked at less often
        lasted = time.monotonic() - started
        due = started + min(settings.watch_rescan_seconds, max(POLL_SECONDS, 20 * lasted))


def _pulses(folder: Path, stop: threading.Event, pause: float) -> Iterator[bool]:
    """True after a change, False when it is time to look anyway."""
    yield True
    try:
        for changes in watchfiles.watch(
            folder,
            watch_filter=None,
            stop_event=stop,
            rust_timeout=int(pause * 1000),
            yield_on_timeout=True,
            debounce=400,
        ):
            yield bool(changes)
    except (OSError, RuntimeError):
        log.exception("no_change_events_polling", folder=str(folder))
    while not stop.wait(pause):
        yield False


@dataclass(slots=True)
class Watcher:
    """One look at the folder at a time; state is only how long files have stood still."""

    folder: Path
    settings: Settings
    take: Take
    _seen: dict[Path, tuple[tuple[int, int], float]] = field(default_factory=dict)
    _retries: dict[Path, tuple[float, int]] = field(default_factory=dict)  #: claim → when to try again, how often tried

    @property
    def waiting(self) -> bool:
        return bool(self._seen or self._retries)

    def scan(self) -> None:
        """Take orphaned claims and claims to be tried again, then every file that is ready."""
        for claimed in [
            *orphans(self.folder, set(self._retries)),
            *(p for p, (due, _) in self._retries.items() if due <= time.monotonic()),
        ]:
            self._take(claimed)
        present = set()
        for path in _files(self.folder):
            present.add(path)
            if self._is_ready(path) and (claimed_path := claim(self.folder, path)):
                self._seen.pop(path, None)
                self._take(claimed_path)
        self._seen = {path: seen for path, seen in self._seen.items() if path in present}

    def _is_ready(self, path: Path) -> bool:
        try:
            signature = _signature(path)
        except FileNotFoundError:
            return False
        before = self._seen.get(path)
        if before is None or before[0] != signature:
            self._seen[path] = (signature, time.monotonic())
            before = self._seen[path]
        patience = self.settings.watch_settle_seconds * (1 if signature[0] else EMPTY_PATIENCE)
        return time.monotonic() - before[1] >= patience

    def _take(self, claimed: Path) -> None:
        if not claimed.exists():  # another watcher took the orphan up
            self._retries.pop(claimed, None)
            return
        before = _signature(claimed)
        try:
            intake = self.take(claimed)
        except ChapiaoError as error:
            if error.code in TRANSIENT:
                self._retry_later(claimed)
            else:
                self._fail(claimed, error.code, f"{error.message('zh')}\n{error.message('en')}")
            return
        except Exception:  # the database is away, say: the file is not at fault and must not be lost
            log.exception("take_in_failed_trying_again", claimed=str(claimed))
            self._retry_later(claimed)
            return
        if _signature(claimed) != before:  # its writer had only paused: what was taken is not the whole file
            self._put_back(claimed)
        elif intake.state == DocumentState.FAILED.value:
            self._fail(claimed, intake.error_code or "", intake.document_id)
        else:
            self._finish(claimed, DONE)

    def _retry_later(self, claimed: Path) -> None:
        tried = self._retries.get(claimed, (0.0, 0))[1] + 1
        self._retries[claimed] = (time.monotonic() + min(2.0**tried, LONGEST_PAUSE), tried)

    def _put_back(self, claimed: Path) -> None:
        claimed.rename(_free(self.folder / within(self.folder, claimed)))
        clear(self.folder, claimed)

    def _fail(self, claimed: Path, code: str, text: str) -> None:
        target = self._finish(claimed, FAILED)
        reason = target.with_name(target.name + ".reason.txt")
        reason.write_text(f"{code}\n{text}\n", encoding="utf-8")

    def _finish(self, claimed: Path, outcome: str) -> Path:
        """Move the claimed file out of the way. Before this moment a crash takes it in again."""
        self._retries.pop(claimed, None)
        target = _free(self.folder / outcome / within(self.folder, claimed))
        if outcome == DONE and self.settings.watch_remove_source:
            claimed.unlink()
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            claimed.rename(target)
            sync_folder(target.parent)
        clear(self.folder, claimed)
        return target


def _signature(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


def _files(folder: Path) -> Iterator[Path]:
    """Files that may be taken, in the folder and below it, oldest name first. Links are not followed."""
    for entry in sorted(os.scandir(folder), key=lambda e: e.name):
        if any(fnmatch.fnmatchcase(entry.name, pattern) for pattern in IGNORED):
            continue
        path = Path(entry.path)
        if entry.is_file(follow_symlinks=False):
            yield path
        elif entry.is_dir(follow_symlinks=False) and entry.name not in (DONE, FAILED, CLAIMED):
            yield from _files(path)


def _free(path: Path) -> Path:
    """`path`, or the first of `name (2).ext`, `name (3).ext` … that is free."""
    candidate, count = path, 1
    while candidate.exists():
        count += 1
        candidate = path.with_name(f"{path.stem} ({count}){path.suffix}")
    return candidate

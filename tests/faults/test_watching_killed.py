"""The watcher killed outright, again and again, while files come in: every file once in the store, none lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from capture.store import OriginalStore
from models.database import migrate, open_engine, session_factory
from models.settings import Settings
from models.tables.documents import DocumentRow
from tests.capture import files

WATCHER = """
import sys, threading
from pathlib import Path
from capture.intake import take_in
from capture.store import OriginalStore
from capture.watching import watch
from models.database import open_engine, session_factory, transaction
from models.settings import Settings

folder, data = Path(sys.argv[1]), Path(sys.argv[2])
settings = Settings(data=data, watch_settle_seconds=0.05)
factory = session_factory(open_engine(settings.resolved_database_url))

def take(path):
    with transaction(factory) as session:
        return take_in(session, OriginalStore(settings.originals), settings, name=path.name, source=path,
                       channel="folder", channel_detail=str(path))

print("ready", flush=True)
watch(folder, settings, take, threading.Event())
"""


@pytest.mark.fault
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_killed_watchers_lose_nothing_and_take_nothing_twice(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    migrate(settings.resolved_database_url)
    folder = tmp_path / "in"
    folder.mkdir()
    for i in range(12):
        (folder / f"{i:02}.pdf").write_bytes(files.pdf(text=f"invoice {i}"))

    kills = 0
    deadline = time.monotonic() + 90
    while not _finished(folder):
        assert time.monotonic() < deadline
        watcher = subprocess.Popen(
            [sys.executable, "-c", WATCHER, str(folder), str(settings.data)], stdout=subprocess.PIPE, cwd=Path.cwd()
        )
        watcher.stdout.readline()
        done = len(list((folder / "done").glob("*")))
        # let it work on three files, then pull the plug in the middle of the next
        while (
            len(list((folder / "done").glob("*"))) < done + 4 and not _finished(folder) and time.monotonic() < deadline
        ):
            time.sleep(0.003)
        watcher.send_signal(signal.SIGKILL)
        watcher.wait()
        watcher.stdout.close()
        kills += 1
    assert kills >= 2

    engine = open_engine(settings.resolved_database_url)
    with session_factory(engine)() as session:
        rows = session.query(DocumentRow).all()
    assert sorted((r.name, r.state) for r in rows) == [(f"{i:02}.pdf", "queued") for i in range(12)]
    verified = OriginalStore(settings.originals).verify()
    assert (verified.checked, verified.damaged) == (12, ())
    assert len(list((folder / "done").glob("*.pdf"))) == 12


def _finished(folder: Path) -> bool:
    return not list(folder.glob("*.pdf")) and not any((folder / ".claimed").rglob("*.pdf"))

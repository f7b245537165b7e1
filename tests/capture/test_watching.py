"""Whatever happens, a file is in the store or still in the folder."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from capture.claims import CLAIMED, claim
from capture.intake import Intake, take_in
from capture.store import OriginalStore
from capture.watching import watch
from models.database import migrate, open_engine, session_factory, transaction
from models.settings import Settings
from models.tables.documents import DocumentRow
from tests.capture import files


class Taker:
    """The real intake with its own commit, as the pipeline calls it; can be told to break first."""

    def __init__(self, settings: Settings) -> None:
        migrate(settings.resolved_database_url)
        self.factory = session_factory(open_engine(settings.resolved_database_url))
        self.settings = settings
        self.before: Callable[[Path], None] = lambda path: None
        self.after: Callable[[Path], None] = lambda path: None
        self.calls: list[str] = []

    def __call__(self, path: Path) -> Intake:
        self.calls.append(path.name)
        self.before(path)
        store = OriginalStore(self.settings.originals)
        with transaction(self.factory) as session:
            intake = take_in(
                session, store, self.settings, name=path.name, source=path, channel="folder", channel_detail=str(path)
            )
        self.after(path)
        return intake

    def rows(self) -> list[tuple[str, str]]:
        with self.factory() as session:
            return [(r.name, r.state) for r in session.query(DocumentRow).order_by(DocumentRow.received_at)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


@pytest.fixture
def taker(settings: Settings) -> Taker:
    return Taker(settings)


@contextmanager
def watching(folder: Path, settings: Settings, taker: Taker) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=watch, args=(folder, settings, taker, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 8
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def left(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}


def test_files_there_before_and_after_the_start_are_taken_and_moved_to_done(folder, settings, taker) -> None:
    (folder / "早.pdf").write_bytes(files.pdf())
    with watching(folder, settings, taker):
        until(lambda: len(taker.rows()) == 1)
        (folder / "scanner").mkdir()
        (folder / "scanner" / "b.jpg").write_bytes(files.encoded(".jpg"))
        until(lambda: left(folder) == {"done/早.pdf", "done/scanner/b.jpg"})
    assert sorted(taker.rows()) == [("b.jpg", "queued"), ("早.pdf", "queued")]
    assert not any((folder / CLAIMED).iterdir())


def test_clutter_and_unfinished_files_are_left_alone(folder, settings, taker) -> None:
    clutter = {".DS_Store", "._a.pdf", "~$a.xlsx", "a.pdf.part", "x.tmp", "Thumbs.db"}
    for name in clutter:
        (folder / name).write_bytes(b"x")
    (folder / "a.pdf").write_bytes(files.pdf())
    with watching(folder, settings, taker):
        until(lambda: len(taker.rows()) == 1)
    assert left(folder) == clutter | {"done/a.pdf"}


def test_a_growing_file_is_taken_when_it_is_whole(folder, settings, taker) -> None:
    data = files.pdf(pages=3)
    settings.watch_settle_seconds = 0.4
    with watching(folder, settings, taker), (folder / "a.pdf").open("wb") as file:
        for start in range(0, len(data), len(data) // 6):
            file.write(data[start : start + len(data) // 6])
            file.flush()
            time.sleep(0.15)
        file.close()
        until(lambda: left(folder) == {"done/a.pdf"})
    assert taker.rows() == [("a.pdf", "queued")]
    assert OriginalStore(settings.originals).verify().checked == 1
    assert (folder / "done" / "a.pdf").read_bytes() == data


def test_a_writer_that_only_paused_has_its_file_taken_again_whole(folder, settings, taker) -> None:
    data = files.pdf(pages=3)
    (folder / "a.pdf").write_bytes(data[:500])

    def write_on(path: Path) -> None:  # after the store has copied the half, before the watcher is done with it
        if len(taker.calls) == 1:
            path.write_bytes(data)

    taker.after = write_on
    with watching(folder, settings, taker):
        until(lambda: left(folder) == {"done/a.pdf"})
    originals = [path.read_bytes() for path in OriginalStore(settings.originals).root.glob("??/??/*")]
    assert data in originals
    assert (folder / "done" / "a.pdf").read_bytes() == data


def test_what_cannot_be_read_goes_to_failed_with_the_reason(folder, settings, taker) -> None:
    (folder / "note.pdf").write_bytes(b"only some words here")
    with watching(folder, settings, taker):
        until(lambda: left(folder) == {"failed/note.pdf", "failed/note.pdf.reason.txt"})
    assert "unsupported_type" in (folder / "failed" / "note.pdf.reason.txt").read_text(encoding="utf-8")


def test_a_broken_database_loses_nothing(folder, settings, taker) -> None:
    def away(path: Path) -> None:
        if len(taker.calls) == 1:
            raise ConnectionError("database is away")

    taker.before = away
    (folder / "a.pdf").write_bytes(files.pdf())
    with watching(folder, settings, taker):
        until(lambda: left(folder) == {"done/a.pdf"})
    assert taker.rows() == [("a.pdf", "queued")]
    assert taker.calls == ["a.pdf", "a.pdf"]


def test_a_claim_of_a_dead_watcher_is_taken_up_without_a_second_row(folder, settings, taker) -> None:
    (folder / "a.pdf").write_bytes(files.pdf())
    claimed = claim(folder, folder / "a.pdf")
    taker(claimed)  # died after its commit, before moving the file
    with watching(folder, settings, taker):
        until(lambda: left(folder) == {"done/a.pdf"})
    assert taker.rows() == [("a.pdf", "queued")]


def test_the_same_name_twice_keeps_both(folder, settings, taker) -> None:
    with watching(folder, settings, taker):
        for text in ("one", "two"):
            (folder / "scan.pdf").write_bytes(files.pdf(text=text))
            until(lambda: not (folder / "scan.pdf").exists() and not any((folder / CLAIMED).iterdir()))
    assert left(folder) == {"done/scan.pdf", "done/scan (2).pdf"}


def test_the_source_can_be_removed_instead(folder, settings, taker) -> None:
    settings.watch_remove_source = True
    (folder / "a.pdf").write_bytes(files.pdf())
    with watching(folder, settings, taker):
        until(lambda: left(folder) == set())
    assert taker.rows() == [("a.pdf", "queued")]

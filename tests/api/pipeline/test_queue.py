"""A committed row is read, whatever happened around it; what fails says why and can be tried again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

import samples
from api.pipeline import queue
from api.pipeline.documents import fail, finish, requeue
from capture.intake import take_in
from capture.store import OriginalStore
from models.database import migrate, open_engine, session_factory, transaction
from models.errors import DocumentError
from models.settings import Settings
from models.tables import DocumentRow, InvoiceRow
from models.tables.documents import DocumentState

XML = samples.FINISHED / "03-digital-special.xml"
PDF = samples.FINISHED / "01-digital-ordinary.pdf"

Take = Callable[..., str]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(data=tmp_path / "data", database_url=None)
    migrate(settings.resolved_database_url)
    return settings


@pytest.fixture
def sessions(settings: Settings) -> Iterator[sessionmaker[Session]]:
    engine = open_engine(settings.resolved_database_url)
    yield session_factory(engine)
    engine.dispose()


@pytest.fixture
def take(settings: Settings, sessions: sessionmaker[Session]) -> Take:
    def take_one(name: str, source: Path | bytes) -> str:
        with transaction(sessions) as session:
            store = OriginalStore(settings.originals)
            return take_in(session, store, settings, name=name, source=source, channel="cli").document_id

    return take_one


def row(sessions: sessionmaker[Session], document_id: str) -> DocumentRow:
    with sessions() as session:
        return session.get_one(DocumentRow, document_id)


def read(settings: Settings, sessions: sessionmaker[Session], *ids: str) -> None:
    with queue.running(settings):
        assert queue.wait_until_done(sessions, ids)


def test_rows_that_waited_for_a_worker_are_read(
    settings: Settings, sessions: sessionmaker[Session], take: Take
) -> None:
    ids = [take("a.xml", XML), take("b.pdf", PDF)]
    read(settings, sessions, *ids)
    for document_id, media in zip(ids, ("xml", "pdf"), strict=True):
        found = row(sessions, document_id)
        assert (found.state, found.media, found.page_count is not None, found.attempts) == ("done", media, True, 1)
        assert found.finished_at is not None
        with sessions() as session:
            [invoice] = session.scalars(select(InvoiceRow).where(InvoiceRow.document_id == document_id))
            assert invoice.match_status is not None
            assert invoice.data["fields"]["invoice_number"]["value"] == invoice.invoice_number


def test_a_row_committed_while_a_worker_runs_is_read_at_once(
    settings: Settings, sessions: sessionmaker[Session], take: Take
) -> None:
    with queue.running(settings):
        document_id = take("a.xml", XML)
        queue.enqueue(document_id)
        assert queue.wait_until_done(sessions, [document_id])


def test_what_cannot_be_read_fails_with_its_reason_and_stays(
    settings: Settings, sessions: sessionmaker[Session], take: Take
) -> None:
    bad, good = take("broken.pdf", b"%PDF-1.7 and then nothing"), take("a.xml", XML)
    read(settings, sessions, bad, good)
    failed = row(sessions, bad)
    assert (failed.state, failed.error_code) == ("failed", "pdf_damaged")
    assert OriginalStore(settings.originals).read(failed.sha256) == b"%PDF-1.7 and then nothing"
    assert row(sessions, good).state == "done"


def test_a_failed_document_can_be_tried_again_as_another_attempt(
    settings: Settings, sessions: sessionmaker[Session], take: Take
) -> None:
    document_id = take("broken.pdf", b"%PDF-1.7 and then nothing")
    read(settings, sessions, document_id)
    with transaction(sessions) as session:
        requeue(session, document_id)
    assert row(sessions, document_id).error_code is None
    read(settings, sessions, document_id)
    assert (row(sessions, document_id).state, row(sessions, document_id).attempts) == ("failed", 2)


def test_a_row_left_in_reading_without_a_queue_is_read_again(
    settings: Settings, sessions: sessionmaker[Session], take: Take
) -> None:
    """As after a backup came back: the database is there, the queue is not."""
    document_id = take("a.xml", XML)
    with transaction(sessions) as session:
        session.execute(update(DocumentRow).values(state="reading", attempts=1))
    read(settings, sessions, document_id)
    assert (row(sessions, document_id).state, row(sessions, document_id).attempts) == ("done", 1)


def test_a_row_older_than_the_queue_is_read_again_without_doubling(
    settings: Settings, sessions: sessionmaker[Session], take: Take
) -> None:
    document_id = take("a.xml", XML)
    read(settings, sessions, document_id)
    with transaction(sessions) as session:
        session.execute(update(DocumentRow).values(state="queued", attempts=0))
    read(settings, sessions, document_id)
    with sessions() as session:
        assert len(session.scalars(select(InvoiceRow)).all()) == 1


def test_pictures_that_were_read_are_kept_and_others_are_made_when_asked(
    settings: Settings, sessions: sessionmaker[Session], take: Take
) -> None:
    from PIL import Image

    from api.pipeline.pictures import page_picture

    document_id = take("a.pdf", PDF)
    with queue.running(settings) as pipeline:
        assert queue.wait_until_done(sessions, [document_id])
        sha256 = row(sessions, document_id).sha256
        path = page_picture(settings, sha256=sha256, name="a.pdf", number=1, processes=pipeline.processes)
    with Image.open(path) as picture:
        assert (picture.format, max(picture.size) <= 2000, min(picture.size) > 300) == ("JPEG", True, True)


def test_waiting_reports_progress_and_can_be_given_up(
    settings: Settings, sessions: sessionmaker[Session], take: Take
) -> None:
    seen: list[int] = []
    document_id = take("a.xml", XML)
    assert not queue.wait_until_done(sessions, [document_id], progress=seen.append, give_up=lambda: True)
    assert seen == [0]


def test_a_document_ends_once_though_its_last_step_comes_again(
    settings: Settings, sessions: sessionmaker[Session], take: Take
) -> None:
    """A worker may die after the row is done and before the queue knows it."""
    document_id = take("a.xml", XML)
    read(settings, sessions, document_id)
    ended = row(sessions, document_id).finished_at
    finish(sessions, document_id)
    assert row(sessions, document_id).finished_at == ended


def test_a_document_that_ended_meanwhile_is_not_given_up(sessions: sessionmaker[Session], take: Take) -> None:
    """Who mends looks at the row first and at its workflow afterwards: in between it may have come to its end."""
    document_id = take("a.xml", XML)
    finish(sessions, document_id)
    fail(sessions, document_id, DocumentError("reading_crashed"), seen=DocumentState.READING)
    assert row(sessions, document_id).state == "done"

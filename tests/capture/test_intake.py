"""One way in: the original first, then one row that is the job."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from capture.intake import Intake, take_in
from capture.store import OriginalStore
from models.errors import DocumentError
from models.settings import Settings
from models.tables.documents import DocumentRow, DocumentState
from tests.capture import files


@pytest.fixture
def taken(session: Session, store: OriginalStore, settings: Settings):
    def take(name: str, data: bytes, **more: str) -> Intake:
        return take_in(session, store, settings, name=name, source=data, **{"channel": "cli", **more})

    return take


def test_a_document_is_kept_and_queued(taken, session: Session, store: OriginalStore) -> None:
    data = files.pdf()
    intake = taken("发票.pdf", data)
    row = session.get_one(DocumentRow, intake.document_id)
    assert (row.state, row.media, row.name, row.size) == ("queued", "pdf", "发票.pdf", len(data))
    assert store.read(intake.sha256) == data


def test_the_same_bytes_again_are_linked_and_not_read_again(taken) -> None:
    first, second = taken("a.pdf", files.pdf()), taken("b.pdf", files.pdf())
    assert (second.state, second.duplicate_of) == ("duplicate", first.document_id)
    assert taken("c.pdf", files.pdf()).duplicate_of == first.document_id


def test_sending_a_failed_document_again_tries_again(taken, session: Session) -> None:
    first = taken("a.pdf", files.pdf())
    session.get_one(DocumentRow, first.document_id).state = DocumentState.FAILED.value
    assert taken("a.pdf", files.pdf()).state == "queued"


def test_what_cannot_be_read_is_kept_with_its_reason(taken, session: Session, store: OriginalStore) -> None:
    intake = taken("a.pdf", b"just some text, not a document")
    row = session.get_one(DocumentRow, intake.document_id)
    assert (row.state, row.error_code) == ("failed", "unsupported_type")
    assert store.read(intake.sha256) == b"just some text, not a document"


@pytest.mark.parametrize(("data", "code"), [(b"", "empty_file"), (b"x" * 5000, "too_large")])
def test_nothing_is_written_of_what_is_not_kept(taken, session, settings, data: bytes, code: str) -> None:
    settings.max_file_bytes = 4000
    with pytest.raises(DocumentError) as caught:
        taken("a.pdf", data)
    assert caught.value.code == code
    assert session.scalar(select(func.count()).select_from(DocumentRow)) == 0


def test_each_file_of_an_archive_has_its_own_row(taken, session: Session) -> None:
    inner = files.archive({"x.pdf": files.pdf()})
    packed = files.archive(
        {
            "一/a.pdf": files.pdf(),
            "b.jpg": files.encoded(".jpg"),
            "copy.pdf": files.pdf(),
            "in.zip": inner,
            "e.pdf": b"",
        }
    )
    intake = taken("all.zip", packed)
    assert intake.state == "done"
    rows = [session.get_one(DocumentRow, m.document_id) for m in intake.members]
    assert [(r.name, r.state, r.error_code) for r in rows] == [
        ("一/a.pdf", "queued", None),
        ("b.jpg", "queued", None),
        ("copy.pdf", "duplicate", None),
        ("in.zip", "failed", "archive_nested"),
        ("e.pdf", "failed", "empty_file"),
    ]
    assert {r.member_of for r in rows} == {intake.document_id}
    assert rows[2].duplicate_of == rows[0].id


def test_a_bad_archive_is_one_failed_row_with_its_original_kept(taken, session: Session, store: OriginalStore) -> None:
    intake = taken("x.zip", files.archive({"a.pdf": files.pdf(), "../../evil.pdf": b"x"}))
    assert (intake.state, intake.error_code, intake.members) == ("failed", "archive_unsafe", ())
    assert store.path(intake.sha256).exists()
    assert session.scalar(select(func.count()).select_from(DocumentRow)) == 1


def test_a_claimed_file_taken_twice_is_one_row(taken, session: Session) -> None:
    again = [taken("a.pdf", files.pdf(), channel="folder", channel_detail="/in/.claimed/h.1.t/a.pdf") for _ in "12"]
    assert again[0] == again[1]
    assert session.scalar(select(func.count()).select_from(DocumentRow)) == 1

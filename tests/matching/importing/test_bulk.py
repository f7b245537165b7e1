"""A large import sets indexes aside and brings them back, whether it succeeds or not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from matching.importing import storing
from models.tables import ImportRow, RecordRow
from tests.matching.ledger_rows import basic_row

Ledger = Callable[..., ImportRow]
ROWS = [basic_row(f"253120000001234567{n:02d}") for n in range(1, 8)]


@pytest.fixture(autouse=True)
def _small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "LARGE", 3)
    monkeypatch.setattr(storing, "CHUNK", 2)


def indexes(session: Session) -> set[str | None]:
    inspector = inspect(session.connection())
    return {index["name"] for table in ("records", "record_keys") for index in inspector.get_indexes(table)}


def test_indexes_are_there_again(session: Session, ledger: Ledger) -> None:
    before = indexes(session)
    assert ledger(*ROWS).added == len(ROWS)
    assert indexes(session) == before


def test_a_failed_import_leaves_nothing_and_loses_no_index(session: Session, ledger: Ledger) -> None:
    before = indexes(session)
    session.commit()

    def stop(_rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ledger(*ROWS, progress=stop)
    session.rollback()
    assert indexes(session) == before
    assert session.scalar(select(func.count()).select_from(RecordRow)) == 0

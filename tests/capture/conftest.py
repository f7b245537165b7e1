"""Real parts: a store and a database on disk, files made by code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from capture.store import OriginalStore
from models.database import migrate, open_engine, session_factory
from models.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", watch_settle_seconds=0.1)


@pytest.fixture
def store(settings: Settings) -> OriginalStore:
    return OriginalStore(settings.originals)


@pytest.fixture
def session(settings: Settings) -> Iterator[Session]:
    migrate(settings.resolved_database_url)
    engine = open_engine(settings.resolved_database_url)
    with session_factory(engine)() as opened:
        yield opened
    engine.dispose()

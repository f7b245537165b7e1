"""A real SQLite file per test, copied from one that the real migrations made; table files as users have them."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy.orm import Session

from models.database import migrate, open_engine, session_factory


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "empty.sqlite"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def database_url(migrated: Path, tmp_path: Path) -> str:
    path = tmp_path / "chapiao.sqlite"
    shutil.copy(migrated, path)
    return f"sqlite:///{path}"


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    engine = open_engine(database_url)
    with session_factory(engine)() as opened:
        yield opened
    engine.dispose()


Sheets = dict[str, Sequence[Sequence[Any]]]


@pytest.fixture
def xlsx() -> Callable[[Sheets], bytes]:
    """Bytes of a workbook with these sheets of rows."""

    def write(sheets: Sheets) -> bytes:
        book = openpyxl.Workbook(write_only=True)
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(list(row))
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    return write

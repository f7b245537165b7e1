"""A real database per test, SQLite and PostgreSQL, made by the real migrations; table files as users have them."""

from __future__ import annotations

import io
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.orm import Session

from matching.companies import add_company
from matching.importing import import_records
from matching.service import match_invoice
from models.database import migrate, open_engine, session_factory
from models.matching import MatchResult
from models.settings import Settings
from models.tables import Base, CompanyRow, ImportRow, InvoiceRow, User
from tests.matching.captures import TODAY
from tests.matching.ledger_rows import BASIC_HEADERS, US


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "empty.sqlite"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_migrated(postgresql_server: str) -> Iterator[str]:
    """One database for all tests, emptied after each: making one takes longer than most tests."""
    name = f"chapiao_matching_{uuid.uuid4().hex[:8]}"
    server = create_engine(postgresql_server, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = make_url(postgresql_server).set(database=name).render_as_string(hide_password=False)
    migrate(url)
    yield url
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def postgresql_emptied(postgresql_migrated: str) -> Iterator[str]:
    yield postgresql_migrated
    engine = open_engine(postgresql_migrated)
    tables = ", ".join(table.name for table in Base.metadata.sorted_tables)
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, migrated: Path, tmp_path: Path) -> str:
    """Every test on both databases."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgresql_emptied")
        return url
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


@pytest.fixture
def ledger(session: Session, xlsx: Callable[[Sheets], bytes]) -> Callable[..., ImportRow]:
    """Imports rows of 发票基础信息 as one bureau export."""

    def load(*rows: Sequence[Any], name: str = "全量发票查询.xlsx", **options: Any) -> ImportRow:
        return import_records(session, xlsx({"发票基础信息": [BASIC_HEADERS, *rows]}), name, **options)

    return load


@pytest.fixture
def us(session: Session) -> CompanyRow:
    return add_company(session, name=US[1], tax_id=US[0])


@pytest.fixture
def people(session: Session) -> tuple[int, int]:
    """Two accountants: one submits, the other approves."""
    users = [
        User(username=name, display_name=name, password_hash="-", role="accountant", failed_logins=0)
        for name in ("wang", "li")
    ]
    session.add_all(users)
    session.flush()
    return users[0].id, users[1].id


@pytest.fixture
def find(session: Session) -> Callable[..., MatchResult]:
    """Matches a captured invoice as of 2025-04-20."""

    def match(row: InvoiceRow, today: date = TODAY) -> MatchResult:
        return match_invoice(session, row, today=today, settings=Settings())

    return match

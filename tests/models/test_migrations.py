"""The migrations make exactly the tables that the models describe, and can be taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from models.database import MIGRATIONS, migrate, open_engine
from models.tables import Base


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/fresh.sqlite"
    found: str = request.getfixturevalue("postgresql_url")("template1")
    return found


def differences(url: str) -> list[Any]:
    engine = open_engine(url)
    with engine.connect() as connection:
        found: list[Any] = compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata
        )
    engine.dispose()
    return found


def test_migrated_is_what_the_models_say(url: str) -> None:
    migrate(url)
    assert differences(url) == []


def configured(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config


def test_every_migration_can_be_taken_back(url: str) -> None:
    migrate(url)
    command.downgrade(configured(url), "0001")
    assert differences(url), "taking back changed nothing"
    migrate(url)
    assert differences(url) == []


FILLED = (
    "INSERT INTO imports (id, file_name, sha256, format, direction, kinds, rows, added, updated, unchanged, rejected, "
    "problems, imported_at) VALUES (1, 'a.csv', 'x', 'erp', 'input', '[]', 2, 2, 0, 0, 0, '[]', '2025-01-01 00:00:00')",
    *(
        "INSERT INTO records (id, identity_key, invoice_code, invoice_number, state, direction, damaged, origin, "
        f"import_id, created_at, updated_at) VALUES ({id_}, '{key}', {code}, '{number}', 'normal', 'input', '{{}}', "
        "'import', 1, '2025-01-01 00:00:00', '2025-01-01 00:00:00')"
        for id_, key, code, number in (
            (1, "25312000000123456789", "NULL", "25312000000123456789"),
            (2, "3200251130-01234567", "'3200251130'", "01234567"),
        )
    ),
    "INSERT INTO record_keys (key, record_id) VALUES ('25312000000123456789', 1), ('3200251130-01234567', 2)",
    "INSERT INTO record_lines (id, record_id, position, data) VALUES (1, 2, 1, '{}')",
)


def test_a_ledger_outlives_the_change_of_its_table(url: str) -> None:
    """On SQLite the table is copied and dropped: what refers to its rows stays. Both ways."""
    command.upgrade(configured(url), "0011")
    engine = open_engine(url)
    with engine.begin() as connection:
        for statement in FILLED:
            connection.execute(text(statement))
    for move in (command.upgrade, command.downgrade, command.upgrade):
        move(configured(url), "0012" if move is command.upgrade else "0011")
        with engine.connect() as connection:
            numbers = "SELECT id, invoice_number, digital_invoice_number FROM records ORDER BY id"
            assert connection.execute(text(numbers)).all() == [
                (1, None, "25312000000123456789"), (2, "01234567", None)
            ]  # fmt: skip
            keys = connection.execute(text("SELECT key, record_id FROM record_keys ORDER BY record_id")).all()
            assert keys == [("25312000000123456789", 1), ("3200251130-01234567", 2)]
            assert connection.execute(text("SELECT record_id FROM record_lines")).all() == [(2,)]
            if connection.dialect.name == "sqlite":
                assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    engine.dispose()


def test_on_sqlite_a_migration_that_fails_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.sqlite"
    command.upgrade(configured(url), "0011")
    engine = open_engine(url)
    with engine.begin() as connection:
        for statement in FILLED:
            connection.execute(text(statement))
        connection.execute(
            text("CREATE INDEX ix_records_without_key ON records (state)")
        )  # in the way of the last step
    with pytest.raises(OperationalError):
        migrate(url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).all() == [("0011",)]
        made = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'records'")).scalar_one()
        assert "uq_records_identity_key" in made
        assert connection.execute(text("SELECT count(*) FROM records WHERE digital_invoice_number IS NULL")).all() == [
            (2,)
        ]
    engine.dispose()

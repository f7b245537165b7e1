"""The migrations make exactly the tables that the models describe, and can be taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

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


def test_every_migration_can_be_taken_back(url: str) -> None:
    migrate(url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    command.downgrade(config, "0001")
    assert differences(url), "taking back changed nothing"
    migrate(url)
    assert differences(url) == []

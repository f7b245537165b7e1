"""Settings and database for a command. Settings that make no sense end it with exit code 2 and the reason."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from api.cli.output import notice

if TYPE_CHECKING:
    from sqlalchemy.orm import Session, sessionmaker

    from models.settings import Settings


def load_settings() -> Settings:
    from pydantic import ValidationError

    from models.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        for problem in error.errors():
            notice(f"CHAPIAO_{'.'.join(map(str, problem['loc'])).upper()}: {problem['msg']}", "red")
        raise typer.Exit(2) from None


@contextmanager
def database(settings: Settings) -> Iterator[sessionmaker[Session]]:
    """The database at its newest schema, for the length of a block."""
    from models.database import migrate, open_engine, session_factory

    migrate(settings.resolved_database_url)
    engine = open_engine(settings.resolved_database_url)
    try:
        yield session_factory(engine)
    finally:
        engine.dispose()

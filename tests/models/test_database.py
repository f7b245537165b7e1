"""Engines as the service opens them."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import text

from models.database import open_engine


def test_postgresql_takes_whole_numbers_as_bigint_and_the_driver_prepares_nothing(
    postgresql_url: Callable[[str], str],
) -> None:
    engine = open_engine(postgresql_url("template1"))
    with engine.connect() as connection:
        for amount in (7, 70_000, 7_000_000_000, -7) * 6:
            assert connection.scalar(text("SELECT pg_typeof(:amount)::text"), {"amount": amount}) == "bigint"
        assert connection.scalar(text("SELECT count(*) FROM pg_prepared_statements")) == 0
    engine.dispose()

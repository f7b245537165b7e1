"""Engines as the service opens them."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import text

from models.database import open_engine


def test_postgresql_prepares_a_statement_once_whatever_the_size_of_its_numbers(
    postgresql_url: Callable[[str], str],
) -> None:
    engine = open_engine(postgresql_url("template1"))
    prepared = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%AS fen'")
    with engine.connect() as connection:
        for amount in (7, 70_000, 7_000_000_000, -7) * 6:
            assert connection.scalar(text("SELECT :amount AS fen"), {"amount": amount}) == amount
        assert connection.scalar(prepared) == 1
    engine.dispose()

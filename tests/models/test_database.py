"""Engines as the service opens them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, bindparam, select, text

from models.database import open_engine


def test_postgresql_prepares_a_statement_once_whatever_the_size_of_its_numbers(
    postgresql_url: Callable[[str], str],
) -> None:
    engine = open_engine(postgresql_url("template1"))
    statement: Select[Any] = select(bindparam("amount"), text("'fen'"))
    prepared = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%''fen''%'")
    with engine.connect() as connection:
        for amount in (7, 70_000, 7_000_000_000, -7) * 6:
            assert connection.execute(statement, {"amount": amount}).one()[0] == amount
        assert connection.scalar(prepared) == 1
    engine.dispose()

"""Inserts many rows at once through the database's own driver; SQLAlchemy's work per row would double the time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import Session


class Bulk:
    """Rows of one table with one set of columns, values as Python objects in the order of `columns`."""

    def __init__(self, session: Session, table: Table, columns: Sequence[str]) -> None:
        self.session = session
        dialect = session.get_bind().dialect
        place = "?" if dialect.paramstyle == "qmark" else "%s"
        names = ", ".join(dialect.identifier_preparer.quote(column) for column in columns)
        self.statement = f"INSERT INTO {table.name} ({names}) VALUES ({', '.join([place] * len(columns))})"  # noqa: S608
        types = [table.c[column].type.dialect_impl(dialect) for column in columns]
        found = [(at, type_.bind_processor(dialect)) for at, type_ in enumerate(types)]
        #: how the driver wants dates, moments and JSON
        self.processors: list[tuple[int, Callable[[Any], Any]]] = [(at, process) for at, process in found if process]

    def insert(self, rows: list[list[Any]]) -> None:
        """The rows are changed in place to what the driver takes."""
        if not rows:
            return
        for row in rows:
            for at, process in self.processors:
                row[at] = process(row[at])
        self.session.connection().exec_driver_sql(self.statement, [tuple(row) for row in rows])

"""Inserts many rows at once through the database's own driver; SQLAlchemy's work per row would double the time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Index, Table
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


class IndexesAside:
    """Indexes of a table taken away for a large load and built once at its end, all in the import's transaction.

    Only on SQLite, whose single writer holds the database anyway; readers go on with what they see. Sorting once is
    many times faster than a million insertions in random order, and a failed import brings the indexes back unchanged.
    """

    def __init__(self, session: Session, *tables: Table) -> None:
        self.session = session
        self.possible = session.get_bind().dialect.name == "sqlite"
        self.indexes: list[Index] = [index for table in tables for index in table.indexes]
        self.aside = False

    def take(self) -> None:
        if self.possible and not self.aside:
            for index in self.indexes:
                index.drop(self.session.connection())
            self.aside = True

    def restore(self) -> None:
        if self.aside:
            for index in self.indexes:
                index.create(self.session.connection())
            self.aside = False

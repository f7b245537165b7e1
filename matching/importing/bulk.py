"""Many rows at once through the database's own driver; SQLAlchemy's work per row would double the time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Index, Table
from sqlalchemy.orm import Session


class Bulk:
    """Rows of one table, in the order of `columns`; `shared` columns are the same in every row.

    Values are as the driver takes them: days and JSON as text.
    """

    def __init__(
        self, session: Session, table: Table, columns: Sequence[str], shared: Mapping[str, Any] | None = None
    ) -> None:
        self.session = session
        dialect = session.get_bind().dialect
        self.shared = tuple(
            process(value) if (process := table.c[column].type.dialect_impl(dialect).bind_processor(dialect)) else value
            for column, value in (shared or {}).items()
        )
        names = ", ".join(dialect.identifier_preparer.quote(c) for c in (*columns, *(shared or {})))
        self.copies = dialect.name == "postgresql"
        if self.copies:
            self.statement = f"COPY {table.name} ({names}) FROM STDIN"
        else:
            places = ", ".join("?" * (len(columns) + len(self.shared)))
            self.statement = f"INSERT INTO {table.name} ({names}) VALUES ({places})"  # noqa: S608

    def insert(self, rows: Iterable[tuple[Any, ...]]) -> None:
        self._write([(*row, *self.shared) for row in rows] if self.shared else list(rows))

    def insert_columns(self, columns: Sequence[Sequence[Any]]) -> None:
        """The same rows, given by their columns."""
        self._write(list(zip(*columns, *([value] * len(columns[0]) for value in self.shared), strict=True)))

    def _write(self, rows: list[tuple[Any, ...]]) -> None:
        if not rows:
            return
        connection = self.session.connection()
        if not self.copies:
            connection.exec_driver_sql(self.statement, rows)
            return
        driver = connection.connection.driver_connection
        assert driver is not None
        with driver.cursor() as cursor, cursor.copy(self.statement) as copy:
            for row in rows:
                copy.write_row(row)


class Lookup:
    """A query for the rows of which one column is among many values. `{}` in `query` stands for the condition."""

    def __init__(self, session: Session, query: str, column: str) -> None:
        self.session = session
        self.query = query
        self.column = column
        self.arrays = session.get_bind().dialect.name == "postgresql"

    def __call__(self, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        connection = self.session.connection()
        if self.arrays:
            query, given = self.query.format(f"{self.column} = ANY(%s)"), (list(values),)
        else:
            query, given = self.query.format(f"{self.column} IN ({', '.join('?' * len(values))})"), tuple(values)
        return connection.exec_driver_sql(query, given).fetchall()


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

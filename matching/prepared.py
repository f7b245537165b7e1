"""A statement that is run very often: compiled once a dialect, then given to the database's driver as it is.

For the few of which a match consists: SQLAlchemy's work for each would take longer than the database's. Rows are plain
tuples. They run in the session's transaction and see what it has flushed; an error of the driver comes as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Dialect, Select, Update
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

Process = Callable[[Any], Any] | None


class Prepared:
    """Call it with a session and the values of its parameters."""

    def __init__(self, statement: Select[*tuple[Any, ...]] | Update) -> None:
        self.statement = statement
        self.compiled: dict[str, _Compiled] = {}

    def __call__(self, session: Session, values: Mapping[str, Any] | None = None) -> Sequence[tuple[Any, ...]]:
        connection = session.connection()
        compiled = self.compiled.get(connection.dialect.name)
        if compiled is None:
            compiled = self.compiled[connection.dialect.name] = _Compiled(self.statement, connection.dialect)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(compiled.sql, compiled.given(values or {}))
            return compiled.read(cursor.fetchall()) if compiled.is_query else ()
        finally:
            cursor.close()


class _Compiled:
    """A statement in the words of one dialect, with what turns values into the driver's and back."""

    def __init__(self, statement: Select[*tuple[Any, ...]] | Update, dialect: Dialect) -> None:
        found = statement.compile(dialect=dialect)
        assert isinstance(found, SQLCompiler)
        self.sql = str(found)
        self.constants = dict(found.params)
        self.order = found.positiontup
        self.bind: dict[str, Process] = {
            name: bound.type.dialect_impl(dialect).bind_processor(dialect) for name, bound in found.binds.items()
        }
        self.is_query = isinstance(statement, Select)
        columns = [column.type.dialect_impl(dialect) for column in getattr(statement, "selected_columns", ())]
        self.results: list[tuple[int, Callable[[Any], Any]]] = [
            (at, process) for at, kind in enumerate(columns) if (process := kind.result_processor(dialect, None))
        ]

    def given(self, values: Mapping[str, Any]) -> Any:
        bound = self.constants | {
            name: process(value) if (process := self.bind.get(name)) else value for name, value in values.items()
        }
        return bound if self.order is None else [bound[name] for name in self.order]

    def read(self, rows: Sequence[tuple[Any, ...]]) -> Sequence[tuple[Any, ...]]:
        if not self.results:
            return rows
        read = []
        for row in rows:
            values = list(row)
            for at, process in self.results:
                values[at] = process(values[at])
            read.append(tuple(values))
        return read

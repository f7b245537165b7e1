"""A statement that is run very often: compiled once a dialect, then given to the database's driver as it is.

For the few of which a match consists: SQLAlchemy's work for each would take longer than the database's. Rows are plain
tuples. They run in the session's transaction and see what it has flushed; an error of the driver comes as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ColumnElement, Dialect, Select, Text, Update, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

if TYPE_CHECKING:
    from matching.prepared_on_server import OnServer


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
        if compiled.on_server is not None:
            rows = compiled.on_server(connection.connection, compiled.bound(values or {}))
            if rows is not None:
                return compiled.read(rows)
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
        self.bind: list[tuple[str, Callable[[Any], Any]]] = [
            (name, process)
            for name, bound in found.binds.items()
            if (process := bound.type.dialect_impl(dialect).bind_processor(dialect))
        ]
        self.is_query = isinstance(statement, Select)
        columns = [column.type.dialect_impl(dialect) for column in getattr(statement, "selected_columns", ())]
        self.results: list[tuple[int, Callable[[Any], Any]]] = [
            (at, process) for at, kind in enumerate(columns) if (process := kind.result_processor(dialect, None))
        ]

        self.on_server: OnServer | None = None
        if dialect.driver == "psycopg":
            from matching.prepared_on_server import OnServer  # not needed by those who use SQLite

            self.on_server = OnServer(self.sql)

    def bound(self, values: Mapping[str, Any]) -> dict[str, Any]:
        bound = {**self.constants, **values}
        for name, process in self.bind:
            if name in values:
                bound[name] = process(bound[name])
        return bound

    def given(self, values: Mapping[str, Any]) -> Any:
        bound = self.bound(values)
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


class _Rows(FunctionElement[str]):
    """Rows as a JSON list of lists."""

    type = Text()
    inherit_cache = True


@compiles(_Rows, "postgresql")
def _of_postgresql(element: _Rows, compiler: SQLCompiler, **options: Any) -> str:
    return f"coalesce(json_agg(json_build_array({compiler.process(element.clauses, **options)}))::text, '[]')"


@compiles(_Rows, "sqlite")
def _of_sqlite(element: _Rows, compiler: SQLCompiler, **options: Any) -> str:
    texts = [compiler.process(each, **options) for each in element.clauses]
    cells = (f"json({t})" if isinstance(e.type, JSON) else t for e, t in zip(element.clauses, texts, strict=True))
    return f"json_group_array(json_array({', '.join(cells)}))"


def rows_as_text(columns: Sequence[ColumnElement[Any]], condition: ColumnElement[bool] | None = None) -> Any:
    """A few rows as one text of JSON, in no order: read with another statement, and compared as a whole with the last.

    Days and moments are in ISO form; a yes or no is 1 or 0 on SQLite.
    """
    query = select(_Rows(*columns))
    return (query if condition is None else query.where(condition)).correlate(None).scalar_subquery()

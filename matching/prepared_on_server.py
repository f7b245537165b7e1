"""A statement that PostgreSQL keeps prepared, with its plan, for as long as the connection lives.

psycopg would prepare it after some uses, but forgets what it prepared on every rollback, and whoever only reads rolls
back. Given to libpq as it is: of a short statement the driver's own work was the greater part. Works within a
transaction that the driver has begun; values go as text, and so a statement is the same whatever is blank.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from psycopg import Connection
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult
from psycopg.types.json import Json
from sqlalchemy import PoolProxiedConnection

_PLACE = re.compile(r"%\((\w+)\)s")
_NUMBERS = itertools.count(1)
_DONE = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)


class OnServer:
    """`sql` with its places as `%(name)s`."""

    def __init__(self, sql: str) -> None:
        self.names: list[str] = []
        self.sql = _PLACE.sub(self._numbered, sql).replace("%%", "%").encode()
        self.name = f"chapiao_{next(_NUMBERS)}".encode()

    def _numbered(self, place: re.Match[str]) -> str:
        if place[1] not in self.names:
            self.names.append(place[1])
        return f"${self.names.index(place[1]) + 1}"

    def __call__(
        self, connection: PoolProxiedConnection, values: Mapping[str, Any]
    ) -> Sequence[tuple[Any, ...]] | None:
        """None where the driver has to take the statement: to begin the transaction first, or to refuse a character
        that would end a text early (NUL)."""
        driver = cast("Connection[Any]", connection.driver_connection)
        server = driver.pgconn
        given = [_as_text(values[name]) for name in self.names]
        if server.transaction_status != TransactionStatus.INTRANS or any(text and b"\0" in text for text in given):
            return None
        known: set[bytes] = connection.info.setdefault("prepared_on_server", set())
        if self.name not in known:
            _checked(server.prepare(self.name, self.sql))
            known.add(self.name)
        # None is NULL, whatever the stub says
        result = _checked(server.exec_prepared(self.name, cast("list[bytes]", given)))
        reader = Transformer(driver)
        reader.set_pgresult(result)
        return cast("list[tuple[Any, ...]]", reader.load_rows(0, result.ntuples, tuple))


def _checked(result: PGresult) -> PGresult:
    if result.status not in _DONE:
        raise error_from_result(result)
    return result


def _as_text(value: Any) -> bytes | None:
    if value is None:
        return None
    return (value if type(value) is str else json.dumps(value.obj) if type(value) is Json else str(value)).encode()

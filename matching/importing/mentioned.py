"""Which records stored before an import its file has spoken of, and with what amounts. On disk: files are long."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table
from sqlalchemy.orm import Session

from matching.importing.bulk import Bulk, Lookup

TABLE = Table(
    "import_mentioned",
    MetaData(),
    Column("record_id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("amounts", BigInteger, nullable=False),
    prefixes=["TEMPORARY"],
)


class Mentioned:
    """A temporary table in the import's transaction. `drop` it at the end."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.made = False
        self.lookup = Lookup(session, "SELECT record_id, amounts FROM import_mentioned WHERE {}", "record_id")
        self.bulk = Bulk(session, TABLE, ("record_id", "amounts"))

    def amounts(self, record_ids: Sequence[int]) -> dict[int, int]:
        """A number that stands for the amounts and the day with which the file spoke of each."""
        return {row[0]: row[1] for row in self.lookup(record_ids)} if self.made and record_ids else {}

    def note(self, amounts: Sequence[tuple[int, int]]) -> None:
        if not self.made:
            TABLE.create(self.session.connection())
            self.made = True
        self.bulk.insert(amounts)

    def __contains__(self, record_id: int) -> bool:
        return record_id in self.amounts([record_id])

    def drop(self) -> None:
        if self.made:
            TABLE.drop(self.session.connection())
            self.made = False

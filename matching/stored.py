"""Records and imports as matching reads them: plain rows of the columns it needs, without the weight of ORM objects."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from matching.prepared import Prepared, rows_as_text
from models.tables import ImportRow, RecordRow


class StoredRecord(NamedTuple):
    """The columns of `records` that a comparison looks at."""

    id: int
    invoice_code: str | None
    invoice_number: str | None
    digital_invoice_number: str | None
    issue_date: date | None
    seller_name: str | None
    seller_tax_id: str | None
    buyer_name: str | None
    buyer_tax_id: str | None
    total_excl_fen: int | None
    total_tax_fen: int | None
    total_incl_fen: int | None
    state: str
    state_label: str | None
    damaged_json: str
    origin: str
    import_id: int | None

    @property
    def damaged(self) -> Mapping[str, Any]:
        """Unpacked where it is asked for: a match looks at many records, of which few have any."""
        found: Mapping[str, Any] = {} if self.damaged_json == "{}" else json.loads(self.damaged_json)
        return found

    @property
    def number(self) -> str | None:
        return self.digital_invoice_number or self.invoice_number


class StoredImport(NamedTuple):
    """What an import covers; its list of problems may be long and is left where it is."""

    id: int
    format: str
    direction: str
    owner_tax_id: str | None
    kinds: tuple[str, ...]
    date_from: date | None
    date_to: date | None
    imported_at: datetime


RECORD_COLUMNS = tuple(
    cast(RecordRow.damaged, Text) if name == "damaged_json" else getattr(RecordRow, name)
    for name in StoredRecord._fields
)
#: every import that counts, as one text
IMPORTS = rows_as_text([getattr(ImportRow, name) for name in StoredImport._fields], ImportRow.undone_at.is_(None))
_IMPORTS = Prepared(select(IMPORTS))


def records(rows: Iterable[tuple[Any, ...]]) -> list[StoredRecord]:
    return [StoredRecord._make(row) for row in rows]


def load_imports(session: Session) -> tuple[StoredImport, ...]:
    [(text,)] = _IMPORTS(session)
    return imports_of(text)


@lru_cache(maxsize=4)
def imports_of(text: str) -> tuple[StoredImport, ...]:
    """What `IMPORTS` said, oldest first. The same text means the same, and comes with every match."""
    return tuple(sorted(_import_of(row) for row in json.loads(text)))


def _import_of(row: Sequence[Any]) -> StoredImport:
    said = dict(zip(StoredImport._fields, row, strict=True))
    moment = datetime.fromisoformat(said["imported_at"])
    days = {name: _day(said[name]) for name in ("date_from", "date_to")}
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return StoredImport(**said | days | {"kinds": tuple(said["kinds"]), "imported_at": aware})


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

"""Records and imports as matching reads them: plain rows of the columns it needs, without the weight of ORM objects."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from matching.prepared import Prepared
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
    kinds: list[str]
    date_from: date | None
    date_to: date | None
    imported_at: datetime


RECORD_COLUMNS = tuple(
    cast(RecordRow.damaged, Text) if name == "damaged_json" else getattr(RecordRow, name)
    for name in StoredRecord._fields
)
_OF_IMPORTS = select(*(getattr(ImportRow, name) for name in StoredImport._fields))
_IMPORTS = Prepared(_OF_IMPORTS.where(ImportRow.undone_at.is_(None)).order_by(ImportRow.id))


def records(rows: Iterable[tuple[Any, ...]]) -> list[StoredRecord]:
    return [StoredRecord._make(row) for row in rows]


def load_imports(session: Session) -> list[StoredImport]:
    return [StoredImport._make(row) for row in _IMPORTS(session)]

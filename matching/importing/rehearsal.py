"""An import carried out and taken back at once: what it would do, told row by row. Leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from matching.importing.importer import Recognise, import_records
from matching.importing.merging import COMPARED
from models.ledger import Direction
from models.tables import ImportRow, RecordChangeRow, RecordRow


@dataclass(frozen=True, slots=True)
class Told:
    """One row that would be added or would change a record."""

    kind: Literal["added", "changed"]
    sheet_row: int | None
    record_id: int | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def rehearse(
    session: Session,
    source: bytes | Path,
    name: str,
    *,
    direction: Direction | None,
    owner_tax_id: str | None,
    progress: Callable[[int], None] | None,
    recognise: Recognise,
    told: Callable[[Told], None],
) -> ImportRow:
    """As `import_records`; the row returned belongs to no session."""
    with session.begin_nested() as nothing:
        row = import_records(
            session, source, name, direction=direction, owner_tax_id=owner_tax_id, progress=progress,
            recognise=recognise,
        )  # fmt: skip
        for change in session.scalars(select(RecordChangeRow).where(RecordChangeRow.import_id == row.id)):
            record = session.get_one(RecordRow, change.record_id)
            after = {column: getattr(record, column) for column in COMPARED}
            before = after | {c: _date(c, v) for c, v in change.before.items() if c in COMPARED}
            told(Told("changed", None, record.id, before, after))
        touched = select(RecordChangeRow.record_id).where(RecordChangeRow.import_id == row.id)
        mine = select(RecordRow).where(RecordRow.import_id == row.id, RecordRow.id.not_in(touched))
        for record in session.scalars(mine.order_by(RecordRow.id)):
            told(Told("added", None, None, {}, {column: getattr(record, column) for column in COMPARED}))
        kept = {
            column.key: getattr(row, column.key) for column in inspect(ImportRow).column_attrs if column.key != "id"
        }
        nothing.rollback()
    return ImportRow(**kept)


def _date(column: str, value: Any) -> Any:
    return date.fromisoformat(value) if column == "issue_date" and value else value

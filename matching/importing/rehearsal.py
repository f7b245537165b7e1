"""An import carried out and taken back at once: what it would do, told row by row. Leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from matching.importing.importer import Recognise, import_records
from matching.importing.telling import Told
from models.ledger import Direction
from models.tables import ImportRow


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
    """As `import_records`; the row returned belongs to no session, and the records told of are gone again."""
    with session.begin_nested() as nothing:
        row = import_records(
            session, source, name, direction=direction, owner_tax_id=owner_tax_id, progress=progress,
            recognise=recognise, told=told,
        )  # fmt: skip
        names = {column.key for column in inspect(ImportRow).column_attrs} - {"id"}
        kept = {name: getattr(row, name) for name in names}
        nothing.rollback()
    return ImportRow(**kept)

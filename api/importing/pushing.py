"""Records that another system pushes as JSON: the same import as a table's, one answer a row.

Pushing the same rows again changes nothing. A push covers no days unless its sender says so: a few invoices are no
proof that a month was imported.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from matching.importing import import_records
from matching.importing.mapping import INVOICE_FIELDS, ColumnMapping, Recogniser
from matching.importing.problem_sheet import is_refused
from matching.importing.tables import Sheet
from matching.importing.telling import Told
from models.ledger import Direction
from models.tables import ImportRow

MOST_ROWS = 2000
PUSHED = "pushed"
_MAPPING = ColumnMapping(headers=INVOICE_FIELDS, columns={name: at for at, name in enumerate(INVOICE_FIELDS)})


@dataclass(slots=True)
class PushedRow:
    """What became of one row, in the order of the request."""

    result: str = "rejected"
    record_id: int | None = None
    problems: list[str] = field(default_factory=list)


def push(
    session: Session, rows: Sequence[Mapping[str, str | None]], *, user_id: int, source: str,
    direction: Direction | None, owner_tax_id: str | None, covers: tuple[date, date] | None,
) -> tuple[ImportRow, list[PushedRow]]:  # fmt: skip
    """Import rows of our own columns. Commits nothing. Raises RecordsError."""
    table = [[row.get(name) or "" for name in INVOICE_FIELDS] for row in rows]
    results = [PushedRow() for _ in rows]

    def told(said: Told) -> None:
        results[said.sheet_row - 2].result = said.kind  # row 1 is the header
        results[said.sheet_row - 2].record_id = said.record_id

    def cells() -> Iterator[list[Any]]:
        yield list(INVOICE_FIELDS)
        yield from table

    said = json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode()
    imported = import_records(
        session, [Sheet("", cells)], source, user_id=user_id, direction=direction, owner_tax_id=owner_tax_id,
        recognise=Recogniser(_MAPPING), sha256=hashlib.sha256(said).hexdigest(), told=told,
    )  # fmt: skip
    imported.format = PUSHED
    imported.date_from, imported.date_to = covers or (None, None)
    for problem in imported.problems:
        row = problem.get("row")
        if isinstance(row, int) and 2 <= row < len(results) + 2:
            results[row - 2].problems.append(f"{problem.get('column') or ''} {problem['what']}".strip())
            if is_refused(problem):
                results[row - 2].result = "rejected"
    session.flush()
    return imported, results

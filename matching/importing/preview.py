"""What an import would do, before it does it: the same run as the import, dry, and what a person wants to see of it.

Nothing is written. Lists are bounded: a file of a million rows gives the same page as one of a hundred.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.companies import OurCompanies
from matching.importing.guessing import guess
from matching.importing.headers import Layout, recognise
from matching.importing.importer import Recognise
from matching.importing.mapping import ColumnMapping, Recogniser, shown, table_of
from matching.importing.problem_sheet import is_damage
from matching.importing.rehearsal import rehearse
from matching.importing.tables import Sheet, sheets
from matching.importing.telling import Told
from models.ledger import Direction
from models.tables import ImportRow

FIRST_ROWS = 12
SHOWN_CHANGES = 100
SHOWN_TABLES = 5
#: columns of a record that a change of is told one by one with before → after and counted as such
_COUNTED = ("state_label", "state", "direction")
#: what a person would not call a change
_INNER = frozenset({"identity_key", "number_tail", "damaged"})


@dataclass(frozen=True, slots=True)
class _Counting(Layout):
    """A layout that says how many rows the import took from its sheet."""

    counted: Callable[[int], None] = lambda _rows: None

    def took(self, rows: int) -> None:
        self.counted(rows)


@dataclass(slots=True)
class _Watch:
    """Gathers what the run tells."""

    recognise: Recognise
    sheets: list[dict[str, Any]] = field(default_factory=list)
    first: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    changed: Counter[str] = field(default_factory=Counter)
    undirected: int = 0

    def layout(self, sheet: Sheet) -> Layout | None:
        layout = self.recognise(sheet)
        seen: dict[str, Any] = {"name": sheet.name, "format": None, "rows": None}
        self.sheets.append(seen)
        if layout is None:
            return None
        seen |= {
            "format": layout.format.name, "grain": layout.format.grain, "header_row": layout.header_row,
            "columns": dict(layout.headers), "unused": _unused(layout),
        }  # fmt: skip
        values = {each.name: getattr(layout, each.name) for each in dataclasses.fields(Layout)}
        return _Counting(**values, counted=lambda rows: seen.update(rows=rows))

    def told(self, said: Told) -> None:
        if said.kind == "unchanged":
            return
        self.undirected += said.after.get("direction") == Direction.UNKNOWN.value
        if len(self.first) < FIRST_ROWS:
            self.first.append({"row": said.sheet_row, "kind": said.kind, **_plain(said.after)})
        if said.kind != "changed":
            return
        fields = {
            column: (said.before.get(column), value)
            for column, value in said.after.items()
            if column not in _INNER and said.before.get(column) != value
        }
        for column, (before, after) in fields.items():
            self.changed[f"{column}:{before or ''}→{after or ''}" if column in _COUNTED else column] += 1
        if len(self.changes) < SHOWN_CHANGES:
            self.changes.append(
                {
                    "row": said.sheet_row, "record_id": said.record_id, **_identity(said.after),
                    "fields": [[c, _json(b), _json(a)] for c, (b, a) in fields.items()],
                }
            )  # fmt: skip


def preview(
    session: Session,
    source: bytes | Path,
    name: str,
    *,
    direction: Direction | None = None,
    owner_tax_id: str | None = None,
    mapping: ColumnMapping | None = None,
    near: bool = False,
    progress: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    """What `import_records` with the same words would do, as JSON. Raises RecordsError where it would."""
    fits = Recogniser(mapping, near) if mapping else None
    watch = _Watch(fits or recognise)
    row = rehearse(
        session, source, name, direction=direction, owner_tax_id=owner_tax_id, progress=progress,
        recognise=watch.layout, told=watch.told,
    )  # fmt: skip
    if fits:
        fits.refuse_if_unused()
    same = select(ImportRow.id).where(ImportRow.sha256 == row.sha256, ImportRow.undone_at.is_(None))
    problems = [problem for problem in row.problems if problem.get("row")]
    return {
        "format": row.format, "direction": row.direction, "owner_tax_id": row.owner_tax_id, "kinds": list(row.kinds),
        "date_from": _json(row.date_from), "date_to": _json(row.date_to), "rows": row.rows, "added": row.added,
        "updated": row.updated, "unchanged": row.unchanged, "rejected": row.rejected, "sheets": watch.sheets,
        "first": watch.first, "changes": watch.changes, "changed": dict(watch.changed.most_common(40)),
        "undirected": watch.undirected, "problems": list(row.problems), "damaged": sum(map(is_damage, problems)),
        "imported_before": session.scalar(same.order_by(ImportRow.id.desc()).limit(1)),
        "mapping": mapping.name if mapping else None,
    }  # fmt: skip


def unknown_tables(
    session: Session, source: bytes | Path, *, direction: Direction | None = None, header_row: int | None = None
) -> list[dict[str, Any]]:
    """The sheets of a file with their columns, samples and a proposal, for a person to say which is which."""
    ours = OurCompanies.load(session)
    found: list[dict[str, Any]] = []
    for sheet in sheets(source):
        table = table_of(sheet, header_row)
        if table is None or not table.rows or len(found) >= SHOWN_TABLES:
            continue
        found.append(
            {
                "sheet": table.sheet, "header_row": table.header_row, "headers": list(table.headers),
                "columns": [column.export() for column in table.columns],
                "guess": guess(table, ours, direction=direction),
            }
        )  # fmt: skip
    return found


def _unused(layout: Layout) -> list[str]:
    """Headers of the file that nothing is taken from."""
    taken = set(layout.columns.values())
    return [header for at, header in layout.printed_headers if at not in taken and shown(header)][:40]


def _identity(columns: Mapping[str, Any]) -> dict[str, Any]:
    number = columns.get("digital_invoice_number") or columns.get("invoice_number")
    return {"number": number, "code": columns.get("invoice_code"), "seller_name": columns.get("seller_name")}


def _plain(columns: Mapping[str, Any]) -> dict[str, Any]:
    return {column: _json(value) for column, value in columns.items() if column not in ("identity_key", "number_tail")}


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value

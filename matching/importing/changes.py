"""What an import changed on records that were there before: kept as they were, shown as history, put back by undo.

An import is undone whole or not at all, and only while nothing later rests on it. A draft that its record ended is a
draft again, an approved supplement that gave way to it has its record back (`matching.supplement.restoring`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, cast, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from matching.importing.turns import one_at_a_time
from matching.supplement.restoring import give_back, let_go
from models.errors import RequestError, Text
from models.tables import ImportRow, InvoiceRow, RecordChangeRow, RecordKeyRow, RecordRow
from models.tables.base import now

ABSORBED = "absorbed"  #: id of a record that proved to be the same invoice and was merged
ADDED_KEYS = "added_keys"


def change_of(
    record_id: int, import_row: ImportRow, before: Mapping[str, Any], added_keys: Sequence[str]
) -> dict[str, Any]:
    """A row of `record_changes`."""
    kept = {column: value.isoformat() if isinstance(value, date) else value for column, value in before.items()}
    if added_keys:
        kept[ADDED_KEYS] = list(added_keys)
    return {"record_id": record_id, "import_id": import_row.id, "before": kept, "at": import_row.imported_at}


@dataclass(frozen=True, slots=True)
class Change:
    """One step of a record's history: when, by which file, and the columns as they were before."""

    at: datetime
    file_name: str
    before: Mapping[str, Any]


def history(session: Session, record_id: int) -> list[Change]:
    """What imports changed on a record, oldest first."""
    query = (
        select(RecordChangeRow.at, ImportRow.file_name, RecordChangeRow.before)
        .join(ImportRow, ImportRow.id == RecordChangeRow.import_id)
        .where(RecordChangeRow.record_id == record_id)
        .order_by(RecordChangeRow.id)
    )
    return [Change(row.at, row.file_name, row.before) for row in session.execute(query)]


def undo_import(session: Session, import_row: ImportRow) -> int:
    """Take an import back: records it added go, records it changed are as before. Returns how many.

    Captured invoices linked to what went are open again; the caller runs `rematch`. Raises RequestError where
    something later rests on the import. Detail rows that it replaced stay replaced: they are the same invoice's.
    """
    one_at_a_time(session)
    session.refresh(import_row)
    changes = list(session.scalars(select(RecordChangeRow).where(RecordChangeRow.import_id == import_row.id)))
    changes.sort(key=lambda change: -change.id)  # the last change is put back first
    touched = {change.record_id for change in changes}
    mine = (RecordRow.import_id == import_row.id) & ~exists().where(
        RecordChangeRow.record_id == RecordRow.id, RecordChangeRow.import_id == import_row.id
    )
    _refuse_if_needed(session, import_row, changes)
    gone = list(session.scalars(select(RecordRow.id).where(mine)))
    drafts = let_go(session, mine, import_row.id)
    _forget(session, set(gone))
    session.execute(delete(RecordRow).where(mine))
    for change in changes:
        before = dict(change.before)
        keys = before.pop(ADDED_KEYS, [])
        session.execute(delete(RecordKeyRow).where(RecordKeyRow.key.in_(keys)))
        if issued := before.get("issue_date"):
            before["issue_date"] = date.fromisoformat(issued)
        values = before | {"updated_at": now()}  # later than the match: `rematch` looks again
        session.execute(update(RecordRow).where(RecordRow.id == change.record_id).values(**values))
    session.execute(delete(RecordChangeRow).where(RecordChangeRow.import_id == import_row.id))
    import_row.undone_at = now()
    session.flush()
    session.expire_all()
    give_back(session, drafts, import_row.file_name)
    return len(gone) + len(touched)


def undo_refusal(session: Session, import_row: ImportRow) -> Text | None:
    """Why `undo_import` would refuse, in words; None where it would not."""
    changes = session.scalars(select(RecordChangeRow).where(RecordChangeRow.import_id == import_row.id)).all()
    try:
        _refuse_if_needed(session, import_row, changes)
    except RequestError as refused:
        why: Text = refused.details["why"]
        return why
    return None


def _refuse_if_needed(session: Session, import_row: ImportRow, changes: Sequence[RecordChangeRow]) -> None:
    if import_row.undone_at is not None:
        raise RequestError("import_not_undoable", why=Text("已经撤销过", "it has been taken back already"))
    # a later file of the same days may hold the same invoices, and would not bring them again
    later = select(ImportRow.file_name).where(ImportRow.id > import_row.id, ImportRow.undone_at.is_(None))
    first, last = import_row.date_from, import_row.date_to
    if first is not None and last is not None:
        overlaps = (ImportRow.date_from <= last) & (ImportRow.date_to >= first)
        later = later.where(or_(ImportRow.date_from.is_(None), overlaps))
    if name := session.scalar(later):
        raise RequestError("import_not_undoable", why=Text(
            f"此后导入的“{name}”与它期间重叠，请先撤销后者",
            f"“{name}”, imported later, covers days of it; take that one back first",
        ))  # fmt: skip
    if any(ABSORBED in change.before for change in changes):
        raise RequestError(
            "import_not_undoable",
            why=Text(
                "它已使此前受损的记录合并为完整记录；记录有误时，请导入更正后的文件",
                "it made damaged records whole; where a record is wrong, import the corrected file",
            ),
        )


def _forget(session: Session, gone: set[int]) -> None:
    """No invoice keeps a link, a confirmation or a rejection of a record that goes: its id may be given again."""
    query = select(InvoiceRow).where(
        or_(InvoiceRow.record_id.is_not(None), cast(InvoiceRow.match, String).contains('"rejected"'))
    )
    for invoice in session.scalars(query):
        said = dict(invoice.match or {})
        if said.get("confirmed", {}).get("record_id") in gone:
            said.pop("confirmed")
        if "rejected" in said:
            said["rejected"] = [id_ for id_ in said["rejected"] if id_ not in gone]
        invoice.match = said if invoice.match is not None else None
        if invoice.record_id in gone:
            invoice.record_id = None
    session.flush()

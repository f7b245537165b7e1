"""Puts records into the database in bulk: same key, same record, however often a file is imported.

When two imports disagree: the tax account's word stands over a typed table's, an approved supplement gives way to
either, blanks are filled, and a state that cannot be undone (作废, 已红冲-全额) is not undone by an older file.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from matching.importing.bulk import Bulk, IndexesAside
from matching.importing.changes import ABSORBED, change_of
from matching.importing.formats import FORMATS, Authority
from matching.importing.merging import COMPARED, columns_of, conflict, merge
from matching.importing.rows import Problems
from models.ledger import Direction, Record
from models.tables import DraftRow, ImportRow, InvoiceRow, RecordChangeRow, RecordKeyRow, RecordLineRow, RecordRow
from models.tables.base import now

CHUNK = 1000
LARGE = 20_000  #: rows added from which indexes are built at the end, if they outnumber what was there
RECORDS = cast(Table, RecordRow.__table__)
KEYS = cast(Table, RecordKeyRow.__table__)
_AUTHORITY = {form.name: form.authority for form in FORMATS}


@dataclass(slots=True)
class Counts:
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0


@dataclass(slots=True)
class RecordStore:
    """Collects records and writes them a chunk at a time. Call `flush` at the end."""

    session: Session
    import_row: ImportRow
    authority: Authority
    problems: Problems
    sheet: str = ""
    counts: Counts = field(default_factory=Counts)
    _pending: dict[str, tuple[Record, tuple[str, ...], Direction]] = field(default_factory=dict)
    _pending_keys: set[str] = field(default_factory=set)
    _seen: dict[str, int] = field(default_factory=dict)
    _stand_ins: Counter[str] = field(default_factory=Counter)
    _authorities: dict[int, Authority] = field(default_factory=dict)
    _aside: IndexesAside | None = None
    _changed: set[int] = field(default_factory=set)
    _changes: list[dict[str, Any]] = field(default_factory=list)

    def add(self, record: Record, direction: Direction) -> None:
        keys = record.keys or (self._stand_in(record),)
        money = hash((record.total_excl_tax, record.total_tax, record.total_incl_tax, record.issue_date))
        if any(self._seen.setdefault(key, money) != money for key in keys):
            what = "同一文件中该发票出现多次且金额或日期不同，只保留第一行，本行未导入"
            self.problems.add(self.sheet, record.row, None, f"{what}：{keys[0]}")
            self.counts.rejected += 1
            return
        if len(self._pending) >= CHUNK or not self._pending_keys.isdisjoint(keys):
            self.flush()
        self._pending[keys[0]] = (record, keys, direction)
        self._pending_keys.update(keys)

    def _stand_in(self, record: Record) -> str:
        """Key of a record whose own is damaged or incomplete: the same cells give the same key on re-import."""
        cells = (
            record.invoice_code, record.invoice_number, record.digital_invoice_number, record.issue_date,
            record.seller_tax_id, record.seller_name, record.total_excl_tax, record.total_tax, record.total_incl_tax,
            sorted(record.damaged.items()),
        )  # fmt: skip
        digest = hashlib.sha256(repr(cells).encode()).hexdigest()[:40]
        self._stand_ins[digest] += 1  # equal rows may be different invoices once their numbers are damaged
        nth = self._stand_ins[digest]
        return f"?{digest}" if nth == 1 else f"?{digest}#{nth}"

    @property
    def seen(self) -> Container[str]:
        """Keys of every record of the file."""
        return self._seen

    def flush(self) -> None:
        if not self._pending:
            return
        existing = self._existing()
        fresh: list[tuple[Record, tuple[str, ...], Direction]] = []
        changed: list[dict[str, Any]] = []
        new_keys: list[list[Any]] = []
        for record, keys, direction in self._pending.values():
            found = list({existing[key].id: existing[key] for key in keys if key in existing}.values())
            if not found:
                fresh.append((record, keys, direction))
                continue
            row = found[0]
            for other in found[1:]:  # two halves of one 数电纸票, joined by this row that bears both keys
                absorb(self.session, row.id, other.id, self.import_row)
            added_keys = [key for key in keys if key not in existing]
            new_keys += [[key, row.id] for key in added_keys]
            self._compare(record, direction, row, changed, added_keys)
        self._insert(fresh, new_keys)
        if changed:
            statement = update(RECORDS).where(RECORDS.c.id == bindparam("row_id"))
            self.session.execute(statement, changed)
        if self._changes:
            self.session.execute(insert(RecordChangeRow), self._changes)
            self._changes.clear()
        Bulk(self.session, KEYS, ("key", "record_id")).insert(new_keys)
        self._pending.clear()
        self._pending_keys.clear()

    def _existing(self) -> dict[str, Row[Any]]:
        columns = [KEYS.c.key, RECORDS.c.id, RECORDS.c.import_id, RECORDS.c.origin, *(RECORDS.c[c] for c in COMPARED)]
        query = select(*columns).join(RECORDS, KEYS.c.record_id == RECORDS.c.id)
        keys = list(self._pending_keys)
        return {row.key: row for row in self.session.execute(query.where(KEYS.c.key.in_(keys)))}

    def _compare(
        self, record: Record, direction: Direction, row: Row[Any], changed: list[dict[str, Any]], added_keys: list[str]
    ) -> None:
        stored = {column: getattr(row, column) for column in COMPARED}
        held = self._authority_of(row)
        incoming = columns_of(record, direction)
        merged = merge(stored, incoming, overrides=self.authority >= held)
        if self.authority < held and (said := conflict(stored, incoming)):
            self.problems.add(self.sheet, record.row, None, f"与税务局导出的记录不一致，保留税务局数据：{said}")
        if merged == stored and row.origin == "import":
            self.counts.unchanged += 1
            return
        owner = self.import_row.id if self.authority >= held else row.import_id
        before = {column: value for column, value in stored.items() if merged[column] != value}
        before |= {"origin": row.origin, "import_id": row.import_id}
        if row.import_id != self.import_row.id or row.id in self._changed:  # else this very file brought it
            self._changes.append(change_of(row.id, self.import_row, before, added_keys))
            self._changed.add(row.id)
        # every row of one executemany carries the same columns
        changed.append(merged | {"row_id": row.id, "origin": "import", "import_id": owner, "updated_at": now()})
        self.counts.updated += 1

    def _authority_of(self, row: Row[Any]) -> Authority:
        if row.origin != "import" or row.import_id is None:
            return Authority.SUPPLEMENT
        if row.import_id not in self._authorities:
            known = self.session.execute(select(ImportRow.id, ImportRow.format)).all()
            self._authorities = {id_: _AUTHORITY.get(name, Authority.TYPED) for id_, name in known}
        return self._authorities[row.import_id]

    def _insert(self, fresh: Sequence[tuple[Record, tuple[str, ...], Direction]], new_keys: list[list[Any]]) -> None:
        if not fresh:
            return
        moment = self.import_row.imported_at  # one moment an import: healing tells by it what came together
        shared = {"origin": "import", "import_id": self.import_row.id, "created_at": moment, "updated_at": moment}
        rows = []
        for id_, (record, keys, direction) in zip(_allocate_ids(self.session, len(fresh)), fresh, strict=True):
            rows.append([*columns_of(record, direction).values(), *shared.values(), id_])
            new_keys += [[key, id_] for key in keys]
        Bulk(self.session, RECORDS, (*COMPARED, *shared, "id")).insert(rows)
        self.counts.added += len(rows)
        if self.counts.added >= LARGE:
            self._prepare_for_many()

    def _prepare_for_many(self) -> None:
        if self._aside is None:
            self._aside = IndexesAside(self.session, RECORDS, KEYS)
            before = (self.session.scalar(select(func.max(RECORDS.c.id))) or 0) - self.counts.added
            if before < LARGE:
                self._aside.take()

    def finish(self) -> None:
        """After the last `flush`: the indexes are there again."""
        if self._aside is not None:
            self._aside.restore()


def _allocate_ids(session: Session, count: int) -> Iterable[int]:
    """Ids known before the insert, so that keys and lines go in bulk. The import row, written first in the same
    transaction, holds SQLite's only write lock; PostgreSQL draws from its sequence."""
    if session.get_bind().dialect.name == "postgresql":
        draw = "SELECT nextval(pg_get_serial_sequence('records', 'id')) FROM generate_series(1, :count)"
        return list(session.scalars(text(draw), {"count": count}))
    first = (session.scalar(select(func.max(RECORDS.c.id))) or 0) + 1
    return range(first, first + count)


def absorb(session: Session, keep: int, gone: int, import_row: ImportRow) -> None:
    """Two stored records proved to be one invoice: keys, lines and links move to `keep`."""
    session.execute(insert(RecordChangeRow), [change_of(keep, import_row, {ABSORBED: gone}, [])])
    session.execute(update(RecordChangeRow).where(RecordChangeRow.record_id == gone).values(record_id=keep))
    session.execute(update(RecordKeyRow).where(RecordKeyRow.record_id == gone).values(record_id=keep))
    session.execute(update(InvoiceRow).where(InvoiceRow.record_id == gone).values(record_id=keep))
    session.execute(update(DraftRow).where(DraftRow.record_id == gone).values(record_id=keep))
    if session.scalar(select(RecordLineRow.id).where(RecordLineRow.record_id == keep).limit(1)) is None:
        session.execute(update(RecordLineRow).where(RecordLineRow.record_id == gone).values(record_id=keep))
    session.execute(delete(RecordLineRow).where(RecordLineRow.record_id == gone))
    session.execute(delete(RecordRow).where(RecordRow.id == gone))

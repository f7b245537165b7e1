"""Puts records into the database in bulk: same key, same record, however often a file is imported.

When two imports disagree: the tax account's word stands over a typed table's, an approved supplement gives way to
either, blanks are filled, and a state that cannot be undone (作废, 已红冲-全额) is not undone by an older file.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, bindparam, delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from matching.importing.bulk import Bulk, IndexesAside, Lookup
from matching.importing.changes import ABSORBED, change_of
from matching.importing.formats import FORMATS, Authority
from matching.importing.mentioned import Mentioned
from matching.importing.merging import COMPARED, conflict, merge
from matching.importing.plain_rows import ReadRow, ReadRows
from matching.importing.rows import Problems
from matching.importing.telling import Told
from models.tables import DraftRow, ImportRow, InvoiceRow, RecordChangeRow, RecordKeyRow, RecordLineRow, RecordRow
from models.tables.base import now

CHUNK = 2000  #: keys looked up at a time
LARGE = 20_000  #: rows added from which indexes are built at the end, if they outnumber what was there
RECORDS = cast(Table, RecordRow.__table__)
KEYS = cast(Table, RecordKeyRow.__table__)
_AUTHORITY = {form.name: form.authority for form in FORMATS}
_AMOUNTS = itemgetter(
    *(COMPARED.index(column) for column in ("total_excl_fen", "total_tax_fen", "total_incl_fen", "issue_date"))
)
_DAY, _POSITIVE, _DAMAGED = (COMPARED.index(column) for column in ("issue_date", "is_positive", "damaged"))
#: the cells by which a row without a key of its own is known again
_NAMING = tuple(
    COMPARED.index(column)
    for column in (
        "invoice_code", "invoice_number", "digital_invoice_number", "issue_date", "seller_tax_id", "seller_name",
        "total_excl_fen", "total_tax_fen", "total_incl_fen", "damaged",
    )
)  # fmt: skip
Printed = Callable[[int], Mapping[str, str]]


@dataclass(slots=True)
class Counts:
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0


class Stored(NamedTuple):
    """A record as it was before the file's row."""

    id: int
    import_id: int | None
    origin: str
    values: tuple[Any, ...]


class RecordStore:
    """Writes the rows of a file, some thousand at a time."""

    def __init__(
        self,
        session: Session,
        import_row: ImportRow,
        authority: Authority,
        problems: Problems,
        told: Callable[[Told], None] | None = None,
    ) -> None:
        self.session = session
        self.import_row = import_row
        self.authority = authority
        self.problems = problems
        self.told = told
        self.sheet = ""
        self.counts = Counts()
        self.mentioned = Mentioned(session)
        self._stand_ins: Counter[int] = Counter()
        self._authorities: dict[int, Authority] = {}
        self._aside: IndexesAside | None = None
        self._first_id: int | None = None
        self._changed: set[int] = set()
        day, damaged = ("issue_date::text", "damaged::text") if _is_postgresql(session) else ("issue_date", "damaged")
        columns = ", ".join({"issue_date": day, "damaged": damaged}.get(c, c) for c in COMPARED)
        joined = "record_keys JOIN records ON id = record_id"
        self._lookup = Lookup(session, f"SELECT key, id, import_id, origin, {columns} FROM {joined} WHERE {{}}", "key")  # noqa: S608
        moment = import_row.imported_at  # one moment an import: healing tells by it what came together
        shared = {"origin": "import", "import_id": import_row.id, "created_at": moment, "updated_at": moment}
        self._records = Bulk(session, RECORDS, (*COMPARED, "id"), shared)
        self._keys = Bulk(session, KEYS, ("key", "record_id"))

    def add(self, read: ReadRows, printed: Printed) -> None:
        """Rows in which a key comes again are taken after those in which it came first."""
        keys = list(itertools.chain.from_iterable(read.keys))
        if all(read.keys) and len(set(keys)) == len(keys) <= CHUNK:  # as a rule
            self._write(read, self._existing(keys), printed)
            return
        left = [row if row.keys else row._replace(keys=(self._stand_in(row),)) for row in read.rows()]
        while left:
            part: list[ReadRow] = []
            again: list[ReadRow] = []
            taken: set[str] = set()
            for row in left:
                (part if taken.isdisjoint(row.keys) else again).append(row)
                taken.update(row.keys)
            for at in range(0, len(part), CHUNK):
                chunk = ReadRows.of(part[at : at + CHUNK])
                self._write(chunk, self._existing([key for keys in chunk.keys for key in keys]), printed)
            left = again

    def _existing(self, keys: Sequence[str]) -> dict[str, Stored]:
        return {e[0]: Stored(e[1], e[2], e[3], tuple(e[4:])) for e in self._lookup(keys)}

    def _stand_in(self, row: ReadRow) -> str:
        """Key of a record whose own is damaged or incomplete: the same cells give the same key on re-import."""
        digest = hashlib.sha256(repr([row.values[at] for at in _NAMING]).encode()).hexdigest()[:40]
        short = int(digest[:16], 16)
        self._stand_ins[short] += 1  # equal rows may be different invoices once their numbers are damaged
        nth = self._stand_ins[short]
        return f"?{digest}" if nth == 1 else f"?{digest}#{nth}"

    def _write(self, read: ReadRows, existing: dict[str, Stored], printed: Printed) -> None:
        if not existing:
            self._insert(read, [])
            return
        said = self.mentioned.amounts(list({e.id for e in existing.values()}))
        step = _Step()
        for row in read.rows():
            if self._as_it_was(row, existing, said, step):
                continue
            found = list({existing[key].id: existing[key] for key in row.keys if key in existing}.values())
            if not found:
                step.fresh.append(row)
                continue
            amounts = _amounts(row.values)
            if any(self._said_before(stored, said, amounts) != amounts for stored in found):
                self._reject(row, printed)
                continue
            stored = found[0]
            if stored.id not in said and not self._brought(stored):
                step.mentioned.append((stored.id, amounts))
            for other in found[1:]:  # two halves of one 数电纸票, joined by this row that bears both keys
                absorb(self.session, stored.id, other.id, self.import_row)
                existing |= {key: stored for key, e in existing.items() if e.id == other.id}
            new_keys = [key for key in row.keys if key not in existing]
            step.keys += [(key, stored.id) for key in new_keys]
            self._compare(row, stored, step, new_keys, printed)
        self._carry_out(step)

    def _as_it_was(self, row: ReadRow, existing: Mapping[str, Stored], said: Mapping[int, int], step: _Step) -> bool:
        """The usual row of a file imported again, taken on the quick."""
        stored = existing.get(row.keys[0])
        if stored is None or len(row.keys) > 1 or stored.values != row.values or stored.id in said:
            return False
        if stored.origin != "import" or self._brought(stored):
            return False
        step.mentioned.append((stored.id, _amounts(row.values)))
        self._unchanged(row, stored)
        return True

    def _reject(self, row: ReadRow, printed: Printed) -> None:
        what = f"同一文件中该发票出现多次且金额或日期不同，只保留第一行，本行未导入：{row.keys[0]}"
        self.problems.add(self.sheet, row.number, None, what, lambda: printed(row.number))
        self.counts.rejected += 1

    def _said_before(self, stored: Stored, said: Mapping[int, int], otherwise: int) -> int:
        return _amounts(stored.values) if self._brought(stored) else said.get(stored.id, otherwise)

    def _brought(self, stored: Stored) -> bool:
        """Did this very file bring it?"""
        return self._first_id is not None and stored.id >= self._first_id and stored.import_id == self.import_row.id

    def _carry_out(self, step: _Step) -> None:
        self._insert(ReadRows.of(step.fresh), step.keys)
        if step.changed:
            self.session.execute(update(RECORDS).where(RECORDS.c.id == bindparam("row_id")), step.changed)
        if step.changes:
            self.session.execute(insert(RecordChangeRow), step.changes)
        if step.mentioned:
            self.mentioned.note(step.mentioned)

    def _compare(self, row: ReadRow, stored: Stored, step: _Step, new_keys: list[str], printed: Printed) -> None:
        if stored.values == row.values and stored.origin == "import":
            self._unchanged(row, stored)
            return
        held = self._authority_of(stored)
        before, incoming = columns(stored.values), columns(row.values)
        merged = merge(before, incoming, overrides=self.authority >= held)
        if self.authority < held and (said := conflict(before, incoming)):
            what = f"与税务局导出的记录不一致，保留税务局数据：{said}"
            self.problems.add(self.sheet, row.number, None, what, lambda: printed(row.number))
        if merged == before and stored.origin == "import":
            self._unchanged(row, stored)
            return
        owner = self.import_row.id if self.authority >= held else stored.import_id
        lost = {column: value for column, value in before.items() if merged[column] != value}
        lost |= {"origin": stored.origin, "import_id": stored.import_id}
        if stored.import_id != self.import_row.id or stored.id in self._changed:  # else this very file brought it
            step.changes.append(change_of(stored.id, self.import_row, lost, new_keys))
            self._changed.add(stored.id)
        # every row of one executemany carries the same columns
        step.changed.append(merged | {"row_id": stored.id, "origin": "import", "import_id": owner, "updated_at": now()})
        self.counts.updated += 1
        if self.told:
            self.told(Told("changed", self.sheet, row.number, stored.id, before, merged))

    def _unchanged(self, row: ReadRow, stored: Stored) -> None:
        self.counts.unchanged += 1
        if self.told:
            now_ = columns(stored.values)
            self.told(Told("unchanged", self.sheet, row.number, stored.id, now_, now_))

    def _authority_of(self, stored: Stored) -> Authority:
        if stored.origin != "import" or stored.import_id is None:
            return Authority.SUPPLEMENT
        if stored.import_id not in self._authorities:
            known = self.session.execute(select(ImportRow.id, ImportRow.format)).all()
            self._authorities = {id_: _AUTHORITY.get(name, Authority.TYPED) for id_, name in known}
        return self._authorities[stored.import_id]

    def _insert(self, new: ReadRows, more_keys: list[tuple[str, int]]) -> None:
        if new.numbers:
            ids = _allocate_ids(self.session, len(new.numbers))
            if self._first_id is None:
                self._first_id = ids[0]
            self._records.insert_columns([*new.columns, ids])
            more_keys = more_keys + [(key, id_) for keys, id_ in zip(new.keys, ids, strict=True) for key in keys]
            self.counts.added += len(ids)
            if self.told:
                for row, id_ in zip(new.rows(), ids, strict=True):
                    self.told(Told("added", self.sheet, row.number, id_, {}, columns(row.values)))
        self._keys.insert(more_keys)
        if self.counts.added >= LARGE:
            self._prepare_for_many()

    def _prepare_for_many(self) -> None:
        if self._aside is None:
            self._aside = IndexesAside(self.session, RECORDS, KEYS)
            before = (self.session.scalar(select(func.max(RECORDS.c.id))) or 0) - self.counts.added
            if before < LARGE:
                self._aside.take()

    def finish(self) -> None:
        """After the last row: the indexes are there again."""
        if self._aside is not None:
            self._aside.restore()


class _Step:
    """What one chunk of rows comes to."""

    def __init__(self) -> None:
        self.fresh: list[ReadRow] = []
        self.keys: list[tuple[str, int]] = []
        self.mentioned: list[tuple[int, int]] = []
        self.changed: list[dict[str, Any]] = []
        self.changes: list[dict[str, Any]] = []


def columns(values: Sequence[Any]) -> dict[str, Any]:
    """Values as they are stored → columns as they are meant."""
    named = dict(zip(COMPARED, values, strict=True))
    day, positive, damaged = values[_DAY], values[_POSITIVE], values[_DAMAGED]
    named["issue_date"] = date.fromisoformat(day) if day else None
    named["is_positive"] = None if positive is None else bool(positive)
    named["damaged"] = json.loads(damaged)
    return named


def _amounts(values: Sequence[Any]) -> int:
    """One number for the amounts and the day; good for this process only."""
    return hash(_AMOUNTS(values))


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _allocate_ids(session: Session, count: int) -> Sequence[int]:
    """Ids known before the insert, so that keys and lines go in bulk. The import row, written first in the same
    transaction, holds SQLite's only write lock; PostgreSQL draws from its sequence."""
    if _is_postgresql(session):
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

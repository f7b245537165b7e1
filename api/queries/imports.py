"""Imports and what they cover: the trail of imports, months that were imported or not, one record's story."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from api.queries.findings import int_key
from api.queries.paging import Slice, encode, page_size
from api.queries.visibility import sight_of
from matching.companies import list_companies
from matching.importing import history
from matching.importing.changes import ABSORBED, ADDED_KEYS
from matching.importing.damage import TEXT, DamagedCell
from models.errors import RequestError
from models.ledger import Direction
from models.tables import AuditEvent, ImportRow, InvoiceRow, RecordRow, User

NARROW_FORMATS = frozenset({"bureau_deduction"})  #: such an export leaves out whole kinds of invoices


@dataclass(frozen=True, slots=True)
class ListedImport:
    """An import without its problems, which may be many."""

    row: ImportRow
    problems: int


def page_of_imports(
    session: Session, user: User, *, cursor: str | None = None, limit: int | None = None
) -> Slice[ListedImport]:
    """Newest first, undone ones among them."""
    size = page_size(limit)
    query = select(ImportRow, func.json_array_length(ImportRow.problems)).options(defer(ImportRow.problems))
    query = query.where(sight_of(session, user).imports())
    if cursor:
        query = query.where(ImportRow.id < int_key(cursor))
    rows = session.execute(query.order_by(ImportRow.id.desc()).limit(size + 1)).all()
    found = [ListedImport(row[0], row[1] or 0) for row in rows[:size]]
    return Slice(found, encode(found[-1].row.id) if len(rows) > size else None)


def events_of(session: Session, subject: str) -> Sequence[AuditEvent]:
    return session.scalars(select(AuditEvent).where(AuditEvent.subject == subject).order_by(AuditEvent.id)).all()


@dataclass(frozen=True, slots=True)
class Month:
    """How much of a month imports speak for. `level`: full, part, none or future."""

    first: date
    level: str
    days: str
    imports: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """One of our companies and a direction, or (`tax_id` None) imports that say neither."""

    name: str | None
    tax_id: str | None
    direction: str
    months: tuple[Month, ...]


@dataclass(frozen=True, slots=True)
class _Span:
    id: int
    direction: str
    owner: str | None
    first: date
    last: date
    narrow: bool


def coverage_calendar(session: Session, user: User, year: int, *, today: date) -> list[Account]:
    """Every company of ours in both directions, month by month of `year`; undone imports cover nothing."""
    sight = sight_of(session, user)
    spans = [span for span in _spans(session, year) if sight.account(span.owner)]
    ours = [row for row in list_companies(session) if sight.account(row.tax_id)]
    wanted = [(row.name, row.tax_id, d.value) for row in ours for d in (Direction.INPUT, Direction.OUTPUT)]
    accounts = []
    for name, tax_id, direction in wanted:
        mine = [span for span in spans if span.owner == tax_id and span.direction == direction]
        accounts.append(Account(name, tax_id, direction, _months(mine, year, today)))
    known = {(tax_id, direction) for _, tax_id, direction in wanted}
    rest = [span for span in spans if (span.owner, span.direction) not in known]
    for direction in sorted({span.direction for span in rest}):
        mine = [span for span in rest if span.direction == direction]
        accounts.append(Account(None, None, direction, _months(mine, year, today)))
    return accounts


def years_covered(session: Session, *, today: date) -> list[int]:
    """Years that imports speak of, and this one; newest first."""
    query = select(func.min(ImportRow.date_from), func.max(ImportRow.date_to)).where(ImportRow.undone_at.is_(None))
    first, last = session.execute(query).one()
    newest = max(today.year, last.year) if last else today.year
    oldest = min(today.year, first.year) if first else today.year
    return list(range(newest, oldest - 1, -1))


def newest_year(session: Session, user: User) -> int | None:
    """The last one that an import of what the user sees speaks of."""
    query = select(func.max(ImportRow.date_to)).where(ImportRow.undone_at.is_(None), sight_of(session, user).imports())
    last = session.scalar(query)
    return last.year if last else None


def _spans(session: Session, year: int) -> list[_Span]:
    query = select(
        ImportRow.id, ImportRow.direction, ImportRow.owner_tax_id, ImportRow.date_from, ImportRow.date_to,
        ImportRow.format,
    ).where(
        ImportRow.undone_at.is_(None), ImportRow.date_from <= date(year, 12, 31), ImportRow.date_to >= date(year, 1, 1)
    )  # fmt: skip
    return [
        _Span(row.id, row.direction, row.owner_tax_id, row.date_from, row.date_to, row.format in NARROW_FORMATS)
        for row in session.execute(query)
    ]


def _months(spans: Sequence[_Span], year: int, today: date) -> tuple[Month, ...]:
    return tuple(_month(spans, date(year, month, 1), today) for month in range(1, 13))


def _month(spans: Sequence[_Span], first: date, today: date) -> Month:
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    touching = [span for span in spans if span.first <= last and span.last >= first]
    if first > today and not touching:
        return Month(first, "future", "", ())
    covered: set[int] = set()
    for span in touching:
        covered |= set(range(max(span.first, first).day, min(span.last, last).day + 1))
    due = min(last, today).day if first <= today else last.day
    whole = covered >= set(range(1, due + 1)) and not all(span.narrow for span in touching)
    level = "none" if not touching else "full" if whole else "part"
    return Month(first, level, _runs(covered), tuple(sorted(span.id for span in touching)))


def _runs(days: set[int]) -> str:
    """`1–12, 20`"""
    parts: list[list[int]] = []
    for day in sorted(days):
        if parts and parts[-1][1] == day - 1:
            parts[-1][1] = day
        else:
            parts.append([day, day])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in parts)


@dataclass(frozen=True, slots=True)
class Step:
    """One import that changed a record, and the fields as they were before and after it."""

    at: Any
    file_name: str
    fields: tuple[tuple[str, Any, Any], ...]
    merged: bool  #: another stored record proved to be the same invoice


_INNER = frozenset({"origin", "import_id", "identity_key", "number_tail", "damaged", ABSORBED, ADDED_KEYS})


def story_of(session: Session, record: RecordRow) -> list[Step]:
    """What imports changed on a record, oldest first, with what it became each time."""
    changes = history(session, record.id)
    after: dict[str, Any] = {}
    steps: list[Step] = []
    for change in reversed(changes):
        fields = []
        for column, before in change.before.items():
            if column in _INNER:
                continue
            fields.append((column, before, after.get(column, _now(record, column))))
        after |= change.before
        steps.append(Step(change.at, change.file_name, tuple(fields), ABSORBED in change.before))
    return steps[::-1]


def _now(record: RecordRow, column: str) -> Any:
    value = getattr(record, column)
    return value.isoformat() if isinstance(value, date) else value


def seen_record(session: Session, user: User, record_id: int | None) -> RecordRow | None:
    """For an invoice that has one: the record, if the user may see it as well."""
    if record_id is None:
        return None
    return session.scalar(select(RecordRow).where(RecordRow.id == record_id, sight_of(session, user).records()))


def find_record(session: Session, user: User, record_id: int) -> RecordRow:
    row = seen_record(session, user, record_id)
    if row is None:
        raise RequestError("no_such_item", what=str(record_id))
    return row


def damaged_cells(record: RecordRow) -> list[tuple[str, str, str]]:
    """Column, what is wrong with its cell, what stood there."""
    found = [(column, DamagedCell.parse(said)) for column, said in record.damaged.items()]
    return [(column, TEXT[cell.problem], cell.raw) for column, cell in found]


def invoices_of(session: Session, user: User, record: RecordRow) -> Sequence[InvoiceRow]:
    """Captured invoices that are this record's, as far as the user sees them."""
    query = select(InvoiceRow).where(InvoiceRow.record_id == record.id, sight_of(session, user).invoices())
    return session.scalars(query.order_by(InvoiceRow.id)).all()


def imports_named(session: Session, ids: Sequence[int | None]) -> Mapping[int, str]:
    wanted = [id_ for id_ in ids if id_ is not None]
    query = select(ImportRow.id, ImportRow.file_name).where(ImportRow.id.in_(wanted))
    return {row.id: row.file_name for row in session.execute(query)}

"""Counts and sums by class, both sides, and the proof that they tie out to the 分.

Every record belongs to exactly one class, every captured invoice too. The whole is summed by a query of its own that
knows nothing of classes; what it and the classes differ by is shown, and must be nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, case, func, literal, select
from sqlalchemy.orm import Session

from matching.reconciliation.scope import Scope
from models.ledger import Direction, RecordState
from models.matching import MatchStatus
from models.tables import DocumentRow, ImportRow, InvoiceRow, RecordRow


class RecordClass(StrEnum):
    """What the records of no invoice are, beside the statuses of those that have one."""

    NO_DOCUMENT = "no_document"
    NOTHING_DUE = "nothing_due"  #: void or wholly reversed, and no document: nothing to hand in
    OUTPUT = "output"  #: 销项: what we issued ourselves


@dataclass(frozen=True, slots=True)
class Sums:
    """分. `unknown`: how many have no gross amount, and so are counted but not summed."""

    count: int = 0
    net: int = 0
    tax: int = 0
    gross: int = 0
    unknown: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(*(a + b for a, b in zip(self.export(), other.export(), strict=True)))

    def __sub__(self, other: Sums) -> Sums:
        return Sums(*(a - b for a, b in zip(self.export(), other.export(), strict=True)))

    def __bool__(self) -> bool:
        return any(self.export())

    def export(self) -> tuple[int, int, int, int, int]:
        return self.count, self.net, self.tax, self.gross, self.unknown


@dataclass(frozen=True, slots=True)
class Tally:
    """One side: classes, and the whole summed apart from them."""

    classes: dict[str, Sums]
    whole: Sums

    @property
    def sum_of_classes(self) -> Sums:
        return sum(self.classes.values(), Sums())

    @property
    def difference(self) -> Sums:
        return self.whole - self.sum_of_classes

    @property
    def ties_out(self) -> bool:
        return not self.difference


@dataclass(frozen=True, slots=True)
class ImportShare:
    """What of the records came with one import; None: approved supplements."""

    import_id: int | None
    file_name: str | None
    sums: Sums


def _sums(table: type[RecordRow] | type[InvoiceRow]) -> tuple[ColumnElement[Any], ...]:
    return (
        func.count(),
        func.coalesce(func.sum(table.total_excl_fen), 0),
        func.coalesce(func.sum(table.total_tax_fen), 0),
        func.coalesce(func.sum(table.total_incl_fen), 0),
        func.coalesce(func.sum(case((table.total_incl_fen.is_(None), 1), else_=0)), 0),
    )


def _read(session: Session, query: Select[Any]) -> dict[str, Sums]:
    return {str(name): Sums(*(int(value) for value in values)) for name, *values in session.execute(query)}


def first_holders() -> FromClause:
    """The captured invoice that proves a record: the first that is no duplicate of another."""
    first = (
        select(InvoiceRow.record_id, func.min(InvoiceRow.id).label("invoice_id"))
        .where(InvoiceRow.record_id.is_not(None), InvoiceRow.match_status != MatchStatus.DUPLICATE.value)
        .group_by(InvoiceRow.record_id)
        .subquery()
    )
    return (
        select(first.c.record_id, InvoiceRow.match_status)
        .join(InvoiceRow, InvoiceRow.id == first.c.invoice_id)
        .subquery("holders")
    )


def class_of_record(holders: FromClause) -> ColumnElement[str]:
    ended = (RecordState.VOID.value, RecordState.RED_FULL.value)
    return case(
        (holders.c.match_status.is_not(None), holders.c.match_status),
        (RecordRow.direction == Direction.OUTPUT.value, literal(RecordClass.OUTPUT.value)),
        (RecordRow.state.in_(ended), literal(RecordClass.NOTHING_DUE.value)),
        else_=literal(RecordClass.NO_DOCUMENT.value),
    )


def of_records(session: Session, scope: Scope) -> Tally:
    holders = first_holders()
    named = class_of_record(holders).label("class")
    query = (
        select(named, *_sums(RecordRow))
        .outerjoin(holders, holders.c.record_id == RecordRow.id)
        .where(scope.of_records())
        .group_by(named)
    )
    whole = session.execute(select(*_sums(RecordRow)).where(scope.of_records())).one()
    return Tally(_ordered(_read(session, query)), Sums(*(int(value) for value in whole)))


def of_documents(session: Session, scope: Scope) -> Tally:
    named = func.coalesce(InvoiceRow.match_status, MatchStatus.NEEDS_REVIEW.value).label("class")
    joined = select(named, *_sums(InvoiceRow)).join(DocumentRow, DocumentRow.id == InvoiceRow.document_id)
    query = joined.where(scope.of_invoices()).group_by(named)
    population = select(*_sums(InvoiceRow)).join(DocumentRow, DocumentRow.id == InvoiceRow.document_id)
    whole = session.execute(population.where(scope.of_invoices())).one()
    return Tally(_ordered(_read(session, query)), Sums(*(int(value) for value in whole)))


def by_import(session: Session, scope: Scope) -> list[ImportShare]:
    """The records by the file they came with; together they are the whole."""
    query = (
        select(RecordRow.import_id, func.max(ImportRow.file_name), *_sums(RecordRow))
        .outerjoin(ImportRow, ImportRow.id == RecordRow.import_id)
        .where(scope.of_records())
        .group_by(RecordRow.import_id)
        .order_by(RecordRow.import_id)
    )
    return [
        ImportShare(import_id, name, Sums(*(int(value) for value in values)))
        for import_id, name, *values in session.execute(query)
    ]


_ORDER = [status.value for status in MatchStatus] + [RecordClass.NOTHING_DUE.value, RecordClass.OUTPUT.value]


def _ordered(found: dict[str, Sums]) -> dict[str, Sums]:
    return {name: found[name] for name in sorted(found, key=_ORDER.index)}


def total(parts: Iterable[Sums]) -> Sums:
    return sum(parts, Sums())

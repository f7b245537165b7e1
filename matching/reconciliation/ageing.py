"""How long what is open has been open: by days from the issue of the invoice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Date, and_, case, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from matching.reconciliation.scope import Scope
from matching.reconciliation.totals import RecordClass, class_of_record, first_holders
from models.matching import MatchStatus
from models.tables import DocumentRow, InvoiceRow, RecordRow


class Age(StrEnum):
    """Days since issue, both ends included."""

    WEEK = "0-7"
    MONTH = "8-30"
    QUARTER = "31-90"
    OVERDUE = "90+"
    UNKNOWN = "unknown"  #: no date of issue


_OLDEST = {Age.WEEK: 7, Age.MONTH: 30, Age.QUARTER: 90}


def age_of(day: date | None, as_of: date) -> Age:
    if day is None:
        return Age.UNKNOWN
    days = (as_of - day).days
    return next((age for age, most in _OLDEST.items() if days <= most), Age.OVERDUE)


def is_aged(column: InstrumentedAttribute[date | None], age: Age, as_of: date) -> ColumnElement[bool]:
    """Whether a day of issue falls into `age`."""
    if age is Age.UNKNOWN:
        return column.is_(None)
    begin = {Age.WEEK: None, Age.MONTH: 8, Age.QUARTER: 31, Age.OVERDUE: 91}[age]
    held: list[ColumnElement[bool]] = [column.is_not(None)]
    if begin is not None:
        held.append(column <= as_of - timedelta(days=begin))
    if age in _OLDEST:
        held.append(column >= as_of - timedelta(days=_OLDEST[age]))
    return and_(*held)


def _age(column: InstrumentedAttribute[date | None], as_of: date) -> ColumnElement[str]:
    whens = [
        (column >= literal(as_of - timedelta(days=most), Date), literal(age.value)) for age, most in _OLDEST.items()
    ]
    return case((column.is_(None), literal(Age.UNKNOWN.value)), *whens, else_=literal(Age.OVERDUE.value))


@dataclass(frozen=True, slots=True)
class Aged:
    """What is open at one age: absent invoices, and records without a document. 分."""

    age: Age
    absent: int = 0
    absent_gross: int = 0
    no_document: int = 0
    no_document_gross: int = 0


def ageing(session: Session, scope: Scope, as_of: date) -> list[Aged]:
    invoice_age = _age(InvoiceRow.issue_date, as_of).label("age")
    absent = (
        select(invoice_age, func.count(), func.coalesce(func.sum(InvoiceRow.total_incl_fen), 0))
        .join(DocumentRow, DocumentRow.id == InvoiceRow.document_id)
        .where(scope.of_invoices(), InvoiceRow.match_status == MatchStatus.ABSENT.value)
        .group_by(invoice_age)
    )
    holders = first_holders()
    record_age = _age(RecordRow.issue_date, as_of).label("age")
    alone = (
        select(record_age, func.count(), func.coalesce(func.sum(RecordRow.total_incl_fen), 0))
        .outerjoin(holders, holders.c.record_id == RecordRow.id)
        .where(scope.of_records(), class_of_record(holders) == RecordClass.NO_DOCUMENT.value)
        .group_by(record_age)
    )
    documents = {age: (int(count or 0), int(gross or 0)) for age, count, gross in session.execute(absent)}
    records = {age: (int(count or 0), int(gross or 0)) for age, count, gross in session.execute(alone)}
    return [
        Aged(age, *documents.get(age.value, (0, 0)), *records.get(age.value, (0, 0)))
        for age in Age
        if age is not Age.UNKNOWN or age.value in documents or age.value in records
    ]

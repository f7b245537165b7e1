"""Absence by week and by cause: how many of the invoices of a week are not in the records, and why first."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.reconciliation.scope import Scope
from models.matching import MatchStatus
from models.tables import DocumentRow, InvoiceRow

MOST_WEEKS = 53


@dataclass(frozen=True, slots=True)
class Week:
    """Invoices issued in the week from Monday `begins`."""

    begins: date
    documents: int
    causes: dict[str, int]  #: first cause → absent invoices

    @property
    def absent(self) -> int:
        return sum(self.causes.values())

    @property
    def share(self) -> float:
        return self.absent / self.documents if self.documents else 0.0


def weeks(session: Session, scope: Scope) -> list[Week]:
    """The last year of weeks that have documents, without gaps, oldest first."""
    cause = InvoiceRow.match["causes"][0]["code"].as_string().label("cause")
    query = (
        select(InvoiceRow.issue_date, InvoiceRow.match_status, cause, func.count())
        .join(DocumentRow, DocumentRow.id == InvoiceRow.document_id)
        .where(scope.of_invoices(), InvoiceRow.issue_date.is_not(None))
        .group_by(InvoiceRow.issue_date, InvoiceRow.match_status, cause)
    )
    documents: Counter[date] = Counter()
    causes: dict[date, Counter[str]] = defaultdict(Counter)
    for day, status, first, count in session.execute(query):
        monday = day - timedelta(days=day.weekday())
        documents[monday] += count
        if status == MatchStatus.ABSENT.value:
            causes[monday][first or "unknown"] += count
    if not documents:
        return []
    newest = max(documents)
    oldest = max(min(documents), newest - timedelta(weeks=MOST_WEEKS - 1))
    count_of_weeks = (newest - oldest).days // 7 + 1
    mondays = [oldest + timedelta(weeks=at) for at in range(count_of_weeks)]
    return [Week(monday, documents[monday], dict(causes[monday])) for monday in mondays]

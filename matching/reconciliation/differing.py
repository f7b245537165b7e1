"""On which fields matched documents and records disagree, how often, and by how much money."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.reconciliation.scope import Scope
from models.matching import MatchStatus
from models.money import parse_money
from models.tables import DocumentRow, InvoiceRow

_MONEY = ("total_excl_tax", "total_tax", "total_incl_tax")


@dataclass(frozen=True, slots=True)
class FieldDifferences:
    """`amount` is Σ |document − record| in yuan; None for fields that are no money."""

    field: str
    count: int
    amount: Decimal | None


def differences(session: Session, scope: Scope) -> list[FieldDifferences]:
    """The commonest first."""
    query = (
        select(InvoiceRow.match)
        .join(DocumentRow, DocumentRow.id == InvoiceRow.document_id)
        .where(scope.of_invoices(), InvoiceRow.match_status == MatchStatus.DIFFERS.value)
    )
    counts: Counter[str] = Counter()
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    for match in session.scalars(query.execution_options(yield_per=500)):
        for each in (match or {}).get("differences", []):
            counts[each["field"]] += 1
            if each["field"] in _MONEY:
                mine, theirs = parse_money(each["document"]), parse_money(each["record"])
                amounts[each["field"]] += abs((mine or Decimal()) - (theirs or Decimal()))
    return [
        FieldDifferences(field, count, amounts[field] if field in _MONEY else None)
        for field, count in counts.most_common()
    ]

"""A reconciliation at a glance: everything that its screen, its report and its workbook show beside the rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from matching.companies import list_companies
from matching.reconciliation import ageing, differing, holding, totals, trend
from matching.reconciliation.scope import Scope


@dataclass(frozen=True, slots=True)
class Summary:
    scope: Scope
    company: str | None  #: its name
    as_of: date
    documents: totals.Tally
    records: totals.Tally
    imports: list[totals.ImportShare]
    ageing: list[ageing.Aged]
    differences: list[differing.FieldDifferences]
    owed: list[holding.Owed]
    owing: list[holding.Owing]
    weeks: list[trend.Week]

    @property
    def imports_whole(self) -> totals.Sums:
        return totals.total(share.sums for share in self.imports)

    @property
    def ties_out(self) -> bool:
        """Classes on both sides and the imports add up to the whole, to the 分."""
        return self.documents.ties_out and self.records.ties_out and self.imports_whole == self.records.whole


def summarise(session: Session, scope: Scope, *, as_of: date) -> Summary:
    owing = holding.owed(session, scope)
    names = {company.tax_id: company.name for company in list_companies(session)}
    return Summary(
        scope=scope, company=names.get(scope.company_tax_id or ""), as_of=as_of,
        documents=totals.of_documents(session, scope), records=totals.of_records(session, scope),
        imports=totals.by_import(session, scope), ageing=ageing.ageing(session, scope, as_of),
        differences=differing.differences(session, scope), owed=owing, owing=holding.by_holder(owing),
        weeks=trend.weeks(session, scope),
    )  # fmt: skip

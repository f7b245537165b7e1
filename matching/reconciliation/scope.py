"""What a reconciliation is about: days of issue, and one of our companies or all of them.

An invoice whose date was not read must not drop out of every month: it counts where it came in. A record without the
buyer's tax id belongs to the company whose account it was exported from.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, true

from models.errors import RequestError, Text
from models.tables import DocumentRow, ImportRow, InvoiceRow, RecordRow

_MONTH = r"(\d{4})-(0[1-9]|1[0-2])"
_DAY = rf"{_MONTH}-(\d\d)"
_PERIOD = re.compile(rf"(?:{_DAY}|{_MONTH})(?:\.\.(?:{_DAY}|{_MONTH}))?")
PERIOD_HINT = "2024-06 | 2024-04..2024-06 | 2024-06-01..2024-06-15"


@dataclass(frozen=True, slots=True)
class Scope:
    """Both days included; None does not narrow."""

    first: date | None = None
    last: date | None = None
    company_tax_id: str | None = None
    period: str = ""  #: as it was asked for
    #: what the person who asks may see; None: everything
    invoices_seen: ColumnElement[bool] | None = field(default=None, compare=False)
    records_seen: ColumnElement[bool] | None = field(default=None, compare=False)

    @classmethod
    def of(cls, period: str | None = None, company_tax_id: str | None = None) -> Scope:
        """`period` is a month, a day, or a range of either: `2024-06`, `2024-04..2024-06`. Raises RequestError."""
        typed = (period or "").strip()
        if not typed:
            return cls(None, None, company_tax_id or None, "")
        found = _PERIOD.fullmatch(typed)
        if not found:
            raise RequestError(
                "invalid_request",
                what=Text(f"期间应为 {PERIOD_HINT} 的形式：{typed}", f"a period is written as {PERIOD_HINT}: {typed}"),
            )
        parts = found.groups()
        try:
            first, last = _span(*parts[:5])
            if any(parts[5:]):
                last = _span(*parts[5:])[1]
        except ValueError:
            raise RequestError(
                "invalid_request",
                what=Text(f"期间应为 {PERIOD_HINT} 的形式：{typed}", f"a period is written as {PERIOD_HINT}: {typed}"),
            ) from None
        if last < first:
            raise RequestError(
                "invalid_request",
                what=Text(f"期间的终点早于起点：{typed}", f"the period ends before it begins: {typed}"),
            )
        return cls(first, last, company_tax_id or None, typed)

    def seen_by(self, invoices: ColumnElement[bool], records: ColumnElement[bool]) -> Scope:
        return replace(self, invoices_seen=invoices, records_seen=records)

    def of_invoices(self) -> ColumnElement[bool]:
        """Needs `documents` joined."""
        held: list[ColumnElement[bool]] = [true()]
        if self.first and self.last:
            issued = and_(InvoiceRow.issue_date >= self.first, InvoiceRow.issue_date <= self.last)
            taken_in = and_(
                InvoiceRow.issue_date.is_(None),
                DocumentRow.received_at >= _midnight(self.first),
                DocumentRow.received_at < _midnight(self.last + timedelta(days=1)),
            )
            held.append(or_(issued, taken_in))
        if self.company_tax_id:
            held.append(InvoiceRow.buyer_tax_id == self.company_tax_id)
        if self.invoices_seen is not None:
            held.append(self.invoices_seen)
        return and_(*held)

    def of_records(self) -> ColumnElement[bool]:
        held: list[ColumnElement[bool]] = [true()]
        if self.first and self.last:
            held.append(and_(RecordRow.issue_date >= self.first, RecordRow.issue_date <= self.last))
        if self.company_tax_id:
            theirs = select(ImportRow.id).where(ImportRow.owner_tax_id == self.company_tax_id)
            held.append(
                or_(
                    RecordRow.buyer_tax_id == self.company_tax_id,
                    and_(RecordRow.buyer_tax_id.is_(None), RecordRow.import_id.in_(theirs)),
                )
            )
        held.append(self.of_matched_records())
        return and_(*held)

    def of_matched_records(self) -> ColumnElement[bool]:
        """Records that may be shown beside an invoice."""
        return true() if self.records_seen is None else self.records_seen


def _span(*parts: str | None) -> tuple[date, date]:
    """First and last day of a day or a month, from the groups of the pattern."""
    if parts[0] and parts[1] and parts[2]:
        day = date(int(parts[0]), int(parts[1]), int(parts[2]))
        return day, day
    year, month = int(parts[3] or 0), int(parts[4] or 0)
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)

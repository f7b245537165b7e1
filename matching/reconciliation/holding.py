"""Who should hand in what has a record and no document: the seller, the buyer's branch, and whoever last brought one of
this seller's invoices. A guess from what was brought before, said as such; nobody is written to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from matching.reconciliation.scope import Scope
from matching.reconciliation.totals import RecordClass, class_of_record, first_holders
from models.tables import DocumentRow, InvoiceRow, RecordRow, User


@dataclass(frozen=True, slots=True)
class Holder:
    """Who brought the seller's last invoice."""

    user_id: int
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Owed:
    """Records without a document, of one seller to one buyer. 分."""

    seller_name: str | None
    seller_tax_id: str | None
    buyer_name: str | None
    count: int
    gross: int
    holder: Holder | None


@dataclass(frozen=True, slots=True)
class Owing:
    """What one person is likely to hold; None: nobody has brought such invoices yet."""

    holder: Holder | None
    count: int
    gross: int
    sellers: int


def owed(session: Session, scope: Scope) -> list[Owed]:
    """By seller and buyer, the largest amount first."""
    holders = first_holders()
    query = (
        select(
            RecordRow.seller_name, RecordRow.seller_tax_id, RecordRow.buyer_name, func.count(),
            func.coalesce(func.sum(RecordRow.total_incl_fen), 0),
        )
        .outerjoin(holders, holders.c.record_id == RecordRow.id)
        .where(scope.of_records(), class_of_record(holders) == RecordClass.NO_DOCUMENT.value)
        .group_by(RecordRow.seller_name, RecordRow.seller_tax_id, RecordRow.buyer_name)
    )  # fmt: skip
    rows = session.execute(query).all()
    known = last_holders(session)
    found = [
        Owed(name, tax_id, buyer, count, int(gross or 0), holder_of(known, name, tax_id))
        for name, tax_id, buyer, count, gross in rows
    ]
    return sorted(found, key=lambda each: (-abs(each.gross), each.seller_name or ""))


def by_holder(owing: Collection[Owed]) -> list[Owing]:
    """The same by person, the largest count first; those without a holder last."""
    groups: dict[int | None, list[Owed]] = defaultdict(list)
    for each in owing:
        groups[each.holder.user_id if each.holder else None].append(each)
    found = [
        Owing(some[0].holder, sum(e.count for e in some), sum(e.gross for e in some),
              len({(e.seller_tax_id, e.seller_name) for e in some}))
        for some in groups.values()
    ]  # fmt: skip
    return sorted(found, key=lambda each: (each.holder is None, -each.count))


Known = dict[str, Holder]


def last_holders(session: Session, sellers: Collection[tuple[str | None, str | None]] | None = None) -> Known:
    """By tax id and by name of the seller: who brought its last invoice. `sellers` (name, tax id) narrows."""
    query = (
        select(InvoiceRow.seller_tax_id, InvoiceRow.seller_name, User.id, User.display_name,
               func.max(DocumentRow.received_at))
        .join(DocumentRow, DocumentRow.id == InvoiceRow.document_id)
        .join(User, User.id == DocumentRow.uploaded_by)
        .group_by(InvoiceRow.seller_tax_id, InvoiceRow.seller_name, User.id, User.display_name)
        .order_by(func.max(DocumentRow.received_at))
    )  # fmt: skip
    if sellers is not None:
        names = {name for name, _ in sellers if name}
        ids = {tax_id for _, tax_id in sellers if tax_id}
        query = query.where(or_(InvoiceRow.seller_tax_id.in_(ids), InvoiceRow.seller_name.in_(names)))
    found: Known = {}
    for tax_id, name, user_id, display_name, at in session.execute(query):
        holder = Holder(user_id, display_name, at)
        for key in (tax_id, name):
            if key:
                found[key] = holder
    return found


def holder_of(known: Known, name: str | None, tax_id: str | None) -> Holder | None:
    return known.get(tax_id or "") or known.get(name or "")

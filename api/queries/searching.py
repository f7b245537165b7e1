"""Search as pages, REST and the command line show it: who may see what, the rows behind the ids, and the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, select
from sqlalchemy.orm import Session, selectinload

from api.queries.paging import decode, encode, page_size
from api.queries.visibility import Sight, sight_of
from matching.searching import Asked, Bounds, Kind, Place, SearchIndex, count, find
from matching.searching.reasons import Reason, reasons
from models.errors import RequestError
from models.money import format_money, from_fen
from models.tables import DraftRow, InvoiceRow, RecordRow, User


@dataclass(frozen=True, slots=True)
class HitRow:
    """One thing that was found, and where in it."""

    row: InvoiceRow | RecordRow | DraftRow
    nearly: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class HitPage:
    rows: Sequence[HitRow]
    exact: int
    nearly: int | None
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Sees:
    """Narrows what is asked to what somebody sees; `sight` None: the machine's administrator, who sees all."""

    sight: Sight | None
    bounds: Bounds | None = None

    def __call__(self, kind: Kind, asked: Asked) -> Asked | None:
        if self.sight is None or (not self.sight.own_only and self.bounds is None):
            return asked
        if self.sight.own_only:
            return None if kind is Kind.RECORD else replace(asked, owner=self.sight.user_id)
        return replace(asked, bounds=self.bounds)


everything = Sees(None)


def seen_by(session: Session, user: User) -> Sees:
    """Staff see their own documents and the drafts of those, and no records; accountants what their companies have."""
    sight = sight_of(session, user)
    return Sees(sight, sight.bounds(session))


def found_in(
    session: Session, index: SearchIndex, sees: Sees, kind: Kind, asked: Asked, *, cursor: str | None = None,
    limit: int | None = None,
) -> HitPage:  # fmt: skip
    """A page of one kind. Rows that have gone since the index was read are left out; the database has the
    last word on what may be seen."""
    allowed = sees(kind, asked)
    if allowed is None:
        return HitPage((), 0, None, None)
    found = find(index, kind, allowed, limit=page_size(limit), after=_place(cursor))
    rows = _rows(session, sees.sight, kind, [hit.id for hit in found.hits])
    hits = [
        HitRow(rows[hit.id], hit.nearly, reasons(rows[hit.id], asked.terms))
        for hit in found.hits
        if hit.id in rows
    ]  # fmt: skip
    following = encode(int(found.next.nearly), found.next.key) if found.next else None
    return HitPage(hits, found.exact, found.nearly, following)


def counts(index: SearchIndex, sees: Sees, asked: Asked) -> dict[Kind, int]:
    """Exact hits of each kind."""
    found = {}
    for kind in Kind:
        allowed = sees(kind, asked)
        found[kind] = count(index, kind, allowed) if allowed else 0
    return found


def _place(cursor: str | None) -> Place | None:
    if not cursor:
        return None
    nearly, key = decode(cursor, 2)
    if not isinstance(nearly, int) or not isinstance(key, int):
        raise RequestError("invalid_request", what="cursor")
    return Place(bool(nearly), key)


def _rows(session: Session, sight: Sight | None, kind: Kind, ids: Sequence[int]) -> dict[int, Any]:
    if not ids:
        return {}
    return {row.id: row for row in session.scalars(_rows_seen(sight, kind), {"ids": ids})}


@lru_cache(maxsize=64)
def _rows_seen(sight: Sight | None, kind: Kind) -> Select[Any]:
    """Kept for each who asks: to build these conditions anew takes longer than the database takes to answer."""
    ids: BindParameter[list[int]] = bindparam("ids", expanding=True)
    if kind is Kind.RECORD:
        query: Select[Any] = select(RecordRow).where(RecordRow.id.in_(ids)).options(selectinload(RecordRow.lines))
    elif kind is Kind.DOCUMENT:
        query = select(InvoiceRow).where(InvoiceRow.id.in_(ids)).options(selectinload(InvoiceRow.document))
    else:
        query = select(DraftRow).where(DraftRow.id.in_(ids))
    if sight is None:
        return query
    seen = {Kind.RECORD: sight.records, Kind.DOCUMENT: sight.invoices, Kind.DRAFT: sight.drafts}[kind]
    return query.where(seen())


def line_of(kind: Kind, hit: HitRow) -> dict[str, Any]:
    """A hit as REST and `chapiao search --json` give it."""
    row = hit.row
    line: dict[str, Any] = {"kind": kind.value, "id": row.id, "approximate": hit.nearly}
    if isinstance(row, DraftRow):
        said = {name: (field or {}).get("value") for name, field in row.fields.items()}
        names = ("invoice_code", "issue_date", "seller_name", "buyer_name", "total_incl_tax")
        line |= {"number": said.get("invoice_number"), "status": row.state} | {name: said.get(name) for name in names}
        line["application_number"] = row.application_number
    else:
        digital = row.digital_invoice_number if isinstance(row, RecordRow) else None
        line |= {
            "number": digital or row.invoice_number, "invoice_code": row.invoice_code,
            "issue_date": row.issue_date.isoformat() if row.issue_date else None, "seller_name": row.seller_name,
            "buyer_name": row.buyer_name,
            "total_incl_tax": None if row.total_incl_fen is None else format_money(from_fen(row.total_incl_fen)),
            "status": row.state if isinstance(row, RecordRow) else row.match_status,
        }  # fmt: skip
        if isinstance(row, InvoiceRow):
            line |= {"document": row.document.name, "document_id": row.document_id}
    line["found"] = [{"field": reason.field, "text": reason.text} for reason in hit.reasons]
    return line

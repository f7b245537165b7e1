"""What our own records say about a gap of a draft: suggestions with their support, never filled in silently.

Only imported records count (approved supplements would confirm themselves), only values that other accepted values
determine: seller name ↔ tax id, our own companies' name ↔ tax id, and of an item row the class (税收分类简称), unit and
rate that this seller used for this item. Never a number, code, amount or date. Where the records contradict each other
the counts and the differing records are shown and nothing can be adopted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from matching.companies import list_companies
from matching.folding import fold_name, fold_tax_id
from matching.supplement import item_history
from matching.supplement.support import Precedent, Suggestion, weigh
from models.tables import DraftRow, InvoiceRow, RecordRow

HISTORY = "history"  #: source of an adopted value
LEAST_OF_PARTY = 2  #: earlier invoices that a seller's name or id must agree on
MOST_RECORDS = 500  #: the latest ones are looked at
SELLER = {"seller_tax_id": "seller_name", "seller_name": "seller_tax_id"}
BUYER = {"buyer_tax_id": "buyer_name", "buyer_name": "buyer_tax_id"}
#: a field and the one that determines it; an adopted value falls when its ground changes
GROUND = {**SELLER, **BUYER}
_WIDTHS = str.maketrans("（）()", "()（）")


def suggestions(session: Session, draft: DraftRow) -> list[Suggestion]:
    """One for each gap that the records say anything about, adoptable or contradicted."""
    found = [*_of_seller(session, draft), *_of_buyer(session, draft), *item_history.of_lines(session, draft)]
    return [_beside_reading(session, draft, each) for each in found]


def suggestion(session: Session, draft: DraftRow, name: str) -> Suggestion | None:
    return next((each for each in suggestions(session, draft) if each.name == name), None)


def value_of(draft: DraftRow, name: str) -> str | None:
    found: str | None = (draft.fields.get(name) or {}).get("value")
    return found


def _of_seller(session: Session, draft: DraftRow) -> Iterable[Suggestion]:
    for name, ground in SELLER.items():
        known = value_of(draft, ground)
        if known is None or value_of(draft, name) is not None:
            continue
        query = party_query(name, ground, known)
        same = fold_name if ground == "seller_name" else fold_tax_id
        rows = [row for row in session.execute(query) if same(row.ground) == same(known) and not _suspect(row, name)]
        made = weigh(name, _precedents(rows), least=LEAST_OF_PARTY, by={ground: known}, fold=_fold(name))
        if made is not None:
            yield made


def party_query(name: str, ground: str, known: str) -> Select[Any]:
    """Imported records of one party with the value sought: through an index, however many records there are."""
    value, given = getattr(RecordRow, name), getattr(RecordRow, ground)
    spellings = {known, known.translate(_WIDTHS), fold_name(known), fold_name(known).translate(_WIDTHS)}
    if ground == "seller_tax_id":
        spellings = {known, fold_tax_id(known)}
    columns = (RecordRow.id, RecordRow.invoice_number, RecordRow.digital_invoice_number, RecordRow.issue_date)
    query = select(*columns, RecordRow.damaged, value.label("value"), given.label("ground"))
    query = query.where(given.in_(spellings), value.is_not(None), RecordRow.origin == "import")
    return query.order_by(RecordRow.issue_date.desc(), RecordRow.id.desc()).limit(MOST_RECORDS)


def _suspect(row: Row[Any], name: str) -> bool:
    return name in row.damaged or GROUND[name] in row.damaged


def _precedents(rows: Sequence[Row[Any]]) -> list[Precedent]:
    return [
        Precedent(
            record_id=row.id,
            number=row.digital_invoice_number or row.invoice_number,
            issue_date=row.issue_date,
            value=row.value,
        )
        for row in rows
    ]


def _fold(name: str) -> Callable[[str | None], str]:
    return fold_tax_id if name.endswith("_tax_id") else fold_name


def _of_buyer(session: Session, draft: DraftRow) -> Iterable[Suggestion]:
    """Our own entities are registered: what the page left in doubt, not what it leaves blank."""
    for name, ground in BUYER.items():
        known = value_of(draft, ground)
        if known is None or name not in draft.missing:
            continue
        if ground == "buyer_name":
            values = [c.tax_id for c in list_companies(session) if fold_name(known) in map(fold_name, _names(c))]
        else:
            values = [c.name for c in list_companies(session) if c.tax_id == fold_tax_id(known)]
        if len(values) == 1:
            yield Suggestion(name=name, value=values[0], agreeing=1, total=1, by={ground: known}, registered=True)


def _names(company: Any) -> list[str]:
    return [company.name, *company.former_names]


def _beside_reading(session: Session, draft: DraftRow, made: Suggestion) -> Suggestion:
    """With what the page was doubtfully read as, so that a person sees whether they agree."""
    invoice = session.get_one(InvoiceRow, draft.invoice_id)
    read = (invoice.data.get("fields", {}).get(made.name) or {}).get("value")
    return made.beside(read)


def fallen(draft: DraftRow, changed: Iterable[str]) -> list[str]:
    """Adopted fields whose ground is among those `changed`: what supported them is no longer there."""
    return [name for name, ground in GROUND.items() if ground in set(changed) and _adopted(draft, name)]


def _adopted(draft: DraftRow, name: str) -> bool:
    return (draft.fields.get(name) or {}).get("source") == HISTORY

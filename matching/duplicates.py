"""The same invoice captured before: PDF and photo and OFD of one, two 联 of one, or a second claim.

One invoice is one by its identity key, whatever its medium. The first captured stands; later ones are linked to it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from matching.captured import Captured, read_captured
from models.matching import Difference, MatchStatus
from models.tables import InvoiceRow

_FIELDS = ("issue_date", "total_incl_tax", "total_excl_tax", "seller_tax_id")
_SAME = (
    select(InvoiceRow.id, InvoiceRow.match_status)
    .where(InvoiceRow.identity_key.in_([bindparam("key"), bindparam("other_key")]), InvoiceRow.id != bindparam("id"))
    .order_by(InvoiceRow.id)
)


@dataclass(frozen=True, slots=True)
class Earlier:
    """The capture that stands for this identity, and where the two faces disagree."""

    first: InvoiceRow
    differences: tuple[Difference, ...]
    certain: bool  #: the keys of both are safe, and no accepted field disagrees


def find_earlier(session: Session, row: InvoiceRow, invoice: Captured) -> Earlier | None:
    """None if this capture is the one that stands."""
    if not invoice.keys:
        return None
    values = {"key": invoice.keys[0], "other_key": invoice.keys[-1], "id": row.id}
    others = session.connection().execute(_SAME, values).all()
    standing = [o for o in others if o.match_status not in (None, MatchStatus.DUPLICATE.value)]
    stands_already = row.match_status not in (None, MatchStatus.DUPLICATE.value)
    if stands_already:
        found = next((o for o in standing if o.id < row.id), None)
    else:
        found = standing[0] if standing else next((o for o in others if o.id < row.id), None)
    if found is None:
        return None
    first = session.get_one(InvoiceRow, found.id)
    other = read_captured(first)
    differences = tuple(
        Difference(field=name, document=invoice.value(name), record=other.value(name))
        for name in _FIELDS
        if invoice.value(name) and other.value(name) and invoice.value(name) != other.value(name)
    )
    certain = invoice.identity_accepted and not any(
        invoice.field(d.field).accepted and other.field(d.field).accepted for d in differences
    )
    return Earlier(first, differences, certain or (invoice.identity_accepted and other.identity_accepted))

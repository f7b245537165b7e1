"""The blue invoice of a red one that names only its 信息表 or 红字确认单, where that number stands on both.

Linked only where exactly one invoice of the same seller bears the very number and is large enough to be taken back in
part or whole: in the remarks of its record or its document, or as named by another paper of the same red invoice.
Anything less is left unlinked, and shown as it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Text, cast, or_, select
from sqlalchemy.orm import Session

from matching.captured import read_captured
from models.tables import InvoiceRow, RecordRow, RedLinkRow

_L = RedLinkRow


def blue_by_number(session: Session, link: RedLinkRow) -> str | None:
    """Key of the one invoice that bears a number of this red one; None where none does, or more than one."""
    numbers = {number for number in (link.confirmation_number, link.form_number) if number}
    if not numbers or link.seller_tax_id is None or link.red_fen is None:
        return None
    found: dict[str, int | None] = {}
    for key, fen in (*_records(session, link, numbers), *_captures(session, link, numbers), *_named(session, link)):
        if key and key != link.red_key:
            found[key] = found.get(key) if fen is None else fen
    if len(found) != 1:
        return None
    [(key, fen)] = found.items()
    return key if fen is None or fen + link.red_fen >= 0 else None


def _records(session: Session, link: RedLinkRow, numbers: set[str]) -> Iterator[tuple[str | None, int | None]]:
    """Blue records of the seller that bear a number as a whole, not as a part of a longer one."""
    query = select(RecordRow.identity_key, RecordRow.total_incl_fen, RecordRow.remarks).where(
        RecordRow.seller_tax_id == link.seller_tax_id,
        RecordRow.total_incl_fen > 0,
        or_(*(RecordRow.remarks.contains(number, autoescape=True) for number in numbers)),
    )
    for key, fen, remarks in session.execute(query):
        if numbers & _whole_numbers(remarks):
            yield key, fen


def _captures(session: Session, link: RedLinkRow, numbers: set[str]) -> Iterator[tuple[str | None, int | None]]:
    """Blue documents whose remarks, or whose field of their own, bear a number, and were read beyond doubt."""
    query = select(InvoiceRow).where(
        InvoiceRow.seller_tax_id == link.seller_tax_id,
        InvoiceRow.total_incl_fen > 0,
        InvoiceRow.duplicate_of.is_(None),
        or_(*(cast(InvoiceRow.data, Text).contains(number, autoescape=True) for number in numbers)),
    )
    for row in session.scalars(query):
        captured = read_captured(row)
        remarks = captured.field("remarks")
        if captured.identity_accepted and remarks.accepted and numbers & _whole_numbers(remarks.value):
            yield captured.identity, row.total_incl_fen


def _named(session: Session, link: RedLinkRow) -> Iterator[tuple[str | None, int | None]]:
    """What other papers of the same seller name beside the same number: the record of the red one, mostly."""
    same = [
        column == value
        for column, value in ((_L.confirmation_number, link.confirmation_number), (_L.form_number, link.form_number))
        if value
    ]
    query = select(_L.blue_key).where(
        or_(*same), _L.seller_tax_id == link.seller_tax_id, _L.blue_key.is_not(None), _L.id != link.id
    )
    for (key,) in session.execute(query):
        yield key, None


def _whole_numbers(remarks: str | None) -> set[str]:
    """Runs of digits; a number that is broken by spaces is taken for what it is: not certain."""
    digits = "".join(character if character.isdigit() else " " for character in remarks or "")
    return set(digits.split())

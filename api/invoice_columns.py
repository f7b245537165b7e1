"""The columns of an invoice row, from the values of its fields: as read, and after each correction.

Columns are for search and match; the whole account with its evidence is in `data`, where also stays what no column can
hold, under a person's eyes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from models.invoice import identity_key
from models.money import parse_money, to_fen
from models.tables import InvoiceRow

_TEXTS = ("invoice_code", "invoice_number", "seller_name", "seller_tax_id", "buyer_name", "buyer_tax_id")
_LONGEST: dict[str, int] = {name: InvoiceRow.__table__.c[name].type.length for name in _TEXTS}  # type: ignore[attr-defined]


def fill_columns(row: InvoiceRow, values: Mapping[str, str | None]) -> None:
    for name, longest in _LONGEST.items():
        setattr(row, name, _text(values.get(name), longest))
    row.identity_key = identity_key(row.invoice_code, row.invoice_number)
    row.issue_date = _date(values.get("issue_date"))
    row.total_excl_fen = _fen(values.get("total_excl_tax"))
    row.total_tax_fen = _fen(values.get("total_tax"))
    row.total_incl_fen = _fen(values.get("total_incl_tax"))


def _text(text: str | None, longest: int) -> str | None:
    """Whole or not at all: half a name or number would be another one."""
    return text if text and len(text) <= longest and "\0" not in text else None


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:  # what a reader left unreadable stays visible in the data
        return None


def _fen(text: str | None) -> int | None:
    """None for `***` and the unreadable."""
    amount = parse_money(text)
    try:
        return to_fen(amount) if amount is not None else None
    except ValueError:
        return None

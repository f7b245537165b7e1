"""What a column cannot hold stays in the data, under a person's eyes, and the document is read all the same."""

from __future__ import annotations

import pytest

from api.invoice_columns import fill_columns
from models.tables import InvoiceRow


def columns(**values: str | None) -> InvoiceRow:
    row = InvoiceRow()
    fill_columns(row, values)
    return row


def test_a_name_of_two_hundred_characters_is_held_and_a_longer_one_is_not_cut() -> None:
    """Half a name is another company's; PostgreSQL would refuse the whole document."""
    assert columns(seller_name="商" * 200).seller_name == "商" * 200
    assert columns(seller_name="商" * 300).seller_name is None


def test_a_number_with_a_null_character_is_none() -> None:
    row = columns(invoice_number="1234\x005678", invoice_code="031002000011")
    assert (row.invoice_number, row.identity_key) == (None, None)


@pytest.mark.parametrize("amount", ["9" * 40, "1.005", "***", ""])
def test_what_is_no_amount_in_fen_is_none(amount: str) -> None:
    assert columns(total_incl_tax=amount).total_incl_fen is None

"""Amounts as people and papers write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from models.money import parse_money, to_fen


@pytest.mark.parametrize("text", ["¥-12.00", "-¥12.00", "−12", "-12.0", "－１２．００"])
def test_a_negative_amount_is_one_however_it_is_written(text: str) -> None:
    assert parse_money(text) == Decimal(-12)


@pytest.mark.parametrize("text", ["1" + "0" * 13, "9" * 40, "9" * 5000, "-" + "9" * 20 + ".99"])
def test_what_no_column_holds_is_no_amount(text: str) -> None:
    """A garbled text layer can print forty digits in a row: the document is to be read all the same."""
    assert parse_money(text) is None


def test_the_largest_amount_fits_a_column() -> None:
    largest = parse_money("9999999999999.99")
    assert largest is not None and to_fen(largest) < 2**63

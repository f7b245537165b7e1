"""Cells as spreadsheets leave them: what is read, what is called damaged, and that nothing is guessed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.importing import cells
from matching.importing.damage import Damage

WHOLE = "25442000000123401234"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (WHOLE, WHOLE),
        (f"{WHOLE}\t", WHOLE),
        (f"'{WHOLE}", WHOLE),
        (" 2544 2000 0001 2340 1234 ", WHOLE),
        ("２５４４２００００００１２３４０１２３４", WHOLE),
        ("01234567", "01234567"),
        (12345678.0, "12345678"),
        ("12345678.0", "12345678"),
        ("", None),
        ("--", None),
        (None, None),
    ],
)
def test_whole_numbers_are_read_whatever_pads_them(cell: Any, value: str | None) -> None:
    assert cells.invoice_number(cell) == (value, None)


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("2.5442E+19", Damage.SCIENTIFIC),
        ("2.5442000000123401e19", Damage.SCIENTIFIC),
        (2.54420000001234e19, Damage.OVER_15_DIGITS),
        ("25442000000123401234.0", Damage.OVER_15_DIGITS),
        ("25442000000123400000", Damage.ROUNDED),
        (136634.0, Damage.LEADING_ZERO_LOST),
        ("136634", Damage.LEADING_ZERO_LOST),
        ("2544200000012340123", Damage.WRONG_LENGTH),
        ("见附件", Damage.UNREADABLE),
    ],
)
def test_a_damaged_number_gives_no_value(cell: Any, problem: Damage) -> None:
    value, damage = cells.invoice_number(cell)
    assert value is None
    assert damage is not None
    assert damage.problem is problem


def test_eight_digits_in_the_column_of_twenty_are_a_rest() -> None:
    value, damage = cells.digital_number("01234567")
    assert value is None
    assert damage is not None
    assert damage.problem is Damage.TRUNCATED


@pytest.mark.parametrize("cell", ["4403192130", "044031900111", "15100187Z005", 144031909110.0])
def test_codes_have_ten_or_twelve_places(cell: Any) -> None:
    value, damage = cells.invoice_code(cell)
    assert value == (cell if isinstance(cell, str) else str(int(cell)))
    assert damage is None


@pytest.mark.parametrize("cell", [44031900111.0, "44031900111"])
def test_a_code_of_eleven_digits_lost_its_zero_and_does_not_get_it_back(cell: Any) -> None:
    value, damage = cells.invoice_code(cell)
    assert value is None
    assert damage is not None
    assert damage.problem is Damage.LEADING_ZERO_LOST


@pytest.mark.parametrize(
    "cell",
    [
        "2024-05-14", "2024/5/14", "2024年05月14日", "2024年5月14日", "20240514", "2024.5.14", "2024-05-14 17:22:15",
        "2024-05-14T17:22:15", "20240514172215", "2024/5/14 9:05", 45426.0, 45426.724, "45426",
        datetime(2024, 5, 14, 17, 22), date(2024, 5, 14),
    ],
)  # fmt: skip
def test_a_date_is_read_in_every_form(cell: Any) -> None:
    assert cells.issue_date(cell) == (date(2024, 5, 14), None)


@pytest.mark.parametrize("cell", ["2024-02-30", "14/05/2024", "五月", 12.0, "0"])
def test_what_is_no_date_is_not_made_one(cell: Any) -> None:
    value, damage = cells.issue_date(cell)
    assert value is None
    assert damage is not None


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_an_excel_serial_is_the_day_excel_shows(day: date) -> None:
    serial = (day - date(1899, 12, 30)) / timedelta(days=1)
    assert cells.issue_date(serial) == (day, None)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (145.51, "145.51"), ("145.51", "145.51"), ("1,234.50", "1234.50"), ("¥ 1,234.50", "1234.50"),
        ("￥-12.00", "-12.00"), ("(12.00)", "-12.00"), ("（12.00）", "-12.00"), (158.60999999999999, "158.61"),
        (158.61000000000004, "158.61"), ("12元", "12.00"), (0.0, "0.00"), ("***", None), ("", None), ("--", None),
    ],
)  # fmt: skip
def test_money_is_exact(cell: Any, value: str | None) -> None:
    assert cells.money(cell) == (Decimal(value) if value else None, None)


@pytest.mark.parametrize("cell", ["约100", "1,23.45", "12.345", 12.345, float("nan"), float("inf"), True, "1.2.3"])
def test_what_is_no_amount_is_not_made_one(cell: Any) -> None:
    value, damage = cells.money(cell)
    assert value is None
    assert damage is not None


@given(st.integers(-(10**12), 10**12))
def test_every_amount_survives_a_numeric_cell(fen: int) -> None:
    assert cells.money(fen / 100) == (Decimal(fen) / 100, None)


@given(st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.none(), st.booleans(), st.datetimes()))
def test_no_cell_whatever_makes_a_reader_fail(cell: Any) -> None:
    for read in (cells.invoice_number, cells.invoice_code, cells.tax_id, cells.money, cells.issue_date):
        value, damage = read(cell)
        assert value is None or damage is None

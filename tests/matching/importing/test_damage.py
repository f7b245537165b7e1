"""A damaged cell may be compared with a whole number; it says possible or impossible, and nothing more."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from matching.importing.cells import invoice_number
from matching.importing.damage import Damage, DamagedCell, compatible

TWENTY = st.from_regex(r"2[1-9][1-6][0-9]{17}", fullmatch=True)


@given(TWENTY)
def test_a_number_is_compatible_with_itself_as_a_numeric_cell_shows_it(number: str) -> None:
    value, damage = invoice_number(float(number))
    assert value is None
    assert damage is not None
    assert compatible(damage, number)


@given(TWENTY, st.integers(1, 14))
def test_a_number_is_compatible_with_its_scientific_form_at_any_precision(number: str, places: int) -> None:
    shown = format(float(number), f".{places}E")
    assert compatible(DamagedCell(Damage.SCIENTIFIC, shown), number)


def test_another_number_is_not() -> None:
    assert not compatible(DamagedCell(Damage.SCIENTIFIC, "2.5442E+19"), "25312000000123456789")
    assert not compatible(DamagedCell(Damage.ROUNDED, "25442000000123400000"), "25442000000123501234")
    assert not compatible(DamagedCell(Damage.LEADING_ZERO_LOST, "136634"), "00136635")
    assert not compatible(DamagedCell(Damage.TRUNCATED, "23456789"), "25312000000123456780")


def test_lost_zeros_and_lost_heads_are() -> None:
    assert compatible(DamagedCell(Damage.LEADING_ZERO_LOST, "136634"), "00136634")
    assert compatible(DamagedCell(Damage.ROUNDED, "25442000000123400000"), "25442000000123401234")
    assert compatible(DamagedCell(Damage.TRUNCATED, "23456789"), "25312000000123456789")


@given(st.sampled_from(Damage), st.text(max_size=20))
def test_a_cell_survives_storage(problem: Damage, raw: str) -> None:
    assert DamagedCell.parse(DamagedCell(problem, raw).export()) == DamagedCell(problem, raw)

"""`BL20241216-000123-7`: unique, and a slip of the tongue is noticed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.application_numbers import application_number, check_digit, is_valid, near, normalised, part

NUMBERS = st.builds(application_number, st.dates(date(2020, 1, 1), date(2099, 12, 31)), st.integers(1, 999_999))


def test_the_standard_s_own_example() -> None:
    assert check_digit("0794") == "5", "ISO 7064 MOD 11,10: 07945"


@given(NUMBERS)
def test_every_number_is_valid(number: str) -> None:
    assert is_valid(number)


@given(NUMBERS, st.integers(0, 18), st.sampled_from("0123456789"))
def test_every_single_wrong_digit_is_found(number: str, at: int, digit: str) -> None:
    wrong = number[:at] + digit + number[at + 1 :]
    assert wrong == number or not is_valid(wrong)


@given(NUMBERS)
def test_a_number_is_understood_as_people_type_and_say_it(number: str) -> None:
    spoken = number.removeprefix("BL").replace("-", " ")
    for typed in (number, number.lower(), spoken, number.replace("-", ""), f" {number.replace('-', '－')} "):
        assert normalised(typed) == number


@given(NUMBERS, st.integers(2, 9), st.sampled_from("0123456789"))
def test_the_number_meant_is_among_those_one_slip_away(number: str, at: int, digit: str) -> None:
    wrong = number[:at] + digit + number[at + 1 :]
    assert wrong == number or number in near(wrong)


def test_what_is_no_number_at_all_stays_what_it_is() -> None:
    assert (normalised(" hello "), near("hello")) == ("HELLO", [])


@pytest.mark.parametrize(
    ("typed", "pattern"),
    [("000004-7", "%-000004-7"), ("4-7", "%-000004-7"), ("４－７", "%-000004-7"), ("0000047", "%000004-7"),
     ("16-000123-7", "%16-000123-7"), ("BL20241216-000123", "BL20241216-000123-%"), ("47", None), ("", None),
     ("苏州", None), ("BL20241216-000123-7", None)],
)  # fmt: skip
def test_part_of_a_number_as_it_is_read_out(typed: str, pattern: str | None) -> None:
    assert part(typed) == pattern

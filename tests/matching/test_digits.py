"""How alike two numbers are, and that every number within a slip is looked up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.digits import Distance, compare, neighbours, slips

EIGHT = st.from_regex(r"[0-9]{8}", fullmatch=True)


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("12345678", "12345678", Distance.SAME),
        ("12345678", "12345670", Distance.CONFUSED),
        ("12345678", "12345674", Distance.ONE_WRONG),
        ("12345678", "12346578", Distance.TRANSPOSED),
        ("12345678", "1234567", Distance.ONE_MISSING),
        ("12345678", "72345618", Distance.TWO_CONFUSED),
        ("12345678", "32345674", Distance.TWO_WRONG),
        ("12345678", "99945678", Distance.FAR),
        ("12345678", "123456", Distance.FAR),
    ],
)
def test_slips(one: str, other: str, distance: Distance) -> None:
    assert compare(one, other) is distance
    assert compare(other, one) is distance


@given(EIGHT, st.integers(0, 7), st.sampled_from("0123456789"))
def test_every_single_wrong_digit_is_among_the_slips(number: str, at: int, digit: str) -> None:
    other = number[:at] + digit + number[at + 1 :]
    assert other == number or other in set(slips(number))


@given(EIGHT)
def test_every_variant_is_near(number: str) -> None:
    assert all(compare(number, other) < Distance.FAR for other in slips(number))


def test_neighbours_in_sequence() -> None:
    assert neighbours("12345678", "12345690")
    assert not neighbours("12345678", "12345678")
    assert not neighbours("12345678", "92345678")


@pytest.mark.parametrize("number", ["25312000000123456789", "2531200000012345678", "253120000001234567890", "01234567"])
def test_slips_from_a_place_on_are_those_that_change_the_last_eight_digits(number: str) -> None:
    """The others have the same last eight, by which their records are found anyway."""
    changing = {other for other in slips(number) if other[-8:] != number[-8:]}
    assert changing <= set(slips(number, start=len(number) - 8)) <= set(slips(number))

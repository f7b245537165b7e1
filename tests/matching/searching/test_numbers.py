"""Parts of numbers, whole and with one slip, against the plain way of looking through them all."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from matching.searching.numbers import Digits

RNG = random.Random(5)
NUMBERS = [f"2531200000{RNG.randrange(10**10):010d}" for _ in range(400)] + ["", "12345678", "2.5442E+19"]


@pytest.fixture(scope="module")
def digits() -> Digits:
    made = Digits()
    for begin in range(0, len(NUMBERS), 150):
        made.append(NUMBERS[begin : begin + 150])
    return made


@pytest.mark.parametrize("length", [3, 4, 5, 8, 13, 20])
def test_every_part_is_found_wherever_it_stands(digits: Digits, length: int) -> None:
    for place in range(20 - length + 1):
        part = NUMBERS[7][place : place + length]
        assert set(np.flatnonzero(digits.containing(part))) == {
            row for row, number in enumerate(NUMBERS) if part in number
        }


@settings(max_examples=150)
@given(data=st.data())
def test_one_slip_is_forgiven_anywhere(digits: Digits, data: st.DataObject) -> None:
    row = data.draw(st.integers(0, 399))
    length = data.draw(st.integers(7, 20))
    begin = data.draw(st.integers(0, 20 - length))
    part = NUMBERS[row][begin : begin + length]
    at = data.draw(st.integers(0, length - 1))
    digit = data.draw(st.sampled_from("0123456789"))
    slipped = data.draw(
        st.sampled_from([part[:at] + digit + part[at + 1 :], part[:at] + part[at + 1 :], part[:at] + digit + part[at:]])
    )
    if len(slipped) > 20:
        slipped = slipped[:21]
    found = {*np.flatnonzero(digits.containing(slipped)), *digits.nearly_containing(slipped)}
    assert row in found, (part, slipped)


@settings(max_examples=60)
@given(row=st.integers(0, 399), begin=st.integers(0, 8), wrong=st.integers(0, 11), digit=st.sampled_from("0123456789"))
def test_nothing_is_forgiven_twice(digits: Digits, row: int, begin: int, wrong: int, digit: str) -> None:
    part = NUMBERS[row][begin : begin + 12]
    part = part[:wrong] + digit + part[wrong + 1 :]
    for found in set(digits.nearly_containing(part)):
        number = NUMBERS[found]
        stretches = (number[b : b + size] for size in (11, 12, 13) for b in range(len(number) - size + 1))
        assert min(Levenshtein.distance(part, stretch) for stretch in stretches) <= 1


def test_short_parts_are_taken_at_their_word(digits: Digits) -> None:
    assert len(digits.nearly_containing("12345")) == 0
    assert not digits.containing("99999999999999999999999").any()

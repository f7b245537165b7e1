"""Credit codes: check characters and safe repairs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.checks import uscc


@st.composite
def credit_codes(draw: st.DrawFn) -> str:
    """Codes made by the two standards' own formulas, written here a second time and from the other end."""
    organisation = draw(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=8, max_size=8))
    weights = [3, 7, 9, 10, 5, 8, 4, 2]
    check = next(
        c
        for c in "0123456789X"
        if not (sum(int(x, 36) * w for x, w in zip(organisation, weights, strict=True)) + "0123456789X".index(c)) % 11
    )
    head = "91" + draw(st.text("0123456789", min_size=6, max_size=6)) + organisation + check
    total = sum(uscc.ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(head))
    return head + next(c for c in uscc.ALPHABET if (total + uscc.ALPHABET.index(c)) % 31 == 0)


@given(credit_codes())
def test_a_code_made_by_the_standards_passes_both_checks(code: str) -> None:
    assert uscc.valid(code)
    assert uscc.org_check_valid(code)
    assert uscc.repair(code) == (code,)


@given(credit_codes(), st.integers(0, 17), st.sampled_from(uscc.ALPHABET))
def test_one_changed_character_is_always_noticed(code: str, place: int, other: str) -> None:
    changed = code[:place] + other + code[place + 1 :]
    assert uscc.valid(changed) == (changed == code)


@given(credit_codes())
def test_letters_that_no_code_has_are_put_right(code: str) -> None:
    assert uscc.repair(code.replace("1", "I").replace("0", "O").replace("2", "Z").replace("5", "S")) == (code,)


@given(credit_codes())
def test_one_confused_character_is_among_the_candidates(code: str) -> None:
    place = code.find("8")
    if place >= 0:
        assert code in uscc.repair(code[:place] + "B" + code[place + 1 :])


@pytest.mark.parametrize("code", ["", "91", "91330106MA2ABC125", "91330106MA2ABC125C0", "V1330106MA2ABC125C", "税务局"])
def test_what_has_not_the_shape_has_no_candidates(code: str) -> None:
    assert not uscc.valid(code)
    assert uscc.repair(code) == ()

"""Shapes of values, wherever they stand."""

from __future__ import annotations

import pytest

from extraction.layouts import values


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        ("肆佰捌拾圆零贰分", "肆佰捌拾圆零贰分"),
        ("叁仟零贰拾捌圆伍角整分", "叁仟零贰拾捌圆伍角整"),
        ("⊗壹拾圆整整", "⊗壹拾圆整"),
        ("(负数)伍角正", "(负数)伍角正"),
    ],
)
def test_the_sign_for_exactly_ends_an_amount_in_words(printed: str, words: str) -> None:
    found = values.WORDS.search(printed)
    assert found is not None
    assert found[0] == words

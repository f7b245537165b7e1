"""Amounts in words: every printed form is read, everything else is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.checks import words

FORMS = [
    ("伍分", "0.05"),
    ("伍角整", "0.50"),
    ("零伍分", "0.05"),
    ("壹拾圆整", "10.00"),
    ("拾圆整", "10.00"),
    ("拾伍圆整", "15.00"),
    ("贰佰圆伍角整", "200.50"),
    ("贰佰圆零伍角", "200.50"),
    ("贰佰元伍角正", "200.50"),
    ("叁佰贰拾伍圆零肆分", "325.04"),
    ("叁圆零角伍分", "3.05"),
    ("陆仟零柒圆壹角肆分", "6007.14"),
    ("壹万零伍圆整", "10005.00"),
    ("壹拾万柒仟圆伍角叁分", "107000.53"),
    ("壹拾万柒仟圆零伍角叁分", "107000.53"),
    ("壹佰万圆整", "1000000.00"),
    ("壹亿零壹圆零壹分", "100000001.01"),
    ("贰亿零伍佰零肆万零叁佰圆整", "205040300.00"),
    ("（负数）伍佰圆整", "-500.00"),
    ("(负数)伍佰圆整", "-500.00"),
    ("⊗（负数）伍佰圆整", "-500.00"),
    ("⊗ 叁拾柒圆 贰角", "37.20"),
    ("貳拾萬圓整", "200000.00"),
    ("零圆整", "0.00"),
]
NOT_AMOUNTS = [
    "", "整", "圆整", "佰圆整", "壹佰壹佰圆整", "壹拾贰佰圆整", "壹佰零零伍圆整", "壹佰零圆整", "壹仟伍圆整",
    "壹万伍圆整", "壹亿亿圆", "万圆整", "壹万", "壹佰", "壹圆贰圆", "壹分贰角", "壹圆壹贰角", "壹佰圆整整", "壹佰圆0角",
    "壹佰圆整 叁圆整",
    "伍伯圆整", "（负数）（负数）伍圆整", "合计壹佰圆整", "零壹佰圆整",
]  # fmt: skip


@pytest.mark.parametrize(("printed", "value"), FORMS)
def test_every_genuine_form_is_read(printed: str, value: str) -> None:
    assert words.parse(printed) == Decimal(value)


@pytest.mark.parametrize("printed", NOT_AMOUNTS)
def test_words_that_break_the_grammar_have_no_value(printed: str) -> None:
    assert words.parse(printed) is None


@given(st.decimals(min_value=Decimal("-999999999999.99"), max_value=Decimal("999999999999.99"), places=2))
def test_every_amount_is_read_back_from_its_words(amount: Decimal) -> None:
    assert words.parse(words.write(amount)) == amount


@given(st.integers(0, 10**9))
def test_small_amounts_are_read_back_from_their_words(cents: int) -> None:
    amount = Decimal(cents) / 100
    assert words.parse(words.write(amount)) == amount


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("0.05", "伍分"),
        ("10", "壹拾圆整"),
        ("200.50", "贰佰圆伍角整"),
        ("325.04", "叁佰贰拾伍圆零肆分"),
        ("6007.14", "陆仟零柒圆壹角肆分"),
        ("10005", "壹万零伍圆整"),
        ("107000.53", "壹拾万柒仟圆伍角叁分"),
        ("100000001.01", "壹亿零壹圆零壹分"),
        ("205040300", "贰亿零伍佰零肆万零叁佰圆整"),
        ("-500", "（负数）伍佰圆整"),
        ("0", "零圆整"),
    ],
)
def test_the_writer_prints_as_issuing_systems_do(value: str, printed: str) -> None:
    assert words.write(Decimal(value)) == printed


@pytest.mark.parametrize("value", ["0.005", "1000000000000"])
def test_the_writer_refuses_what_has_no_words(value: str) -> None:
    with pytest.raises(ValueError, match="no words"):
        words.write(Decimal(value))


@given(st.text("零壹贰叁肆伍陆柒捌玖拾佰仟万亿圆角分整", max_size=10))
def test_any_string_of_words_has_at_most_one_value_that_its_writer_agrees_with(printed: str) -> None:
    value = words.parse(printed)
    if value is not None:
        assert words.parse(words.write(value)) == value

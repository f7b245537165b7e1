"""Printed text becomes one normal form or nothing."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction import normalise
from extraction.normalise import RADICAL_TO_IDEOGRAPH


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("电⼦发票（普通发票）", "电子发票(普通发票)"),
        ("⻓春市⻔头沟⻋站", "长春市门头沟车站"),
        ("⽅⼀⾦⼤⼈", "方一金大人"),
        ("开⼾行", "开户行"),
        ("￥１２．５０", "¥12.50"),
        ("\ufeff名\u200b称", "名称"),
    ],
)
def test_fold_gives_the_characters_that_are_seen(raw: str, folded: str) -> None:
    assert normalise.fold(raw) == folded


def test_every_radical_of_the_supplement_has_an_ideograph() -> None:
    named = [chr(point) for point in range(0x2E80, 0x2F00) if unicodedata.name(chr(point), "")]
    without = [
        char for char in named if ord(char) not in RADICAL_TO_IDEOGRAPH and unicodedata.normalize("NFKC", char) == char
    ]
    assert without == ["⺀"]  # a stroke, not a character


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("¥1,234.50", "1234.50"),
        ("￥ 1，234.5", "1234.50"),
        ("¥-12.00", "-12.00"),
        ("-¥12.00", "-12.00"),
        ("−0.5", "-0.50"),
        ("100.000000", "100.00"),
        ("1 2 3 . 4 5", "123.45"),
        ("¥ 506", "506.00"),
        ("***", "***"),
        ("¥ ***", "***"),
        ("37.20元", "37.20"),
        ("1.005", None),
        ("12.00 13.00", None),
        ("12 34.50", None),
        ("¥12.00 ¥1.00", None),
        ("12,34.50", None),
        ("壹佰圆", None),
        ("", None),
        (None, None),
    ],
)
def test_money(raw: str | None, value: str | None) -> None:
    assert normalise.money_text(raw) == value


@given(st.decimals(min_value=-(10**11), max_value=10**11, places=2))
def test_every_printed_amount_is_read_back(amount: object) -> None:
    plain = f"{amount:.2f}"
    expected = "0.00" if plain == "-0.00" else plain
    assert normalise.money_text(f"¥{amount:,.2f}") in (expected, plain)


def test_quantities_keep_every_printed_digit() -> None:
    assert normalise.number_text("1,858.415841584158") == "1858.415841584158"
    assert normalise.number_text("0.0100") == "0.0100"
    assert normalise.number_text("1 858.41") is None
    assert normalise.number_text("2026-01-03") is None


@pytest.mark.parametrize(
    ("raw", "iso"),
    [
        ("2024年05月14日", "2024-05-14"),
        ("2024 年 5 月 4 日", "2024-05-04"),
        ("2024-05-14", "2024-05-14"),
        ("2024/5/14", "2024-05-14"),
        ("20240514", "2024-05-14"),
        ("2024-05-14 11:37:34", "2024-05-14"),
        ("2024-05-14T11:37:34.000+08:00", "2024-05-14"),
        ("20240514113734", "2024-05-14"),
        ("2O24年O5月l4日", "2024-05-14"),
        ("2024年02月30日", None),
        ("2024年13月01日", None),
        ("0024-05-14", None),
        ("2024年05月", None),
        (None, None),
    ],
)
def test_dates(raw: str | None, iso: str | None) -> None:
    assert normalise.date_iso(raw) == iso


def test_digit_zones_take_only_the_safe_letters() -> None:
    assert normalise.digits("0440 0190 O1ll") == "044001900111"
    assert normalise.digits("4400B84130") is None
    assert normalise.digits("") is None


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("9133 0106 MA2A BC12 5c", "91330106MA2ABC125C"),
        ("110108769914581", "110108769914581"),
        ("个人", None),
        ("", None),
        ("1234567", None),
    ],
)
def test_tax_ids(raw: str, value: str | None) -> None:
    assert normalise.tax_id(raw) == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("13%", "13%"),
        ("１３％", "13%"),
        ("0.13", "13%"),
        ("0.060000", "6%"),
        ("0.015", "1.5%"),
        ("3.00%", "3%"),
        ("13", "13%"),
        ("0%", "0%"),
        ("0.0", "0%"),
        ("10%", "10%"),
        ("免 税", "免税"),
        ("不征税", "不征税"),
        ("出口零税率", "0%"),
        ("***", "***"),
        ("130%", None),
        ("税率", None),
        ("", None),
    ],
)
def test_rates(raw: str, value: str | None) -> None:
    assert normalise.rate(raw) == value

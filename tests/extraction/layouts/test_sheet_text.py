"""A label is looked for once on a sheet: the rows left out hold none, and no row that holds one is left out."""

from __future__ import annotations

import re

import pytest

from extraction.layouts.rows import search_rows, sheet_of
from extraction.layouts.sheet_text import SheetText
from models.pages import Box, Page, Token


def text_of(*rows: str) -> SheetText:
    return SheetText([(row, list(range(len(row))), list(range(len(row)))) for row in rows])


def test_only_rows_that_hold_the_label_are_given() -> None:
    text = text_of("发票代码:012", "发票号码:345", "开票日期:2024年", "发票号码:678")
    assert text.rows_with(re.compile("发票号码")) == {1, 3}
    assert text.rows_with(re.compile("校验码")) == set()


@pytest.mark.parametrize(
    "pattern", ["^合计", "合计$", r"\A合计", r"合计\Z", "(?<![价税])合计(?!金)", "[^价]?合计.?", "合计[^一]{0,9}元"]
)
def test_no_row_is_left_out(pattern: str) -> None:
    """Also where a match runs on into the next row, and where rows end what a pattern asks for."""
    rows = ("合计", "价税合计", "合计", "", "合计金额", "元", "大写", "合计")
    compiled = re.compile(pattern)
    holding = {number for number, row in enumerate(rows) if compiled.search(row)}
    assert holding <= text_of(*rows).rows_with(compiled)


def test_a_pattern_of_nothing_ends() -> None:
    assert text_of("合计", "").rows_with(re.compile("小?")) == {0, 1}


def test_patterns_of_one_text_and_other_flags_are_two() -> None:
    text = text_of("No12345678")
    assert text.rows_with(re.compile("NO")) == set()
    assert text.rows_with(re.compile("NO", re.IGNORECASE)) == {0}


def test_rows_of_a_sheet_and_pieces_of_them_give_the_same_matches() -> None:
    tokens = (Token("名称:甲公司", Box(0, 0, 60, 10)), Token("合计¥12.00", Box(0, 20, 60, 30)))
    rows = sheet_of(Page(1, 100, 40, tokens)).rows()
    pieces = [chunk for row in rows for chunk in row.chunks()]
    figures = re.compile(r"\d+\.\d\d")
    assert [found.span.key for _, found in search_rows(rows, figures)] == ["12.00"]
    assert [found.span.key for _, found in search_rows(pieces, figures)] == ["12.00"]

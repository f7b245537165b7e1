"""Rows of glyphs: labels across pieces, cuts inside runs, radicals, strips."""

from __future__ import annotations

from extraction.layouts import labels
from extraction.layouts.glyphs import token_edges
from extraction.layouts.rows import sheet_of
from models.pages import Box, Page, Token
from tests.extraction.layouts.drawing import Drawing


def test_a_letter_spaced_label_in_pieces_is_found_with_what_follows() -> None:
    page = Drawing().put(0.1, 0.1, "校").put(0.13, 0.1, "验").put(0.16, 0.1, "码:").put(0.19, 0.1, "10293").page()
    (hit,) = labels.find(sheet_of(page).rows(), labels.CHECK_CODE)
    assert hit.rest is not None
    assert hit.rest.key == "10293"


def test_radicals_and_full_width_forms_are_folded_for_matching_and_kept_for_reading() -> None:
    (row,) = sheet_of(Drawing().put(0.1, 0.1, "⾦额（⼩写）").page()).rows()
    assert row.key == "金额(小写)"
    assert row.text == "金额（小写）"


def test_a_run_is_cut_between_glyphs() -> None:
    token = Token("名称价", Box(0, 0, 60, 20), 1.0, (0.0, 20.0, 40.0, 60.0))
    (row,) = sheet_of(Page(1, 100, 100, (token,))).rows()
    part = row.within(0, 40)
    assert part is not None
    assert (part.key, part.box) == ("名称", Box(0, 0, 40, 20))


def test_edges_are_shared_out_by_width_where_the_reader_gives_none() -> None:
    assert token_edges(Token("名A1", Box(0, 0, 40, 20))) == (0.0, 20.0, 30.0, 40.0)


def test_vertical_strips_are_kept_out_of_the_rows() -> None:
    sheet = sheet_of(Drawing().upright(0.0, 0.0, 0.3, "购买方").put(0.1, 0.15, "名称").page())
    assert [row.key for row in sheet.rows()] == ["名称"]
    assert ["".join(g.key for g in token) for token in sheet.upright] == ["购买方"]


def test_text_along_a_seal_is_left_out() -> None:
    seal = Token("禾沐饮品有限公司", Box(100, 100, 260, 230), 0.8)
    words = tuple(Token(text, Box(10, y, 110, y + 24)) for y, text in ((10, "名称"), (50, "地址"), (90, "电话")))
    assert [row.key for row in sheet_of(Page(1, 400, 400, (*words, seal))).rows()] == ["名称", "地址", "电话"]


def test_two_letters_one_above_the_other_are_no_row() -> None:
    page = Page(1, 400, 400, (Token("备注", Box(10, 100, 40, 220)), Token("11", Box(100, 100, 116, 124))))
    assert [row.key for row in sheet_of(page).rows()] == ["11"]

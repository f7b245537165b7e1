"""Print that is no part of the form lies over it: stamps, margins, words of the next box. It makes no value."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extraction.layouts import read_page
from extraction.layouts.rows import sheet_of
from extraction.reading import Reading
from models.evidence import Source
from tests.extraction.layouts.drawing import Drawing, fill_old_form, old_form


def exact(form: Drawing) -> Reading:
    """As a text layer: places of every character."""
    page = form.page()
    tokens = tuple(
        replace(t, edges=tuple(t.box.x0 + t.box.width * i / len(t.text) for i in range(len(t.text) + 1)))
        if len(t.text) > 1 and t.text.isascii()
        else t
        for t in page.tokens
    )
    (reading,) = read_page(replace(page, tokens=tokens), Source.PDF)
    return reading


def filled() -> Drawing:
    return fill_old_form(old_form())


LINES = exact(filled()).lines


@pytest.mark.parametrize("y", [0.33, 0.36, 0.45])
@pytest.mark.parametrize("text", ["已报销", "2026-01-05", "仅供报销使用1234.50"])
def test_a_large_stamp_over_the_items_makes_no_row(text: str, y: float) -> None:
    form = filled()
    usual, form.size = form.size, 40
    form.put(0.5, y, text)
    form.size = usual
    assert exact(form).lines == LINES


def test_a_letter_down_the_right_margin_ends_no_name() -> None:
    form = filled()
    for place, letter in enumerate("下载次数"):
        form.put(1.005, 0.74 + 0.06 * place, letter)
    assert exact(form).first("seller_name") == "绍兴禾沐饮品有限公司"


def test_an_account_that_reaches_into_the_remarks_is_none_of_them() -> None:
    form = filled()
    form.put(0.17, 0.9, "越州银行胜利支行" + "4567000123" * 3)
    assert exact(form).first("remarks") == "订单号:7788"


@pytest.mark.parametrize("rate", ["13%", "免税", "***"])
def test_an_amount_and_a_rate_that_touch_are_two_values(rate: str) -> None:
    form = filled()
    form.tokens = [t for t in form.tokens if t.text not in ("424.80", "13%")]
    form.put(0.81, 0.33, "424.80" + rate, right=True)
    (line,) = exact(form).lines
    assert (line.amount_excl_tax, line.tax_rate) == ("424.80", rate)


@pytest.mark.parametrize(("printed", "seen"), [("⼾", "户"), ("㬵", "胶"), ("行", "行")])
def test_a_character_that_shares_its_glyph_is_the_one_that_is_seen(printed: str, seen: str) -> None:
    form = Drawing().put(0.1, 0.1, printed)
    (row,) = sheet_of(form.page()).rows()
    assert (row.key, row.text) == (seen, seen)

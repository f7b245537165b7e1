"""Pages that were left slanted: their rows are found along the lean of their lines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extraction.layouts import read_page
from extraction.layouts.lean import lean
from models.evidence import Source
from models.pages import Box, Page, Token
from tests.extraction.layouts.drawing import fill_old_form, old_form


def slanted(page: Page, slope: float) -> Page:
    """The page as recognition sees it when its lines rise or fall: boxes upright, and taller the longer they are."""

    def turned(token: Token) -> Token:
        box = token.box
        down = slope * (box.centre_x - page.width / 2)
        more = abs(slope) * box.width / 2
        return replace(token, box=Box(box.x0, box.y0 + down - more, box.x1, box.y1 + down + more), edges=None)

    return replace(page, tokens=tuple(turned(token) for token in page.tokens))


@pytest.mark.parametrize("slope", [-0.1, -0.065, 0.04, 0.08])
def test_a_slanted_invoice_reads_as_a_level_one(slope: float) -> None:
    page = fill_old_form(old_form()).page()
    (level,), (found,) = read_page(page, Source.OCR), read_page(slanted(page, slope), Source.OCR)
    wanted = {name: level.first(name) for name in level.fields}
    assert {name: found.first(name) for name in wanted} == wanted
    assert [line.amount_excl_tax for line in found.lines] == [line.amount_excl_tax for line in level.lines]


@pytest.mark.parametrize("slope", [-0.08, 0.05])
def test_the_lean_is_measured(slope: float) -> None:
    assert lean(slanted(fill_old_form(old_form()).page(), slope)) == pytest.approx(slope, abs=0.011)


@pytest.mark.parametrize("slope", [0.0, 0.01, -0.015])
def test_a_level_page_is_left_as_it_is(slope: float) -> None:
    assert lean(slanted(fill_old_form(old_form()).page(), slope)) == 0.0


def test_large_print_in_long_lines_is_no_lean() -> None:
    page = fill_old_form(old_form()).page()
    tall = tuple(replace(t, box=Box(t.box.x0, t.box.y0 - 12, t.box.x1, t.box.y1 + 12)) for t in page.tokens[::2])
    assert lean(replace(page, tokens=tall + page.tokens[1::2])) == 0.0

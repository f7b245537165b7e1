"""Pictures become pages of text: small ones are enlarged to be read, and no repair of a character is silent."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from extraction.ocr.engine import RecognisedLine
from extraction.ocr_reader import marked, plain, recognise
from extraction.reading import Reading
from models.evidence import Evidence, Source
from models.pages import Box, Page, Picture, Pixels, Token


def value(text: str, page: Page, box: Box) -> Evidence:
    return Evidence(source=Source.OCR, value=text, raw=text, confidence=0.97, box=page.fraction(box))


def test_a_changed_value_is_marked_and_keeps_what_was_recognised() -> None:
    place, elsewhere = Box(100, 100, 400, 130), Box(100, 300, 400, 330)
    page = Page(1, 1000, 800, (Token("复核:黃建静", place), Token("开票人:黄建静", elsewhere)))
    reading = Reading(
        source=Source.OCR,
        fields={"reviewer": (value("黄建静", page, place),), "drawer": (value("黄建静", page, elsewhere),)},
    )
    fields = marked(reading, page).fields
    assert (fields["reviewer"][0].repaired, fields["reviewer"][0].raw) == ("traditional to simplified", "复核:黃建静")
    assert fields["drawer"][0].repaired is None


def test_a_tick_seen_in_the_gap_of_a_spaced_label_is_a_gap() -> None:
    assert plain("名☑称：甲公司") == "名 称：甲公司"


class Sized:
    """Says one line across the picture it is shown, and remembers its size."""

    name = "told"
    alphabet: Sequence[str] = ()

    def __init__(self) -> None:
        self.shown: tuple[int, ...] = ()

    def read(self, picture: Pixels) -> list[Token]:
        self.shown = picture.shape[:2]
        height, width = self.shown
        return [Token("12.50", Box(0.1 * width, 0.2 * height, 0.6 * width, 0.3 * height), 0.9, (0, 1, 2, 3, 4, 5))]

    def read_lines(self, pictures: Sequence[Pixels]) -> list[RecognisedLine]:
        raise AssertionError("a page is read whole")

    second_opinion = read_lines

    def upright(self, picture: Pixels) -> int:
        return 0


@pytest.mark.parametrize(("size", "shown"), [((390, 590), (780, 1180)), ((1700, 2400), (1700, 2400))])
def test_a_small_picture_is_read_at_twice_its_size_and_its_text_stands_in_its_own_pixels(
    size: tuple[int, int], shown: tuple[int, int]
) -> None:
    engine, paper = Sized(), np.full((*size, 3), 250, np.uint8)
    (token,) = recognise(Picture(paper, paper), 1, engine).tokens
    assert engine.shown == shown
    height, width = size
    assert token.box == Box(0.1 * width, 0.2 * height, 0.6 * width, 0.3 * height)
    assert token.edges == tuple(x * height / shown[0] for x in range(6))

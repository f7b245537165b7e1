"""Characters taken from traditional to simplified are never a silent repair."""

from __future__ import annotations

from extraction.ocr_reader import marked
from extraction.reading import Reading
from models.evidence import Evidence, Source
from models.pages import Box, Page, Token


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

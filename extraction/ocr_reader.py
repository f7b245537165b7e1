"""Reads pictures: recognition on the cleaned page, then the same layouts that read PDF and OFD text."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from extraction.cell_reading import fill_blank_cells
from extraction.layouts import read_page
from extraction.layouts.joining import join_pages
from extraction.layouts.simplified import simplified
from extraction.ocr.engine import OcrEngine
from extraction.ocr.rules import outside_text, ruling_lines
from extraction.reading import Reading
from models.evidence import Source
from models.pages import OpenedDocument, Page, Picture


class OcrReader:
    """Recognises the pages it is told to, and remembers their text for whoever needs it after."""

    source = Source.OCR

    def __init__(self, engine: OcrEngine, pages: Collection[int] | None = None) -> None:
        self._engine = engine
        self._pages = pages
        self.texts: dict[int, Page] = {}

    def read(self, document: OpenedDocument) -> list[Reading]:
        found: list[list[Reading]] = []
        for opened in document.pages:
            if self._pages is None or opened.number in self._pages:
                picture = opened.picture()
                page = recognise(picture, opened.number, self._engine)
                self.texts[opened.number] = page
                readings = read_page(page, Source.OCR)
                found.append([fill_blank_cells(reading, picture, self._engine) for reading in readings])
        return join_pages(found)


def recognise(picture: Picture, number: int, engine: OcrEngine) -> Page:
    """Text and ruling lines of one picture, in its pixels."""
    height, width = picture.reading.shape[:2]
    tokens = tuple(replace(token, text=simplified(token.text)) for token in engine.read(picture.reading))
    return Page(number, width, height, tokens, outside_text(ruling_lines(picture.colour), tokens))

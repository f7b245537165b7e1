"""Reads pictures: recognition on the cleaned page, then the same layouts that read PDF and OFD text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import cv2
import numpy as np

from extraction.cell_reading import fill_blank_cells
from extraction.grouping import place_of
from extraction.layouts.joining import join_pages
from extraction.layouts.simplified import simplified
from extraction.ocr.engine import OcrEngine
from extraction.ocr.rules import outside_text, ruling_lines
from extraction.parting import read_parted
from extraction.reading import Reading
from models.evidence import Evidence, Source
from models.pages import Box, OpenedDocument, Page, PageBox, Picture, Pixels, Token

SMALL = 1100  #: pixels of the longer side; an invoice across it has lines of about ten to fifteen pixels
ENLARGED = 2.0  #: measured against 1.5, finer filters, enlarging lines alone and several looks (docs/accuracy.md)


#: what recognition sees in the gap of a spaced label (名 称); no invoice has boxes to tick
_TICKS = str.maketrans(dict.fromkeys("☑☐☒", " "))


class OcrReader:
    """Recognises the pages it is told to, and remembers their text for whoever needs it after.

    `codes` gives the readings of the document's QR codes: two on a page are two invoices. It is asked for them after
    recognition, so that it may be looking for them until then.
    """

    source = Source.OCR

    def __init__(
        self,
        engine: OcrEngine,
        pages: Collection[int] | None = None,
        *,
        codes: Callable[[], Sequence[Reading]] = tuple,
        constrained: bool = True,
    ) -> None:
        self._engine = engine
        self._pages = pages
        self._codes = codes
        self._constrained = constrained
        self.texts: dict[int, Page] = {}

    def read(self, document: OpenedDocument) -> list[Reading]:
        found: list[list[Reading]] = []
        for opened in document.pages:
            if self._pages is None or opened.number in self._pages:
                picture = opened.picture()
                printed = recognise(picture, opened.number, self._engine)
                page = replace(printed, tokens=tuple(replace(t, text=plain(t.text)) for t in printed.tokens))
                self.texts[opened.number] = page
                readings = [
                    marked(reading, printed) for reading in read_parted(page, Source.OCR, self._codes_on(opened.number))
                ]
                if self._constrained:
                    readings = [fill_blank_cells(reading, picture, self._engine) for reading in readings]
                found.append(readings)
        return join_pages(found)

    def _codes_on(self, number: int) -> list[PageBox]:
        boxes = [place_of(code) for code in self._codes() if code.first("invoice_number")]
        return [box for box in boxes if box is not None and box.page == number]


def plain(text: str) -> str:
    """Recognised text as layouts read it, character for character."""
    return simplified(text).translate(_TICKS)


def recognise(picture: Picture, number: int, engine: OcrEngine) -> Page:
    """Text and ruling lines of one picture, in its pixels."""
    height, width = picture.reading.shape[:2]
    with ThreadPoolExecutor(1, thread_name_prefix="rules") as aside:
        rules = aside.submit(ruling_lines, picture.colour)
        small = max(height, width) < SMALL
        tokens = _enlarged(picture.reading, engine) if small else tuple(engine.read(picture.reading))
    return Page(number, width, height, tokens, outside_text(rules.result(), tokens))


def _enlarged(pixels: Pixels, engine: OcrEngine) -> tuple[Token, ...]:
    """Text of a small picture, read from it at twice its size: its lines are told apart and cut out more finely."""
    large = cv2.resize(pixels, None, fx=ENLARGED, fy=ENLARGED, interpolation=cv2.INTER_CUBIC)
    return tuple(_shrunk(token) for token in engine.read(np.asarray(large, np.uint8)))


def _shrunk(token: Token) -> Token:
    box = Box(*(side / ENLARGED for side in (token.box.x0, token.box.y0, token.box.x1, token.box.y1)))
    return replace(token, box=box, edges=token.edges and tuple(x / ENLARGED for x in token.edges))


def marked(reading: Reading, printed: Page) -> Reading:
    """Values whose characters were taken from traditional to simplified say so: no repair is silent."""
    changed = [t for t in printed.tokens if simplified(t.text) != t.text]
    if not changed:
        return reading
    fields = {name: tuple(_marked(e, changed, printed) for e in items) for name, items in reading.fields.items()}
    return replace(reading, fields=fields)


def _marked(evidence: Evidence, changed: Sequence[Token], printed: Page) -> Evidence:
    for token in changed:
        place = printed.fraction(token.box)
        turned = {new for old, new in zip(token.text, simplified(token.text), strict=True) if old != new}
        if evidence.box and turned & set(evidence.value) and _inside(evidence.box, place):
            return replace(evidence, repaired="traditional to simplified", raw=token.text)
    return evidence


def _inside(box: PageBox, place: PageBox) -> bool:
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return box.page == place.page and place.x0 <= x <= place.x1 and place.y0 <= y <= place.y1

"""Reads the text of PDF and OFD pages, where it can be trusted.

Text layers lie: re-printed files carry mojibake, some hold only the producer's advertisement. A layer that fails the
test below gives no reading, only the note that says why, so that the picture of the page is read instead. Where only
some fonts of a page cannot be relied on, what is printed in the others is read, and the picture as well.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from string import digits

from extraction.layouts.joining import join_pages
from extraction.normalise import fold
from extraction.parting import read_parted
from extraction.reading import Reading
from models.characters import foreign
from models.evidence import Source
from models.pages import DISPLACED, DOUBTED, Media, OpenedDocument, Page, PageBox

_LEAST_CHARACTERS = 30  #: an advertisement or a stamp, not an invoice
_LEAST_IDEOGRAPHS = 0.08
_MOST_FOREIGN = 0.12  #: replacement characters, private use, letters of scripts no invoice uses
_FEWEST_DIGITS = 12
_FEW_DOUBTED = 2  #: words
_RECOGNISED_THERE = DOUBTED  #: what is believed of text recognised where print is displaced, however often it is seen
TORN = "第 {page} 页的文字层有一部分不可靠（字体编码有误或文字重叠），这部分未采用，改读页面图像"
UNREAD_FILE = "PDF 内嵌的文件 {name} 未读取，请另存后单独上传"
_DOCUMENTS = (b"PK\x03\x04", b"%PDF-", b"\xff\xd8\xff", b"\x89PNG")  #: OFD or ZIP, a PDF that did not open, pictures
_LABELS = re.compile(r"发票|号码|日期|名称|金额|合计|票价|代码|税率|开票|收款|单价|数量|电子客票|票据|校验")


class Distrust(StrEnum):
    """Why a text layer is not believed."""

    EMPTY = "没有文字或只有几个字"
    UNSEEN = "不可见（供检索用的隐藏文字）"
    FOREIGN = "是乱码"
    NO_CHINESE = "没有中文"
    NO_DIGITS = "丢失了数字"
    NO_LABELS = "没有票据常见的栏目名称"


@dataclass(frozen=True, slots=True)
class TextReader:
    """Readings from text layers; OFD page text counts as source OFD."""

    source: Source = Source.PDF

    def read(self, document: OpenedDocument) -> list[Reading]:
        if document.media not in (Media.PDF, Media.OFD):
            return []
        source = Source.OFD if document.media is Media.OFD else Source.PDF
        trusted = [page.text for page in document.pages if page.text is not None and distrust(page.text) is None]
        return join_pages([[_relied_on(reading, page) for reading in read_parted(page, source)] for page in trusted])

    def notes(self, document: OpenedDocument, pages: Sequence[int]) -> tuple[str, ...]:
        """What a person should know: text of these pages was there, and was not believed."""
        return tuple(
            f"第 {number} 页的文字层{reason.value}，未采用，改读页面图像"
            for number, reason in self.distrusted(document).items()
            if number in pages and reason is not Distrust.EMPTY
        )

    def distrusted(self, document: OpenedDocument) -> dict[int, Distrust]:
        """Pages whose text layer is not believed, with the reason; these need their picture read."""
        reasons = {page.number: distrust(page.text) for page in document.pages if page.text is not None}
        return {number: reason for number, reason in reasons.items() if reason is not None}


def distrust(page: Page) -> Distrust | None:
    """The reason not to believe this page's text, or None."""
    return _distrust("".join(token.text for token in page.tokens), page.unseen)


@lru_cache(maxsize=8)  # readers of the text, of its codes and of its notes ask one after the other
def _distrust(printed: str, unseen: int) -> Distrust | None:
    text = re.sub(r"\s", "", fold(printed))
    if len(text) < _LEAST_CHARACTERS:
        return Distrust.UNSEEN if unseen >= _LEAST_CHARACTERS else Distrust.EMPTY
    counts = Counter(text)
    if sum(count for char, count in counts.items() if foreign(char)) > _MOST_FOREIGN * len(text):
        return Distrust.FOREIGN
    if sum(count for char, count in counts.items() if "\u4e00" <= char <= "\u9fff") < _LEAST_IDEOGRAPHS * len(text):
        return Distrust.NO_CHINESE
    if sum(counts[digit] for digit in digits) < _FEWEST_DIGITS:
        return Distrust.NO_DIGITS
    if len(set(_LABELS.findall(text))) < 2:
        return Distrust.NO_LABELS
    return None


def _relied_on(reading: Reading, page: Page) -> Reading:
    """The reading without values and rows that doubted text is part of. One word or two that a seal's letters lie on
    cost nothing where they are part of no value."""
    kept = {name: tuple(e for e in found if e.confidence > DOUBTED) for name, found in reading.fields.items()}
    fields = {name: found for name, found in kept.items() if found or not reading.fields[name]}
    rows = all(line.confidence > DOUBTED for line in reading.lines)
    doubted = sum(token.confidence <= DOUBTED for token in page.tokens)
    if doubted <= _FEW_DOUBTED and rows and kept == reading.fields:
        return reading
    return replace(
        reading,
        fields=fields,
        lines=reading.lines if rows else (),
        lines_complete=reading.lines_complete and rows,
        torn=True,
        notes=(*reading.notes, TORN.format(page=page.number)),
    )


def unread_files(document: OpenedDocument) -> tuple[str, ...]:
    """What a person should know: documents inside this one that are not read with it."""
    held = document.attachments if document.media is Media.PDF else ()
    return tuple(UNREAD_FILE.format(name=file.name) for file in held if file.data.startswith(_DOCUMENTS))


def where_displaced(document: OpenedDocument) -> tuple[PageBox, ...]:
    """Where print stands elsewhere than its maker set it: over other print, or beside a value that it is no part of."""
    pages = [page.text for page in document.pages if page.text is not None]
    return tuple(page.fraction(t.box) for page in pages for t in page.tokens if t.confidence <= DISPLACED)


def less_sure(reading: Reading, places: Sequence[PageBox]) -> Reading:
    """What was recognised at these places may hold the displaced print: it is not sure enough to be used unseen."""
    if reading.source is not Source.OCR or not places:
        return reading
    fields = {
        name: tuple(
            replace(e, confidence=min(e.confidence, _RECOGNISED_THERE)) if e.box and _touched(e.box, places) else e
            for e in found
        )
        for name, found in reading.fields.items()
    }
    return replace(reading, fields=fields)


def _touched(box: PageBox, places: Sequence[PageBox]) -> bool:
    middle, reach = (box.y0 + box.y1) / 2, (box.y1 - box.y0) / 2
    return any(
        place.page == box.page
        and place.y0 < middle < place.y1
        and place.x0 < box.x1 + reach
        and box.x0 - reach < place.x1
        for place in places
    )

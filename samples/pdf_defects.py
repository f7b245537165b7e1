"""PDF files whose text layer lies or is missing, two invoices on one A4 page, an attachment with what the face lacks.

Never changes the picture a reader sees.
"""

from __future__ import annotations

import io
from typing import Any

import pikepdf
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from samples import fonts
from samples.fonts import Font
from samples.pdf import to_pixels
from samples.sheet import MM_PER_POINT, Sheet, Text

_MOJIBAKE = "锟斤拷烫屯浣犲ソ鍙戠エ鐢靛瓙瀹樻柟缂栧彿鏃ユ湡閲戦"
_ADVERTISEMENT = "本文件由试用版 PDF 转换工具生成 Converted by DemoPDF trial version"


def picture_only(pdf: bytes, sheets: list[Sheet]) -> bytes:
    """Every page as one picture, with the producer's advertisement as its only text."""
    return _redrawn(pdf, sheets, garbled=False)


def garbled(pdf: bytes, sheets: list[Sheet]) -> bytes:
    """The same page to look at; beneath it text at the right places in the wrong letters, digits missing."""
    return _redrawn(pdf, sheets, garbled=True)


def _redrawn(pdf: bytes, sheets: list[Sheet], *, garbled: bool) -> bytes:
    fonts.register()
    out = io.BytesIO()
    canvas: Any = Canvas(out, invariant=True, pageCompression=1)
    for index, sheet in enumerate(sheets):
        width, height = sheet.width / MM_PER_POINT, sheet.height / MM_PER_POINT
        canvas.setPageSize((width, height))
        image = io.BytesIO()
        Image.fromarray(to_pixels(pdf, 200, index)).save(image, "JPEG", quality=82)
        image.seek(0)
        canvas.drawImage(ImageReader(image), 0, 0, width, height)
        hidden = canvas.beginText()
        hidden.setTextRenderMode(3)
        hidden.setFont(Font.SONG.value, 8)
        if garbled:
            for step in sheet.steps:
                if isinstance(step, Text):
                    hidden.setTextOrigin(step.x / MM_PER_POINT, height - step.y / MM_PER_POINT)
                    hidden.textOut(_mojibake(step.text))
        else:
            hidden.setTextOrigin(20, 6)
            hidden.textOut(_ADVERTISEMENT)
        canvas.drawText(hidden)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _mojibake(text: str) -> str:
    letters = (
        "" if c.isdigit() and i % 3 == 0 else c if c.isascii() else _MOJIBAKE[ord(c) % 24] for i, c in enumerate(text)
    )
    return "".join(letters)


def two_on_a4(upper: bytes, lower: bytes) -> bytes:
    """Two landscape invoices below each other on one portrait page."""
    out = io.BytesIO()
    with (
        pikepdf.new() as page_of_two,
        pikepdf.open(io.BytesIO(upper)) as first,
        pikepdf.open(io.BytesIO(lower)) as second,
    ):
        page_of_two.add_blank_page(page_size=(595.28, 841.89))
        page = page_of_two.pages[0]
        for source, bottom in ((first, 421), (second, 10)):
            page.add_overlay(source.pages[0], pikepdf.Rectangle(0, bottom, 595.28, bottom + 397))
        page_of_two.save(out, deterministic_id=True)
    return out.getvalue()


def attached(pdf: bytes, name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        fixed = "D:20240101000000Z"
        document.attachments[name] = pikepdf.AttachedFileSpec(
            document, data, filename=name, creation_date=fixed, mod_date=fixed
        )
        document.save(out, deterministic_id=True)
    return out.getvalue()

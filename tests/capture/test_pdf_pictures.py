"""Pictures are taken from a copy without the fonts that a PDF names and does not hold; they are the same pictures."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from capture.limits import Limits
from capture.pdf_pictures import without_fonts
from capture.pdf_raster import embedded_images
from tests.capture.files import picture


def drawn(font: str) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 397))
    canvas.setFont(font, 12)
    canvas.drawString(50, 300, "12345678")
    canvas.beginForm("stamp")
    canvas.setFont(font, 9)
    canvas.drawString(0, 0, "87654321")
    canvas.drawImage(ImageReader(Image.fromarray(picture(60, 60, "B"))), 0, 0, 30, 30)
    canvas.endForm()
    canvas.doForm("stamp")
    canvas.drawImage(ImageReader(Image.fromarray(picture(90, 80, "A"))), 300, 100, 60, 60)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def test_a_font_that_is_not_embedded_is_left_out_and_the_pictures_stay() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    data = drawn("STSong-Light")
    bare = without_fonts(data)
    assert b"STSong" in data
    assert b"/Font <<" not in bare.replace(b"\n", b" ")
    before, after = (embedded_images(each, 1, Limits()) for each in (data, bare))
    assert len(after) == len(before) == 2
    assert all(np.array_equal(one, other) for one, other in zip(before, after, strict=True))


def test_a_document_whose_fonts_are_at_hand_is_not_copied() -> None:
    data = drawn("Helvetica")
    assert without_fonts(data) is data

"""Pictures are taken from a copy without the fonts that a PDF names and does not hold; they are the same pictures."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from capture import pdf
from capture.cleanup import CleanupOptions
from capture.limits import Limits
from capture.opening import open_document
from capture.pdf_pictures import without_fonts
from capture.pdf_raster import embedded_images
from models.pages import OpenedPage
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


def test_what_cannot_be_copied_is_given_back() -> None:
    data = b"%PDF-1.7\nnothing more"
    assert without_fonts(data) is data


def opened(data: bytes) -> OpenedPage:
    (page,) = open_document(data, "a.pdf", limits=Limits(), cleanup=CleanupOptions()).pages
    return page


def with_content(content: str) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 397))
    canvas.drawString(50, 300, "12345678")
    canvas._code.append(content)  # the canvas has no public way to write an operator
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


@pytest.mark.parametrize("terms", ["/W 1 /H 1 /CS /G /BPC 8", "/Width 1 /Height 1 /ColorSpace /G /BitsPerComponent 8"])
def test_a_picture_inside_the_content_is_found(terms: str) -> None:
    page = opened(with_content(f"q 60 0 0 60 300 100 cm BI {terms} ID A EI Q"))
    (found,) = page.images()
    assert found.shape[:2] == (1, 1)


def test_a_page_that_draws_no_picture_is_not_loaded_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    page = opened(with_content("0 0 m 100 100 l S"))
    monkeypatch.setattr(pdf, "embedded_images", None)
    assert page.images() == ()

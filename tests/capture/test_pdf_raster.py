"""How finely the pages of a PDF are drawn for reading."""

from __future__ import annotations

import io

import numpy as np
import pikepdf
import pytest
from PIL import Image

from capture.pdf_raster import render
from capture.reading_scale import READING_PIXELS
from models.pages import Pixels
from tests.capture.files import picture

A5 = (595, 420)  #: points


def scanned(*placed: tuple[Pixels, str], before: bytes = b"", within: bool = False) -> bytes:
    """An A5 page with pictures on it, each with its matrix; `within` a form that the page draws at half size."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=A5)
    drawn = before
    images = pikepdf.Dictionary()
    for number, (pixels, matrix) in enumerate(placed):
        jpeg = io.BytesIO()
        Image.fromarray(pixels[:, :, ::-1]).save(jpeg, "JPEG", quality=95)
        height, width = pixels.shape[:2]
        images[f"/I{number}"] = pdf.make_stream(
            jpeg.getvalue(),
            Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=width, Height=height, BitsPerComponent=8,
            ColorSpace=pikepdf.Name.DeviceRGB, Filter=pikepdf.Name.DCTDecode,
        )  # fmt: skip
        drawn += f"q {matrix} cm /I{number} Do Q ".encode()
    resources = pikepdf.Dictionary(XObject=images)
    if within:
        form = pdf.make_stream(
            drawn, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 1190, 840], Resources=resources
        )
        resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary({"/F": form}))
        drawn = b"q 0.5 0 0 0.5 0 0 cm /F Do Q"
    page.Resources = resources
    page.Contents = pdf.make_stream(drawn)
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def size(data: bytes) -> tuple[int, int]:
    height, width = render(data, 1, dpi=None).shape[:2]
    return width, height


@pytest.mark.parametrize("width", [900, 1654, 2480])
def test_a_page_that_is_one_picture_is_read_in_the_pictures_own_pixels(width: int) -> None:
    height = round(width * A5[1] / A5[0])
    pixels = picture(width, height)
    drawn = render(scanned((pixels, f"{A5[0]} 0 0 {A5[1]} 0 0")), 1, dpi=None)
    assert drawn.shape == pixels.shape
    assert float(np.abs(drawn.astype(int) - pixels).mean()) < 1, "drawn as it is, not drawn anew between its pixels"


def test_a_picture_that_lies_on_its_side_or_in_a_form_has_its_own_resolution_too() -> None:
    lying = picture(1750, 2480)
    assert size(scanned((lying, "0 420 -595 0 595 0"))) == pytest.approx((2480, 1751), abs=2)
    assert size(scanned((picture(2480, 1750), "1190 0 0 840 0 0"), within=True)) == pytest.approx((2480, 1751), abs=2)


def test_strips_of_a_scan_count_together_and_the_finest_layer_counts() -> None:
    strips = [(picture(2480, 175), f"595 0 0 42 0 {42 * n}") for n in range(10)]
    assert size(scanned(*strips))[0] == pytest.approx(2480, abs=2)
    layers = [(picture(620, 437), "595 0 0 420 0 0"), (picture(2480, 1750), "595 0 0 420 0 0")]
    assert size(scanned(*layers))[0] == pytest.approx(2480, abs=2)


def test_a_logo_says_nothing_of_the_page_and_letters_drawn_as_outlines_keep_their_fineness() -> None:
    at_200_dpi = pytest.approx(A5[0] / 72 * 200, abs=2)
    assert size(scanned((picture(600, 600), "60 0 0 60 20 340")))[0] == at_200_dpi
    ground = (picture(300, 212), "595 0 0 420 0 0")
    assert size(scanned(ground, before=b"10 10 200 30 re f "))[0] == at_200_dpi


def test_a_very_fine_scan_is_drawn_at_reading_size() -> None:
    width, height = size(scanned((picture(4960, 3508), "595 0 0 420 0 0")))
    assert width * height == pytest.approx(READING_PIXELS, rel=0.01)

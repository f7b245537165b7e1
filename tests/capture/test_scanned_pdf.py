"""Pages of a PDF that are pictures are treated as pictures are."""

from __future__ import annotations

import io

import numpy as np
import pikepdf
from PIL import Image

from capture.cleanup import CleanupOptions
from capture.limits import Limits
from capture.opening import open_document
from models.pages import OpenedDocument, Pixels
from tests.capture.files import pdf
from tests.capture.test_sheets import desk, laid, sheet


def scans(*pages: Pixels) -> bytes:
    first, *rest = (Image.fromarray(page[:, :, ::-1]) for page in pages)
    out = io.BytesIO()
    first.save(out, "PDF", resolution=200, save_all=True, append_images=rest)
    return out.getvalue()


def opened(data: bytes) -> OpenedDocument:
    return open_document(data, "扫描.pdf", limits=Limits(), cleanup=CleanupOptions())


def test_sheets_side_by_side_on_a_scanned_page_are_pages_of_their_own() -> None:
    both = laid(laid(desk(), sheet("1"), (480, 400), 5.0), sheet("2"), (1450, 430))
    document = opened(scans(both, sheet("3", 1400, 900)))
    assert [page.number for page in document.pages] == [1, 2, 3]
    assert [page.text is None for page in document.pages] == [True, True, False]
    shapes = [page.picture().colour.shape[1::-1] for page in document.pages]
    assert np.allclose(shapes[:2], (716, 430), atol=8), "cut out along their edges"
    assert shapes[2][0] > 1350


def test_pages_with_text_behind_parted_ones_keep_their_text() -> None:
    both = laid(laid(desk(), sheet("1"), (480, 400)), sheet("2"), (1450, 430))
    merged = io.BytesIO()
    with pikepdf.open(io.BytesIO(scans(both))) as whole, pikepdf.open(io.BytesIO(pdf())) as typeset:
        whole.pages.extend(typeset.pages)
        whole.save(merged)
    document = opened(merged.getvalue())
    last = document.pages[-1]
    assert (len(document.pages), last.number) == (3, 3)
    assert last.text is not None
    assert last.text.number == 3
    assert last.text.tokens


def test_a_scanned_page_shows_its_colours_before_its_ink_is_cleaned() -> None:
    (page,) = opened(scans(sheet("1", 1400, 900))).pages
    assert page.straight is not None
    assert page.straight() is page.straight()

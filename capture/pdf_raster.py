"""Pages of a PDF as pixels, through PDFium. The library is not thread-safe: one call at a time in a process."""

from __future__ import annotations

import threading
from typing import Any

import cv2
import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from capture.limits import Limits
from capture.reading_scale import RASTER_DPI, reading_scale
from models.pages import Pixels

_LOCK = threading.Lock()
MOST_IMAGES = 40


SKETCH_DPI = 110  #: a code's modules are 2 pixels and more


def sketch(data: bytes, number: int, annotations: bool = True) -> Pixels:
    """Page `number` coarsely: enough to read a code, a fraction of the time."""
    return render(data, number, dpi=SKETCH_DPI, annotations=annotations)


def render(data: bytes, number: int, *, dpi: int = RASTER_DPI, annotations: bool = True) -> Pixels:
    """Page `number` (1-based) at 200 dpi, smaller where the page is very large."""
    with _LOCK, pdfium.PdfDocument(data) as document:
        if annotations:
            document.init_forms()
        page = document[number - 1]
        width, height = page.get_size()
        scale = dpi / 72
        scale *= reading_scale(width * scale, height * scale)
        bitmap = page.render(
            scale=scale,
            rev_byteorder=False,
            prefer_bgrx=False,
            may_draw_forms=annotations,
            draw_annots=annotations,
        )
        return _bgr(bitmap)


def embedded_images(data: bytes, number: int, limits: Limits) -> tuple[Pixels, ...]:
    """Pictures placed on the page, each at its own resolution."""
    found: list[Pixels] = []
    with _LOCK, pdfium.PdfDocument(data) as document:
        page = document[number - 1]
        for item in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=5):
            try:
                width, height = item.get_px_size()
                if 0 < width * height <= limits.max_pixels:
                    found.append(_bgr(item.get_bitmap(render=False)))
            except pdfium.PdfiumError:
                continue  # one broken picture does not spoil the page; the raster shows what can be shown
            if len(found) == MOST_IMAGES:
                break
    return tuple(found)


def _bgr(bitmap: Any) -> Pixels:
    pixels = bitmap.to_numpy()
    if pixels.ndim == 2:
        pixels = pixels[:, :, None]
    channels = pixels.shape[2]
    if channels == 1:
        return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR), np.uint8)
    if channels == 4:
        return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGRA2BGR), np.uint8)
    return np.array(pixels, np.uint8)  # a copy: the bitmap's memory goes with the document

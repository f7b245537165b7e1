"""Pages of a PDF as pixels, through PDFium. The library is not thread-safe: one call at a time in a process."""

from __future__ import annotations

import contextlib
import math
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
DEEPEST = 5  #: forms within forms
ALIKE = 0.01  #: of resolutions across and down
FAIR_PART = 0.2  #: of the page: less is a logo, a code, a seal
SKETCH_DPI = 110  #: a code's modules are 2 pixels and more


def sketch(data: bytes, number: int, annotations: bool = True) -> Pixels:
    """Page `number` coarsely: enough to read a code, a fraction of the time."""
    return render(data, number, dpi=SKETCH_DPI, annotations=annotations)


def render(data: bytes, number: int, *, dpi: float | None = RASTER_DPI, annotations: bool = True) -> Pixels:
    """Page `number` (1-based) at 200 dpi, or without `dpi` as finely as the pictures it is made of; smaller where that
    is beyond the size at which pictures are read."""
    with _LOCK, pdfium.PdfDocument(data) as document:
        if annotations:
            document.init_forms()
        page = document[number - 1]
        width, height = page.get_size()
        scale = (dpi or _own_resolution(page)) / 72
        scale *= reading_scale(width * scale, height * scale)
        bitmap = page.render(
            scale=scale,
            rev_byteorder=False,
            prefer_bgrx=False,
            may_draw_forms=annotations,
            draw_annots=annotations,
        )
        return _bgr(bitmap)


def _own_resolution(page: Any) -> float:
    """Dots per inch of the pictures on a page, the finest ones that show a fair part of it. Less than 200 only where
    there is nothing but pictures: letters, or their outlines, have no resolution."""
    placed: list[tuple[float, float]] = []
    drawn = False
    for item in page.get_objects(max_depth=DEEPEST):
        if item.type != pdfium_c.FPDF_PAGEOBJ_IMAGE:
            drawn = drawn or item.type != pdfium_c.FPDF_PAGEOBJ_FORM
            continue
        with contextlib.suppress(pdfium.PdfiumError):  # a broken picture says nothing of its page
            sides = _sides(item)
            if 0 not in sides:
                placed.append((72 * _finest(item.get_px_size(), sides), math.prod(sides)))
    wanted = FAIR_PART * math.prod(page.get_size())
    for resolution, area in sorted(placed, reverse=True):
        wanted -= area
        if wanted <= 0:
            return max(resolution, RASTER_DPI) if drawn else resolution
    return RASTER_DPI


def _sides(image: Any) -> tuple[float, float]:
    """Width and height of a picture as it is placed on the page, in points."""
    matrix, around = image.get_matrix(), image.container
    while around is not None:
        matrix, around = matrix.multiply(around.get_matrix()), around.container
    a, b, c, d = matrix.get()[:4]
    return math.hypot(a, b), math.hypot(c, d)


def _finest(pixels: tuple[int, int], sides: tuple[float, float]) -> float:
    """Pixels to a point, across or down: a fax has twice as many one way. Where they are as good as alike the fewer,
    because a page is rounded up, and a picture drawn a pixel too wide is drawn anew, blurred."""
    across, down = (count / side for count, side in zip(pixels, sides, strict=True))
    alike = abs(across - down) < ALIKE * across
    return min(across, down) * (1 - 1e-6) if alike else max(across, down)


def embedded_images(data: bytes, number: int, limits: Limits) -> tuple[Pixels, ...]:
    """Pictures placed on the page, each at its own resolution."""
    found: list[Pixels] = []
    with _LOCK, pdfium.PdfDocument(data) as document:
        page = document[number - 1]
        for item in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=DEEPEST):
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

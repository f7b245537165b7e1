"""A form whose header row could not be read (overprinted, faint): placed from its other labels.

Source: label positions of the old form in fractions of its ruled frame (domain §1.3).
"""

from __future__ import annotations

import re

import numpy as np

from extraction.layouts import labels
from extraction.layouts.columns import OLD_FORM, Header
from extraction.layouts.glyphs import Glyph
from extraction.layouts.rows import Row, Sheet, Span
from models.pages import Box

#: label → (left side, middle height) for its places on the form, from top to bottom
_PLACES: tuple[tuple[re.Pattern[str], tuple[tuple[float, float], ...]], ...] = (
    (labels.TAX_ID, ((0.045, 0.09), (0.045, 0.86))),
    (labels.ADDRESS, ((0.045, 0.15), (0.045, 0.92))),
    (labels.BANK, ((0.045, 0.21), (0.045, 0.98))),
    (re.compile(labels.spaced("价税合计")), ((0.07, 0.735),)),
    (labels.IN_FIGURES, ((0.745, 0.735),)),
    (labels.PAYEE, ((0.02, 1.03),)),
    (labels.REVIEWER, ((0.30, 1.03),)),
    (labels.DRAWER, ((0.515, 1.03),)),
)
_LEAST = 6  #: labels that must agree
_HEADER_Y = (0.25, 0.285)


def placed_header(sheet: Sheet, rows: list[Row]) -> Header | None:
    """A header row where the other labels say it must be; None where too few of them were read."""
    anchors: list[tuple[float, float, float, float, float]] = []
    for pattern, places in _PLACES:
        hits = sorted(labels.find(rows, pattern), key=lambda hit: hit.span.centre_y)
        if len(hits) == len(places):
            anchors += [
                (x, y, hit.span.x0, hit.span.centre_y, hit.span.height)
                for (x, y), hit in zip(places, hits, strict=True)
            ]
    if len(anchors) < _LEAST:
        return None
    table = np.array(anchors)
    if np.ptp(table[:, 0]) < 0.4 or np.ptp(table[:, 1]) < 0.4:
        return None
    x_scale, x_offset = (float(v) for v in np.polyfit(table[:, 0], table[:, 2], 1))
    y_scale, y_offset = (float(v) for v in np.polyfit(table[:, 1], table[:, 3], 1))
    off = np.abs(table[:, 1] * y_scale + y_offset - table[:, 3]).max()
    if x_scale <= 0 or y_scale <= 0 or off > 0.05 * y_scale:
        return None
    top, bottom = (y_offset + y * y_scale for y in _HEADER_Y)
    starts = dict(zip(OLD_FORM, (0.0, *OLD_FORM.values()), strict=False))
    spans = {name: _mark(x_offset + x_scale * (starts[name] + end) / 2, top, bottom) for name, end in OLD_FORM.items()}
    return Header(Span(tuple(span.glyphs[0] for span in spans.values())), spans)


def _mark(x: float, top: float, bottom: float) -> Span:
    """An empty glyph: it marks a place and prints nothing."""
    return Span((Glyph("", "", x, x, top, bottom, 1.0, -1, Box(x, top, x, bottom)),))

"""Ruling lines of a printed form, found in the picture: long dark runs, horizontal and vertical.

Small print joins into runs as well, so a run that lies inside recognised text is not a rule.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from models.pages import Pixels, Segment, Token

WORKING_SIDE = 1600
LEAST_LENGTH = 0.03  #: of the picture's long side
MOST_THICKNESS = 0.006
TEXT_SHARE = 0.6  #: of a run, inside one text, for the run to be print


def ruling_lines(picture: Pixels) -> tuple[Segment, ...]:
    """Segments in pixels of `picture`."""
    height, width = picture.shape[:2]
    scale = min(1.0, WORKING_SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    grey = cv2.cvtColor(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY)
    dark = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 12)
    long_side = max(size)
    length, thickness = max(8, int(LEAST_LENGTH * long_side)), max(3, int(MOST_THICKNESS * long_side))
    found = [
        *_runs(dark, (length, 1), (5, 3), thickness, horizontal=True),
        *_runs(dark, (1, length), (3, 5), thickness, horizontal=False),
    ]
    return tuple(Segment(*(v / scale for v in (s.x0, s.y0, s.x1, s.y1))) for s in found)


def outside_text(segments: Sequence[Segment], tokens: Sequence[Token]) -> tuple[Segment, ...]:
    """Segments that do not run through the middle of a text."""
    return tuple(s for s in segments if not any(_runs_through(s, t) for t in tokens))


def _runs_through(segment: Segment, token: Token) -> bool:
    box = token.box
    if segment.horizontal:
        inside = box.y0 + 0.12 * box.height < segment.y0 < box.y1 - 0.12 * box.height
        shared = min(segment.x1, box.x1) - max(segment.x0, box.x0)
        return inside and shared > TEXT_SHARE * (segment.x1 - segment.x0)
    inside = box.x0 < segment.x0 < box.x1
    shared = min(segment.y1, box.y1) - max(segment.y0, box.y0)
    return inside and shared > TEXT_SHARE * (segment.y1 - segment.y0)


def _runs(
    dark: np.ndarray, kernel: tuple[int, int], bridge: tuple[int, int], thickness: int, *, horizontal: bool
) -> list[Segment]:
    joined = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones(bridge[::-1], np.uint8))
    runs = cv2.morphologyEx(joined, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, kernel))
    count, _, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    segments = []
    for x, y, w, h, _area in stats[1:count].tolist():
        if horizontal and h <= thickness + 0.02 * w:
            segments.append(Segment(x, y + h / 2, x + w, y + h / 2))
        elif not horizontal and w <= thickness + 0.02 * h:
            segments.append(Segment(x + w / 2, y, x + w / 2, y + h))
    return segments

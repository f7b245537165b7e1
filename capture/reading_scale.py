"""The size at which pictures are read. Larger costs time and memory and reads no better; nothing is enlarged."""

from __future__ import annotations

import math

RASTER_DPI = 200
READING_PIXELS = 6_400_000  #: about 3000 × 2130; a long receipt keeps its width


def reading_scale(width: float, height: float) -> float:
    """Factor ≤ 1 that brings a picture of this size within the reading size."""
    return min(1.0, math.sqrt(READING_PIXELS / max(width * height, 1.0)))

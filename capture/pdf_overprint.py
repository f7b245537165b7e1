"""Characters of a PDF page that stand on top of others: of two that cover each other at most one can be read.

The other was painted over, is the colour of the paper, or stands elsewhere than its font's widths say. Never tells
which one is seen: that, only the picture shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

Boxes = npt.NDArray[np.float64]  #: left, top, right, bottom

#: of the narrower one's width between their middles; in print set close together there is more (real pages have no pair
#: below 0.8 that is not beneath a seal)
_ACROSS = 0.7
_TWICE = 0.45  #: likewise, for the same character drawn once more
_LARGER = 1.4  #: than the page's usual print
_DOWN = 0.4  #: of the lower one's height
_BAND = 8.0  #: points; characters are compared along bands of the page, and along bands set half of it lower


def overprinted(characters: Sequence[dict[str, Any]]) -> set[int]:
    """Places in `characters` of letters, ideographs and figures that share their room with a different one."""
    found: set[int] = set()
    for one, other in _covering(characters, _ACROSS):
        texts = characters[one]["text"], characters[other]["text"]
        if texts[0] != texts[1] and all(text.isalnum() for text in texts):
            found |= {one, other}
    return found


def print_and_stamps(characters: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The characters, and apart from them the lines of clearly larger ones that lie over them: both are seen, and both
    are words of their own."""
    inked = [char for char in characters if not char["text"].isspace()]
    if not inked:
        return [characters]
    boxes = np.array([(char["x0"], char["top"], char["x1"], char["bottom"]) for char in inked])
    heights = boxes[:, 3] - boxes[:, 1]
    high = heights >= _LARGER * np.median(heights)
    over = boxes[high][_lie_over(boxes[high], boxes[~high])]
    if not len(over):
        return [characters]
    tops, sizes = over[:, 1], over[:, 3] - over[:, 1]
    in_line = (np.abs(boxes[:, None, 1] - tops) < 0.2 * sizes) & (np.abs(heights[:, None] / sizes - 1) < 0.2)
    stamps = {id(char) for char, stamp in zip(inked, high & in_line.any(axis=1), strict=True) if stamp}
    return [
        [char for char in characters if id(char) not in stamps],
        [char for char in characters if id(char) in stamps],
    ]


def _lie_over(large: Boxes, small: Boxes) -> npt.NDArray[np.bool_]:
    """Which of the large boxes reach well into a small one."""
    if not len(large) or not len(small):
        return np.zeros(len(large), bool)
    low, high = np.maximum(large[:, None, :2], small[:, :2]), np.minimum(large[:, None, 2:], small[:, 2:])
    shared, own = high - low, small[:, 2:] - small[:, :2]
    reaches: npt.NDArray[np.bool_] = (shared[..., 0] > 0.2 * own[:, 0]) & (shared[..., 1] > 0.3 * own[:, 1])
    return np.asarray(reaches.any(axis=1))


def struck_twice(characters: Sequence[dict[str, Any]]) -> set[int]:
    """Places of characters drawn once more where they stand already: bold print is made so."""
    return {
        max(one, other)
        for one, other in _covering(characters, _TWICE)
        if characters[one]["text"] == characters[other]["text"]
    }


def _covering(characters: Sequence[dict[str, Any]], across: float) -> Iterator[tuple[int, int]]:
    """Places of two neighbours whose middles are nearer to each other than this."""
    middles = [
        ((char["top"] + char["bottom"]) / 2 / _BAND, (char["x0"] + char["x1"]) / 2, place)
        for place, char in enumerate(characters)
        if not char["text"].isspace()
    ]
    for lower in (0.0, 0.5):
        along = sorted([(int(y + lower), x, place) for y, x, place in middles])
        for (band, x, place), (next_band, next_x, next_place) in pairwise(along):
            if next_band == band and next_x - x < _BAND and _covers(characters[place], characters[next_place], across):
                yield place, next_place


def _covers(one: dict[str, Any], other: dict[str, Any], most: float) -> bool:
    across = abs((one["x0"] + one["x1"]) - (other["x0"] + other["x1"])) / 2
    down = abs((one["top"] + one["bottom"]) - (other["top"] + other["bottom"])) / 2
    narrow = min(one["x1"] - one["x0"], other["x1"] - other["x0"])
    low = min(one["bottom"] - one["top"], other["bottom"] - other["top"])
    return bool(across < most * narrow and down < _DOWN * low)

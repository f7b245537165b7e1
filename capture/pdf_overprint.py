"""Characters of a PDF page that stand on top of others: of two that cover each other at most one can be read.

The other was painted over, is the colour of the paper, or stands elsewhere than its font's widths say. Never tells
which one is seen: that, only the picture shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

#: of the narrower one's width between their middles; in print set close together there is more (real pages have no pair
#: below 0.8 that is not beneath a seal)
_ACROSS = 0.7
_DOWN = 0.4  #: of the lower one's height
_BAND = 8.0  #: points; characters are compared along bands of the page, and along bands set half of it lower


def overprinted(characters: Sequence[dict[str, Any]]) -> set[int]:
    """Places in `characters` of letters, ideographs and figures that share their room with a different one."""
    found: set[int] = set()
    for one, other in _covering(characters):
        texts = characters[one]["text"], characters[other]["text"]
        if texts[0] != texts[1] and all(text.isalnum() for text in texts):
            found |= {one, other}
    return found


def struck_twice(characters: Sequence[dict[str, Any]]) -> set[int]:
    """Places of characters drawn once more where they stand already: bold print is made so."""
    return {
        max(one, other) for one, other in _covering(characters) if characters[one]["text"] == characters[other]["text"]
    }


def _covering(characters: Sequence[dict[str, Any]]) -> Iterator[tuple[int, int]]:
    """Places of two neighbours that cover each other."""
    middles = [
        ((char["top"] + char["bottom"]) / 2 / _BAND, (char["x0"] + char["x1"]) / 2, place)
        for place, char in enumerate(characters)
        if not char["text"].isspace()
    ]
    for lower in (0.0, 0.5):
        along = sorted([(int(y + lower), x, place) for y, x, place in middles])
        for (band, x, place), (next_band, next_x, next_place) in pairwise(along):
            if next_band == band and next_x - x < _BAND and _covers(characters[place], characters[next_place]):
                yield place, next_place


def _covers(one: dict[str, Any], other: dict[str, Any]) -> bool:
    across = abs((one["x0"] + one["x1"]) - (other["x0"] + other["x1"])) / 2
    down = abs((one["top"] + one["bottom"]) - (other["top"] + other["bottom"])) / 2
    narrow = min(one["x1"] - one["x0"], other["x1"] - other["x0"])
    low = min(one["bottom"] - one["top"], other["bottom"] - other["top"])
    return bool(across < _ACROSS * narrow and down < _DOWN * low)

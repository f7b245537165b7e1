"""Single characters of a page with their places: what rows, labels and cells are made of.

Never decides what a text means.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import NamedTuple

from extraction.normalise import RADICAL_TO_IDEOGRAPH
from models.pages import Box, Token

GAP = "|"  #: stands in a row's key where the next glyph is far away
_DASHES = str.maketrans("−–—‐‑‒﹣", "-------")


class Glyph(NamedTuple):
    """One character. `char` as printed (radicals mapped), `key` folded for matching, box upright and in page units."""

    char: str
    key: str
    x0: float
    x1: float
    y0: float
    y1: float
    confidence: float
    token: int
    page_box: Box | None  #: as the page gave it, where the sheet was turned
    blank_before: bool = False
    token_length: int = 1

    @property
    def centre_x(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def centre_y(self) -> float:
        return (self.y0 + self.y1) / 2

    @property
    def height(self) -> float:
        return self.y1 - self.y0


@lru_cache(maxsize=8192)
def _key(char: str) -> str:
    folded = unicodedata.normalize("NFKC", char).translate(RADICAL_TO_IDEOGRAPH).translate(_DASHES)
    if folded == GAP:
        return "I"
    return folded if len(folded) == 1 else char


@lru_cache(maxsize=8192)
def character_width(char: str) -> float:
    return 1.0 if unicodedata.east_asian_width(char) in "WF" else 0.5


def token_edges(token: Token) -> tuple[float, ...]:
    """Given edges, else the box shared out by the usual widths (an ideograph is two digits wide)."""
    if token.edges is not None and len(token.edges) == len(token.text) + 1:
        return token.edges
    widths = [character_width(char) for char in token.text]
    total = sum(widths) or 1.0
    edges, x = [token.box.x0], token.box.x0
    for width in widths:
        x += token.box.width * width / total
        edges.append(x)
    return tuple(edges)


@lru_cache(maxsize=8192)
def _printed(char: str) -> str:
    """The character a reader sees: radicals become ideographs, full-width punctuation stays."""
    radical = "\u2f00" <= char <= "\u2fdf" or "\uf900" <= char <= "\ufaff"
    return (unicodedata.normalize("NFKC", char) if radical else char).translate(RADICAL_TO_IDEOGRAPH)


def glyphs_of(token: Token, index: int, right: float, down: float, spare: float, *, turned: bool) -> tuple[Glyph, ...]:
    """The token's characters, moved by what turns the sheet upright; `spare`: what its box holds above and below."""
    box, text = token.box, token.text
    edges = token_edges(token)
    y0, y1 = box.y0 + down + spare, box.y1 + down - spare
    return tuple(
        Glyph(
            _printed(char),
            _key(char),
            left + right,
            end + right,
            y0,
            y1,
            token.confidence,
            index,
            Box(left, box.y0, end, box.y1) if turned else None,
            place > 0 and text[place - 1].isspace(),
            len(text),
        )
        for place, (char, left, end) in enumerate(zip(text, edges, edges[1:], strict=False))
        if not char.isspace()
    )

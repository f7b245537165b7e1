"""Text layer of a PDF as positioned tokens and ruling lines. Never judges whether the text is true.

Words come from pdfplumber, in points from the top left corner of the page as it is shown: after /Rotate, within the
CropBox. Text outside the CropBox is not seen by a reader of the page and is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from models.pages import Box, Page, Segment, Token

#: gap that parts two words, in font sizes: below it is letter-spacing inside a number
WORD_GAP = 0.25
#: shorter strokes are drawings (QR modules, outlines of letters), not rules
SHORTEST_RULE = 6.0
MOST_SEGMENTS = 4000


def read_text(number: int, page: Any) -> Page:
    """Tokens and rules of one pdfplumber page."""
    left, top, right, bottom = _visible(page)
    shown = page.filter(lambda o: _inside(o, left, top, right, bottom))
    words = shown.extract_words(
        x_tolerance_ratio=WORD_GAP, y_tolerance=2, return_chars=True, use_text_flow=False, expand_ligatures=False
    )
    tokens = tuple(token for word in words if (token := _token(word, left, top)) is not None)
    return Page(number, right - left, bottom - top, tokens, tuple(_segments(shown.edges, left, top)))


def _visible(page: Any) -> tuple[float, float, float, float]:
    """CropBox within the MediaBox, in pdfplumber's own coordinates."""
    x0, y0, x1, y1 = page.bbox
    cx0, cy0, cx1, cy1 = page.cropbox or page.bbox
    box = (max(x0, cx0), max(y0, cy0), min(x1, cx1), min(y1, cy1))
    return box if box[2] - box[0] > 1 and box[3] - box[1] > 1 else (x0, y0, x1, y1)


def _inside(item: dict[str, Any], left: float, top: float, right: float, bottom: float) -> bool:
    if item["object_type"] != "char":
        return True
    x, y = (item["x0"] + item["x1"]) / 2, (item["top"] + item["bottom"]) / 2
    return bool(left <= x <= right and top <= y <= bottom)


def _token(word: dict[str, Any], left: float, top: float) -> Token | None:
    text = word["text"].strip()
    if not text:
        return None
    box = Box(word["x0"] - left, word["top"] - top, word["x1"] - left, word["bottom"] - top)
    if not word["upright"]:
        return Token(text, box, vertical=True)
    edges = _edges(word["chars"], left)
    return Token(text, box, edges=edges if len(edges) == len(text) + 1 else None)


def _edges(chars: list[dict[str, Any]], left: float) -> tuple[float, ...]:
    """One x position before each character and one after the last; a glyph that stands for several is divided."""
    edges: list[float] = []
    for char in chars:
        count = len(char["text"])
        edges += [char["x0"] - left + (char["x1"] - char["x0"]) * i / count for i in range(count)]
    return (*edges, chars[-1]["x1"] - left)


def _segments(edges: Iterable[dict[str, Any]], left: float, top: float) -> Iterable[Segment]:
    found: dict[tuple[int, ...], Segment] = {}
    for edge in edges:
        if max(edge["x1"] - edge["x0"], edge["bottom"] - edge["top"]) < SHORTEST_RULE:
            continue
        segment = Segment(edge["x0"] - left, edge["top"] - top, edge["x1"] - left, edge["bottom"] - top)
        found.setdefault(tuple(round(v) for v in (segment.x0, segment.y0, segment.x1, segment.y1)), segment)
        if len(found) == MOST_SEGMENTS:
            break
    return found.values()

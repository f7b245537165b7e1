"""Text layer of a PDF as positioned tokens and ruling lines. Never judges whether the text is true.

Words come from pdfplumber, in points from the top left corner of the page as it is shown: after /Rotate, within the
CropBox. Text outside the CropBox is not seen by a reader of the page and is left out. A word in a font that cannot be
relied on has the confidence DOUBTED, one that stands elsewhere than it was set DISPLACED.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pdfplumber.utils import extract_words

from capture.pdf_covered import Face, annotated, under_annotations
from capture.pdf_objects import read_objects
from capture.pdf_overprint import overprinted, print_and_stamps, struck_twice
from models.pages import DISPLACED, DOUBTED, Box, Page, Pixels, Segment, Token

#: gap that parts two words, in font sizes: below it is letter-spacing inside a number
WORD_GAP = 0.25
#: shorter strokes are drawings (QR modules, outlines of letters), not rules
SHORTEST_RULE = 6.0
MOST_SEGMENTS = 4000
#: characters on top of others; more of them are another page's text beneath this one, or widths that are not the font's
_FEW_OVERPRINTED = 12
_MOST = 0.6  #: of a page's characters; labels that run down a form's sides are fewer


@dataclass(frozen=True, slots=True)
class PageText:
    """`direction`: the way most of the page's text runs, in degrees anticlockwise from upright; 0 where most is."""

    page: Page
    direction: int


def read_text(number: int, page: Any, look: Callable[[bool], Pixels]) -> PageText:
    """Tokens and rules of one pdfplumber page. `look` gives its picture, with annotations or without; it is not asked
    where nothing may be hidden."""
    left, top, right, bottom = visible = _visible(page)
    characters, drawn, unseen, pictures = read_objects(page, SHORTEST_RULE, lambda: Face.of(look(False), visible))
    if annotated(page.page_obj.annots):
        face, bare = (Face.of(look(annotations), visible) for annotations in (True, False))
        hidden, partly = under_annotations(characters, face, bare)
        for place in partly:
            characters[place]["doubted"] = True
        characters = [c for place, c in enumerate(characters) if place not in hidden]
        unseen += len(hidden)
    shown = _print(_uncut(_with_room(characters), visible))
    again = struck_twice(shown)
    shown = [c for place, c in enumerate(shown) if place not in again] if again else shown
    layers = print_and_stamps(shown)
    over = [layer[place] for layer in layers for place in overprinted(layer)]
    for char in over if len(over) <= _FEW_OVERPRINTED else shown:
        char["doubted"] = True
    words = [word for layer in layers for word in _words(layer)]
    tokens = tuple(token for word in words if (token := _token(word, left, top)) is not None)
    segments = (s for s in _segments(drawn, left, top) if s.x1 > 0 and s.y1 > 0)
    text = Page(number, right - left, bottom - top, tokens, tuple(segments), unseen, pictures)
    return PageText(text, _direction(shown))


def _words(characters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    words: list[dict[str, Any]] = extract_words(
        characters,
        x_tolerance_ratio=WORD_GAP,
        y_tolerance=2,
        return_chars=True,
        use_text_flow=False,
        expand_ligatures=False,
    )
    return words


def _with_room(characters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without blanks over which the next character is drawn: some producers write one after every character."""
    kept: list[dict[str, Any]] = []
    follower: dict[str, Any] | None = None
    for char in reversed(characters):
        if not char["text"].isspace():
            follower = char
        elif follower is not None and _drawn_over(char, follower):
            continue
        kept.append(char)
    return kept[::-1]


def _drawn_over(blank: dict[str, Any], char: dict[str, Any]) -> bool:
    level = abs((blank["top"] + blank["bottom"]) - (char["top"] + char["bottom"])) < char["bottom"] - char["top"]
    return bool(level and abs(char["x0"] - blank["x0"]) < 0.3 * (blank["x1"] - blank["x0"]))


def _print(characters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without watermarks and the text of seals, which slant; a page that slants as a whole stays what it is."""
    level = [c for c in characters if c["direction"] is not None]
    return level if len(level) > _MOST * len(characters) else characters


def _direction(characters: list[dict[str, Any]]) -> int:
    counted = Counter(c["direction"] or 0 for c in characters if not c["text"].isspace())
    direction, count = counted.most_common(1)[0] if counted else (0, 0)
    return int(direction) if count > _MOST * counted.total() else 0


def _visible(page: Any) -> tuple[float, float, float, float]:
    """CropBox within the MediaBox as the page is shown, in pdfplumber's coordinates of the turned MediaBox."""
    mx0, my0, mx1, my1 = _sorted(page.page_obj.mediabox)
    cx0, cy0, cx1, cy1 = _sorted(page.page_obj.cropbox)
    cx0, cy0, cx1, cy1 = max(cx0, mx0), max(cy0, my0), min(cx1, mx1), min(cy1, my1)
    if cx1 - cx0 < 1 or cy1 - cy0 < 1:
        cx0, cy0, cx1, cy1 = mx0, my0, mx1, my1
    left, top = {
        90: (cy0 - my0, cx0 - mx0),
        180: (mx1 - cx1, cy0 - my0),
        270: (my1 - cy1, mx1 - cx1),
    }.get(page.rotation, (cx0 - mx0, my1 - cy1))
    width, height = (cy1 - cy0, cx1 - cx0) if page.rotation in (90, 270) else (cx1 - cx0, cy1 - cy0)
    left, top = left + page.mediabox[0], top + page.mediabox[1]
    return left, top, left + width, top + height


def _sorted(box: Any) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = (float(v) for v in box)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _inside(item: dict[str, Any], left: float, top: float, right: float, bottom: float) -> bool:
    x, y = (item["x0"] + item["x1"]) / 2, (item["top"] + item["bottom"]) / 2
    return bool(left <= x <= right and top <= y <= bottom)


def _uncut(characters: list[dict[str, Any]], visible: tuple[float, float, float, float]) -> list[dict[str, Any]]:
    """Those within the page and not cut away. A word that the page's edge or a clip cuts through is no value, in the
    text or in the picture."""
    kept = [not c["cut"] and _inside(c, *visible) for c in characters]
    for one, other in pairwise(range(len(characters))):
        if kept[one] != kept[other] and _of_one_word(characters[one], characters[other]):
            for place in (one, other):
                characters[place]["doubted"] = characters[place]["displaced"] = True
    return [c for c, inside in zip(characters, kept, strict=True) if inside]


def _of_one_word(one: dict[str, Any], other: dict[str, Any]) -> bool:
    if one["text"].isspace() or other["text"].isspace():
        return False
    level = abs(one["top"] - other["top"]) < 0.5 * (one["bottom"] - one["top"])
    return bool(level and abs(other["x0"] - one["x1"]) < WORD_GAP * one["size"])


def _token(word: dict[str, Any], left: float, top: float) -> Token | None:
    text = word["text"].strip()
    if not text:
        return None
    box = Box(word["x0"] - left, word["top"] - top, word["x1"] - left, word["bottom"] - top)
    confidence = DOUBTED if any(char["doubted"] for char in word["chars"]) else 1.0
    if any(char["displaced"] for char in word["chars"]):
        confidence = DISPLACED
    if not word["upright"]:
        return Token(text, box, confidence, vertical=True)
    edges = _edges(word["chars"], left)
    return Token(text, box, confidence, edges=edges if len(edges) == len(text) + 1 else None)


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

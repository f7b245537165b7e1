"""TextObjects as tokens. One TextCode can hold several lines (the cipher area does): cut where the pen goes back."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import NamedTuple

from capture.hardened_xml import Element, local_name
from capture.ofd.geometry import Matrix, around, number, offsets, placement
from models.pages import Token

ASCENT, DESCENT = 0.86, 0.14  #: of the font size, around the baseline
WORD_GAP = 1.2  #: free space, in font sizes, that parts two runs


class Glyph(NamedTuple):
    """One character, its place on the baseline in the object's own coordinates."""

    char: str
    x: float
    y: float
    width: float


def text_of(element: Element) -> str:
    """All text of a TextObject."""
    return "".join("".join(code.itertext()) for code in _codes(element))


def tokens_of(element: Element, outer: Matrix) -> list[Token]:
    """Tokens of a TextObject in page coordinates."""
    size = number(element, "Size", 3.175)
    scale = number(element, "HScale", 1.0) or 1.0
    matrix = placement(element, outer)
    tokens: list[Token] = []
    pen = (0.0, 0.0)
    for code in _codes(element):
        pen = (number(code, "X", pen[0]), number(code, "Y", pen[1]))
        runs = _runs(_glyphs(code, pen, size, scale), size)
        tokens += [token for run in runs if (token := _token(run, size, matrix)) is not None]
    return tokens


def _codes(element: Element) -> list[Element]:
    return [e for e in element if isinstance(e.tag, str) and local_name(e) == "TextCode"]


def _glyphs(code: Element, pen: tuple[float, float], size: float, scale: float) -> list[Glyph]:
    text = "".join(code.itertext())
    if text.strip() != text and "\n" in text:
        text = text.strip()  # an indented element, not blanks on the page
    dx, dy = offsets(code.get("DeltaX")), offsets(code.get("DeltaY"))
    x, y = pen
    full = size * scale
    half = full * 0.5
    glyphs: list[Glyph] = []
    for i, char in enumerate(text):
        natural = full if _is_wide(char) else half
        step = dx[i] if i < len(dx) else (0.0 if i < len(dy) and dy[i] else natural)
        forward = 0 < step < natural * 2.2
        glyphs.append(Glyph(char, x, y, min(step, natural) if forward else natural))
        x += step
        y += dy[i] if i < len(dy) else 0.0
    return glyphs


@lru_cache(maxsize=8192)
def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WFA"


def _runs(glyphs: list[Glyph], size: float) -> list[list[Glyph]]:
    runs: list[list[Glyph]] = []
    for glyph in glyphs:
        last = runs[-1][-1] if runs else None
        same_line = last is not None and abs(glyph.y - last.y) < 0.3 * size and glyph.x >= last.x - 0.05 * size
        if last is not None and same_line and glyph.x - (last.x + last.width) < WORD_GAP * size:
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
    stacked = len(runs) > 1 and all(len(r) == 1 and abs(r[0].x - runs[0][0].x) < 0.6 * size for r in runs)
    return [[r[0] for r in runs]] if stacked else runs


def _token(run: list[Glyph], size: float, matrix: Matrix) -> Token | None:
    first, last = 0, len(run)
    while first < last and run[first].char.isspace():
        first += 1
    while first < last and run[last - 1].char.isspace():
        last -= 1
    if first == last:
        return None
    return _placed(run[first:last], size, matrix)


def _placed(run: list[Glyph], size: float, matrix: Matrix) -> Token:
    chars, lefts, baselines, widths = zip(*run, strict=True)
    text = "".join(chars)
    rights = [left + width for left, width in zip(lefts, widths, strict=True)]
    above, below = -ASCENT * size, DESCENT * size
    if matrix.straight:  # two points reach as far as any glyph of the run
        corners = [(min(lefts), min(baselines) + above), (max(rights), max(baselines) + below)]
    else:
        sides = ((x, y) for left, right, y in zip(lefts, rights, baselines, strict=True) for x in (left, right))
        corners = [(x, y + h) for x, y in sides for h in (above, below)]
    box = around(matrix.apply(*corner) for corner in corners)
    stacked = len(run) > 1 and baselines[0] != baselines[-1]
    if stacked != matrix.turned and len(run) > 1:
        return Token(text, box, vertical=True)
    if matrix.straight:
        edges = tuple([matrix.a * x + matrix.e for x in (*lefts, rights[-1])])
    else:
        edges = tuple(matrix.apply(x, baselines[0])[0] for x in (*lefts, rights[-1]))
    return Token(text, box, edges=edges if list(edges) == sorted(edges) else None)

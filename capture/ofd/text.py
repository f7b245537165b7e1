"""TextObjects as tokens. One TextCode can hold several lines (the cipher area does): cut where the pen goes back."""

from __future__ import annotations

import unicodedata
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
    glyphs: list[Glyph] = []
    for i, char in enumerate(text):
        natural = size * scale * (1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5)
        step = dx[i] if i < len(dx) else (0.0 if i < len(dy) and dy[i] else natural)
        forward = 0 < step < natural * 2.2
        glyphs.append(Glyph(char, x, y, min(step, natural) if forward else natural))
        x += step
        y += dy[i] if i < len(dy) else 0.0
    return glyphs


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
    while run and run[0].char.isspace():
        run = run[1:]
    while run and run[-1].char.isspace():
        run = run[:-1]
    if not run:
        return None
    text = "".join(g.char for g in run)
    box = around(matrix.apply(*corner) for corner in _corners(run, size, matrix))
    stacked = len(run) > 1 and run[0].y != run[-1].y
    if stacked != matrix.turned and len(run) > 1:
        return Token(text, box, vertical=True)
    xs = [g.x for g in run] + [run[-1].x + run[-1].width]
    edges = tuple(matrix.apply(x, run[0].y)[0] for x in xs)
    return Token(text, box, edges=edges if list(edges) == sorted(edges) else None)


def _corners(run: list[Glyph], size: float, matrix: Matrix) -> list[tuple[float, float]]:
    """Points that reach as far as any glyph of the run: two of them, where the matrix turns nothing."""
    above, below = -ASCENT * size, DESCENT * size
    if not matrix.straight:
        return [(g.x + w, g.y + h) for g in run for w in (0.0, g.width) for h in (above, below)]
    left, right = min(g.x for g in run), max(g.x + g.width for g in run)
    ys = [g.y for g in run]
    return [(left, min(ys) + above), (right, max(ys) + below)]

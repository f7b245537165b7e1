"""Positioned text made ready for layout work: glyphs, rows of glyphs, spans of a row.

PDF words come in pieces (名 称, 校 验 码), OCR lines come glued (label with value, two cells in one). Both become rows
of single glyphs with their own x, so that a label can be found across pieces and a run can be cut at a column rule.
Never decides what a text means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from operator import sub
from typing import NamedTuple

from extraction.layouts.glyphs import GAP, Glyph, character_width, glyphs_of
from extraction.layouts.sheet_text import Place, Searchable, SheetText
from models.pages import Box, Page, Token

_SLANTED = 0.02  #: rise per unit of x from which boxes are clearly taller than their print
_OTHER_SIZE = 1.35  #: times the height of the smaller of two pieces
_WIDE_GAP = 1.6  #: in glyph heights: wider than any letter-spacing of a value


def _far(before: Glyph, glyph: Glyph) -> bool:
    """A gap wider than letter-spacing; between two pieces of figures a narrower one already parts two values, and
    between pieces of two sizes any: the large number of paper, and the small one that the machine printed beside it."""
    gap = (glyph.x0 - before.x1) / max(glyph.height, before.height, 1e-6)
    figures = glyph.token != before.token and glyph.key.isascii() and before.key.isascii()
    if not (figures and glyph.key.isalnum() and before.key.isalnum()):
        return gap > _WIDE_GAP
    sizes = sorted((glyph.height, before.height))
    return gap > 0.75 or sizes[1] > _OTHER_SIZE * sizes[0]


def searchable(glyphs: Sequence[Glyph]) -> Searchable:
    """Keys with their gaps, the glyph of each of these characters, and where each glyph begins."""
    key: list[str] = []
    index: list[int | None] = []
    places: list[int] = []
    before: Glyph | None = None
    for position, glyph in enumerate(glyphs):
        if before is not None and glyph.x0 > before.x1 and _far(before, glyph):
            key.append(GAP)
            index.append(None)
        places.append(len(key))
        key.append(glyph.key)
        index.append(position)
        before = glyph
    return "".join(key), index, places


def _apart(before: Glyph, glyph: Glyph) -> bool:
    return glyph.token != before.token and glyph.x0 - before.x1 > 0.2 * glyph.height


class _Reach(NamedTuple):
    """How far a span goes to the right, up and down, and how high its print is."""

    x1: float
    y0: float
    y1: float
    height: float


@dataclass(frozen=True)
class Span:
    """Neighbouring glyphs of a row (or of several rows, one after the other). What it is asked, it is asked often."""

    glyphs: tuple[Glyph, ...]
    place: Place | None = field(default=None, compare=False, repr=False)  #: of a whole row, among the sheet's

    @cached_property
    def key(self) -> str:
        """Folded text without blanks."""
        return "".join(glyph.key for glyph in self.glyphs)

    @cached_property
    def text(self) -> str:
        """Text as printed; a blank where the print leaves one between two pieces."""
        out: list[str] = []
        for before, glyph in zip((None, *self.glyphs), self.glyphs, strict=False):
            if before is not None and (glyph.blank_before or _apart(before, glyph)):
                out.append(" ")
            out.append(glyph.char)
        return "".join(out)

    @cached_property
    def box(self) -> Box:
        """Where it stands on the page, as the page gave it."""
        boxes = [glyph.page_box or glyph for glyph in self.glyphs]
        return Box(
            min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes)
        )

    @property
    def x0(self) -> float:
        return self.glyphs[0].x0

    @cached_property
    def _reach(self) -> _Reach:
        """All of it at once: whoever asks for one end asks for another."""
        _, _, _, x1, y0, y1, *_ = zip(*self.glyphs, strict=True)
        heights = sorted(map(sub, y1, y0))
        return _Reach(max(x1), min(y0), max(y1), heights[len(heights) // 2])

    @property
    def x1(self) -> float:
        return self._reach.x1

    @property
    def y0(self) -> float:
        return self._reach.y0

    @property
    def y1(self) -> float:
        return self._reach.y1

    @property
    def height(self) -> float:
        """Median glyph height: one large glyph does not make the row large."""
        return self._reach.height

    @property
    def centre_x(self) -> float:
        return (self.glyphs[0].x0 + self._reach.x1) / 2

    @property
    def centre_y(self) -> float:
        return (self._reach.y0 + self._reach.y1) / 2

    @cached_property
    def confidence(self) -> float:
        """The weakest token's confidence."""
        return min(glyph.confidence for glyph in self.glyphs)

    def within(self, x0: float, x1: float) -> Span | None:
        """The glyphs whose centre lies between two x positions; None when there are none."""
        kept = tuple(glyph for glyph in self.glyphs if x0 <= glyph.centre_x < x1)
        return Span(kept) if kept else None

    def chunks(self, gap: float = _WIDE_GAP) -> list[Span]:
        """Cut where the next glyph is more than `gap` heights away."""
        return list(self._wide_chunks) if gap == _WIDE_GAP else self._cut(gap)

    @cached_property
    def _wide_chunks(self) -> list[Span]:
        """Titles, marks and labels are looked for in the same chunks one after the other."""
        return self._cut(_WIDE_GAP)

    def _cut(self, gap: float) -> list[Span]:
        out: list[list[Glyph]] = []
        for glyph in self.glyphs:
            if out and glyph.x0 - out[-1][-1].x1 <= gap * max(glyph.height, out[-1][-1].height, 1e-6):
                out[-1].append(glyph)
            else:
                out.append([glyph])
        return [Span(tuple(chunk)) for chunk in out]

    def search(self, pattern: re.Pattern[str], start: int = 0) -> list[Found]:
        """Every match of `pattern` in the key, in which `|` stands for a wide gap."""
        if start >= len(self.glyphs) or (self.place is not None and not self.place.may_hold(pattern)):
            return []
        key, index, places = self._searchable
        skipped = places[start]
        out = []
        for match in pattern.finditer(key[skipped:]):
            found = index[skipped + match.start() : skipped + match.end()]
            positions = [i for i in found if i is not None]
            if positions:
                out.append(Found(match, Span(self.glyphs[positions[0] : positions[-1] + 1]), positions[-1] + 1))
        return out

    @cached_property
    def _searchable(self) -> Searchable:
        return self.place.searchable if self.place is not None else searchable(self.glyphs)

    def after(self, position: int) -> Span | None:
        return Span(self.glyphs[position:]) if position < len(self.glyphs) else None


@dataclass(frozen=True, slots=True)
class Found:
    """A match in a row: the match, the glyphs it covers, and the index of the glyph after it."""

    match: re.Match[str]
    span: Span
    end: int


Row = Span


@dataclass(frozen=True)
class Sheet:
    """The part of a page that one invoice stands on: glyphs upright, rules as they are."""

    page: Page
    tokens: tuple[tuple[Glyph, ...], ...]
    slope: float = 0.0
    upright: tuple[tuple[Glyph, ...], ...] = ()  #: vertical strips (密码区), one tuple of glyphs per token

    @cached_property
    def x0(self) -> float:
        return min((g.x0 for t in self.tokens for g in t), default=0.0)

    @cached_property
    def x1(self) -> float:
        return max((g.x1 for t in self.tokens for g in t), default=self.page.width)

    def rows(self, box: Box | None = None, *, whole: bool = False) -> list[Row]:
        """Rows from top to bottom, of the glyphs centred in `box`; `whole`: of the tokens centred in it."""
        if box is None:
            return list(self._all_rows)
        chosen = []
        for token in self.tokens:
            if not box.y0 <= token[0].centre_y < box.y1:  # the same for all glyphs of a token
                continue
            if whole:
                middle = (token[0].x0 + token[-1].x1) / 2
                kept = token if box.x0 <= middle < box.x1 else ()
            else:
                kept = tuple(glyph for glyph in token if box.x0 <= glyph.centre_x < box.x1)
            if kept:
                chosen.append(kept)
        return gather_rows(chosen)

    @cached_property
    def _all_rows(self) -> list[Row]:
        """They know what stands in all of them: each is searched for dozens of labels."""
        rows = gather_rows(self.tokens)
        text = SheetText([searchable(row.glyphs) for row in rows])
        return [Span(row.glyphs, Place(text, number)) for number, row in enumerate(rows)]

    def text(self, box: Box | None = None) -> str:
        """All keys, a line per row."""
        return "\n".join(row.key for row in self.rows(box))


def gather_rows(pieces: Iterable[Sequence[Glyph]]) -> list[Row]:
    """Chain pieces left to right: a piece joins the row whose last piece stands beside it, best aligned first.

    Chaining, not one y per row, so that a slightly slanted picture still gives whole rows.
    """
    rows: list[list[Sequence[Glyph]]] = []
    ends: list[tuple[float, float, float]] = []  #: of each row's last piece: centre, height, right edge
    for piece in sorted(pieces, key=lambda p: p[0].x0):
        first = piece[0]
        centre, height, x0 = first.centre_y, first.height, first.x0
        best, best_offset = -1, 0.55
        reach = 0.56 * max(height, 1e-6)  # no row further up or down can be beside the piece
        for place, (last_centre, last_height, x1) in enumerate(ends):
            if not -reach < centre - last_centre < reach:
                continue
            offset = abs(centre - last_centre) / max(min(height, last_height), 1e-6)
            if offset < best_offset and x1 - x0 < 1.2 * max(height, last_height):
                best, best_offset = place, offset
        end = (centre, height, piece[-1].x1)
        if best < 0:
            rows.append([piece])
            ends.append(end)
        else:
            rows[best].append(piece)
            ends[best] = end
    out = [Span(tuple(glyph for piece in row for glyph in piece)) for row in rows]
    return sorted(out, key=lambda row: sorted([glyph.centre_y for glyph in row.glyphs])[len(row.glyphs) // 2])


def search_rows(rows: Iterable[Row], pattern: re.Pattern[str]) -> Iterator[tuple[Row, Found]]:
    """Every match in every row. Rows of one sheet are asked together whether they hold any."""
    text: SheetText | None = None
    holding: frozenset[int] = frozenset()
    for row in rows:
        if row.place is not None:
            if row.place.text is not text:
                text = row.place.text
                holding = text.rows_with(pattern)
            if row.place.number not in holding:
                continue
        for found in row.search(pattern):
            yield row, found


class _This:
    """A page as a key by what it is, not by what stands on it: its tokens would be gone through each time."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def __hash__(self) -> int:
        return id(self.page)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _This) and self.page is other.page


def sheet_of(page: Page, *, slope: float = 0.0, y0: float = float("-inf"), y1: float = float("inf")) -> Sheet:
    """Glyphs of the page between two heights, turned upright by `slope` (rise of a text line per unit of x)."""
    return _sheet(_This(page), slope, y0, y1)


@lru_cache(maxsize=4)  # marks, titles and forms of a page are looked for one after the other
def _sheet(this: _This, slope: float, y0: float, y1: float) -> Sheet:
    page = this.page
    middle_x, middle_y = page.width / 2, page.height / 2
    heights = sorted(token.box.height for token in page.tokens if not token.vertical)
    usual = heights[len(heights) // 2] if heights else 0.0
    pieces: list[tuple[Glyph, ...]] = []
    strips: list[tuple[Glyph, ...]] = []
    for index, token in enumerate(page.tokens):
        box = token.box
        if not _visible(box, page) or _askew(token, usual):
            continue
        down = -slope * (box.centre_x - middle_x)
        right = slope * (box.centre_y - middle_y)
        if not y0 <= box.centre_y + down < y1:
            continue
        vertical = _runs_down(token)
        glyphs = glyphs_of(token, index, right, down, _spare(box, slope), turned=bool(slope))
        if glyphs:
            (strips if vertical else pieces).append(glyphs)
    return Sheet(page, tuple(pieces), slope, tuple(strips))


def _spare(box: Box, slope: float) -> float:
    """What the box of a clearly slanted piece holds above and below its print."""
    return min(abs(slope) * box.width / 2, 0.25 * box.height) if abs(slope) > _SLANTED else 0.0


def _runs_down(token: Token) -> bool:
    text = token.text.strip()
    most = 1.5 if len(text) > 2 else 2.5  #: two thin figures beside each other are higher than wide as well
    return len(text) > 1 and (token.vertical or token.box.height > most * token.box.width)


def _askew(token: Token, usual: float) -> bool:
    """Text along a seal's curve: its box is far taller than its characters are wide."""
    count = sum(character_width(char) for char in token.text if not char.isspace())
    if len(token.text) < 3 or _runs_down(token) or not count:
        return False
    lean = (token.box.height - usual) / max(token.box.width, 1e-6)
    return token.box.height > 1.5 * usual and token.box.height > 2.0 * token.box.width / count and lean > 0.2


def _visible(box: Box, page: Page) -> bool:
    return box.x1 > 0 and box.y1 > 0 and box.x0 < page.width and box.y0 < page.height and box.height > 0

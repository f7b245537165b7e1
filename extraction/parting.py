"""Several invoices on one page: parted by their text, each part read as a page of its own.

The page is cut along empty bands, across or down, so that every part keeps a head of its own and no mark is gained or
lost. All or nothing: where no such cuts are found the page is read whole and its readings are marked as mixed, because
values of two invoices may have been taken for one. A page of one invoice is never touched.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from extraction.layouts import read_page
from extraction.marks import FIRST_LINE, Mark, alone, beneath, invoices, marks_on, whole
from extraction.reading import Reading
from models.evidence import FieldStatus, Source
from models.invoice import KEY_FIELDS, Invoice
from models.pages import Box, Page, PageBox, Segment, Token

MIXED = "图中可能有多张发票，未能分开，所列内容可能混自几张，请逐张拍摄或人工核对"
UNREAD = "图中这一张发票未能读出，请单独拍摄"
_WHY = "图中可能有多张发票，未能分开。请人工核对"
_MOST_PARTS = 24
_LEAST_GAP = 0.8  #: of the usual height of a token
_CLEARLY_WIDER = 1.15  #: than every other band that would part the same marks
_TRIED = 3  #: bands tried in each direction, widest first
_TRIMMED = 0.15  #: of its height that a recognised box is larger than its print
_CROSSING = 1.0  #: usual heights that a ruling line must reach beyond a cut on both sides to stand against it
_ABOVE = 0.2  #: of its height, above the first line of a slip
_ONE_COLUMN = 0.25  #: of the page's width: marks of invoices below each other stand above each other


@dataclass(frozen=True, slots=True)
class _Part:
    """Tokens and marks of a part of the page."""

    tokens: tuple[Token, ...]
    marks: tuple[Mark, ...]

    @property
    def box(self) -> Box:
        boxes = [t.box for t in self.tokens] + [m.box for m in self.marks]
        x0, y0 = min(b.x0 for b in boxes), min(b.y0 for b in boxes)
        return Box(x0, y0, max(b.x1 for b in boxes), max(b.y1 for b in boxes))


@dataclass(frozen=True, slots=True)
class _Cut:
    """An empty band: whether it runs down the page, where, and how wide it is."""

    down: bool
    at: float
    width: float

    def before(self, box: Box) -> bool:
        return (box.centre_x if self.down else box.centre_y) < self.at


def read_parted(page: Page, source: Source, codes: Sequence[PageBox] = ()) -> list[Reading]:
    """Readings of every invoice of the page; `codes` are the places of QR codes that name different invoices. The head
    of a sheet that looks out above another is left out with its code: its labels would be found first."""
    boxes = [Box(c.x0 * page.width, c.y0 * page.height, c.x1 * page.width, c.y1 * page.height) for c in codes]
    marks = marks_on(page, boxes)
    if head := beneath(marks):
        end = max(mark.box.y1 for mark in head)
        page = replace(page, tokens=tuple(token for token in page.tokens if token.box.centre_y > end))
        marks = marks_on(page, [box for box in boxes if box.centre_y > end])
    count = invoices(marks)
    if count < 2:
        return read_page(page, source)
    if _stacked(marks, page) and len(below := read_page(page, source)) == count:
        return below
    parts = _parted(page, _Part(page.tokens, tuple(marks)))
    if parts is not None and len(parts) == count:
        return [reading for part in _in_reading_order(parts) for reading in _read_part(page, part, source)]
    return [replace(reading, mixed=True, notes=(*reading.notes, MIXED)) for reading in read_page(page, source)]


def in_doubt(invoice: Invoice) -> Invoice:
    """Nothing that was read off such a page may be used unseen; a key value it seems to lack may be there."""
    fields = {
        name: replace(field, status=FieldStatus.REVIEW, why=_WHY)
        if field.value is not None or name in KEY_FIELDS
        else field
        for name, field in invoice.fields.items()
    }
    return replace(invoice, fields=fields)


def _stacked(marks: Sequence[Mark], page: Page) -> bool:
    """Whether marks of a kind stand above each other only: such pages the layouts part themselves."""
    for name in {mark.name for mark in marks}:
        middles = [mark.box.centre_x for mark in marks if mark.name == name]
        if max(middles) - min(middles) > _ONE_COLUMN * page.width:
            return False
    return True


def _in_reading_order(parts: Sequence[_Part]) -> list[_Part]:
    """Rows from top to bottom, each from left to right; a part belongs to the row in whose upper half it begins."""
    rows: list[list[_Part]] = []
    for part in sorted(parts, key=lambda p: p.box.y0):
        row = next((r for r in rows if part.box.y0 < r[0].box.centre_y), None)
        if row is None:
            rows.append([part])
        else:
            row.append(part)
    return [part for row in rows for part in sorted(row, key=lambda p: p.box.centre_x)]


def _read_part(page: Page, part: _Part, source: Source) -> list[Reading]:
    """Readings of a part; one without values where it cannot be read, so that the invoice is not lost."""
    region = page.fraction(part.box)
    readings = read_page(_page_of(page, part), source)
    unread = Reading(source=source, pages=(page.number,), notes=(UNREAD,), mixed=True)
    return [replace(reading, region=region) for reading in readings or [unread]]


def _page_of(page: Page, part: _Part) -> Page:
    """The part as a page: what stands elsewhere is gone, coordinates stay."""
    box = part.box
    usual = _usual(part.tokens)
    kept = [_clipped(s, box, 2 * usual) for s in page.segments]
    return replace(page, tokens=part.tokens, segments=tuple(s for s in kept if s is not None))


def _clipped(segment: Segment, box: Box, margin: float) -> Segment | None:
    left, right = sorted((segment.x0, segment.x1))
    top, bottom = sorted((segment.y0, segment.y1))
    x0, x1 = max(left, box.x0 - margin), min(right, box.x1 + margin)
    y0, y1 = max(top, box.y0 - margin), min(bottom, box.y1 + margin)
    if x0 > x1 or y0 > y1:
        return None
    if segment.horizontal:
        return replace(segment, x0=x0, x1=x1)
    return replace(segment, y0=y0, y1=y1)


def _parted(page: Page, part: _Part) -> list[_Part] | None:
    """Parts of one invoice each; None where one cannot be told from the next."""
    count = invoices(part.marks)
    if count == 1:
        return [part] if whole(part.marks) and alone(part.marks) else None
    if count > _MOST_PARTS:
        return None
    for first, second in itertools.chain(_halves(page, part, count), _tiles(page, part, count)):
        one, other = _parted(page, first), _parted(page, second)
        if one is not None and other is not None:
            return one + other
    return None


def _halves(page: Page, part: _Part, count: int) -> Iterator[tuple[_Part, _Part]]:
    """The part cut in two along each band that keeps every invoice whole, widest first."""
    found: list[tuple[_Cut, _Part, _Part]] = []
    for cut in _bands(page, part):
        first, second = _cut(part, cut, before=True), _cut(part, cut, before=False)
        if not (whole(first.marks) and whole(second.marks)):
            continue
        if invoices(first.marks) + invoices(second.marks) == count:
            found.append((cut, first, second))
    found.sort(key=lambda entry: -entry[0].width)
    for cut, first, second in found[:_TRIED]:
        rivals = [other for other, one, _ in found if other is not cut and one.marks == first.marks]
        if all(cut.width >= _CLEARLY_WIDER * rival.width for rival in rivals):
            yield first, second


def _tiles(page: Page, part: _Part, count: int) -> Iterator[tuple[_Part, _Part]]:
    """Slips glued over each other like roof tiles leave no empty band: each begins where its first line stands. What
    another slip covers is on neither side of the cut, because it is not in the picture."""
    if not _stacked(part.marks, page):
        return
    for mark in part.marks:
        if mark.name not in FIRST_LINE:
            continue
        cut = _Cut(False, mark.box.y0 - _ABOVE * mark.box.height, 0.0)
        first, second = _cut(part, cut, before=True), _cut(part, cut, before=False)
        if not (whole(first.marks) and whole(second.marks)):
            continue
        if invoices(first.marks) + invoices(second.marks) == count:
            yield first, second


def _cut(part: _Part, cut: _Cut, *, before: bool) -> _Part:
    return _Part(
        tuple(t for t in part.tokens if cut.before(t.box) == before),
        tuple(m for m in part.marks if cut.before(m.box) == before),
    )


def _bands(page: Page, part: _Part) -> list[_Cut]:
    """Empty bands through the part in both directions that no ruling line crosses."""
    usual = _usual(part.tokens)
    boxes = [_trimmed(token.box) for token in part.tokens] + [mark.box for mark in part.marks]
    bands = [*_gaps(boxes, lambda b: (b.x0, b.x1), down=True), *_gaps(boxes, lambda b: (b.y0, b.y1), down=False)]
    wide = [band for band in bands if band.width >= _LEAST_GAP * usual]
    return [band for band in wide if not any(_crosses(s, band, part.box, usual) for s in page.segments)]


def _gaps(boxes: Sequence[Box], ends: Callable[[Box], tuple[float, float]], *, down: bool) -> Iterator[_Cut]:
    reach: float | None = None
    for start, end in sorted(ends(box) for box in boxes):
        if reach is not None and start > reach:
            yield _Cut(down, (reach + start) / 2, start - reach)
        reach = end if reach is None else max(reach, end)


def _crosses(segment: Segment, cut: _Cut, box: Box, usual: float) -> bool:
    """Whether the line runs through the cut, well inside the part."""
    low, high = sorted((segment.x0, segment.x1) if cut.down else (segment.y0, segment.y1))
    at = (segment.y0 + segment.y1) / 2 if cut.down else (segment.x0 + segment.x1) / 2
    first, last = (box.y0, box.y1) if cut.down else (box.x0, box.x1)
    inside = first < at < last
    reach = max(_CROSSING * usual, cut.width)
    return inside and segment.horizontal == cut.down and low < cut.at - reach and high > cut.at + reach


def _trimmed(box: Box) -> Box:
    trim = _TRIMMED * box.height
    return Box(box.x0 + trim, box.y0 + trim, box.x1 - trim, box.y1 - trim)


def _usual(tokens: Sequence[Token]) -> float:
    heights = sorted(token.box.height for token in tokens)
    return heights[len(heights) // 2] if heights else 0.0

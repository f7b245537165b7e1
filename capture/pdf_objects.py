"""Characters and edges of one PDF page, as pdfplumber would give them, with only what words and rules are made from.

pdfplumber resolves every attribute of every object, colours and paths included, which takes longer than finding the
words. Coordinates are counted as it counts them: from the top left corner of the turned MediaBox. A font that does not
name one of its glyphs, or names one as no invoice prints it, may call the others wrong as well, and one that tells no
widths sets them elsewhere than they stand: all its characters are marked as `doubted`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from pdfminer.layout import LTAnno, LTChar, LTContainer, LTCurve, LTLine, LTRect
from pdfplumber.utils.exceptions import PdfminerException

from capture.pdf_covered import Face, covered
from capture.pdf_outlines import OutlineFreeInterpreter
from capture.pdf_seen import SeenText, layers_off, seen
from models.characters import foreign

Object = dict[str, Any]
_SLANTED = 0.1  #: rise of a line per unit of its length; print that is a little askew is print all the same


class PageObjects(NamedTuple):
    """Characters that are seen, and those that a clip cuts away, marked as `cut`; edges of lines, rectangles and curves
    in this order; how many characters are not seen; whether there may be pictures."""

    characters: list[Object]
    drawn: list[Object]
    unseen: int
    pictures: bool


def read_objects(page: Any, shortest: float, face: Callable[[], Face]) -> PageObjects:
    """What words and rules are made from; outlines without a step of `shortest` points are left out. `face` gives the
    picture of the page, where it is needed to tell what is hidden."""
    device = SeenText(page.pdf.rsrcmgr, page.page_number)
    device.off = layers_off(page.pdf.doc)
    interpreter = OutlineFreeInterpreter(page.pdf.rsrcmgr, device)
    interpreter.shortest = shortest
    try:
        interpreter.process_page(page.page_obj)
    except Exception as error:  # broken content makes pdfminer raise whatever its code runs into
        raise PdfminerException(error) from error
    place = _Place(page)
    characters: list[Object] = []
    lines: list[Object] = []
    rectangles: list[Object] = []
    curves: list[Object] = []
    result = device.get_result()
    everything = list(_leaves(result))
    items = seen(everything, result)
    hidden, partly = covered(items, device, place.box, face)
    unsure = {id(items[n]) for n in partly}
    cut = {id(items[n]) for n in hidden} & device.cut
    items = [item for n, item in enumerate(items) if n not in hidden or id(item) in cut]
    doubted = device.doubted | {item.fontname for item in items if isinstance(item, LTChar) and _doubtful(item, device)}
    for item in items:
        if isinstance(item, LTChar):
            unreliable = item.fontname in doubted or id(item) in unsure
            astray = id(item) in device.displaced
            characters.append(
                {**place.character(item), "doubted": unreliable or astray, "displaced": astray, "cut": id(item) in cut}
            )
        elif isinstance(item, LTLine):
            lines.append(place.box(item))
        elif isinstance(item, LTRect):
            rectangles += _sides(place.box(item), item.height)
        elif isinstance(item, LTCurve):
            curves += place.steps(item)
    unseen = device.unseen + len(everything) - len(items) + len(cut)
    return PageObjects(characters, [*lines, *rectangles, *curves], unseen, device.pictures)


def _doubtful(char: LTChar, device: SeenText) -> bool:
    """Whether this character speaks against all that its font prints."""
    text = char.get_text()
    return any(map(foreign, text)) or (char.fontname in device.unmeasured and text.isascii() and text.isalnum())


def _leaves(container: Iterable[Any]) -> Iterator[Any]:
    for item in container:
        if isinstance(item, LTContainer):
            yield from _leaves(item)
        elif not isinstance(item, LTAnno):
            yield item


class _Place:
    """From pdfminer's coordinates, which begin at the bottom, to the page's."""

    def __init__(self, page: Any) -> None:
        self._left, self._top = page.mediabox[:2]
        self._height = page.height

    def box(self, item: Any) -> Object:
        return {
            "x0": item.x0 + self._left,
            "x1": item.x1 + self._left,
            "top": (self._height - item.y1) + self._top,
            "bottom": (self._height - item.y0) + self._top,
        }

    def character(self, item: LTChar) -> Object:
        box = self.box(item)
        return {
            **box,
            "doctop": box["top"],
            "height": item.height,
            "size": item.size,
            "upright": item.upright,
            "text": item.get_text(),
            "direction": _direction(item),
        }

    def steps(self, item: LTCurve) -> Iterator[Object]:
        for (x0, y0), (x1, y1) in pairwise((self._left + x, self._top + self._height - y) for x, y in item.pts):
            yield {"x0": min(x0, x1), "x1": max(x0, x1), "top": min(y0, y1), "bottom": max(y0, y1)}


def _direction(item: LTChar) -> int | None:
    """Where the text runs as the page is shown, of four: 0 to the right, 90 upwards, 180 on its head, 270 down; None
    where it slants."""
    a, b, *_ = item.matrix
    if min(abs(a), abs(b)) > _SLANTED * max(abs(a), abs(b)):
        return None
    return (0 if a > 0 else 180) if abs(a) >= abs(b) else (90 if b > 0 else 270)


def _sides(box: Object, height: float) -> list[Object]:
    return [
        {**box, "bottom": box["top"]},
        {**box, "top": box["top"] + height},
        {**box, "x1": box["x0"]},
        {**box, "x0": box["x1"]},
    ]

"""Which characters of a PDF page are cut away by a clipping path, or lie beneath what was painted later.

The page's own drawing says which may be; the picture of the page says which are, and is only made where some may be: a
frame is a filled path too, a clip may be misunderstood. What an annotation hides, the picture with and without it says.
Never reads a picture: a place is blank there, or it is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from pdfminer.layout import LTChar, LTImage
from pdfminer.pdftypes import resolve1
from pdfminer.psparser import PSLiteral

from capture.pdf_seen import Region, SeenText
from models.pages import Pixels

Grey = npt.NDArray[np.int16]
_PLAIN = 40  #: of 255; less between the lightest and the darkest pixel is no print
_CHANGED = 60  #: of 255; ink that is as much lighter is covered
_LOST = 0.3  #: of a character's ink
#: of what lies openly beneath a cover, for it to be one: rules cross the rest; of print in a frame nothing is blank
_LEAST_BLANK = 0.25
_FREE = 0.2  #: of a character's box that later print may reach into
_SHRUNK = 0.15  #: of a box on each side: rules and neighbours
_PLAIN_COVER = 0.95  #: of a cover's pixels beside later print
_LEAST_LEFT = 0.1  #: of a cover beside later print, to tell by
_SHOWN_BY_OTHERS = ("Link", "Popup", "Widget")
_NOT_SHOWN = 0b100010  #: annotation flags: hidden, no view


@dataclass(frozen=True, slots=True)
class Face:
    """The page as it is shown, and the part of the plane that it shows, from the top left corner."""

    pixels: Grey
    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def of(cls, pixels: Pixels, visible: tuple[float, float, float, float]) -> Face:
        darkest = np.minimum(np.minimum(pixels[..., 0], pixels[..., 1]), pixels[..., 2])
        return cls(darkest.astype(np.int16), *visible)

    def places(self, box: dict[str, Any], shrunk: float = _SHRUNK) -> tuple[slice, slice]:
        """Rows and columns of pixels of a box, without its margins."""
        height, width = self.pixels.shape
        across, down = width / (self.right - self.left), height / (self.bottom - self.top)
        margin_x, margin_y = (box["x1"] - box["x0"]) * shrunk, (box["bottom"] - box["top"]) * shrunk
        y0, y1 = (box["top"] + margin_y - self.top) * down, (box["bottom"] - margin_y - self.top) * down
        x0, x1 = (box["x0"] + margin_x - self.left) * across, (box["x1"] - margin_x - self.left) * across
        return slice(max(0, round(y0)), max(0, round(y1), round(y0) + 1)), slice(
            max(0, round(x0)), max(0, round(x1), round(x0) + 1)
        )

    def blank(self, box: dict[str, Any]) -> bool:
        part = self.pixels[self.places(box)]
        return part.size == 0 or int(part.max()) - int(part.min()) < _PLAIN


Place = Callable[[Any], dict[str, Any]]  #: box of an object, from the top left corner


def covered(
    items: Sequence[Any], device: SeenText, place: Place, face: Callable[[], Face]
) -> tuple[set[int], set[int]]:
    """Places in `items` of the characters that nobody sees, and of those whose ink may be another's."""
    cut = [n for n, item in enumerate(items) if id(item) in device.cut]
    grounds = list(_covers(items, device))
    if not cut and not grounds:
        return set(), set()
    sight = _Sight(items, face(), place)
    unseen: set[int] = set()
    doubted: set[int] = set()
    if cut:
        others = [n for n, item in enumerate(items) if isinstance(item, LTChar) and id(item) not in device.cut]
        unseen |= sight.hidden(cut, others)
    for at, region, beneath in grounds:
        later = [n for n in range(at + 1, len(items)) if isinstance(items[n], LTChar) and _in(items[n], region)]
        hidden = sight.hidden(beneath, later, items[at])
        unseen |= hidden
        if isinstance(items[at], LTImage):
            doubted |= set(beneath) - hidden
    return unseen, doubted - unseen


def _covers(items: Sequence[Any], device: SeenText) -> Iterator[tuple[int, Region, list[int]]]:
    """What was painted over characters: its place in `items`, what it may cover, and the characters there."""
    characters = [(n, item) for n, item in enumerate(items) if isinstance(item, LTChar)]
    if not characters:
        return
    order = np.array([n for n, _ in characters])
    x, y = np.array([((item.x0 + item.x1) / 2, (item.y0 + item.y1) / 2) for _, item in characters]).T
    for at in range(characters[0][0], len(items)):
        region = device.covers.get(id(items[at]))
        if region is not None:
            left, bottom, right, top = region
            within = (order < at) & (left <= x) & (x <= right) & (bottom <= y) & (y <= top)
            if within.any():
                yield at, region, order[within].tolist()


def _in(char: LTChar, region: Region) -> bool:
    x, y = (char.x0 + char.x1) / 2, (char.y0 + char.y1) / 2
    return region[0] <= x <= region[2] and region[1] <= y <= region[3]


@dataclass(frozen=True, slots=True)
class _Sight:
    """The page's objects beside its picture."""

    items: Sequence[Any]
    face: Face
    place: Place

    def hidden(self, beneath: Sequence[int], later: Sequence[int], cover: Any = None) -> set[int]:
        """Those of `beneath` that are not seen: all of them, where what hides them proves to do so."""
        taken = np.zeros(self.face.pixels.shape, bool)
        for n in later:
            taken[self.face.places(self.place(self.items[n]), shrunk=0.0)] = True
        boxes = {n: self.place(self.items[n]) for n in beneath if not self.items[n].get_text().isspace()}
        free = [n for n, box in boxes.items() if _share(taken[self.face.places(box)]) < _FREE]
        blank = {n for n in free if self.face.blank(boxes[n])}
        if free:
            proven = len(blank) >= _LEAST_BLANK * len(free)
        else:
            proven = cover is not None and self._plain_beside(cover, taken)
        return set(beneath) if proven else blank

    def _plain_beside(self, cover: Any, taken: npt.NDArray[np.bool_]) -> bool:
        """Whether the cover is of one colour wherever nothing was printed on it."""
        at = self.face.places(self.place(cover))
        part, left = self.face.pixels[at], ~taken[at]
        if not left.any() or left.mean() < _LEAST_LEFT:
            return False
        rest = part[left]
        return bool((np.abs(rest - np.median(rest)) < _PLAIN).mean() >= _PLAIN_COVER)


def _share(part: npt.NDArray[np.bool_]) -> float:
    return float(part.mean()) if part.size else 0.0


def annotated(annotations: Any) -> bool:
    """Whether something is drawn on the page that is no part of its content: a stamp, a note, a white box."""
    found = resolve1(annotations)
    return any(_is_drawn(resolve1(annotation)) for annotation in (found if isinstance(found, list) else ()))


def _is_drawn(annotation: Any) -> bool:
    if not isinstance(annotation, dict) or "AP" not in annotation:
        return False
    kind, flags = resolve1(annotation.get("Subtype")), resolve1(annotation.get("F"))
    other = isinstance(kind, PSLiteral) and kind.name in _SHOWN_BY_OTHERS
    return not other and not (isinstance(flags, int) and flags & _NOT_SHOWN)


def under_annotations(characters: Sequence[dict[str, Any]], shown: Face, bare: Face) -> tuple[set[int], set[int]]:
    """Places in `characters` of those that an annotation hides, and of those that it covers in part."""
    unseen: set[int] = set()
    doubted: set[int] = set()
    changed = np.abs(bare.pixels - shown.pixels) >= _PLAIN
    rows, columns = changed.any(axis=1), changed.any(axis=0)
    for n, box in enumerate(characters):
        at = bare.places(box)
        if not (rows[at[0]].any() and columns[at[1]].any() and changed[at].any()):
            continue
        before, after = bare.pixels[at], shown.pixels[at]
        ink = before < int(before.max(initial=0)) - _PLAIN
        if not ink.any():
            continue
        if shown.blank(box):
            unseen.add(n)
        elif (after[ink] - before[ink] >= _CHANGED).mean() >= _LOST:
            doubted.add(n)
    alone = {n for n in unseen if n - 1 not in unseen and n + 1 not in unseen}  # a stroke through a thin figure
    return unseen - alone, doubted | alone

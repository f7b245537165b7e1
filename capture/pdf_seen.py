"""Which characters of a PDF page a reader of the page sees: those that are painted, in layers that are switched on.

Text that is there for searching, or in a layer that is off, is another's reading of the page or another page's text:
it is left out. What lies outside the clipping path's box or may be painted over is noted, for `pdf_covered` to judge.
Never looks at the picture; of colours only white.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pdfminer.converter import PDFPageAggregator
from pdfminer.encodingdb import name2unicode
from pdfminer.layout import LTChar, LTComponent, LTCurve, LTImage, LTPage
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdftypes import PDFObjRef, resolve1
from pdfminer.psparser import PSLiteral

from models.characters import UNKNOWN

_UNPAINTED = (3, 7)  #: text rendering modes that paint nothing
_SMALLEST = 600  #: of the page's longer side: print of this height is a line of dust
_WHITE = 0.97
_CLEAR = 0.02  #: less opaque than this is not seen
_OPAQUE = 0.98
_LEAST_COVER = 4.0  #: points across and down; less hides no character
_COVERS = 0.5  #: of the page: a picture drawn over so much is a scan, with its text beneath


Region = tuple[float, float, float, float]  #: left, bottom, right, top in pdfminer's coordinates


class SeenText(PDFPageAggregator):
    """pdfminer's page, without the characters that nobody sees. A glyph its font does not name is U+FFFD."""

    def __init__(self, resources: PDFResourceManager, number: int) -> None:
        super().__init__(resources, pageno=number, laparams=None)
        self.unseen = 0  #: characters left out
        self.pictures = False  #: whether there may be any on the page, seen or not
        self.opacity = 1.0  #: of what is filled now
        self.blended = False  #: whether it is mixed with what is beneath it
        self.clip: Region | None = None  #: the box of what can be painted on now
        self.cut: set[int] = set()  #: ids of the characters outside of it
        self.covers: dict[int, Region] = {}  #: by the id of what was painted, what it may cover
        self.doubted: set[str] = set()  #: fonts that do not name their glyphs
        self.unmeasured: set[str] = set()  #: fonts whose characters have no widths
        self.displaced: set[int] = set()  #: ids of the characters of such fonts that others have pushed aside
        self.off: frozenset[int] = frozenset()  #: layers that are not shown
        self._layers: list[bool] = []  #: for every marked content begun, whether its layer is off

    def handle_undefined_char(self, font: Any, cid: int) -> str:
        return UNKNOWN

    def enter(self, layer: Any = None) -> None:
        """Marked content begins, in `layer` if that is given."""
        self._layers.append(layer is not None and is_off(layer, self.off))

    def leave(self) -> None:
        if self._layers:
            self._layers.pop()

    @property
    def hidden(self) -> bool:
        """Whether what is drawn now is not shown."""
        return any(self._layers)

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        drawn: list[Any] = self.cur_item._objs
        before = len(drawn)
        super().render_string(textstate, seq, ncs, graphicstate)
        if textstate.render in _UNPAINTED or self.hidden or self.opacity < _CLEAR:
            self.unseen += len(drawn) - before
            del drawn[before:]
        if self.unmeasured:
            self.displaced |= _pushed_aside(drawn[before:], self.unmeasured)
        if self.clip is not None:
            self.cut |= {id(char) for char in drawn[before:] if not _within(char, self.clip)}

    def clip_to(self, points: list[tuple[float, float]]) -> None:
        """Nothing is painted outside of the box around these points from now on."""
        if points:
            across, down = zip(*points, strict=True)
            self.clip = _common((min(across), min(down), max(across), max(down)), self.clip)

    def paint_path(self, *args: Any, **terms: Any) -> None:
        if self.hidden:
            return
        drawn: list[Any] = self.cur_item._objs
        before = len(drawn)
        super().paint_path(*args, **terms)
        for item in drawn[before:]:
            if item.fill:
                self._covers(item)

    def render_image(self, name: str, stream: Any) -> None:
        super().render_image(name, stream)
        self.pictures = True
        image: Any = self.cur_item._objs[-1]
        if not _is_masked(image):
            self._covers(image)

    def _covers(self, item: Any) -> None:
        if self.opacity >= _OPAQUE and not self.blended and not self.hidden:
            x0, y0, x1, y1 = region = _common((item.x0, item.y0, item.x1, item.y1), self.clip)
            if min(x1 - x0, y1 - y0) >= _LEAST_COVER:
                self.covers[id(item)] = region


def _pushed_aside(run: list[Any], unmeasured: set[str]) -> set[int]:
    """Of a run of text in a font without widths, what follows the first character that is not as wide as all are
    taken to be."""
    halves = [n for n, char in enumerate(run) if char.fontname in unmeasured and char.get_text().isascii()]
    return {id(char) for char in run[halves[0] + 1 :]} if halves else set()


def _common(box: Region, other: Region | None) -> Region:
    if other is None:
        return box
    return max(box[0], other[0]), max(box[1], other[1]), min(box[2], other[2]), min(box[3], other[3])


def _within(char: LTChar, box: Region) -> bool:
    x, y = (char.x0 + char.x1) / 2, (char.y0 + char.y1) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def seen(items: list[Any], page: LTPage) -> list[Any]:
    """The page's objects without the characters that are too small to be seen, white on the bare page, or beneath a
    picture that was drawn later."""
    scans: dict[int, LTImage] = {n: item for n, item in enumerate(items) if _is_scan(item, page)}
    grounds = [(n, item) for n, item in enumerate(items) if _is_ground(item)]
    least = max(page.width, page.height) / _SMALLEST
    return [
        item
        for n, item in enumerate(items)
        if not isinstance(item, LTChar)
        or not (
            item.size < least
            or (_is_white(item.graphicstate.ncolor) and not any(at < n and _over(drawn, item) for at, drawn in grounds))
            or any(at > n and _over(image, item) for at, image in scans.items())
        )
    ]


def _is_white(colour: Any) -> bool:
    """Of grey, RGB and CMYK, by how many numbers it has."""
    parts = colour if isinstance(colour, tuple | list) else (colour,)
    if not all(isinstance(part, int | float) for part in parts):
        return False
    if len(parts) == 4:
        return bool(max(parts) <= 1 - _WHITE)
    return len(parts) in (1, 3) and bool(min(parts) >= _WHITE)


def _is_ground(item: Any) -> bool:
    """Something that white shows on."""
    return isinstance(item, LTImage) or (
        isinstance(item, LTCurve) and bool(item.fill) and not _is_white(item.non_stroking_color)
    )


def _is_scan(item: Any, page: LTPage) -> bool:
    if not isinstance(item, LTImage) or _is_masked(item):
        return False
    width = min(item.x1, page.x1) - max(item.x0, page.x0)
    height = min(item.y1, page.y1) - max(item.y0, page.y0)
    return width > 0 and height > 0 and width * height >= _COVERS * page.width * page.height


def _is_masked(image: LTImage) -> bool:
    return any(name in image.stream for name in ("SMask", "Mask", "ImageMask", "IM"))


def _over(image: LTComponent, char: LTChar) -> bool:
    x, y = (char.x0 + char.x1) / 2, (char.y0 + char.y1) / 2
    return bool(image.x0 <= x <= image.x1 and image.y0 <= y <= image.y1)


def misnames(font: Any) -> bool:
    """A font whose encoding gives its glyphs names of its maker's own: pdfminer takes each for the character that
    commonly has its code, whatever it shows."""
    encoding = resolve1(font.get("Encoding")) if isinstance(font, dict) and "ToUnicode" not in font else None
    differences = resolve1(encoding.get("Differences")) if isinstance(encoding, dict) else None
    return any(isinstance(name, PSLiteral) and not _known(name.name) for name in differences or ())


def unmeasured(font: Any) -> bool:
    """A composite font that is not embedded and tells no widths: whatever has half the width of an ideograph pushes
    what follows it aside, over other print and into other columns."""
    listed = resolve1(font.get("DescendantFonts")) if isinstance(font, dict) else None
    told = resolve1(listed[0]) if isinstance(listed, list) and listed else None
    if not isinstance(told, dict) or "W" in told or "DW" in told:
        return False
    descriptor = resolve1(told.get("FontDescriptor"))
    return not (isinstance(descriptor, dict) and any(name.startswith("FontFile") for name in descriptor))


def _known(name: Any) -> bool:
    try:
        return name == ".notdef" or bool(name2unicode(name))
    except (KeyError, ValueError):
        return False


def layers_off(document: Any) -> frozenset[int]:
    """Object numbers of the layers that are not shown when the document is opened."""
    properties = resolve1(document.catalog.get("OCProperties"))
    if not isinstance(properties, dict):
        return frozenset()
    terms = resolve1(properties.get("D"))
    terms = terms if isinstance(terms, dict) else {}
    off = set(_numbers(terms.get("OFF")))
    base = resolve1(terms.get("BaseState"))
    if isinstance(base, PSLiteral) and base.name == "OFF":
        off |= set(_numbers(properties.get("OCGs"))) - set(_numbers(terms.get("ON")))
    return frozenset(off)


def is_off(layer: Any, off: frozenset[int]) -> bool:
    """Whether content of this layer, or of this choice of layers, is not shown."""
    if isinstance(layer, PDFObjRef) and layer.objid in off:
        return True
    choice = resolve1(layer)
    if not off or not isinstance(choice, dict) or "OCGs" not in choice:
        return False
    members = list(_numbers(choice["OCGs"]))
    policy = resolve1(choice.get("P"))
    states = [number not in off for number in members]
    match policy.name if isinstance(policy, PSLiteral) else "AnyOn":
        case "AllOn":
            return not all(states)
        case "AnyOff":
            return all(states)
        case "AllOff":
            return any(states)
        case _:
            return bool(states) and not any(states)


def _numbers(listed: Any) -> Iterator[int]:
    """Object numbers of one layer or a list of them."""
    items = [listed] if isinstance(listed, PDFObjRef) and isinstance(resolve1(listed), dict) else resolve1(listed)
    for item in items if isinstance(items, list) else ():
        if isinstance(item, PDFObjRef):
            yield item.objid

"""One page model that PDF, OFD and OCR all emit, so that layout code is written once.

Coordinates are in the page's own unit (points, millimetres or pixels), origin top left, y downwards;
`Page.fraction` turns a box into the 0–1 fractions that leave the house.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]  #: H × W × 3, BGR, 0–255
DOUBTED = 0.1  #: confidence of text whose font may call its glyphs wrong: a label may be found by it, no value read
DISPLACED = (
    0.05  #: of text that stands elsewhere than its maker set it: not even the picture of the page is right there
)


@dataclass(frozen=True, slots=True)
class Box:
    """Axis-aligned rectangle in page units."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def centre_x(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def centre_y(self) -> float:
        return (self.y0 + self.y1) / 2

    def union(self, other: Box) -> Box:
        return Box(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))


@dataclass(frozen=True, slots=True)
class PageBox:
    """Where a value stands: 1-based page number and fractions of that page's width and height."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float

    def export(self) -> list[float]:
        return [self.page, *(round(v, 4) for v in (self.x0, self.y0, self.x1, self.y1))]


@dataclass(frozen=True, slots=True)
class Token:
    """A run of text on one line. `edges` holds len(text)+1 x positions where known (to cut at column rules)."""

    text: str
    box: Box
    confidence: float = 1.0
    edges: tuple[float, ...] | None = None
    vertical: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """A ruling line, horizontal or vertical."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def horizontal(self) -> bool:
        return abs(self.x1 - self.x0) >= abs(self.y1 - self.y0)


@dataclass(frozen=True, slots=True)
class Page:
    """Text of one page with its geometry."""

    number: int  #: 1-based within the document
    width: float
    height: float
    tokens: tuple[Token, ...] = ()
    segments: tuple[Segment, ...] = ()
    unseen: int = 0  #: characters that are there and that nobody sees: left out
    pictures: bool = True  #: whether any may be embedded in it

    def fraction(self, box: Box) -> PageBox:
        w, h = self.width or 1.0, self.height or 1.0
        return PageBox(self.number, box.x0 / w, box.y0 / h, box.x1 / w, box.y1 / h)


@dataclass(frozen=True, slots=True)
class CleanupStep:
    """What one cleanup step did to a picture: its name, whether it changed anything, its figures."""

    name: str
    applied: bool
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as pixels, after cleanup.

    `colour` keeps the original colours (seals); `reading` is what OCR reads (seal ink and shade suppressed).
    Both have the same geometry. `from_original` is the 3×3 homography original → cleaned.
    """

    colour: Pixels
    reading: Pixels
    steps: tuple[CleanupStep, ...] = ()
    from_original: npt.NDArray[np.float64] | None = None


class Media(StrEnum):
    """What a document is, by content, never by extension."""

    PDF = "pdf"
    OFD = "ofd"
    XML = "xml"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside a document (XBRL in a PDF, original_invoice.xml in an OFD, a tag file)."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class OpenedPage:
    """A page of an opened document. `text` is None where the medium has no text layer (pictures).

    `picture()` renders and cleans on demand, because an exact source often makes it needless.
    """

    number: int
    text: Page | None
    picture: Callable[[], Picture]
    images: Callable[[], tuple[Pixels, ...]] = tuple  #: pictures embedded in the page (QR codes), uncleaned
    sketch: Callable[[], Pixels] | None = None  #: a quick coarse rendering, for codes drawn as lines
    straight: Callable[[], Picture] | None = None  #: what `picture()` begins with: in place, its inks as they were

    def colour(self) -> Pixels:
        """The page in its own colours, which may be ready before `picture()` is."""
        return (self.straight or self.picture)().colour


@dataclass(frozen=True, slots=True)
class OpenedDocument:
    """A document taken apart by `capture`, ready for the readers in `extraction`."""

    name: str
    media: Media
    sha256: str
    data: bytes
    pages: tuple[OpenedPage, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)  #: PDF info, OFD CustomDatas
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  #: OFD CustomTag: field name → texts, file order
    member_of: str | None = None  #: name of the archive that held it

"""Which readings speak of the same invoice. A file may hold several invoices, an invoice several pages and sources.

Readings with a full account (XML, OFD, page text, OCR) found the invoices; a QR code joins the invoice whose number it
names, else the one in whose part of the page it stands, else the one beside it, else it is an invoice of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz.distance import Levenshtein

from extraction.qr_payload import QrPayload, parse
from extraction.reading import Reading
from models.evidence import Source
from models.pages import PageBox

MOST_WRONG_DIGITS = 2  #: of a number, for two readings of overlapping pages to be one invoice
UNSURE = 0.5  #: most that is believed of a text that names another invoice than the picture of its page
OTHER_NUMBER = "文字层的发票号码与页面图像不同，文字层的内容仅供参考，请核对原件"


@dataclass(slots=True)
class Group:
    """Readings of one invoice."""

    readings: list[Reading] = field(default_factory=list)
    qr: QrPayload | None = None

    @property
    def number(self) -> str | None:
        return next((n for r in self.readings if (n := r.first("invoice_number"))), None)

    @property
    def numbers(self) -> set[str]:
        return {n for r in self.readings if (n := r.first("invoice_number"))}

    @property
    def pages(self) -> set[int]:
        return {p for r in self.readings if r.source is not Source.XML for p in r.pages}


def group(readings: Sequence[Reading]) -> list[Group]:
    """Groups in page order."""
    groups: list[Group] = []
    for reading in (r for r in readings if r.source is not Source.QR):
        home = _home(reading, groups, readings)
        if home is None:
            home = Group()
            groups.append(home)
        home.readings.append(reading)
    for reading in (r for r in readings if r.source is Source.QR):
        home = _beside(reading, groups)
        if home is None:
            home = Group()
            groups.append(home)
        home.readings.append(reading)
        home.qr = home.qr or _payload(reading)
    for each in groups:
        each.readings = _believed(each.readings)
    return sorted(groups, key=lambda g: min(g.pages, default=0))


def _home(reading: Reading, groups: Sequence[Group], everything: Sequence[Reading]) -> Group | None:
    """The group that is the same invoice from another source; two readings of one source are two invoices.

    Unless they name the same number: an OFD's metadata and its page text are one source and one invoice.
    """
    number = reading.first("invoice_number")
    same = next((g for g in groups if number and g.number == number), None)
    if same is not None:
        return same
    free = [g for g in groups if all(r.source is not reading.source for r in g.readings)]
    if number:
        for candidate in free:
            if candidate.number and Levenshtein.distance(number, candidate.number) <= MOST_WRONG_DIGITS:
                return candidate
    alone = sum(r.source is reading.source for r in everything) == 1
    if len(groups) == 1 and free and alone and (not number or not free[0].number):
        return free[0]
    return _of_same_page(reading, free, groups, everything)


def _of_same_page(
    reading: Reading, free: Sequence[Group], groups: Sequence[Group], everything: Sequence[Reading]
) -> Group | None:
    """The one invoice that another source saw on the same page, where this one saw one too: whatever their numbers, a
    page of one invoice does not make two. One of them lies."""
    pages = set(reading.pages)
    if reading.source is Source.XML or reading.region is not None:
        return None
    own = [r for r in everything if r.source is reading.source and pages & set(r.pages)]
    there = [g for g in groups if pages & g.pages]
    if len(own) == 1 and len(there) == 1 and there[0] in free and there[0].pages == pages:
        return None if any(r.region is not None for r in there[0].readings) else there[0]
    return None


def _believed(readings: list[Reading]) -> list[Reading]:
    """Without the text of a page whose picture and code name another invoice; where there is no code to tell which of
    the two is right, with less belief in the text."""
    seen = next((r.first("invoice_number") for r in readings if r.source is Source.OCR), None)
    codes = {r.first("invoice_number") for r in readings if r.source is Source.QR}
    out: list[Reading] = []
    for reading in readings:
        named = reading.first("invoice_number")
        text = reading.source in (Source.PDF, Source.OFD)
        if not (text and named and seen) or named in codes or _nearly(named, seen):
            out.append(reading)
        elif seen not in codes:
            fields = {
                name: tuple(replace(e, confidence=min(e.confidence, UNSURE)) for e in found)
                for name, found in reading.fields.items()
            }
            out.append(replace(reading, fields=fields, notes=(*reading.notes, OTHER_NUMBER)))
    return out


def _nearly(one: str, other: str) -> bool:
    return Levenshtein.distance(one, other) <= MOST_WRONG_DIGITS


def _beside(reading: Reading, groups: Sequence[Group]) -> Group | None:
    """Home of a QR reading: the invoice of the same number, else the nearest on its page that has no code yet."""
    number = reading.first("invoice_number")
    same = [g for g in groups if number in g.numbers]
    if same:
        return same[0]
    free = [g for g in groups if g.qr is None and (not g.pages or g.pages & set(reading.pages))]
    free = [g for g in free if not _of_another(reading, g)]
    around = [g for g in free if _stands_in(reading, g)]
    if len(around) == 1:
        return around[0]
    near = [g for g in free if not number or not g.number or _could_be_misread(number, g.number)]
    pool = near or (free if len(groups) == 1 else [])
    return min(pool, key=lambda g: _distance(reading, g), default=None)


def _of_another(reading: Reading, candidate: Group) -> bool:
    """数电 paper: the code names another digital number than the face, as that of a sheet that looks out beneath it."""
    named = reading.first("digital_invoice_number")
    printed = next((n for r in candidate.readings if (n := r.first("digital_invoice_number"))), None)
    return bool(named and printed) and not _could_be_misread(named or "", printed or "")


def _stands_in(code: Reading, candidate: Group) -> bool:
    """Whether the code stands in the part of the page that was read as this invoice."""
    place = place_of(code)
    if place is None:
        return False
    x, y = (place.x0 + place.x1) / 2, (place.y0 + place.y1) / 2
    regions = [r.region for r in candidate.readings if r.region is not None and r.region.page == place.page]
    return any(region.x0 <= x <= region.x1 and region.y0 <= y <= region.y1 for region in regions)


def place_of(code: Reading) -> PageBox | None:
    """Where a QR code stands; None for an embedded picture whose place on the page is unknown."""
    return next((e.box for items in code.fields.values() for e in items if e.box), None)


def _could_be_misread(one: str, other: str) -> bool:
    return Levenshtein.distance(one, other) <= max(MOST_WRONG_DIGITS, len(one) // 3)


def _distance(reading: Reading, candidate: Group) -> float:
    """Vertical distance between the code and the head of the invoice, in page heights."""
    code = place_of(reading)
    head = _head(candidate)
    return abs((code.y0 + code.y1) / 2 - head.y0) if code and head else 0.0


def _head(candidate: Group) -> PageBox | None:
    boxes = [e.box for r in candidate.readings for items in r.fields.values() for e in items if e.box]
    return min(boxes, key=lambda b: b.y0, default=None)


def _payload(reading: Reading) -> QrPayload | None:
    raw = next((e.raw for items in reading.fields.values() for e in items), None)
    return parse(raw) if raw else None

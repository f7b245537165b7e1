"""Which kind a document is, from every source that says something about it."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.checks import codes
from extraction.reading import Reading
from models.evidence import Source
from models.kinds import KINDS, InvoiceKind

#: printed on e-tax paper with both a code + 8 and a 20-digit number
_ON_PAPER = {
    InvoiceKind.SPECIAL_PAPER: InvoiceKind.DIGITAL_PAPER_SPECIAL,
    InvoiceKind.ORDINARY_PAPER: InvoiceKind.DIGITAL_PAPER_ORDINARY,
    InvoiceKind.MOTOR_VEHICLE: InvoiceKind.DIGITAL_PAPER_VEHICLE,
    InvoiceKind.USED_VEHICLE: InvoiceKind.DIGITAL_PAPER_USED_VEHICLE,
}
_ORDER = (Source.XML, Source.OFD, Source.QR, Source.PDF, Source.OCR)


def decide_kind(readings: Sequence[Reading], code: str | None, number: str | None, digital: str | None) -> InvoiceKind:
    """The code's own kind first (it is structure, not print), then exact sources, then what was read off the face."""
    said = [r.kind for source in _ORDER for r in readings if r.source is source and r.kind is not None]
    specific = [kind for kind in said if kind is not InvoiceKind.OTHER]
    by_code = codes.kind_from_code(code) if code else None
    kind = by_code or next(iter(specific), None) or next(iter(said), InvoiceKind.OTHER)
    if by_code and specific and not _number_fits(by_code, number):
        kind = specific[0]
    if kind in _ON_PAPER and digital and len(digital) == 20:
        return _ON_PAPER[kind]
    return kind


def _number_fits(kind: InvoiceKind, number: str | None) -> bool:
    shape = KINDS[kind].number
    return number is None or shape == "free" or (len(number) == 20) == (shape == "20")

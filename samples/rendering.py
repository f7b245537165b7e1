"""One invoice to one file in one medium. Chooses the renderer, never changes what the invoice says."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from samples import forms, wear
from samples.einvoice import digital_invoice, original_invoice
from samples.inventing import DIGITAL
from samples.ofd import to_ofd
from samples.pdf import Picture, to_pdf, to_pixels
from samples.sheet import Sheet
from samples.truth import InvoiceTruth, Medium

SUFFIXES = {Medium.PDF: ".pdf", Medium.OFD: ".ofd", Medium.XML: ".xml", Medium.SCAN: ".jpg", Medium.PHOTO: ".jpg"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """What happened to the paper. `misprint` is how far, in mm, the printer missed the form."""

    level: wear.Level = wear.MEDIUM
    misprint: tuple[float, float] = (0.0, 0.0)
    turns: int = 0
    exif: bool = False
    dpi: int = 220
    width: int = 2000


def render(invoice: InvoiceTruth, medium: Medium, rng: Random, handling: Handling) -> bytes:
    if medium is Medium.XML:
        return digital_invoice(invoice) if invoice.kind in DIGITAL else original_invoice(invoice)
    sheets = forms.draw(invoice)
    if medium is Medium.OFD:
        return to_ofd(invoice, sheets)
    if medium is Medium.PDF:
        return to_pdf(sheets)
    page = on_paper(sheets[0], rng, handling)
    if medium is Medium.SCAN:
        return wear.scan(page, rng, handling.level)
    return wear.photo(page, rng, handling.level, width=handling.width, turns=handling.turns, exif=handling.exif)


def on_paper(sheet: Sheet, rng: Random, handling: Handling) -> Picture:
    """The sheet printed: form, then the values (which may miss it), then the seals."""
    layers: list[Picture] = [
        to_pixels(to_pdf([sheet], layers=[layer]), handling.dpi) for layer in ("form", "print", "seal")
    ]
    form, values, seal = layers
    per_mm = handling.dpi / 25.4
    shift = (handling.misprint[0] * per_mm, handling.misprint[1] * per_mm)
    page = wear.over(form, wear.dot_matrix(values, rng), shift, rng.uniform(-0.12, 0.12) if sheet.tractor_holes else 0)
    page = wear.over(page, seal)
    page = wear.tinted(page, sheet.paper)
    return wear.punch(page, handling.dpi, rng) if sheet.tractor_holes else page

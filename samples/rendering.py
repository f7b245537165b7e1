"""One invoice to one file in one medium. Chooses the renderer, never changes what the invoice says."""

from __future__ import annotations

import io
from dataclasses import dataclass
from random import Random

import numpy as np
from PIL import Image

from models.kinds import InvoiceKind
from samples import clutter, forms, pdf_defects, wear
from samples.defects import spoil
from samples.einvoice import digital_invoice, original_invoice
from samples.inventing import DIGITAL, invent
from samples.ofd import to_ofd
from samples.pdf import Picture, to_pdf, to_pixels
from samples.sheet import Sheet
from samples.truth import Defect, InvoiceTruth, Medium
from samples.xbrl import rail_xbrl

SUFFIXES = {
    Medium.PDF: ".pdf",
    Medium.OFD: ".ofd",
    Medium.XML: ".xml",
    Medium.SCAN: ".jpg",
    Medium.PHOTO: ".jpg",
    Medium.SCREENSHOT: ".png",
}


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
        return _xml(invoice)
    sheets = forms.draw(invoice)
    spoil(sheets, invoice)
    if medium is Medium.OFD:
        return to_ofd(invoice, sheets)
    if medium is Medium.PDF:
        return _pdf(invoice, sheets)
    if medium is Medium.SCREENSHOT:
        return _png(clutter.viewer(to_pixels(to_pdf(sheets), rng.randint(96, 150)), rng))
    page = _cluttered(on_paper(sheets[0], rng, handling), invoice, rng, handling)
    if medium is Medium.SCAN:
        return wear.scan(page, rng, handling.level)
    return wear.photo(page, rng, handling.level, width=handling.width, turns=handling.turns, exif=handling.exif)


def _xml(invoice: InvoiceTruth) -> bytes:
    if invoice.kind is InvoiceKind.RAIL_E:
        return rail_xbrl(invoice)
    return digital_invoice(invoice) if invoice.kind in DIGITAL else original_invoice(invoice)


def _pdf(invoice: InvoiceTruth, sheets: list[Sheet]) -> bytes:
    seal_text, junk = (defect in invoice.defects for defect in (Defect.SEAL_TEXT, Defect.JUNK_LABELS))
    pdf = to_pdf(sheets, seal_text=seal_text, junk_labels=junk)
    if Defect.PICTURE_ONLY in invoice.defects:
        return pdf_defects.picture_only(pdf, sheets)
    if Defect.GARBLED_TEXT in invoice.defects:
        return pdf_defects.garbled(pdf, sheets)
    if Defect.XBRL_ATTACHED in invoice.defects:
        return pdf_defects.attached(pdf, f"rai_issuer_{invoice.invoice_number}.xml", rail_xbrl(invoice))
    return pdf


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


def _cluttered(page: Picture, invoice: InvoiceTruth, rng: Random, handling: Handling) -> Picture:
    if Defect.GHOST in invoice.defects:
        page = clutter.ghost(page, rng)
    if Defect.SECOND_HEAD in invoice.defects:
        other = invent(rng, invoice.kind)
        page = clutter.second_head(page, on_paper(forms.draw(other)[0], rng, handling), rng)
    if Defect.PHOTOCOPY in invoice.defects:
        page = clutter.photocopy(page, rng)
    if Defect.PEN in invoice.defects:
        page = clutter.pen(page, rng)
    return np.rot90(page).copy() if Defect.SIDEWAYS in invoice.defects else page


def _png(page: Picture) -> bytes:
    out = io.BytesIO()
    Image.fromarray(page).save(out, "PNG", optimize=True)
    return out.getvalue()

"""A second look at what only one recognition supports: the same place cut out anew, larger, with and without seal ink.

The second cut is a different picture (other resampling, other margins, other colours), so a misreading seldom repeats
itself exactly; agreement is evidence, disagreement sends the value to a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import cv2

from extraction.fusion.sameness import comparable
from extraction.normalise import date_iso, digits
from extraction.ocr.engine import OcrEngine, RecognisedLine
from extraction.reading import Reading
from models.evidence import Evidence, Field, FieldStatus, Source
from models.invoice import Invoice
from models.pages import PageBox, Picture, Pixels

#: long texts are not looked at twice: a remark has no check and is not a key value
FIELDS = (
    "invoice_code", "invoice_number", "issue_date", "check_code", "buyer_name", "buyer_tax_id", "seller_name",
    "seller_tax_id", "total_excl_tax", "total_tax", "total_incl_tax", "payee", "reviewer", "drawer", "machine_number",
)  # fmt: skip
LEAST_CONFIDENCE = 0.5
MARGINS = (0.15, 0.35)  #: of the line's height, added all round
LABEL = "second look"


def look_again(invoice: Invoice, pictures: Mapping[int, Picture], engine: OcrEngine) -> Reading | None:
    """Evidence for the invoice's OCR-only values under review, or None where there is nothing to look at."""
    places = {name: f for name in FIELDS if _wants_a_look(f := invoice.fields.get(name))}
    cuts: list[Pixels] = []
    owners: list[str] = []
    for name, field in places.items():
        if field is not None and field.box is not None and field.box.page in pictures:
            for cut in _cuts(pictures[field.box.page], field.box):
                cuts.append(cut)
                owners.append(name)
    if not cuts:
        return None
    found: dict[str, tuple[Evidence, ...]] = {}
    lines = engine.read_lines(cuts)
    for name, field in places.items():
        if field is None or field.value is None:
            continue
        own = [line for line, owner in zip(lines, owners, strict=True) if owner == name]
        if confirmed := _confirmation(name, field.value, own):
            found[name] = (confirmed,)
    return Reading(source=Source.OCR, pages=invoice.pages, fields=found) if found else None


def _wants_a_look(field: Field | None) -> bool:
    return (
        field is not None
        and field.status is FieldStatus.REVIEW
        and field.source is Source.OCR
        and field.value is not None
        and field.confidence >= LEAST_CONFIDENCE
    )


def _confirmation(name: str, value: str, lines: Sequence[RecognisedLine]) -> Evidence | None:
    """Every new cut must hold the value; the least sure of them is the evidence's confidence."""
    wanted = comparable(name, value)
    if not lines or not all(_holds(name, line.text, wanted) for line in lines):
        return None
    confidence = min(line.confidence for line in lines)
    raw = lines[0].text
    return Evidence(source=Source.OCR, value=value, raw=raw, confidence=confidence, label=LABEL)


def _holds(name: str, text: str, wanted: str) -> bool:
    """The cut may show a neighbour's edge, but the value must stand in it whole."""
    if name == "issue_date":
        return date_iso(text) == wanted or wanted.replace("-", "") in (digits(text) or "")
    return wanted in comparable("", text).replace(",", "") or wanted in comparable("", text)


def _cuts(picture: Picture, box: PageBox) -> list[Pixels]:
    """Cuts of the place: seal-suppressed with a small margin, original colours with a larger one."""
    cuts = []
    for pixels, margin in zip((picture.reading, picture.colour), MARGINS, strict=True):
        height, width = pixels.shape[:2]
        pad = margin * (box.y1 - box.y0) * height
        x0, x1 = max(0, int(box.x0 * width - pad)), min(width, int(box.x1 * width + pad) + 1)
        y0, y1 = max(0, int(box.y0 * height - pad)), min(height, int(box.y1 * height + pad) + 1)
        if x1 - x0 >= 4 and y1 - y0 >= 4:
            cut = pixels[y0:y1, x0:x1]
            scale = 64 / cut.shape[0]
            cuts.append(cv2.resize(cut, (max(8, round(cut.shape[1] * scale)), 64), interpolation=cv2.INTER_CUBIC))
    return cuts

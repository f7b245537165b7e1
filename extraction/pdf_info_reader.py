"""Reads what a PDF's document information says about its invoice: the tax platform's own PDFs carry number, date, both
tax ids and the totals under the element names of its XML (BuyerIdNum, TotalAmWithoutTax …).

Nobody sees this information on the page, and a merged or edited file keeps that of another. So it finds no invoice by
itself: it is weighed beside the page of the invoice with the same number, and where the file's one invoice shows
another number, it speaks against that number and of nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence

from extraction import field_values
from extraction.checks.codes import plausible_digital_number
from extraction.reading import Reading
from extraction.xml.dialects import EINVOICE
from extraction.xml.parsing import plain
from models.evidence import Source
from models.pages import Media, OpenedDocument

_CONFIDENCE = 0.99
_BY_NAME = {name.rsplit("/", 1)[-1]: field for field, names in EINVOICE.fields.items() for name in names}


def read_info(document: OpenedDocument) -> Reading | None:
    """The document information as evidence; None where it names no invoice."""
    if document.media is not Media.PDF:
        return None
    held = [
        (field, text, f"PDF information: {name}")
        for name, text in document.metadata.items()
        if (field := _BY_NAME.get(plain(name)))
    ]
    fields, _ = field_values.collect(held, source=Source.PDF, confidence=_CONFIDENCE)
    told = {field: items for field, items in fields.items() if items}
    number = next((e.value for e in told.get("invoice_number", ())), None)
    if number is None or not plausible_digital_number(number, None):
        return None
    return Reading(source=Source.PDF, pages=(), fields=told)


def beside(info: Reading, numbers: Sequence[str | None]) -> tuple[int, Reading] | None:
    """Which of the invoices found, by their numbers, the information belongs to, and what it may say about it."""
    own = info.first("invoice_number")
    if own in numbers:
        return numbers.index(own), info
    if len(numbers) == 1 and numbers[0] is not None:
        return 0, Reading(source=Source.PDF, pages=(), fields={"invoice_number": info.fields["invoice_number"]})
    return None

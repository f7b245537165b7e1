"""Reads the QR codes of a document: one reading per invoice that a code names. Never fetches an address.

Embedded pictures are tried before the page is rendered; a page whose text can be trusted is only sketched for its
code. A decoded payload is exact, but its amount is sometimes on the wrong basis: money is believed less.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

import cv2
import numpy as np

from extraction import qr_search
from extraction.qr_payload import QrPayload, parse
from extraction.qr_search import FoundCode
from extraction.reading import Reading
from extraction.text_reader import distrust
from extraction.xml import parsing
from extraction.xml.kinds import titled
from models.evidence import Evidence, Source
from models.kinds import KINDS, InvoiceKind
from models.pages import OpenedDocument, OpenedPage, PageBox

_CERTAIN = 0.9995  #: the CRC fits
_DECODED = 0.998  #: the code's own error correction vouches for the text
_AMOUNT = 0.94  #: net and gross are sometimes mixed up by the issuer
_DIGITAL = 20


class QrReader:
    """One reading per invoice number, however many pages repeat its code."""

    source = Source.QR

    def read(self, document: OpenedDocument) -> list[Reading]:
        found: dict[str, tuple[QrPayload, list[PageBox | None], list[int]]] = {}
        for page, code in _codes(document):
            payload = parse(code.text)
            if payload.invoice_number is None:
                continue
            key = f"{payload.invoice_code}-{payload.invoice_number}"
            _, boxes, pages = found.setdefault(key, (payload, [], []))
            boxes.append(PageBox(page, *code.place) if code.place else None)
            if page not in pages:
                pages.append(page)
        return [_reading(payload, boxes[0], tuple(pages)) for payload, boxes, pages in found.values()]


def _codes(document: OpenedDocument) -> Iterator[tuple[int, FoundCode]]:
    anything = False
    for page in document.pages:
        for code in _on_page(page):
            anything = True
            yield page.number, code
    if not anything:
        for attachment in document.attachments:
            yield from ((1, code) for code in _in_attachment(attachment.data))


def _on_page(page: OpenedPage) -> list[FoundCode]:
    if page.straight is not None:  # a scan or photo: several invoices may lie on it, and where a code is tells whose
        found = qr_search.in_page(page.colour())
        if any(parse(code.text).invoice_number for code in found) or not page.images():
            return found
    in_images = [code for image in page.images() for code in qr_search.in_image(image)]
    if any(parse(code.text).invoice_number for code in in_images):
        return in_images
    if page.text is not None and distrust(page.text) is None:
        return qr_search.in_sketch(page.sketch()) if page.sketch else []
    return qr_search.in_page(page.colour())


def _in_attachment(data: bytes) -> Iterator[FoundCode]:
    """GraphCode of original_invoice.xml: the payload itself, or a picture of the code in base64."""
    root = parsing.parse(data) if parsing.looks_like_xml(data) else None
    for path, text in parsing.leaves(root) if root is not None else ():
        if path[-1] != "graphcode" or not text:
            continue
        if parse(text).invoice_number:
            yield FoundCode(text)
            continue
        try:
            packed = base64.b64decode(text, validate=False)
        except binascii.Error:
            continue  # neither a payload nor a picture: nothing to read
        image = cv2.imdecode(np.frombuffer(packed, np.uint8), cv2.IMREAD_COLOR) if packed else None
        if image is not None:
            yield from qr_search.in_image(np.asarray(image, np.uint8))


def _reading(payload: QrPayload, box: PageBox | None, pages: tuple[int, ...]) -> Reading:
    sure = _CERTAIN if payload.crc_fits else _DECODED
    fields: dict[str, tuple[Evidence, ...]] = {}
    notes: list[str] = []

    def put(field: str, value: str | None, confidence: float) -> None:
        if value is not None:
            fields[field] = (
                Evidence(source=Source.QR, value=value, raw=payload.raw, confidence=confidence, label="QR", box=box),
            )

    put("invoice_code", payload.invoice_code, sure)
    paper = payload.invoice_code is not None or (payload.kind and KINDS[payload.kind].number == "code_8_and_20")
    digital = paper and len(payload.invoice_number or "") == _DIGITAL  # 数电纸质: the face's own number has 8 digits
    put("digital_invoice_number" if digital else "invoice_number", payload.invoice_number, sure)
    put("issue_date", payload.issue_date, sure)
    put("check_code", payload.check_code, sure)
    if payload.amount_is_gross is None and payload.amount is not None:
        notes.append(f"QR amount {payload.amount}: not established whether net or gross for this kind")
    else:
        put("total_incl_tax" if payload.amount_is_gross else "total_excl_tax", payload.amount, _AMOUNT)
    if len(payload.invoice_number or "") == _DIGITAL and payload.kind in (
        InvoiceKind.DIGITAL_SPECIAL,
        InvoiceKind.DIGITAL_ORDINARY,
        InvoiceKind.RAIL_E,
    ):
        fields.setdefault("invoice_code", ())
        fields.setdefault("check_code", ())
    return Reading(
        source=Source.QR, pages=pages, kind=payload.kind, title=titled(payload.kind), fields=fields, notes=tuple(notes)
    )

"""Files inside a PDF: those it carries as a whole and those pinned to a page.

A PDF among them is a document itself (the invoices behind a claim form, a portfolio): its pages are put behind those of
the PDF that holds it, one level deep. All others are handed on as they are.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Name

from capture.limits import Limits
from capture.pdf_limits import check_streams
from models.pages import Attachment

_HEAD = 1024  #: as in `capture.sniffing`


def attachments(pdf: Any) -> tuple[Attachment, ...]:
    """Every file inside `pdf`, each once."""
    whole = [(spec.filename or name, spec.get_file().read_bytes()) for name, spec in pdf.attachments.items()]
    return tuple(dict.fromkeys(Attachment(name, data) for name, data in (*whole, *_pinned(pdf))))


def _pinned(pdf: Any) -> Iterator[tuple[str, bytes]]:
    """Files that a reader opens by a paper clip on a page."""
    for page in pdf.pages:
        found = page.get("/Annots")
        for annotation in found if isinstance(found, pikepdf.Array) else ():
            if isinstance(annotation, pikepdf.Dictionary) and annotation.get("/Subtype") == Name.FileAttachment:
                spec = annotation.get("/FS")
                held = spec.get("/EF") if isinstance(spec, pikepdf.Dictionary) else None
                stream = held.get("/UF", held.get("/F")) if isinstance(held, pikepdf.Dictionary) else None
                if isinstance(stream, pikepdf.Stream):
                    yield str(spec.get("/UF", spec.get("/F", ""))), stream.read_bytes()


def append_pages(pdf: Any, held: tuple[Attachment, ...], limits: Limits) -> tuple[Attachment, ...]:
    """Put the pages of the PDFs among `held` behind those of `pdf`. Gives the other files and PDFs that do not open."""
    others: list[Attachment] = []
    for attachment in held:
        if b"%PDF-" not in attachment.data[:_HEAD] or not _appended(pdf, attachment.data, limits):
            others.append(attachment)
    return tuple(others)


def _appended(pdf: Any, data: bytes, limits: Limits) -> bool:
    try:
        with pikepdf.open(io.BytesIO(data)) as inner:
            limits.check_pages(len(pdf.pages) + len(inner.pages))
            check_streams(inner, limits)
            pdf.pages.extend(inner.pages)
            return True
    except (pikepdf.PasswordError, pikepdf.PdfError, ValueError):
        return False  # a password, or damage: it stays what it is, a file inside

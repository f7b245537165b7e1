"""Opens a PDF: text layer, raster on demand, embedded files, metadata. Repairs what qpdf can repair, and turns a page
whose text does not run to the right: text and picture are those of the page turned upright.
"""

from __future__ import annotations

import io
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

import pdfplumber
import pikepdf
from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import PdfminerException

from capture.cleanup import CleanupOptions, Upright, clean
from capture.limits import Limits
from capture.pdf_attached import append_pages, attachments
from capture.pdf_fields import flatten_fields
from capture.pdf_limits import check_streams
from capture.pdf_pictures import without_fonts
from capture.pdf_raster import embedded_images, render, sketch
from capture.pdf_text import PageText, read_text
from capture.pictured import sheets_on
from models.errors import DocumentError
from models.pages import Attachment, OpenedPage, Page, Picture, Pixels

KEPT_PICTURES = 3  #: rendered pages held at a time; a hundred of them would fill the memory
#: fewer words than this are an advertisement or a page number on a scan
TYPESET_TOKENS = 12
#: what pdfminer is known to raise on broken content
_TEXT_ERRORS = (
    PdfminerException,
    PDFException,
    PSException,
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    RecursionError,
)


def open_pdf(
    data: bytes, *, limits: Limits, cleanup: CleanupOptions, upright: Upright | None
) -> tuple[tuple[OpenedPage, ...], tuple[Attachment, ...], dict[str, str]]:
    """Pages, those of PDFs inside this one too, one for each sheet of a scan; the other files inside; metadata."""
    others, metadata, readable = _inspect(data, limits)
    texts, readable = _upright(readable)

    @lru_cache(maxsize=KEPT_PICTURES)
    def typeset(number: int) -> Picture:
        return clean(render(readable, number), cleanup.of_typeset_page(), upright=upright)

    @lru_cache(maxsize=1)
    def bare() -> bytes:
        return without_fonts(readable)

    def images(number: int) -> tuple[Pixels, ...]:
        return embedded_images(bare(), number, limits) if texts[number - 1].pictures else ()

    drawn = lru_cache(maxsize=1)(partial(render, readable, dpi=None))
    scans = [number for number, text in enumerate(texts, start=1) if len(text.tokens) < TYPESET_TOKENS]
    sheets_of = sheets_on(drawn, scans, cleanup=cleanup, upright=upright)
    pages: list[OpenedPage] = []
    for number, text in enumerate(texts, start=1):
        beside = (partial(images, number), partial(sketch, readable, number))
        sheets = sheets_of.get(number, [])
        whole = replace(text, number=len(pages) + 1)
        if not sheets:
            pages.append(OpenedPage(whole.number, whole, partial(typeset, number), *beside))
        elif len(sheets) == 1:
            pages.append(OpenedPage(whole.number, whole, sheets[0].picture, *beside, straight=sheets[0].straight))
        else:
            pages += [OpenedPage(n, None, s.picture, straight=s.straight) for n, s in enumerate(sheets, whole.number)]
    return tuple(pages), others, metadata


def _inspect(data: bytes, limits: Limits) -> tuple[tuple[Attachment, ...], dict[str, str], bytes]:
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if not len(pdf.pages):
                raise DocumentError("pdf_damaged")
            limits.check_pages(len(pdf.pages))
            check_streams(pdf, limits)
            _check_form(pdf)
            metadata = _metadata(pdf)
            files = attachments(pdf)
            others = append_pages(pdf, files, limits)
            filled = flatten_fields(pdf)
            if len(others) < len(files) or filled or pdf.is_encrypted or pdf.get_warnings():
                rewritten = io.BytesIO()
                pdf.save(rewritten, encryption=False)
                return others, metadata, rewritten.getvalue()
            return others, metadata, data
    except pikepdf.PasswordError as error:
        raise DocumentError("pdf_encrypted") from error
    except (pikepdf.PdfError, ValueError) as error:
        raise DocumentError("pdf_damaged") from error


def _upright(data: bytes) -> tuple[list[Page], bytes]:
    """Text of every page, and the document whose pages it is."""
    texts = _texts(data)
    lying = {text.page.number: text.direction for text in texts if text.direction}
    if not lying:
        return [text.page for text in texts], data
    turned = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for number, direction in lying.items():
            pdf.pages[number - 1].rotate(direction, relative=True)
        pdf.save(turned)
    return [text.page for text in _texts(turned.getvalue())], turned.getvalue()


def _texts(data: bytes) -> list[PageText]:
    texts: list[PageText] = []
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            for number, page in enumerate(pdf.pages, start=1):
                texts.append(read_text(number, page, partial(sketch, data, number)))
                page.close()
    except _TEXT_ERRORS as error:
        raise DocumentError("pdf_damaged") from error
    return texts


def _check_form(pdf: Any) -> None:
    """A form that only its maker's program can draw holds no page but the advice to open it there."""
    form = pdf.Root.get("/AcroForm")
    if form is not None and "/XFA" in form and (pdf.Root.get("/NeedsRendering") or not len(form.get("/Fields", ()))):
        raise DocumentError("pdf_xfa")


def _metadata(pdf: Any) -> dict[str, str]:
    return {str(key).lstrip("/"): str(value) for key, value in pdf.docinfo.items()}

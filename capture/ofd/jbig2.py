"""JBIG2 pictures, decoded by PDFium, which reads them inside a one-page PDF."""

from __future__ import annotations

import io
import struct

import pikepdf
import pypdfium2 as pdfium

from capture.limits import Limits
from capture.pdf_raster import embedded_images
from models.pages import Pixels


def decode_jbig2(data: bytes, limits: Limits) -> Pixels | None:
    """None for what is broken. Raises DocumentError for a picture that is too large."""
    try:
        return _decoded(data, limits)
    except (pikepdf.PdfError, pdfium.PdfiumError, struct.error, IndexError):  # the last: it ends before its head does
        return None


def _decoded(data: bytes, limits: Limits) -> Pixels | None:
    flags = data[8]
    body = data[9 if flags & 2 else 13 :]  # bit 1: number of pages unknown, its field left out
    # first segment is the page information: number, flags, referred-to, page (1 byte each), length, width, height
    if not flags & 1 or body[4] & 0x3F != 48:
        return None
    width, height = struct.unpack(">II", body[11:19])
    limits.check_pixels(width, height)
    pdf = pikepdf.new()
    image = pdf.make_stream(
        body, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=width, Height=height,
        ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=1, Filter=pikepdf.Name.JBIG2Decode,
    )  # fmt: skip
    page = pdf.add_blank_page(page_size=(width, height))
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
    page.Contents = pdf.make_stream(f"{width} 0 0 {height} 0 0 cm /Im0 Do".encode())
    buffer = io.BytesIO()
    pdf.save(buffer)
    found = embedded_images(buffer.getvalue(), 1, limits)
    return found[0] if found else None

"""A PDF for its pictures alone: without the fonts that it names and does not hold.

PDFium looks for such fonts on the machine each time a page is loaded, some 40 ms for a Chinese one, and a picture that
stands on the page needs none. Text of the copy is not to be read or drawn.
"""

from __future__ import annotations

import io
from typing import Any

import pikepdf

_HELD = ("/FontFile", "/FontFile2", "/FontFile3")


def without_fonts(data: bytes) -> bytes:
    """The document itself where all its fonts are embedded, and where it is too damaged to be copied."""
    try:
        return _copied(data)
    except (pikepdf.PdfError, ValueError):
        return data


def _copied(data: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        entries = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary | pikepdf.Stream)]
        if not any(_names_a_font(item) for item in entries):
            return data
        for item in entries:
            resources = item.get("/Resources")
            if isinstance(resources, pikepdf.Dictionary) and "/Font" in resources:
                del resources["/Font"]
        copy = io.BytesIO()
        pdf.save(copy, fix_metadata_version=False)
        return copy.getvalue()


def _names_a_font(item: Any) -> bool:
    """A font's description without the font itself."""
    return bool(item.get("/Type") == pikepdf.Name.FontDescriptor and not any(name in item for name in _HELD))

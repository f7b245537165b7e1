"""Values typed into the form fields of a PDF: made part of the page, so that they are read with the rest of it.

A page's own text does not hold them. Signature fields alone leave a document as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Name

_TYPED = (Name.Tx, Name.Ch)  #: text and choices
_MOST_PARENTS = 20  #: of a field; more is a circle


def flatten_fields(pdf: Any) -> bool:
    """Whether `pdf` had filled fields, which are now drawn on its pages."""
    form = pdf.Root.get("/AcroForm")
    if form is None or not any(_filled(annotation) for page in pdf.pages for annotation in _annotations(page)):
        return False
    if form.get("/NeedAppearances"):
        pdf.generate_appearance_streams()
    pdf.flatten_annotations("screen")
    return True


def _annotations(page: Any) -> Iterator[Any]:
    found = page.get("/Annots")
    yield from found if isinstance(found, pikepdf.Array) else ()


def _filled(annotation: Any) -> bool:
    if not isinstance(annotation, pikepdf.Dictionary) or annotation.get("/Subtype") != Name.Widget:
        return False
    return _entry(annotation, "/FT") in _TYPED and bool(str(_entry(annotation, "/V") or ""))


def _entry(field: Any, name: str) -> Any:
    """Of the field, or of the field that it is a part of."""
    for _ in range(_MOST_PARENTS):
        if name in field:
            return field[name]
        if "/Parent" not in field:
            return None
        field = field["/Parent"]
    return None

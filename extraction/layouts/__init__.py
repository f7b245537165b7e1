"""Layouts: from one page of positioned text to readings, one per invoice on the page.

One file per kind or family; the registry below picks by title, code and shape. Adding a kind is one file and one line.
"""

from __future__ import annotations

from extraction.layouts.vat_table import find_forms, read_form
from extraction.reading import Reading
from models.evidence import Source
from models.pages import Page

__all__ = ["read_page"]


def read_page(page: Page, source: Source) -> list[Reading]:
    """Every invoice on the page; an empty list where nothing of an invoice was recognised."""
    forms = find_forms(page)
    return [read_form(form, source) for form in forms]

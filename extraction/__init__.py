"""From an opened document to invoices: one reader per source, layouts per kind, checks, fusion with provenance."""

from extraction.extracting import extract

__all__ = ["extract"]

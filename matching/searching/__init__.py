"""Finds records, captured invoices and drafts by anything people remember of them."""

from matching.searching.asking import take_apart
from matching.searching.finding import Asked, Bounds, Found, Hit, Place, count, find
from matching.searching.index import Kind, SearchIndex, Standing, index_of

__all__ = [
    "Asked", "Bounds", "Found", "Hit", "Kind", "Place", "SearchIndex", "Standing", "count", "find", "index_of",
    "take_apart",
]  # fmt: skip

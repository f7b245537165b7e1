"""A text in both languages."""

from __future__ import annotations

from typing import NamedTuple


class Both(NamedTuple):
    zh: str
    en: str

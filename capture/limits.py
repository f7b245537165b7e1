"""Limits that keep a hostile or broken file from taking the machine down. Checked before memory is spent."""

from __future__ import annotations

from dataclasses import dataclass

from models.errors import DocumentError
from models.settings import MIB, Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Largest sizes of one document."""

    max_file_bytes: int = 50 * MIB
    max_pages: int = 100
    max_pixels: int = 100_000_000
    max_unpacked_bytes: int = 300 * MIB
    max_members: int = 1000

    @classmethod
    def from_settings(cls, settings: Settings) -> Limits:
        return cls(
            max_file_bytes=settings.max_file_bytes,
            max_pages=settings.max_pages,
            max_pixels=settings.max_pixels,
            max_unpacked_bytes=settings.max_unpacked_bytes,
            max_members=settings.max_members,
        )

    def check_size(self, size: int) -> None:
        if size == 0:
            raise DocumentError("empty_file")
        if size > self.max_file_bytes:
            raise DocumentError("too_large", size=readable(size), limit=readable(self.max_file_bytes))

    def check_pages(self, pages: int) -> None:
        if pages > self.max_pages:
            raise DocumentError("too_many_pages", pages=pages, limit=self.max_pages)

    def check_pixels(self, width: int, height: int) -> None:
        if width * height > self.max_pixels:
            raise DocumentError("too_many_pixels", pixels=f"{width * height:,}", limit=f"{self.max_pixels:,}")

    def check_unpacked(self, size: int) -> None:
        if size > self.max_unpacked_bytes:
            raise DocumentError("unpacked_too_large", limit=readable(self.max_unpacked_bytes))

    def check_members(self, members: int) -> None:
        if members > self.max_members:
            raise DocumentError("too_many_members", members=members, limit=self.max_members)


def readable(size: int) -> str:
    """
    >>> readable(52428800)
    '50 MB'
    """
    for unit, factor in (("MB", MIB), ("KB", 1024)):
        if size >= factor:
            return f"{size / factor:.1f}".removesuffix(".0") + f" {unit}"
    return f"{size} B"

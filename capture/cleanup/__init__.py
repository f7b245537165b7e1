"""Cleanup of scans and photos: one step per file, each switchable, each leaving what it did.

A step that is not sure leaves the picture alone: a skewed picture can still be read, a wrong crop loses the document.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from models.pages import Picture, Pixels
from models.settings import Settings

Upright = Callable[[Pixels], int]  #: clockwise degrees that turn the picture upright


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanupOptions:
    """Which steps run."""

    orientation: bool = True
    page: bool = True
    deskew: bool = True
    light: bool = True
    seal: bool = True
    noise: bool = True

    @classmethod
    def from_settings(cls, settings: Settings) -> CleanupOptions:
        return cls(
            orientation=settings.cleanup_orientation,
            page=settings.cleanup_page,
            deskew=settings.cleanup_deskew,
            light=settings.cleanup_light,
            seal=settings.cleanup_seal,
            noise=settings.cleanup_noise,
        )


def clean(picture: Pixels, options: CleanupOptions, *, upright: Upright | None = None) -> Picture:
    """Clean one picture."""
    return Picture(colour=picture, reading=picture)

"""Cleanup of scans and photos: one step per file, each switchable, each leaving what it did.

A step that is not sure leaves the picture alone: a skewed picture can still be read, a wrong crop loses the document.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from capture.cleanup.deskew import deskew
from capture.cleanup.geometry import Homography
from capture.cleanup.levelling import level
from capture.cleanup.light import even_light
from capture.cleanup.noise import remove_speckle
from capture.cleanup.orientation import turn_upright
from capture.cleanup.outline import Overview, straighten_page
from capture.cleanup.seal import suppress_seals
from models.pages import CleanupStep, Picture, Pixels
from models.settings import Settings

Upright = Callable[[Pixels], int]  #: clockwise degrees that turn the picture upright


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanupOptions:
    """Which steps run."""

    orientation: bool = True
    page: bool = True
    level: bool = True
    deskew: bool = True
    light: bool = True
    seal: bool = True
    noise: bool = True

    @classmethod
    def from_settings(cls, settings: Settings) -> CleanupOptions:
        return cls(
            orientation=settings.cleanup_orientation,
            page=settings.cleanup_page,
            level=settings.cleanup_deskew,
            deskew=settings.cleanup_deskew,
            light=settings.cleanup_light,
            seal=settings.cleanup_seal,
            noise=settings.cleanup_noise,
        )

    def of_typeset_page(self) -> CleanupOptions:
        """For a page that was drawn, not photographed: its picture keeps the geometry of its text."""
        return replace(self, orientation=False, page=False, level=False, deskew=False, noise=False)


def clean(picture: Pixels, options: CleanupOptions, *, upright: Upright | None = None) -> Picture:
    """Clean one picture: first what moves pixels (both pictures alike), then what changes them (`reading` only)."""
    return cleared(straightened(picture, options, upright=upright), options)


def straightened(
    picture: Pixels, options: CleanupOptions, *, upright: Upright | None = None, seen: Overview | None = None
) -> Picture:
    """What moves pixels. Both pictures are the same one after it; `seen` is an overview of it made before."""
    steps: list[CleanupStep] = []
    homography = np.eye(3)
    colour = picture
    moves: list[tuple[bool, Callable[[Pixels], tuple[Pixels, Homography, CleanupStep]]]] = [
        (options.page, partial(straighten_page, seen=seen)),
        (options.level, level),
        (options.orientation and upright is not None, partial(turn_upright, upright=upright or _as_it_is)),
        (options.deskew, deskew),
    ]
    for wanted, move in moves:
        if wanted and not (move is level and _found(steps)):
            colour, moved, step = move(colour)
            homography = moved @ homography
            steps.append(step)
    return Picture(colour=colour, reading=colour, steps=tuple(steps), from_original=homography)


def cleared(straight: Picture, options: CleanupOptions) -> Picture:
    """What changes pixels: seal ink, shade and speckle go from the picture that is read."""
    steps, reading = list(straight.steps), straight.colour
    changes: list[tuple[bool, Callable[[Pixels], tuple[Pixels, CleanupStep]]]] = [
        (options.seal, suppress_seals),
        (options.light, even_light),
        (options.noise, remove_speckle),
    ]
    for wanted, change in changes:
        if wanted:
            reading, step = change(reading)
            steps.append(step)
    return replace(straight, reading=reading, steps=tuple(steps))


def _found(steps: list[CleanupStep]) -> bool:
    """The sheet was cut out by its outline: it lies level already."""
    return any(step.name == "page" and step.applied for step in steps)


def _as_it_is(picture: Pixels) -> int:
    return 0

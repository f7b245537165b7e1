"""Cleanup of scans and photos: one step per file, each switchable, each leaving what it did.

A step that is not sure leaves the picture alone: a skewed picture can still be read, a wrong crop loses the document.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

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
Moved = tuple[Pixels, Homography, CleanupStep]


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
    moves: list[Moved] = []
    if options.page:
        moves.append(straighten_page(picture, seen))
    moves += _levelled_upright(_last(picture, moves), options, upright, lies_level=any(m[2].applied for m in moves))
    if options.deskew:
        moves.append(deskew(_last(picture, moves)))
    homography = np.eye(3)
    for _, moved, _ in moves:
        homography = moved @ homography
    colour = _last(picture, moves)
    return Picture(colour=colour, reading=colour, steps=tuple(step for *_, step in moves), from_original=homography)


def _last(picture: Pixels, moves: Sequence[Moved]) -> Pixels:
    return moves[-1][0] if moves else picture


def _levelled_upright(
    picture: Pixels, options: CleanupOptions, upright: Upright | None, *, lies_level: bool
) -> list[Moved]:
    """How far askew and which way up are asked side by side, of the picture as it lies; the second once more where the
    first turned it. A sheet that was cut out by its outline lies level already."""
    asked = upright if options.orientation else None
    with ThreadPoolExecutor(1, thread_name_prefix="levelling") as aside:
        levelling = aside.submit(level, picture) if options.level and not lies_level else None
        turned = turn_upright(picture, asked) if asked else None
    moves = [levelling.result()] if levelling else []
    if moves and moves[0][2].applied and asked:
        turned = turn_upright(moves[0][0], asked)
    return [*moves, turned] if turned else moves


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

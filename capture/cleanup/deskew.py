"""Levels a picture that stands a few degrees askew. Applied only where rows of ink really get sharper by it.

The angle comes from long straight strokes (rules, edges of text rows); the proof is the row profile: level text puts
ink and paper in different rows, so the profile's variance is at its greatest.
"""

from __future__ import annotations

import math
from functools import partial

import cv2
import numpy as np
import numpy.typing as npt

from capture.cleanup.geometry import Homography, shrunk, warp
from models.pages import CleanupStep, Pixels

WORKING_SIDE = 1200
LARGEST_ANGLE = 12.0
SMALLEST_ANGLE = 0.15  #: degrees; below this the warp blurs more than it helps
LEAST_GAIN = 1.05
DOUBTFUL_ANGLE = 3.0  #: rarer, and worse when wrong: the columns must agree

Ink = npt.NDArray[np.float32]  #: 3 × n


def deskew(picture: Pixels) -> tuple[Pixels, Homography, CleanupStep]:
    angle, gain = _best_angle(ink_of(shrunk(picture, WORKING_SIDE)[0]))
    detail = {"degrees": round(angle, 2), "gain": round(gain, 3)}
    if abs(angle) < SMALLEST_ANGLE or gain < LEAST_GAIN:
        return picture, np.eye(3), CleanupStep("deskew", False, detail)
    height, width = picture.shape[:2]
    homography, size = rotation(width, height, angle)
    return warp(picture, homography, size), homography, CleanupStep("deskew", True, detail)


def ink_of(small: Pixels) -> Ink:
    """Where thin dark strokes are, on any ground: rows x, y, weight."""
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    strokes = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, cv2.getStructuringElement(cv2.MORPH_RECT, (15, 15)))
    limit = max(20.0, float(np.percentile(strokes, 90)))
    y, x = np.nonzero(strokes > 0.4 * limit)
    return np.stack([x, y, np.minimum(strokes[y, x] / limit, 1.0)]).astype(np.float32)


def _best_angle(ink: Ink) -> tuple[float, float]:
    """Degrees to turn (counter-clockwise as seen), and how much sharper the rows get."""
    level = sharpness(ink, 0.0)
    if level <= 0:
        return 0.0, 1.0
    best = 0.0
    for reach, step, points in ((LARGEST_ANGLE, 1.0, 20_000), (0.75, 0.25, 40_000), (0.2, 0.05, 80_000)):
        some = thinned(ink, points)
        angles = [best + step * i for i in range(-round(reach / step), round(reach / step) + 1)]
        best = max(angles, key=partial(sharpness, some))
    if abs(best) > LARGEST_ANGLE or (abs(best) > DOUBTFUL_ANGLE and not _columns_agree(ink, best)):
        return 0.0, 1.0
    return best, sharpness(ink, best) / level


def _columns_agree(ink: Ink, angle: float) -> bool:
    """A turned page has turned columns too: its upright rules and the starts of its rows get sharper as well."""
    x, y, weight = ink
    columns = np.stack([-y, x, weight])
    return sharpness(columns, angle) >= LEAST_GAIN * sharpness(columns, 0.0)


def thinned(ink: Ink, most: int) -> Ink:
    """Every so manieth point: a coarse angle is told by a part of the print."""
    return np.ascontiguousarray(ink[:, :: max(1, ink.shape[1] // most)])


def sharpness(ink: Ink, angle: float) -> float:
    """Energy of the differences between neighbouring rows after turning by `angle`."""
    x, y, weight = ink
    if not x.size:
        return 0.0
    level = y * math.cos(math.radians(angle)) - x * math.sin(math.radians(angle))
    rows = np.bincount((level - level.min()).astype(np.int64), weights=weight)
    return float(np.square(np.diff(rows)).sum())


def rotation(width: int, height: int, angle: float) -> tuple[Homography, tuple[int, int]]:
    """Rotation on a canvas that holds every corner."""
    cos, sin = abs(math.cos(math.radians(angle))), abs(math.sin(math.radians(angle)))
    size = (math.ceil(width * cos + height * sin), math.ceil(width * sin + height * cos))
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    turn[:, 2] += ((size[0] - width) / 2, (size[1] - height) / 2)
    return np.vstack([turn, [0.0, 0.0, 1.0]]), size

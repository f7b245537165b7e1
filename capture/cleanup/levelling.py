"""Levels a picture whose sheet lies turned by any angle and was not found by its outline (`outline`).

The angle is told by the print alone: its rows and its columns get sharper together at one angle only. Which of the four
ways is then up is for `orientation`; the last degree is for `deskew`. Unsure, it does nothing.
"""

from __future__ import annotations

import cv2
import numpy as np

from capture.cleanup.deskew import Ink, ink_of, rotation, sharpness
from capture.cleanup.geometry import Homography, shrunk, warp
from models.pages import CleanupStep, Pixels

WORKING_SIDE = 700
SMALLEST_ANGLE = 8.0  #: degrees; less is for `deskew`, which is finer
LEAST_GAIN = 1.6  #: of rows and columns together, over the picture as it is
LEAST_PEAK = 1.25  #: over the best angle elsewhere, at least `APART` degrees off
APART = 6
MOST_POINTS = 20_000
STEP = 1.0  #: degrees


def level(picture: Pixels) -> tuple[Pixels, Homography, CleanupStep]:
    small = shrunk(picture, WORKING_SIDE)[0]
    angle, gain, peak = find_angle(ink_of(_smoothed(small)))
    detail = {"degrees": round(angle, 1), "gain": round(gain, 2), "peak": round(peak, 2)}
    if abs(angle) < SMALLEST_ANGLE or gain < LEAST_GAIN or peak < LEAST_PEAK:
        return picture, np.eye(3), CleanupStep("level", False, detail)
    height, width = picture.shape[:2]
    homography, size = rotation(width, height, angle)
    return warp(picture, homography, size), homography, CleanupStep("level", True, detail)


def find_angle(ink: Ink) -> tuple[float, float, float]:
    """Degrees to turn counter-clockwise (−45…45), how much sharper print gets, and how far the angle stands out."""
    grid = np.random.default_rng(0)
    ink = ink[:, :: max(1, ink.shape[1] // MOST_POINTS)].copy()
    ink[:2] += grid.uniform(-0.5, 0.5, (2, ink.shape[1]))  # else the pixels' own rows and diagonals are the sharpest
    across = np.stack([-ink[1], ink[0], ink[2]])
    angles = np.arange(-45 + STEP, 45 + STEP, STEP)
    rows = np.array([sharpness(ink, float(a)) for a in angles])
    columns = np.array([sharpness(across, float(a)) for a in angles])
    if not rows.all() or not columns.all():
        return 0.0, 1.0, 1.0
    # by the geometric mean neither rows of wood grain alone nor one long cable decides
    both = np.sqrt(rows * columns)
    best = int(both.argmax())
    off = np.abs((angles - angles[best] + 45) % 90 - 45)
    peak = float(both[best] / both[off >= APART].max())
    return float(angles[best]), float(both[best] / both[angles == 0][0]), peak


def _smoothed(small: Pixels) -> Pixels:
    return np.asarray(cv2.GaussianBlur(small, (3, 3), 0), np.uint8)

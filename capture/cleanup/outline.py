"""Finds the sheet in a photo and straightens its perspective. Where the sheet is not beyond doubt, nothing is done:
a picture with a table around it can be read, a picture with half the invoice cut off cannot.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from capture.cleanup.geometry import Homography, shrunk, warp
from models.pages import CleanupStep, Pixels

WORKING_SIDE = 800
SMALLEST_AREA, LARGEST_AREA = 0.03, 0.95  #: of the picture
LEAST_FILL = 0.93  #: of the quadrilateral covered by the sheet found
MOST_ASKEW = 22.0  #: degrees off the right angle
MARGIN = 0.012  #: kept around the sheet, so that a corner found a little inside cuts nothing
SECOND_SHEET = 0.12  #: another bright area of this part of the sheet's size may be another document
LEAST_EDGE = 0.75  #: of the outline that must stand on a visible edge
MOST_INK_OUTSIDE = 0.03  #: of all print; more, and the sheet goes on beyond what was found (a coloured band, a shade)
LEAST_INK = 25.0  #: grey levels darker than the surroundings

Quad = npt.NDArray[np.float32]  #: 4 × 2, from top left clockwise
Contour = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Overview:
    """A small copy of a picture and what is bright in it: whoever looks for sheets needs both."""

    small: Pixels
    scale: float
    areas: list[Contour]  #: largest first


def overview(picture: Pixels) -> Overview:
    small, scale = shrunk(picture, WORKING_SIDE)
    return Overview(small, scale, bright_areas(small))


def straighten_page(picture: Pixels, seen: Overview | None = None) -> tuple[Pixels, Homography, CleanupStep]:
    """The sheet cut out; `seen` where an overview of the picture was made before."""
    seen = seen or overview(picture)
    quad, why = find_sheet(seen.small, seen.areas)
    if quad is None:
        return picture, np.eye(3), CleanupStep("page", False, {"why": why})
    corners = widened(_squared(quad)) / seen.scale
    detail = {"corners": [[round(float(x)), round(float(y))] for x, y in corners]}
    cut, homography = cut_out(picture, corners)
    return cut, homography, CleanupStep("page", True, detail)


def cut_out(picture: Pixels, corners: Quad) -> tuple[Pixels, Homography]:
    """What lies between four corners, straightened."""
    width, height = _size(corners)
    target = np.array([[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]], np.float32)
    homography = np.asarray(cv2.getPerspectiveTransform(corners.astype(np.float32), target), np.float64)
    return warp(picture, homography, (width, height)), homography


def find_sheet(small: Pixels, sheets: list[Contour]) -> tuple[Quad | None, str]:
    """The sheet's corners, or why there is none that convinces."""
    frame = small.shape[0] * small.shape[1]
    if not sheets or cv2.contourArea(sheets[0]) < SMALLEST_AREA * frame:
        return None, "no sheet"
    if len(sheets) > 1 and cv2.contourArea(sheets[1]) > SECOND_SHEET * cv2.contourArea(sheets[0]):
        return None, "several sheets"
    hull = cv2.convexHull(sheets[0])
    quad = quadrilateral(hull)
    if quad is None:
        return None, "not four corners"
    area = cv2.contourArea(quad)
    if area > LARGEST_AREA * frame:
        return None, "fills the picture"
    if cv2.contourArea(sheets[0]) < LEAST_FILL * area or cv2.contourArea(hull) > 1.06 * area:
        return None, "outline too rough"
    if max(off_right_angle(quad)) > MOST_ASKEW:
        return None, "corners too askew"
    if min(on_edge(quad, small)) < LEAST_EDGE:
        return None, "edge not seen"
    if _ink_outside(quad, small) > MOST_INK_OUTSIDE:
        return None, "print outside the sheet"
    return quad, ""


def _ink_outside(quad: Quad, small: Pixels) -> float:
    """Share of the print that lies outside: strokes as dark against their surroundings as those inside are."""
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    strokes = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, np.ones((9, 9), np.uint8))
    inside = np.zeros(grey.shape, np.uint8)
    cv2.fillConvexPoly(inside, widened(quad).astype(np.int32), 1)
    within = strokes[(inside == 1) & (strokes > LEAST_INK)]
    if within.size == 0:
        return 0.0
    ink = strokes > max(LEAST_INK, 0.5 * float(np.percentile(within, 80)))
    return float(np.count_nonzero(ink & (inside == 0))) / max(float(np.count_nonzero(ink)), 1.0)


def bright_areas(small: Pixels) -> list[Contour]:
    """Outlines of what is bright and pale beside the rest, largest first."""
    lab = cv2.cvtColor(cv2.medianBlur(small, 5), cv2.COLOR_BGR2LAB).astype(np.float32)
    colour = np.hypot(lab[:, :, 1] - 128, lab[:, :, 2] - 128)
    paleness = np.clip(lab[:, :, 0] - 1.2 * colour, 0, 255).astype(np.uint8)
    closed = cv2.morphologyEx(paleness, cv2.MORPH_CLOSE, np.ones((13, 13), np.uint8))
    _, mask = cv2.threshold(closed, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((15, 15), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return sorted(contours, key=cv2.contourArea, reverse=True)


def quadrilateral(hull: Contour) -> Quad | None:
    """Four corners of the outline: found coarsely, then each side laid along the outline's own points."""
    length, area = cv2.arcLength(hull, True), cv2.contourArea(hull)
    coarse = [cv2.approxPolyDP(hull, tolerance * length, True) for tolerance in (0.01, 0.015, 0.02, 0.03, 0.04)]
    first = next((c for c in coarse if len(c) == 4), None)
    if first is None:
        return None
    found = [_laid_along(_ordered(c.reshape(4, 2).astype(np.float32)), hull) for c in (first, _least_box(hull))]
    # of the outline's own corners one may be bitten off; of the box around it the sides may not be the sheet's
    return min(found, key=lambda quad: abs(area / max(cv2.contourArea(quad), 1.0) - 0.99))


def _least_box(hull: Contour) -> Quad:
    return np.asarray(cv2.boxPoints(cv2.minAreaRect(hull)), np.float32)


def _laid_along(quad: Quad, hull: Contour) -> Quad:
    """The coarse corners are points of the outline: where a corner is rounded or bent, they cut it off."""
    outline = _resampled(hull)
    sides = []
    for i in range(4):
        start, end = quad[i], quad[(i + 1) % 4]
        along = (end - start) / max(float(np.linalg.norm(end - start)), 1e-6)
        reach, off = (outline - start) @ along, np.abs((outline - start) @ np.array([-along[1], along[0]]))
        length = float(np.linalg.norm(end - start))
        near = outline[(off < 0.05 * length) & (reach > 0.1 * length) & (reach < 0.9 * length)]
        if len(near) < 8:
            return quad
        sides.append(cv2.fitLine(near.astype(np.float32), cv2.DIST_L1, 0, 0.01, 0.01).ravel())
    corners = [_crossing(sides[i - 1], sides[i]) for i in range(4)]
    if any(c is None for c in corners):
        return quad
    fitted = np.array(corners, np.float32)
    moved = float(np.linalg.norm(fitted - quad, axis=1).max())
    return fitted if moved < 0.1 * float(np.linalg.norm(quad[2] - quad[0])) else quad


def _resampled(hull: Contour) -> npt.NDArray[np.float32]:
    """Points all along the hull, a pixel apart: its own are few on straight sides."""
    points = hull.reshape(-1, 2).astype(np.float32)
    parts = []
    for start, end in zip(points, np.roll(points, -1, axis=0), strict=True):
        steps = np.linspace(0, 1, max(1, int(np.linalg.norm(end - start))), endpoint=False)[:, None]
        parts.append(start + (end - start) * steps)
    return np.asarray(np.concatenate(parts), np.float32)


def _crossing(one: npt.NDArray[np.float32], other: npt.NDArray[np.float32]) -> tuple[float, float] | None:
    """Where two lines (direction x, y; point x, y) meet."""
    cross = float(one[0] * other[1] - one[1] * other[0])
    if abs(cross) < 1e-3:
        return None
    apart = other[2:] - one[2:]
    step = float(apart[0] * other[1] - apart[1] * other[0]) / cross
    return float(one[2] + step * one[0]), float(one[3] + step * one[1])


def _ordered(corners: Quad) -> Quad:
    """From top left, clockwise."""
    centre = corners.mean(axis=0)
    around = sorted(corners.tolist(), key=lambda p: math.atan2(p[1] - centre[1], p[0] - centre[0]))
    start = min(range(4), key=lambda i: sum(around[i]))
    return np.array(around[start:] + around[:start], np.float32)


def off_right_angle(quad: Quad) -> list[float]:
    found = []
    for i in range(4):
        before, after = quad[i - 1] - quad[i], quad[(i + 1) % 4] - quad[i]
        cosine = float(before @ after) / max(float(np.linalg.norm(before) * np.linalg.norm(after)), 1e-6)
        found.append(abs(math.degrees(math.acos(max(-1.0, min(1.0, cosine)))) - 90))
    return found


def on_edge(quad: Quad, small: Pixels) -> list[float]:
    """Per side, the part along which the picture is brighter inside than outside. A side on the picture's
    own border has nothing outside to compare with and counts as seen."""
    grey = cv2.cvtColor(cv2.GaussianBlur(small, (5, 5), 0), cv2.COLOR_BGR2GRAY).astype(np.float32)
    height, width = grey.shape
    centre = quad.mean(axis=0)
    found = []
    for i in range(4):
        start, end = quad[i], quad[(i + 1) % 4]
        along = np.linspace(0.04, 0.96, 60)[:, None]
        points = start + (end - start) * along
        normal = np.array([end[1] - start[1], start[0] - end[0]]) / max(float(np.linalg.norm(end - start)), 1e-6)
        if normal @ (centre - start) < 0:
            normal = -normal
        inner, outer = points + 7 * normal, points - 7 * normal
        beyond = (outer < 2).any(axis=1) | (outer[:, 0] > width - 3) | (outer[:, 1] > height - 3)
        ix, iy = np.clip(inner[:, 0], 0, width - 1).astype(int), np.clip(inner[:, 1], 0, height - 1).astype(int)
        ox, oy = np.clip(outer[:, 0], 0, width - 1).astype(int), np.clip(outer[:, 1], 0, height - 1).astype(int)
        found.append(float(np.mean(beyond | (grey[iy, ix] - grey[oy, ox] > 8))))
    return found


def _squared(quad: Quad) -> Quad:
    """A sheet found within a degree of level is taken for level: a screenshot or scan, whose pixels had better stay."""
    left, top = (quad[0, 0] + quad[3, 0]) / 2, (quad[0, 1] + quad[1, 1]) / 2
    right, bottom = (quad[1, 0] + quad[2, 0]) / 2, (quad[2, 1] + quad[3, 1]) / 2
    level = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
    slack = math.tan(math.radians(1.0)) / 2 * max(right - left, bottom - top)
    return level if float(np.abs(level - quad).max()) < slack else quad


def widened(quad: Quad) -> Quad:
    centre = quad.mean(axis=0)
    return np.asarray(centre + (quad - centre) * (1 + 2 * MARGIN), np.float32)


def _size(corners: Quad) -> tuple[int, int]:
    """Width and height of the straightened sheet: the mean of opposite sides, nothing enlarged."""
    sides = [float(np.linalg.norm(corners[i] - corners[(i + 1) % 4])) for i in range(4)]
    return max(2, round((sides[0] + sides[2]) / 2)), max(2, round((sides[1] + sides[3]) / 2))

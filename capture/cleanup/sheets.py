"""Several sheets on one picture: each that is beyond doubt a sheet of its own becomes a picture of its own.

All or nothing: where print lies outside what was found, or one area is no clear rectangle, the picture stays whole (its
invoices can still be told apart by their text). An invoice cut in two would be lost, two on one picture can be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from capture.cleanup import outline
from capture.cleanup.geometry import Homography
from capture.cleanup.outline import Quad
from models.pages import CleanupStep, Picture, Pixels

SMALLEST = 0.02  #: of the picture
SMALLEST_OF_LARGEST = 0.12  #: a taxi slip beside an A4 page
LARGEST = 0.6  #: of the picture: with more than that on one sheet there is no room for another
LEAST_FILL = 0.93  #: of the quadrilateral
MOST_ASKEW = 15.0  #: degrees off the right angle
MOST_OUTSIDE = 0.25  #: print in one place outside, of that on the least printed sheet; grain of wood is more spread out
LEAST_PRINT = 0.004  #: of a sheet's area; less is a blank card, a cup, a lamp
LEAST_GAP = 0.012  #: of the picture's long side, between neighbours: a fold or a thick rule is narrower
MOST_SHEETS = 24


Strokes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Part:
    """One sheet cut out of the whole picture."""

    picture: Pixels
    from_whole: Homography
    step: CleanupStep


def part_sheets(picture: Pixels, seen: outline.Overview | None = None) -> list[Part]:
    """The sheets from top left to bottom right; an empty list where the picture is to stay whole."""
    seen = seen or outline.overview(picture)
    quads = find_sheets(seen)
    parts = []
    for index, quad in enumerate(quads):
        corners = outline.widened(quad) / seen.scale
        cut, homography = outline.cut_out(picture, corners)
        detail = {"sheet": index + 1, "of": len(quads), "corners": [[round(float(v)) for v in c] for c in corners]}
        parts.append(Part(cut, homography, CleanupStep("sheets", True, detail)))
    return parts


def find_sheets(seen: outline.Overview) -> list[Quad]:
    """Corners of every sheet, in reading order; empty unless there are at least two and nothing else is printed."""
    small = seen.small
    frame = small.shape[0] * small.shape[1]
    areas = [a for a in seen.areas if cv2.contourArea(a) >= SMALLEST * frame]
    if len(areas) < 2 or cv2.contourArea(areas[0]) > LARGEST * frame:
        return []
    strokes = _strokes(small)
    quads = [q for a in areas[:MOST_SHEETS] if (q := _sheet(a, small)) is not None]
    quads = [q for q in quads if cv2.contourArea(q) >= SMALLEST_OF_LARGEST * cv2.contourArea(quads[0])]
    printed = [q for q in quads if _ink(strokes, [q]) >= LEAST_PRINT * cv2.contourArea(q)]
    if len(printed) < 2 or _nearest(printed) < LEAST_GAP * max(small.shape[:2]):
        return []
    if _something_else(strokes, printed):
        return []
    return _in_reading_order(printed)


def with_part(picture: Picture, part: Part) -> Picture:
    """The cleaned picture of a part, told from the whole original."""
    before = picture.from_original if picture.from_original is not None else np.eye(3)
    return replace(picture, steps=(part.step, *picture.steps), from_original=before @ part.from_whole)


def _sheet(area: outline.Contour, small: Pixels) -> Quad | None:
    """The area's four corners, where it is a rectangle seen at an angle with its edges in the picture."""
    hull = cv2.convexHull(area)
    quad = outline.quadrilateral(hull)
    if quad is None or cv2.contourArea(area) < LEAST_FILL * cv2.contourArea(quad):
        return None
    if max(outline.off_right_angle(quad)) > MOST_ASKEW or min(outline.on_edge(quad, small)) < outline.LEAST_EDGE:
        return None
    return quad


def _strokes(small: Pixels) -> Strokes:
    """Thin strokes as dark as print."""
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    dark = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, np.ones((9, 9), np.uint8))
    strong = dark[dark > outline.LEAST_INK]
    limit = 0.5 * float(np.percentile(strong, 80)) if strong.size else 255.0
    return np.asarray(dark > max(outline.LEAST_INK, limit), np.uint8)


def _ink(strokes: Strokes, quads: Sequence[Quad]) -> int:
    inside = np.zeros(strokes.shape, np.uint8)
    for quad in quads:
        cv2.fillConvexPoly(inside, outline.widened(quad).astype(np.int32), 1)
    return int(np.count_nonzero(strokes & inside))


def _something_else(strokes: Strokes, quads: Sequence[Quad]) -> bool:
    """Whether something printed lies beside the sheets: a sheet that was not found, or one that is cut off."""
    outside = strokes.copy()
    for quad in quads:
        cv2.fillConvexPoly(outside, outline.widened(quad).astype(np.int32), 0)
    blots = cv2.morphologyEx(outside, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    _, labels = cv2.connectedComponents(blots)
    found = np.bincount(labels[outside > 0], minlength=2)
    return float(found[1:].max(initial=0)) > MOST_OUTSIDE * min(_ink(strokes, [quad]) for quad in quads)


def _nearest(quads: Sequence[Quad]) -> float:
    """Least distance between two sheets; negative where they overlap."""
    gaps = [
        -cv2.pointPolygonTest(one.reshape(-1, 1, 2), (float(x), float(y)), True)
        for i, one in enumerate(quads)
        for j, other in enumerate(quads)
        if i != j
        for x, y in _along(other)
    ]
    return float(min(gaps))


def _along(quad: Quad) -> Quad:
    """Points on the outline."""
    steps = np.linspace(0, 1, 20, endpoint=False)[:, None]
    return np.concatenate([quad[i] + (quad[(i + 1) % 4] - quad[i]) * steps for i in range(4)])


def _in_reading_order(quads: list[Quad]) -> list[Quad]:
    """Rows from top to bottom, each from left to right; a sheet belongs to the row its middle falls into."""
    rows: list[list[Quad]] = []
    for quad in sorted(quads, key=lambda q: float(q[:, 1].mean())):
        row = next((r for r in rows if float(quad[:, 1].mean()) < float(r[0][:, 1].max())), None)
        if row is None:
            rows.append([quad])
        else:
            row.append(quad)
    return [quad for row in rows for quad in sorted(row, key=lambda q: float(q[:, 0].mean()))]

"""Slips glued on a sheet a quarter turn from the rest: each becomes a picture of its own, the sheet without it another.

Looks at where print lies in rows and where in columns, never at what it says. Only a whole block of columns among rows
is cut out, along blank paper on every side; everything else stays as it is.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from capture.cleanup.outline import LEAST_INK, Overview
from capture.cleanup.sheets import Part
from models.pages import CleanupStep, Pixels

LEAST_LINES = 7  #: of a slip, and of the rest; the upright letters of a form's strips are fewer and far apart
THINNEST, THICKEST = 5, 30  #: pixels of the overview across a line of print
ELONGATED = 1.8  #: two characters
LONG, LEAST_LONG = 4.0, 3  #: times its thickness: a number, a date; and how many of them
ALIKE = 1.7  #: thickness of a slip's lines to the rest's
LETTER_GAP = 5  #: pixels that part letters of a line; lines stand further apart
LINE_GAP = 41  #: pixels between lines of one slip
NEAR = 25  #: pixels from a slip's lines to the rest of its print
CROSSED = 0.4  #: of a line, covered by lines the other way: close print joins either way, and tells nothing
MOST_MIXED = 0.15  #: of a slip's lines may lie the other way
LEAST_SIDE = 50  #: pixels
LONGEST_STROKE = 60  #: pixels; longer ones are rules and rings, which lie every way
BLANK = 4  #: pixels of paper around a slip
FARTHEST = 40  #: pixels from its lines to that paper

Mask = npt.NDArray[np.uint8]
Rectangle = tuple[int, int, int, int]  #: x0, y0, x1, y1


def part_turned(picture: Pixels, seen: Overview) -> list[Part]:
    """The sheet without its turned slips, then the slips; an empty list where all print lies one way."""
    found = find_turned(seen.small)
    if not found:
        return []
    height, width = picture.shape[:2]
    rest, slips = picture.copy(), []
    for index, rectangle in enumerate(found, start=1):
        x0, y0, x1, y1 = (round(v / seen.scale) for v in rectangle)
        x0, y0, x1, y1 = max(0, x0), max(0, y0), min(width, x1), min(height, y1)
        cut = picture[y0:y1, x0:x1]
        rest[y0:y1, x0:x1] = np.percentile(cut.reshape(-1, 3), 80, axis=0).astype(np.uint8)
        move = np.array([[1, 0, -x0], [0, 1, -y0], [0, 0, 1]], np.float64)
        detail = {"slip": index, "of": len(found), "box": [x0, y0, x1, y1]}
        slips.append(Part(cut.copy(), move, CleanupStep("turned", True, detail)))
    return [Part(rest, np.eye(3), CleanupStep("turned", True, {"taken_out": len(found)})), *slips]


def find_turned(small: Pixels) -> list[Rectangle]:
    """Where lines of print run the other way than most do, in pixels of the overview."""
    strokes = _short_strokes(small)
    level, upright = _lines(strokes)
    rest, turned = (level, upright) if len(level) >= len(upright) else (upright, level)
    if min(len(rest), len(turned)) < LEAST_LINES:
        return []
    found = []
    for own in _beside_each_other(turned, strokes.shape):
        if len(own) < LEAST_LINES or not _of_print(own, rest):
            continue
        rectangle = _to_blank_paper(strokes, _with_what_is_near(strokes, rest, _around(own)))
        if rectangle is None:
            return []
        others = sum(_inside(line, rectangle) for line in rest)
        if others > MOST_MIXED * len(own):
            return []
        found.append(rectangle)
    return sorted(found, key=lambda r: (r[1], r[0]))


def _short_strokes(small: Pixels) -> Mask:
    """Print without rules, rings and edges of paper."""
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    dark = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, np.ones((9, 9), np.uint8))
    strokes = np.asarray(dark > LEAST_INK, np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8)
    long = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) > LONGEST_STROKE
    long[0] = True
    return np.asarray(~long[labels], np.uint8)


def _lines(strokes: Mask) -> tuple[list[Rectangle], list[Rectangle]]:
    """Boxes of the lines that run level, and of those that run up or down."""
    boxes, masks = [], []
    for kernel, long, across in (
        ((1, LETTER_GAP), cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT),
        ((LETTER_GAP, 1), cv2.CC_STAT_HEIGHT, cv2.CC_STAT_WIDTH),
    ):
        joined = cv2.morphologyEx(strokes, cv2.MORPH_CLOSE, np.ones(kernel, np.uint8))
        _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
        thick = (stats[:, across] >= THINNEST) & (stats[:, across] <= THICKEST)
        line = thick & (stats[:, long] >= ELONGATED * stats[:, across])
        line[0] = False
        masks.append(line[labels])
        boxes.append(stats[line, :4])
    own, other = masks
    return _uncrossed(boxes[0], other), _uncrossed(boxes[1], own)


def _uncrossed(boxes: npt.NDArray[np.int32], other: npt.NDArray[np.bool_]) -> list[Rectangle]:
    found = [(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h in boxes]
    return [(x0, y0, x1, y1) for x0, y0, x1, y1 in found if float(other[y0:y1, x0:x1].mean()) < CROSSED]


def _beside_each_other(lines: list[Rectangle], shape: tuple[int, ...]) -> list[list[Rectangle]]:
    """Lines in groups without a wide gap."""
    ground = np.zeros(shape, np.uint8)
    for x0, y0, x1, y1 in lines:
        ground[y0:y1, x0:x1] = 1
    near = cv2.morphologyEx(ground, cv2.MORPH_CLOSE, np.ones((LINE_GAP, LINE_GAP), np.uint8))
    _, labels = cv2.connectedComponents(near)
    groups: dict[int, list[Rectangle]] = {}
    for line in lines:
        groups.setdefault(int(labels[(line[1] + line[3]) // 2, (line[0] + line[2]) // 2]), []).append(line)
    return list(groups.values())


def _of_print(own: list[Rectangle], rest: list[Rectangle]) -> bool:
    """Lines about as thick as the rest's, several of them long: strokes of large letters are thinner and short."""
    thickness = [min(x1 - x0, y1 - y0) for x0, y0, x1, y1 in own]
    usual = float(np.median([min(x1 - x0, y1 - y0) for x0, y0, x1, y1 in rest]))
    long = sum(max(x1 - x0, y1 - y0) >= LONG * min(x1 - x0, y1 - y0) for x0, y0, x1, y1 in own)
    return 1 / ALIKE < float(np.median(thickness)) / usual < ALIKE and long >= LEAST_LONG


def _around(lines: list[Rectangle]) -> Rectangle:
    x0, y0, x1, y1 = zip(*lines, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def _with_what_is_near(strokes: Mask, rest: list[Rectangle], start: Rectangle) -> Rectangle:
    """The rectangle and all print near it that is no line of the rest: labels apart from their values, short words."""
    free = strokes.copy()
    for x0, y0, x1, y1 in rest:
        free[y0:y1, x0:x1] = 0
    free[start[1] : start[3], start[0] : start[2]] = 1
    near = cv2.morphologyEx(free, cv2.MORPH_CLOSE, np.ones((NEAR, NEAR), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(near)
    x, y, w, h, _ = stats[labels[start[1], start[0]]]
    return int(x), int(y), int(x + w), int(y + h)


def _inside(line: Rectangle, rectangle: Rectangle) -> bool:
    x, y = (line[0] + line[2]) / 2, (line[1] + line[3]) / 2
    return rectangle[0] < x < rectangle[2] and rectangle[1] < y < rectangle[3]


def _to_blank_paper(strokes: Mask, start: Rectangle) -> Rectangle | None:
    """Each side moved outwards to where no print touches it; None where there is no such place near."""
    sides = list(start)
    height, width = strokes.shape
    for _ in range(2):  # a side that moved may uncover print at the next
        for side in range(4):
            moved = _blank_side(strokes, sides, side)
            if moved is None:
                return None
            sides[side] = moved
    x0, y0, x1, y1 = max(0, sides[0]), max(0, sides[1]), min(width, sides[2]), min(height, sides[3])
    return (x0, y0, x1, y1) if min(x1 - x0, y1 - y0) >= LEAST_SIDE else None


def _blank_side(strokes: Mask, sides: list[int], side: int) -> int | None:
    out = -1 if side < 2 else 1
    end = strokes.shape[1 - side % 2]
    for step in range(FARTHEST):
        at = sides[side] + out * step
        low, high = (at - BLANK, at) if out < 0 else (at, at + BLANK)
        low, high = max(0, low), min(end, high)
        if low >= high:
            return at
        x0, y0, x1, y1 = sides
        band = strokes[y0:y1, low:high] if side % 2 == 0 else strokes[low:high, x0:x1]
        if not band.any():
            return at
    return None

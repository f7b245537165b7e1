"""PathObjects as point lists, and their straight horizontal and vertical strokes as ruling lines."""

from __future__ import annotations

from itertools import pairwise

from capture.hardened_xml import Element, child_text
from capture.ofd.geometry import Matrix, numbers, placement
from models.pages import Segment

Line = list[tuple[float, float]]
MOST_POINTS = 20_000
SHORTEST_RULE = 2.0  #: millimetres
STRAIGHT = 0.15
_POINTS = {"M": 1, "L": 1, "Q": 2, "B": 3, "S": 1}


def lines_of(element: Element, outer: Matrix) -> list[Line]:
    """Strokes in page coordinates; a curve is drawn as its end points."""
    matrix = placement(element, outer)
    words = (child_text(element, "AbbreviatedData") or "").split()
    lines: list[Line] = []
    i = 0
    points = 0
    while i < len(words) and points < MOST_POINTS:
        command = words[i].upper()
        i += 1
        if command == "C" and lines and lines[-1]:
            lines[-1].append(lines[-1][0])
            continue
        count = 7 if command == "A" else 2 * _POINTS.get(command, 0)
        values = [v for word in words[i : i + count] for v in numbers(word)]
        if not count or len(values) < count:
            continue
        i += count
        end = matrix.apply(values[-2], values[-1])
        points += 1
        if command in "MS" or not lines:
            lines.append([end])
        else:
            lines[-1].append(end)
    return lines


def segments_of(lines: list[Line]) -> list[Segment]:
    found: list[Segment] = []
    for line in lines:
        for (x0, y0), (x1, y1) in pairwise(line):
            across, down = abs(x1 - x0), abs(y1 - y0)
            if min(across, down) <= STRAIGHT and max(across, down) >= SHORTEST_RULE:
                found.append(Segment(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))
    return found

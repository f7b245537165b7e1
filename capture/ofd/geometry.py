"""Number lists, matrices and glyph offsets as OFD writes them (GB/T 33190). Millimetres, origin top left."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import NamedTuple

from capture.hardened_xml import Element
from models.pages import Box

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
MOST_REPEATS = 100_000


def numbers(text: str | None) -> list[float]:
    """
    >>> numbers("0 0 210 140")
    [0.0, 0.0, 210.0, 140.0]
    """
    text = text or ""
    try:
        values = [float(word) for word in text.split()] if "_" not in text else None
    except ValueError:  # other separators, units: whatever looks like a number counts
        values = None
    if not values:
        values = [float(word) for word in _NUMBER.findall(text)]
    return values if all(map(math.isfinite, values)) else [v for v in values if math.isfinite(v)]


def number(element: Element, name: str, default: float = 0.0) -> float:
    text = element.get(name)
    found = _first(text) if text is not None else None
    return default if found is None else found


def _first(text: str) -> float | None:
    """The first number of a text that mostly is one."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if math.isfinite(value) and "_" not in text:
        return value
    found = numbers(text)
    return found[0] if found else None


def offsets(text: str | None) -> list[float]:
    """Glyph steps of DeltaX or DeltaY; `g n d` stands for n times d.

    >>> offsets("g 3 1.5 4")
    [1.5, 1.5, 1.5, 4.0]
    """
    words = (text or "").split()
    steps: list[float] = []
    i = 0
    while i < len(words) and len(steps) < MOST_REPEATS:
        if words[i] in ("g", "G"):
            count, step = (_first(word) for word in (*words[i + 1 : i + 3], "", "")[:2])
            if count is not None and step is not None:
                steps += [step] * min(max(int(count), 0), MOST_REPEATS)
            i += 3
        else:
            step = _first(words[i])
            steps += [] if step is None else [step]
            i += 1
    return steps[:MOST_REPEATS]


class Matrix(NamedTuple):
    """x' = a·x + c·y + e, y' = b·x + d·y + f."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def apply(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def then(self, outer: Matrix) -> Matrix:
        """First this, then `outer`."""
        e, f = outer.apply(self.e, self.f)
        return Matrix(
            outer.a * self.a + outer.c * self.b,
            outer.b * self.a + outer.d * self.b,
            outer.a * self.c + outer.c * self.d,
            outer.b * self.c + outer.d * self.d,
            e,
            f,
        )

    @property
    def straight(self) -> bool:
        """True where level lines stay level and upright ones upright."""
        return self.b == 0 and self.c == 0

    @property
    def turned(self) -> bool:
        """True where a horizontal line becomes a vertical one."""
        return abs(self.b) > abs(self.a)


def placement(element: Element, outer: Matrix) -> Matrix:
    """From an object's own coordinates to the page: its CTM, then the corner of its Boundary, then what holds it."""
    boundary = numbers(element.get("Boundary"))
    x, y = boundary[:2] if len(boundary) >= 2 else (0.0, 0.0)
    values = numbers(element.get("CTM"))
    if len(values) >= 6:
        return Matrix(*values[:6]).then(Matrix(e=x, f=y)).then(outer)
    e, f = outer.apply(x, y)
    return Matrix(outer.a, outer.b, outer.c, outer.d, e, f)


def around(points: Iterable[tuple[float, float]]) -> Box:
    xs, ys = zip(*points, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))

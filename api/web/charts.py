"""Geometry of the charts that pages draw as SVG: numbers only; words, colours and markup are the template's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from matching.reconciliation.trend import Week

WIDTH, HEIGHT = 720, 200
LEFT, BOTTOM, TOP = 34, 22, 8
MOST_CAUSES = 6  #: with a colour of their own; the rest are drawn as one
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    colour: int
    week: Week
    cause: str
    count: int


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of absence by week, stacked by cause, and the line of the share absent."""

    bars: tuple[Bar, ...]
    causes: tuple[str, ...]  #: in the order of their colours
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    share: str  #: points of the line
    share_up: tuple[Tick, ...]


def weeks_chart(weeks: Sequence[Week]) -> Chart:
    totals: Counter[str] = Counter()
    for week in weeks:
        totals.update(week.causes)
    named = [cause for cause, _ in totals.most_common(MOST_CAUSES)]
    causes = [*named, OTHER] if len(totals) > len(named) else named
    step = (WIDTH - LEFT) / max(len(weeks), 1)
    tallest = _rounded(max((week.absent for week in weeks), default=0))
    scale = (HEIGHT - TOP - BOTTOM) / tallest
    bars: list[Bar] = []
    for at, week in enumerate(weeks):
        base = float(HEIGHT - BOTTOM)
        for colour, cause in enumerate(causes):
            count = week.causes.get(cause, 0)
            if cause == OTHER:
                count = sum(some for name, some in week.causes.items() if name not in named)
            if count:
                height = count * scale
                base -= height
                bars.append(Bar(_r(LEFT + at * step + step * 0.15), _r(base), _r(min(step * 0.7, 34)), _r(height),
                                colour, week, cause, count))  # fmt: skip
    every = max(1, -(-len(weeks) // 8))
    across = tuple(
        Tick(_r(LEFT + at * step + step * 0.15), f"{week.begins:%m-%d}")
        for at, week in enumerate(weeks)
        if at % every == 0
    )
    values = sorted({0, tallest // 2, tallest})
    up = tuple(Tick(_r(HEIGHT - BOTTOM - value * scale), str(value)) for value in values)
    return Chart(tuple(bars), tuple(causes), across, up, _line(weeks, step), _percents())


def _line(weeks: Sequence[Week], step: float) -> str:
    """Weeks without documents have no share and no point."""
    points = [
        f"{_r(LEFT + at * step + step / 2)},{_r(_height_of(week.share))}"
        for at, week in enumerate(weeks)
        if week.documents
    ]
    return " ".join(points)


def _height_of(share: float) -> float:
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _percents() -> tuple[Tick, ...]:
    return tuple(Tick(_r(_height_of(share)), f"{share:.0%}") for share in (0.0, 0.5, 1.0))


def _rounded(most: int) -> int:
    """A round number at or above `most`, for the top of the scale."""
    for size in (2, 4, 6, 10):
        if most <= size:
            return size
    magnitude = int("1" + "0" * (len(str(most)) - 1))
    return next(factor * magnitude for factor in (1, 2, 4, 6, 8, 10) if most <= factor * magnitude)


def _r(value: float) -> float:
    return round(value, 1)

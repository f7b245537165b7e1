"""A page as drawing steps in millimetres from the top left: what every form produces and every renderer draws.

Never knows an invoice field beyond the tag it carries. Form, print and seal are apart, as on real paper, so that a
print can miss its form and a seal can lie over both.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from samples.fonts import Font, width

Colour = tuple[int, int, int]
Layer = Literal["form", "print", "seal"]
Align = Literal["left", "centre", "right"]

BLACK: Colour = (20, 20, 20)
MM_PER_POINT = 25.4 / 72


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One run. `y` is the middle of the line; `spread` > 0 sets the letters apart to fill that width."""

    x: float
    y: float
    text: str
    font: Font
    size: float
    colour: Colour
    layer: Layer
    spread: float = 0.0
    angle: float = 0.0  #: degrees clockwise about (x, y)
    tag: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    colour: Colour
    layer: Layer


@dataclass(frozen=True, slots=True, kw_only=True)
class Oval:
    """`cross` draws the ⊗ before the amount in words."""

    x: float
    y: float
    rx: float
    ry: float
    width: float
    colour: Colour
    layer: Layer
    cross: bool = False
    filled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QrCode:
    x: float
    y: float
    size: float
    payload: str
    colour: Colour = BLACK
    layer: Layer = "print"


Step = Text | Rule | Oval | QrCode


@dataclass(slots=True)
class Sheet:
    """One page. The methods place steps; order is drawing order."""

    width: float
    height: float
    ink: Colour = BLACK  #: of the form
    print_ink: Colour = BLACK
    steps: list[Step] = field(default_factory=list)
    paper: Colour = (255, 255, 255)
    tractor_holes: bool = False

    def label(
        self, x: float, y: float, text: str, size: float = 9, *, align: Align = "left", font: Font = Font.KAI,
        spread: float = 0.0, layer: Layer = "form", colour: Colour | None = None,
    ) -> None:  # fmt: skip
        """Words of the form itself."""
        step = Text(x=x, y=y, text=text, font=font, size=size, colour=colour or self.ink, layer=layer, spread=spread)
        self._place(step, align)

    def value(
        self, x: float, y: float, text: str | None, size: float = 9, *, tag: str, align: Align = "left",
        font: Font = Font.SONG, room: float = 0.0, colour: Colour | None = None,
    ) -> None:  # fmt: skip
        """A printed value; `room` shrinks it and then wraps it into two lines, as issuing systems do."""
        if not text:
            return
        if room:
            size = shrink(text, font, size, room, least=max(5.5, size * 0.72))
        rows = wrap(text, font, size, room) if room else [text]
        step = size * MM_PER_POINT * 1.1
        top = y - step * (len(rows) - 1) / 2
        for index, row in enumerate(rows):
            placed = Text(
                x=x, y=top + index * step, text=row, font=font, size=size, colour=colour or self.print_ink,
                layer="print", tag=tag,
            )  # fmt: skip
            self._place(placed, align)

    def column(self, x: float, top: float, bottom: float, text: str, size: float = 9) -> None:
        """Letters below each other, spread over the height."""
        step = (bottom - top) / len(text)
        for index, letter in enumerate(text):
            self.label(x, top + step * (index + 0.5), letter, size, align="centre")

    def rule(self, x1: float, y1: float, x2: float, y2: float, thick: float = 0.25) -> None:
        self.steps.append(Rule(x1=x1, y1=y1, x2=x2, y2=y2, width=thick, colour=self.ink, layer="form"))

    def box(self, x1: float, y1: float, x2: float, y2: float, thick: float = 0.25) -> None:
        for ends in ((x1, y1, x2, y1), (x1, y2, x2, y2), (x1, y1, x1, y2), (x2, y1, x2, y2)):
            self.rule(*ends, thick)

    def _place(self, step: Text, align: Align) -> None:
        run = step.spread or width(step.text, step.font, step.size)
        shift = {"left": 0.0, "centre": run / 2, "right": run}[align]
        self.steps.append(replace(step, x=step.x - shift))


def shrink(text: str, font: Font, size: float, room: float, *, least: float) -> float:
    """Largest size down to `least` at which the text fits."""
    while size > least and width(text, font, size) > room:
        size -= 0.5
    return size


def wrap(text: str, font: Font, size: float, room: float) -> list[str]:
    """Break anywhere, as issuing systems do, also inside words."""
    rows = [""]
    for letter in text:
        if rows[-1] and width(rows[-1] + letter, font, size) > room:
            rows.append("")
        rows[-1] += letter
    return rows

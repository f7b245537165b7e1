"""Forms that are a grid of labelled cells (vehicle invoices, freight): rows of labels and values between rules."""

from __future__ import annotations

from dataclasses import dataclass

from samples.fonts import Font
from samples.sheet import Oval, Sheet, wrap

CROSSED = "⊗ "  #: before an amount in words


@dataclass(frozen=True, slots=True)
class Box:
    """One cell: `share` of the grid's width, a printed label (several lines with \\n) or a value."""

    share: float
    text: str | None
    label: bool = False
    size: float = 9.0
    font: Font = Font.SONG
    spread: float = 0.0


def lab(share: float, text: str, size: float = 9.0, spread: float = 0.0) -> Box:
    return Box(share, text, True, size, Font.KAI, spread)


def val(share: float, text: str | None, size: float = 9.5, font: Font = Font.SONG) -> Box:
    return Box(share, text, False, size, font)


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the grid stands; rows are drawn one after the other."""

    sheet: Sheet
    left: float
    width: float

    def row(self, top: float, height: float, *cells: Box) -> float:
        """Draw one row; returns where the next begins."""
        sheet, x, middle = self.sheet, self.left, top + height / 2
        sheet.rule(self.left, top, self.left + self.width, top)
        sheet.rule(self.left, top + height, self.left + self.width, top + height)
        for cell in cells:
            width = cell.share * self.width
            sheet.rule(x, top, x, top + height)
            if cell.label:
                lines = (cell.text or "").split("\n")
                for index, line in enumerate(lines):
                    y = middle + 3.7 * (index - (len(lines) - 1) / 2)
                    sheet.label(x + width / 2, y, line, cell.size, align="centre", spread=cell.spread)
            elif cell.text:
                self._value(x + 1.2, middle, width - 2, cell)
            x += width
        sheet.rule(x, top, x, top + height)
        return top + height

    def _value(self, x: float, y: float, room: float, cell: Box) -> None:
        text = cell.text or ""
        if text.startswith(CROSSED):  # the fonts lack ⊗
            ink = self.sheet.print_ink
            self.sheet.steps.append(Oval(x=x + 2, y=y, rx=2, ry=2, width=0.3, colour=ink, layer="print", cross=True))
            x, room, text = x + 5.5, room - 5.5, text.removeprefix(CROSSED)
        parts = [row for line in text.split("\n") for row in wrap(line, cell.font, cell.size, room)]
        for index, part in enumerate(parts):
            at = y + 3.9 * (index - (len(parts) - 1) / 2)
            self.sheet.value(x, at, part, cell.size, tag="", font=cell.font)

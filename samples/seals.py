"""The two red ovals: 发票监制章 over the title and the seller's 发票专用章. Drawn after their look, not copied."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, degrees, pi, sin

from samples.fonts import Font
from samples.sheet import MM_PER_POINT, Colour, Oval, Sheet, Text
from samples.truth import Party

RED: Colour = (222, 30, 36)


@dataclass(frozen=True, slots=True)
class _Arc:
    """Part of an ellipse that letters stand on; angles in degrees, 0 = right, clockwise."""

    x: float
    y: float
    rx: float
    ry: float
    start: float
    end: float
    inward: bool = False  #: heads towards the centre, for the text at the foot


def _around(sheet: Sheet, arc: _Arc, text: str, size: float) -> None:
    for index, letter in enumerate(text):
        share = 0.5 if len(text) == 1 else index / (len(text) - 1)
        angle = (arc.start + (arc.end - arc.start) * share) * pi / 180
        at_x, at_y = arc.x + arc.rx * cos(angle), arc.y + arc.ry * sin(angle)
        turn = degrees(atan2(sin(angle) / arc.ry, cos(angle) / arc.rx)) + (-90 if arc.inward else 90)
        half = size * MM_PER_POINT / 2
        turned = turn * pi / 180
        sheet.steps.append(
            Text(
                x=at_x - half * cos(turned),
                y=at_y - half * sin(turned),
                text=letter,
                font=Font.SONG,
                size=size,
                colour=RED,
                layer="seal",
                angle=turn,
            )
        )


def supervision_seal(sheet: Sheet, x: float, y: float, bureau: str, *, old: bool = False) -> None:
    """监制章, 30 × 20 mm double oval."""
    for grow, thick in ((0.0, 0.8), (-1.1, 0.2)):
        sheet.steps.append(Oval(x=x, y=y, rx=15 + grow, ry=10 + grow, width=thick, colour=RED, layer="seal"))
    _around(sheet, _Arc(x, y, 11.4, 6.9, 198, 342), "全国统一发票监制章", 6.5)
    middle, foot = (bureau[:2], "国家税务总局监制") if old else ("国家税务总局", bureau)
    sheet.label(x, y + 0.3, middle, 7, align="centre", layer="seal", colour=RED, font=Font.SONG)
    _around(sheet, _Arc(x, y, 11.0, 6.7, 138, 42, inward=True), foot, 6)


def seller_seal(sheet: Sheet, x: float, y: float, seller: Party) -> None:
    """发票专用章, 40 × 30 mm oval with name, number and purpose."""
    sheet.steps.append(Oval(x=x, y=y, rx=20, ry=15, width=1.0, colour=RED, layer="seal"))
    size = 10 if len(seller.name) <= 14 else 8.5 if len(seller.name) <= 20 else 7
    _around(sheet, _Arc(x, y, 16.4, 11.5, 150, 390), seller.name, size)
    sheet.label(x, y, seller.tax_id or "", 7.5, align="centre", layer="seal", colour=RED, font=Font.SONG)
    sheet.label(x, y + 6.4, "发票专用章", 10, align="centre", layer="seal", colour=RED, font=Font.SONG)

"""The Debian fonts that samples are printed with: where they are, which glyphs they have, how wide text runs.

Never falls back to another look silently: a missing font names the package to install, a missing glyph is an error.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont as FontFile
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from models.errors import RequestError

Contour = list[tuple[float, ...]]


class Font(StrEnum):
    """`KAI` for form labels, `SONG` for printed values, `BRUSH` for titles; the others are built into every PDF."""

    KAI = "ChapiaoKai"
    SONG = "ChapiaoSong"
    BRUSH = "ChapiaoBrush"
    COURIER = "Courier"
    SANS = "Helvetica"


_FOLDER = Path("/usr/share/fonts/truetype")
_FILES = {
    Font.KAI: (_FOLDER / "arphic/ukai.ttc", "fonts-arphic-ukai"),
    Font.SONG: (_FOLDER / "arphic/uming.ttc", "fonts-arphic-uming"),
    Font.BRUSH: (_FOLDER / "arphic-gkai00mp/gkai00mp.ttf", "fonts-arphic-gkai00mp"),
}


@cache
def register() -> None:
    """Load the fonts once per process. Raises `font_missing` with the Debian package to install."""
    for font, (path, package) in _FILES.items():
        if not path.is_file():
            raise RequestError("font_missing", font=str(path), package=package)
        pdfmetrics.registerFont(TTFont(font.value, str(path), subfontIndex=0))


def _has(font: Font, character: str) -> bool:
    if font not in _FILES:
        return character.isascii()
    return ord(character) in pdfmetrics.getFont(font.value).face.charToGlyph


def runs(text: str, font: Font) -> list[tuple[Font, str]]:
    """Split into runs each font can print; characters that `font` lacks go to the 宋体."""
    register()
    found: list[tuple[Font, str]] = []
    for character in text:
        chosen = next((f for f in (font, Font.SONG, Font.KAI) if _has(f, character)), None)
        if chosen is None:
            raise ValueError(f"no font has the character {character!r}")
        if found and found[-1][0] is chosen:
            found[-1] = (chosen, found[-1][1] + character)
        else:
            found.append((chosen, character))
    return found


@cache
def _glyphs(font: Font) -> Any:
    """The outlines of a font; the built-in ones are stood in for by the 宋体."""
    path, _ = _FILES.get(font, _FILES[Font.SONG])
    return FontFile(str(path), fontNumber=0)


class _Contours(BasePen):  # type: ignore[misc]  # fontTools has no types
    """Collects closed contours; the base class turns every curve into cubic ones."""

    def __init__(self, glyphs: Any, scale: float) -> None:
        super().__init__(glyphs)
        self._scale = scale
        self.found: list[Contour] = []

    def _at(self, *points: tuple[float, float]) -> tuple[float, ...]:
        return tuple(round(coordinate * self._scale, 2) for point in points for coordinate in point)

    def _moveTo(self, pt: tuple[float, float]) -> None:
        self.found.append([self._at(pt)])

    def _lineTo(self, pt: tuple[float, float]) -> None:
        self.found[-1].append(self._at(pt))

    def _curveToOne(self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]) -> None:
        self.found[-1].append(self._at(pt1, pt2, pt3))


@cache
def outline(letter: str, font: Font, size: float) -> list[Contour]:
    """Closed contours of one letter in points: a start of two numbers, then lines (two) and cubic curves (six)."""
    ((chosen, _),) = runs(letter, font)
    source = _glyphs(chosen)
    glyphs = source.getGlyphSet()
    pen = _Contours(glyphs, size / source["head"].unitsPerEm)
    glyphs[source.getBestCmap()[ord(letter)]].draw(pen)
    return pen.found


def width(text: str, font: Font, size: float) -> float:
    """Width in millimetres of text set at `size` points."""
    points = sum(pdfmetrics.stringWidth(part, run.value, size) for run, part in runs(text, font))
    return float(points) / 72 * 25.4

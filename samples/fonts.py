"""The Debian fonts that samples are printed with: where they are, which glyphs they have, how wide text runs.

Never falls back to another look silently: a missing font names the package to install, a missing glyph is an error.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from models.errors import RequestError


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


def width(text: str, font: Font, size: float) -> float:
    """Width in millimetres of text set at `size` points."""
    points = sum(pdfmetrics.stringWidth(part, run.value, size) for run, part in runs(text, font))
    return float(points) / 72 * 25.4

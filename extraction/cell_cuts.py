"""Cuts the print of a blank cell out of the picture: the rules taken out, white around it, twice in different ways.

Seal ink is not print (the first cut comes from the picture without it); nor are rules, shade, or pieces of other rows.
Never says what the print means, but for three asterisks, which recognition takes for characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extraction.reading import BlankCell
from models.pages import Box, PageBox, Picture, Pixels

Mask = npt.NDArray[np.uint8]  #: 1 where there is ink

LEAST_CONTRAST = 45  #: grey levels between paper and print; less is shade or show-through
LINE_HEIGHT = 48  #: pixels of a cut's line, what the recogniser is made for
MARGIN = 0.35  #: of the print's height, left white around it
_LEAST_INK = 0.1  #: height of the lowest print (asterisks), of the cell's height
_RULE = 0.75  #: an upright run of this much of the cell's height is a rule; a level one is twice as long as it is high
_ASTERISK_HEIGHT = 0.25  #: of the cell's height; digits are about twice as high
_THREAD = 0.04  #: thickness of what is left of a rule, of the cell's height
_LINE = 0.5  #: height of a line of print, of the cell's height
_SLIVER = 0.12  #: width of a mark at the cell's side that is no character, of the cell's height


@dataclass(frozen=True, slots=True)
class CellCut:
    """The print of one cell: where it stands, and two pictures of it."""

    cell: BlankCell
    place: PageBox
    pictures: tuple[Pixels, Pixels]
    asterisks: bool  #: its marks are three small ones alike, whatever characters they are taken for


def cut_cell(picture: Picture, page: int, cell: BlankCell) -> CellCut | None:
    """The cell's print alone, on white, once without and once with seal ink; None where nothing is printed."""
    height, width = picture.reading.shape[:2]
    x0, x1 = max(0, round(cell.box.x0)), min(width, round(cell.box.x1))
    y0, y1 = max(0, round(cell.box.y0)), min(height, round(cell.box.y1))
    if x1 - x0 < 6 or y1 - y0 < 8:
        return None
    reading, colour = picture.reading[y0:y1, x0:x1], picture.colour[y0:y1, x0:x1]
    dark = _dark(reading)
    if dark is None:
        return None
    rules = _rules(dark)
    characters = _characters(np.asarray(dark & (1 - rules), np.uint8))
    ink = _ink(dark, characters)
    if ink is None:
        return None
    line = _as_tall_as_a_line(ink, y1 - y0)
    place = PageBox(page, (x0 + ink.x0) / width, (y0 + ink.y0) / height, (x0 + ink.x1) / width, (y0 + ink.y1) / height)
    pictures = _line_picture(reading, line, rules), _line_picture(colour, line, rules, wider=0.1)
    return CellCut(cell, place, pictures, _three_asterisks(characters, y1 - y0))


def _as_tall_as_a_line(ink: Box, height: int) -> Box:
    """Asterisks and a lone minus are low: cut close, they would be blown up into characters."""
    return Box(ink.x0, min(ink.y0, height * (1 - _LINE) / 2), ink.x1, max(ink.y1, height * (1 + _LINE) / 2))


def _three_asterisks(characters: Sequence[Box], height: int) -> bool:
    """Three marks of one size, as wide as high, a small part of the line, at one height and evenly apart; what is left
    of rules beside them does not count."""
    marks = [box for box in characters if not _remnant(box, height)]
    if len(marks) != 3:
        return False
    one, two, three = sorted(marks, key=lambda box: box.x0)
    size = max(box.height for box in marks)
    square = all(0.6 < box.width / box.height < 1.6 and box.height > 0.6 * size for box in marks)
    gaps = two.centre_x - one.centre_x, three.centre_x - two.centre_x
    even = abs(gaps[0] - gaps[1]) <= 0.25 * max(gaps) + 1 and max(gaps) < 3 * size
    level = max(box.centre_y for box in marks) - min(box.centre_y for box in marks) < 0.5 * size
    return square and even and level and 3 <= size < _ASTERISK_HEIGHT * height


def _remnant(box: Box, height: int) -> bool:
    """A piece of a rule: thinner than any stroke of print, or far longer than wide."""
    thin, long = sorted((box.width, box.height))
    return thin <= max(1.0, _THREAD * height) or long > 4 * thin


def _ink(dark: Mask, characters: Sequence[Box]) -> Box | None:
    """The rectangle of the characters in the cell; None where it is empty or where they run out of it."""
    if not characters:
        return None
    whole = characters[0]
    for character in characters[1:]:
        whole = whole.union(character)
    if whole.x0 <= 0 or whole.x1 >= dark.shape[1] or whole.height < _LEAST_INK * dark.shape[0]:
        return None
    return whole


def _rules(dark: Mask) -> Mask:
    """Where rules run through the cell, a pixel wider than they are."""
    height = dark.shape[0]
    upright = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((max(3, round(_RULE * height)), 1), np.uint8))
    level = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, max(3, 2 * height)), np.uint8))
    return np.asarray(cv2.dilate(upright | level, np.ones((1, 3), np.uint8)), np.uint8)


def _dark(cut: Pixels) -> Mask | None:
    grey = cv2.cvtColor(cut, cv2.COLOR_BGR2GRAY)
    paper, print_ = float(np.percentile(grey, 80)), float(grey.min())
    if paper - print_ < LEAST_CONTRAST:
        return None
    return np.asarray(grey < (paper + print_) / 2, np.uint8)


def _characters(dark: Mask) -> list[Box]:
    """Connected strokes that stand in the cell's middle band; rules and pieces of other rows are left out."""
    height = dark.shape[0]
    count, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    boxes = (Box(x, y, x + w, y + h) for x, y, w, h, _area in stats[1:count].tolist())
    standing = [box for box in boxes if _of_this_row(box, height) and not _rule(box, dark.shape)]
    inner = [box for box in standing if not _sliver(box, dark.shape)]
    clear = all(min(box.x0, dark.shape[1] - box.x1) > _SLIVER * height for box in inner)
    return inner if clear else standing


def _of_this_row(box: Box, height: int) -> bool:
    if max(box.width, box.height) < 3:
        return False
    touches = box.y0 <= 0 or box.y1 >= height
    return 0.15 * height < box.centre_y < 0.85 * height and not (touches and box.height < 0.5 * height)


def _sliver(box: Box, shape: Sequence[int]) -> bool:
    """A thin mark at the side of the cell: the edge of a rule or of the neighbour's last character."""
    return box.width < _SLIVER * shape[0] and (box.x0 <= 0 or box.x1 >= shape[1])


def _rule(box: Box, shape: Sequence[int]) -> bool:
    height, width = shape
    upright = box.height > 0.9 * height and box.width < 0.3 * height
    level = box.width > 0.8 * width and box.height < 0.2 * height
    return upright or level


def _line_picture(cell: Pixels, ink: Box, rules: Mask, wider: float = 0.0) -> Pixels:
    """The print without rules, white around it, as tall as the recogniser wants; `wider`: another sampling of it."""
    margin = (MARGIN + wider) * ink.height
    height, width = cell.shape[:2]
    x0, x1 = max(0, int(ink.x0 - 0.3 * margin)), min(width, int(ink.x1 + 0.3 * margin) + 1)
    y0, y1 = max(0, int(ink.y0 - 0.3 * margin)), min(height, int(ink.y1 + 0.3 * margin) + 1)
    clean = cv2.inpaint(cell, rules, 2, cv2.INPAINT_TELEA) if rules.any() else cell
    cut = clean[y0:y1, x0:x1]
    paper = [int(v) for v in np.percentile(cut.reshape(-1, 3), 90, axis=0)]
    side, top = round(margin), round(0.5 * margin)
    padded = cv2.copyMakeBorder(cut, top, top, side, side, cv2.BORDER_CONSTANT, value=paper)
    scale = LINE_HEIGHT / padded.shape[0]
    size = (max(16, round(padded.shape[1] * scale)), LINE_HEIGHT)
    return np.asarray(cv2.resize(padded, size, interpolation=cv2.INTER_CUBIC), np.uint8)

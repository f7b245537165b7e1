"""A plain drawing of an OFD page for people to look at: text, rules and pictures in place, fonts approximated."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from capture.ofd.pages import Leaf
from capture.ofd.resources import Resources
from capture.reading_scale import RASTER_DPI, reading_scale
from models.pages import Box, Pixels, Token

#: folders and name patterns of fonts with Chinese glyphs, best first
_FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "C:/Windows/Fonts",
)
_FONT_NAMES = (
    "uming.tt*",
    "simsun.tt*",
    "NotoSerifCJK-Regular*",
    "NotoSansCJK-Regular*",
    "gkai*",
    "ukai.tt*",
    "*CJK*",
    "wqy*",
    "PingFang*",
    "msyh*",
)


def draw(leaf: Leaf, resources: Resources) -> Pixels:
    """The page at 200 dpi, on white."""
    scale = RASTER_DPI / 25.4
    scale *= reading_scale(leaf.area.width * scale, leaf.area.height * scale)
    size = (max(1, round(leaf.area.width * scale)), max(1, round(leaf.area.height * scale)))
    canvas = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(canvas)
    for line in leaf.lines:
        if len(line) > 1:
            pen.line([(x * scale, y * scale) for x, y in line], fill=(128, 0, 0), width=max(1, round(0.2 * scale)))
    for ident, box in leaf.images:
        pixels = resources.picture(ident)
        if pixels is not None:
            _paste(canvas, pixels, box, scale)
    for token in leaf.tokens:
        _write(pen, token, scale)
    return np.ascontiguousarray(np.asarray(canvas, np.uint8)[:, :, ::-1])


def _paste(canvas: Image.Image, pixels: Pixels, box: Box, scale: float) -> None:
    width, height = round(box.width * scale), round(box.height * scale)
    if not (0 < width <= canvas.width * 2 and 0 < height <= canvas.height * 2):
        return
    layer = Image.fromarray(
        cv2.cvtColor(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2RGB)
    )
    mask = layer.convert("L").point(lambda v: 0 if v > 250 else 255)  # white is paper: nothing beneath is covered
    canvas.paste(layer, (round(box.x0 * scale), round(box.y0 * scale)), mask)


def _write(pen: ImageDraw.ImageDraw, token: Token, scale: float) -> None:
    box = token.box
    if token.vertical:
        step = box.height / len(token.text)
        places = [(c, box.x0, box.y0 + i * step) for i, c in enumerate(token.text)]
        size = min(box.width, step * 1.2)
    else:
        edges = token.edges or tuple(box.x0 + box.width * i / len(token.text) for i in range(len(token.text)))
        places = [(c, x, box.y0) for c, x in zip(token.text, edges, strict=False)]
        size = box.height
    font = _font(max(4, min(400, round(size * scale))))
    for char, x, y in places:
        if not char.isspace():
            pen.text((x * scale, y * scale), char, font=font, fill=(0, 0, 0))


@lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    path = _font_path()
    return ImageFont.truetype(str(path), size) if path else ImageFont.load_default(size)


@lru_cache(maxsize=1)
def _font_path() -> Path | None:
    """A font with Chinese glyphs, or None: then a reader sees boxes in place of characters, and nothing fails."""
    folders = [folder for name in _FONT_FOLDERS if (folder := Path(name).expanduser()).is_dir()]
    return next((path for name in _FONT_NAMES for folder in folders for path in sorted(folder.rglob(name))), None)

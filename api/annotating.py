"""A page picture with the box, name and value of every field read from it. For people; never an input of anything."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from api.fonts import chinese_font
from models.evidence import FieldStatus

_COLOURS = {FieldStatus.ACCEPTED.value: "#0a7d32", FieldStatus.REVIEW.value: "#c05000"}
_LONGEST_VALUE = 28  #: longer ones are cut on the picture only

Rectangle = tuple[float, float, float, float]
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def annotate(picture: Path, fields: Mapping[str, Mapping[str, Any]], target: Path, *, page: int = 1) -> int:
    """Write `picture` with the boxes of `fields` (as an invoice exports them) to `target`. Number of boxes."""
    with Image.open(picture) as opened:
        image = opened.convert("RGB")
    draw = ImageDraw.Draw(image, "RGBA")
    font, chinese = _font(max(14, image.width // 110))
    drawn = 0
    for name, field in fields.items():
        box = field.get("box")
        if not box or box[0] != page or field.get("value") is None:
            continue
        x0, y0, x1, y1 = box[1:]
        place = (x0 * image.width, y0 * image.height, x1 * image.width, y1 * image.height)
        colour = _COLOURS.get(str(field.get("status")), "#606060")
        draw.rectangle(place, outline=colour, width=3)
        value = str(field["value"]).replace("\n", " ")
        _label(draw, f"{name}: {_short(value)}" if chinese or value.isascii() else name, place, colour, font)
        drawn += 1
    target.parent.mkdir(parents=True, exist_ok=True)
    image.save(target, "JPEG", quality=88)
    return drawn


def _label(draw: ImageDraw.ImageDraw, text: str, box: Rectangle, colour: str, font: Font) -> None:
    """Beside the box where there is room, else just above it, so that the line above stays readable."""
    left, top, right, bottom = draw.textbbox((0, 0), text, font=font)
    width, height = right - left + 8, bottom - top + 6
    if box[2] + width + 4 <= draw.im.size[0]:
        x, y = box[2] + 4, (box[1] + box[3] - height) / 2
    elif width + 4 <= box[0]:
        x, y = box[0] - width - 4, (box[1] + box[3] - height) / 2
    else:
        x, y = 0.0, max(0.0, box[1] - height - 2)
    draw.rectangle((x, y, x + width, y + height), fill=(255, 255, 255, 215))
    draw.text((x + 4 - left, y + 3 - top), text, fill=colour, font=font)


def _font(size: int) -> tuple[Font, bool]:
    found = chinese_font()
    if found is None:
        return ImageFont.load_default(size), False
    return ImageFont.truetype(str(found), size), True


def _short(value: str) -> str:
    return value if len(value) <= _LONGEST_VALUE else value[: _LONGEST_VALUE - 1] + "…"

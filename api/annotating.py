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
        left, top, right, bottom = (f * side for f, side in zip(box[1:], (image.width, image.height) * 2, strict=True))
        colour = _COLOURS.get(str(field.get("status")), "#606060")
        draw.rectangle((left, top, right, bottom), outline=colour, width=3)
        value = str(field["value"]).replace("\n", " ")
        _label(draw, f"{name}: {_short(value)}" if chinese or value.isascii() else name, (left, top), colour, font)
        drawn += 1
    target.parent.mkdir(parents=True, exist_ok=True)
    image.save(target, "JPEG", quality=88)
    return drawn


def _label(draw: ImageDraw.ImageDraw, text: str, corner: tuple[float, float], colour: str, font: Font) -> None:
    """Just above the box, on a light ground, inside the picture."""
    left, top, right, bottom = draw.textbbox((0, 0), text, font=font)
    height = bottom - top + 6
    x = min(corner[0], max(0.0, draw.im.size[0] - (right - left) - 8))
    y = max(0.0, corner[1] - height - 2)
    draw.rectangle((x, y, x + right - left + 8, y + height), fill=(255, 255, 255, 215))
    draw.text((x + 4 - left, y + 3 - top), text, fill=colour, font=font)


def _font(size: int) -> tuple[Font, bool]:
    found = chinese_font()
    if found is None:
        return ImageFont.load_default(size), False
    return ImageFont.truetype(str(found), size), True


def _short(value: str) -> str:
    return value if len(value) <= _LONGEST_VALUE else value[: _LONGEST_VALUE - 1] + "…"

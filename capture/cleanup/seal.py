"""Fades red seals out of the picture that is read; black and blue print under them stays.

In the red channel red ink is as bright as paper and black ink is dark. Only the inside of a seal's ring is treated:
numbers printed in red (taxi slips, form numbers) and the brown form itself must stay.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from capture.cleanup.geometry import shrunk
from models.pages import CleanupStep, Pixels

WORKING_SIDE = 1200
SMALLEST, LARGEST = 0.045, 0.5  #: size of a seal relative to the picture's long side
RING = 0.6  #: least part of the outline that must be red
REDNESS = 28.0
FAINTEST = 8.0  #: redness from which a pixel is moved at all

Ellipse = tuple[tuple[float, float], tuple[float, float], float]


def suppress_seals(picture: Pixels) -> tuple[Pixels, CleanupStep]:
    small, scale = shrunk(picture, WORKING_SIDE)
    seals = find_seals(small)
    boxes = [[round(v / scale) for v in _bounds(seal)] for seal in seals]
    if not seals:
        return picture, CleanupStep("seal", False, {"seals": []})
    clean = picture.copy()
    for (x, y), (across, down), angle in seals:
        _fade(clean, ((x / scale, y / scale), (across / scale * 1.06, down / scale * 1.06), angle))
    return clean, CleanupStep("seal", True, {"seals": boxes})


def _bounds(ellipse: Ellipse) -> tuple[float, float, float, float]:
    corners = cv2.boxPoints(ellipse)
    return (*corners.min(axis=0).tolist(), *corners.max(axis=0).tolist())


def find_seals(small: Pixels) -> list[Ellipse]:
    """Outlines of red rings."""
    red = _red(small)
    longest = max(small.shape[:2])
    joined = cv2.morphologyEx(red, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    contours, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    near = cv2.dilate(red, np.ones((5, 5), np.uint8))
    found: list[Ellipse] = []
    for contour in sorted(contours, key=len, reverse=True)[:60]:
        _, _, width, height = cv2.boundingRect(contour)
        if not SMALLEST * longest <= max(width, height) <= LARGEST * longest or len(contour) < 20:
            continue
        ellipse = cv2.fitEllipse(cv2.convexHull(contour)) if len(cv2.convexHull(contour)) >= 5 else None
        if ellipse and _is_ring(ellipse, near, longest):
            found.append(ellipse)
    return found


def _red(small: Pixels) -> npt.NDArray[np.uint8]:
    """Seal ink: red well above green and blue, and those two alike (brown forms have more green than blue)."""
    paper = np.percentile(small[::3, ::3].reshape(-1, 3), 80, axis=0)
    levels = np.arange(256, dtype=np.float32)[:, None] * (paper.max() / np.maximum(paper, 1.0))
    balanced = cv2.LUT(small, np.clip(levels, 0, 255).astype(np.uint8)[None])
    blue, green, redness = cv2.split(balanced)
    seal = cv2.compare(cv2.subtract(redness, cv2.max(blue, green)), REDNESS, cv2.CMP_GT)
    y, x = np.nonzero(seal)
    b, g, r = (plane[y, x].astype(np.float32) for plane in (blue, green, redness))
    seal[y, x] = np.where(g - b < 0.32 * (r - b), 255, 0)
    return np.asarray(seal, np.uint8)


def _is_ring(ellipse: Ellipse, near: npt.NDArray[np.uint8], longest: int) -> bool:
    (x, y), (across, down), angle = ellipse
    if not (0.4 < across / max(down, 1.0) <= 1.0 and SMALLEST * longest * 0.6 <= across and down <= LARGEST * longest):
        return False
    points = cv2.ellipse2Poly((round(x), round(y)), (round(across / 2), round(down / 2)), round(angle), 0, 360, 3)
    inside = [(px, py) for px, py in points if 0 <= px < near.shape[1] and 0 <= py < near.shape[0]]
    return len(inside) > 60 and float(np.mean([near[py, px] > 0 for px, py in inside])) >= RING


def _fade(picture: Pixels, ellipse: Ellipse) -> None:
    """Within the ellipse, move red pixels to the grey of their red channel, brightened to that of the paper."""
    (middle_x, middle_y), (across, down), angle = ellipse
    reach = max(across, down) / 2 + 2
    x0, y0 = max(0, int(middle_x - reach)), max(0, int(middle_y - reach))
    part = picture[y0 : int(middle_y + reach) + 1, x0 : int(middle_x + reach) + 1]
    mask = np.zeros(part.shape[:2], np.uint8)
    cv2.ellipse(mask, ((middle_x - x0, middle_y - y0), (across, down), angle), 255, -1)
    red = part[:, :, 2]
    redness = cv2.subtract(red, cv2.max(part[:, :, 0], part[:, :, 1]))
    ink = (mask > 0) & (redness > REDNESS)
    if not ink.any():
        return
    bare = red[(mask > 0) & ~ink].astype(np.float32)
    paper = float(np.percentile(bare, 80)) if bare.size else 255.0
    seal = float(np.percentile(red[ink].astype(np.float32), 60))
    y, x = np.nonzero((mask > 0) & (redness > FAINTEST))
    values = part[y, x].astype(np.float32)
    lifted = np.minimum(values[:, 2] * (paper / max(seal, 1.0)), paper)
    weight = np.clip((redness[y, x].astype(np.float32) - FAINTEST) / 24, 0, 1)
    part[y, x] = (values + (lifted - values.T).T * weight[:, None]).astype(np.uint8)

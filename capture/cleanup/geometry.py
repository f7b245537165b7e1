"""Shared by the steps that move pixels: working size, homographies, warping on paper colour."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from models.pages import Pixels

Homography = npt.NDArray[np.float64]
LARGE = 4_000_000  #: pixels; from here on print is large enough for the cheap ways, at a quarter of the cost
MOST_BETWEEN = 1.6  #: reduction up to which values taken between four pixels pass over none of them by much


def shrunk(picture: Pixels, longest: int) -> tuple[Pixels, float]:
    """A small copy to look for shapes in, and the factor by which it is smaller."""
    scale = min(1.0, longest / max(picture.shape[:2]))
    if scale == 1.0:
        return picture, 1.0
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    return reduced(picture, size), scale


def reduced(picture: Pixels, size: tuple[int, int]) -> Pixels:
    """A smaller copy, `size` as width and height. Halved first, because whole steps are averaged many times faster."""
    while picture.shape[1] >= 2 * size[0] and picture.shape[0] >= 2 * size[1]:
        even = picture[: picture.shape[0] // 2 * 2, : picture.shape[1] // 2 * 2]
        picture = cv2.resize(even, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    slightly = picture.shape[1] < MOST_BETWEEN * size[0] and picture.shape[0] * picture.shape[1] >= LARGE
    method = cv2.INTER_LINEAR if slightly else cv2.INTER_AREA
    return np.asarray(cv2.resize(picture, size, interpolation=method), np.uint8)


def warp(picture: Pixels, homography: Homography, size: tuple[int, int]) -> Pixels:
    """Warped to `size` (width, height); what lies outside the picture is filled with its paper colour."""
    paper = tuple(float(v) for v in np.percentile(picture[::8, ::8].reshape(-1, 3), 85, axis=0))
    flags = cv2.INTER_CUBIC if picture.shape[0] * picture.shape[1] < LARGE else cv2.INTER_LINEAR
    warped: Pixels = cv2.warpPerspective(
        picture, homography, size, flags=flags, borderMode=cv2.BORDER_CONSTANT, borderValue=paper
    )
    return warped

"""Shared by the steps that move pixels: working size, homographies, warping on paper colour."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from models.pages import Pixels

Homography = npt.NDArray[np.float64]


def shrunk(picture: Pixels, longest: int) -> tuple[Pixels, float]:
    """A small copy to look for shapes in, and the factor by which it is smaller."""
    scale = min(1.0, longest / max(picture.shape[:2]))
    if scale == 1.0:
        return picture, 1.0
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA), scale


def warp(picture: Pixels, homography: Homography, size: tuple[int, int]) -> Pixels:
    """Warped to `size` (width, height); what lies outside the picture is filled with its paper colour."""
    paper = tuple(float(v) for v in np.percentile(picture[::8, ::8].reshape(-1, 3), 85, axis=0))
    warped: Pixels = cv2.warpPerspective(
        picture, homography, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=paper
    )
    return warped

"""Turns a picture upright in quarter turns. Which way is up is asked of the caller's classifier."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from capture.cleanup.geometry import Homography
from models.pages import CleanupStep, Pixels

_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


def turn_upright(picture: Pixels, upright: Callable[[Pixels], int]) -> tuple[Pixels, Homography, CleanupStep]:
    degrees = upright(picture) % 360
    if degrees not in _TURNS:
        return picture, np.eye(3), CleanupStep("orientation", False, {"degrees": 0})
    height, width = picture.shape[:2]
    homography = {
        90: np.array([[0, -1, height - 1], [1, 0, 0], [0, 0, 1]], np.float64),
        180: np.array([[-1, 0, width - 1], [0, -1, height - 1], [0, 0, 1]], np.float64),
        270: np.array([[0, 1, 0], [-1, 0, width - 1], [0, 0, 1]], np.float64),
    }[degrees]
    return cv2.rotate(picture, _TURNS[degrees]), homography, CleanupStep("orientation", True, {"degrees": degrees})

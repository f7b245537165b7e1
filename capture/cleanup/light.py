"""Evens out shade by dividing by the paper: shadows and yellow light go, ink keeps its contrast."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from capture.cleanup.geometry import shrunk
from models.pages import CleanupStep, Pixels

WORKING_SIDE = 300
EVEN = 0.06  #: spread of the paper's brightness, relative; below this there is nothing to even out
LARGEST_GAIN = 2.5  #: what is nearly black (a table, a keyboard) is left dark


def even_light(picture: Pixels) -> tuple[Pixels, CleanupStep]:
    small = shrunk(picture, WORKING_SIDE)[0]
    size = max(9, (max(small.shape[:2]) // 30) | 1)
    # closing takes thin dark ink off the paper; blurring takes the grain off what is left
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    paper = cv2.GaussianBlur(cv2.medianBlur(paper, size), (0, 0), size / 2)
    brightness = paper.mean(axis=2)
    bright = float(np.percentile(brightness, 95))
    spread = (bright - float(np.percentile(brightness, 15))) / max(bright, 1.0)
    tint = float(np.ptp(np.percentile(paper.reshape(-1, 3), 60, axis=0))) / max(bright, 1.0)
    detail = {"spread": round(spread, 3), "tint": round(tint, 3), "paper": round(bright)}
    if spread < EVEN and tint < EVEN and bright > 215:
        return picture, CleanupStep("light", False, detail)
    gain = np.clip(245.0 / np.maximum(paper.astype(np.float32), 1.0), 1.0, LARGEST_GAIN)
    return _multiplied(picture, gain), CleanupStep("light", True, detail)


def _multiplied(picture: Pixels, gain: npt.NDArray[np.float32]) -> Pixels:
    """The picture times its gain. The gain travels in bytes: in floats a photo's would take 75 MB."""
    steps = 255 / LARGEST_GAIN
    height, width = picture.shape[:2]
    enlarged = cv2.resize(np.rint(gain * steps).astype(np.uint8), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.multiply(picture, enlarged, scale=1 / steps), np.uint8)

"""Evens out shade by dividing by the paper: shadows and yellow light go, ink keeps its contrast."""

from __future__ import annotations

import cv2
import numpy as np

from capture.cleanup.geometry import shrunk
from models.pages import CleanupStep, Pixels

WORKING_SIDE = 600
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
    even = np.empty_like(picture)
    for row in range(0, picture.shape[0], 512):  # in strips: a full float copy of a photo costs 75 MB
        strip = picture[row : row + 512]
        part = _rows(gain, row, strip.shape[0], picture.shape[:2])
        even[row : row + 512] = np.clip(strip * part, 0, 255).astype(np.uint8)
    return even, CleanupStep("light", True, detail)


def _rows(gain: np.ndarray, start: int, count: int, shape: tuple[int, int]) -> np.ndarray:
    """The rows of `gain` that belong to picture rows start…start+count, enlarged to the picture's width."""
    scale = gain.shape[0] / shape[0]
    ys = np.clip((np.arange(start, start + count, dtype=np.float32) + 0.5) * scale - 0.5, 0, gain.shape[0] - 1)
    xs = np.clip((np.arange(shape[1], dtype=np.float32) + 0.5) * gain.shape[1] / shape[1] - 0.5, 0, gain.shape[1] - 1)
    grid_x, grid_y = np.meshgrid(xs, ys)
    return np.asarray(cv2.remap(gain, grid_x.astype(np.float32), grid_y.astype(np.float32), cv2.INTER_LINEAR))

"""Removes speckle from scans: lone dots, and only from a large picture that has a great many of them.

In a small picture a dot may be half a stroke: on screenshots a few hundred pixels high this step destroyed the text,
so below a scan's size nothing is touched.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from models.pages import CleanupStep, Pixels

#: dots per million pixels that make a speckled page; clean print has up to some hundred
SPECKLED = 1000.0
SMALLEST_SIDE = 1600  #: an A4 page at 140 dpi
LARGEST_DOT = 3  #: pixels
SAMPLE, SAMPLES = 400, 3  #: side of the squares dots are counted in, and how many each way

Grey = npt.NDArray[np.uint8]


def remove_speckle(picture: Pixels) -> tuple[Pixels, CleanupStep]:
    if max(picture.shape[:2]) < SMALLEST_SIDE:
        return picture, CleanupStep("noise", False, {"why": "small picture"})
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    samples = [lone_dots(sample) for sample in _samples(grey)]
    dots, seen = sum(int(s.sum()) for s in samples), sum(s.size for s in samples)
    detail = {"dots_seen": dots, "per_million": round(dots / max(seen, 1) * 1e6)}
    if detail["per_million"] < SPECKLED:
        return picture, CleanupStep("noise", False, detail)
    spots = cv2.dilate(lone_dots(grey, every_pixel=True), np.ones((3, 3), np.uint8)) > 0
    clean = picture.copy()
    clean[spots] = cv2.medianBlur(picture, 5)[spots]
    return clean, CleanupStep("noise", True, detail)


def _samples(grey: Grey) -> list[Grey]:
    """Squares evenly over the picture: speckle is everywhere or it is not speckle."""
    height, width = grey.shape
    side = min(SAMPLE, height, width)
    tops, lefts = (np.linspace(0, length - side, SAMPLES).astype(int).tolist() for length in (height, width))
    return [grey[top : top + side, left : left + side] for top in tops for left in lefts]


def lone_dots(grey: Grey, *, every_pixel: bool = False) -> npt.NDArray[np.uint8]:
    """1 at one pixel of each dot that stands away from print, or at every pixel of it."""
    smooth = cv2.medianBlur(grey, 5)
    dark = cv2.compare(cv2.subtract(smooth, grey), 50, cv2.CMP_GT)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    ink = cv2.dilate((smooth < np.percentile(smooth[::4, ::4], 80) - 60).astype(np.uint8), np.ones((7, 7), np.uint8))
    lone = np.zeros(count, bool)
    lone[1:] = stats[1:, cv2.CC_STAT_AREA] <= LARGEST_DOT
    lone[np.unique(labels[(ink > 0) & (dark > 0)])] = False  # beside print a dot may be its decimal point
    if every_pixel:
        return lone[labels].astype(np.uint8)
    places = np.zeros(grey.shape, np.uint8)
    places[stats[lone, cv2.CC_STAT_TOP], stats[lone, cv2.CC_STAT_LEFT]] = 1
    return places

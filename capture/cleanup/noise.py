"""Removes speckle from scans: lone dots, and only from a large picture that has a great many of them.

In a small picture a dot may be half a stroke: on screenshots a few hundred pixels high this step destroyed the text,
so below a scan's size nothing is touched.
"""

from __future__ import annotations

import cv2
import numpy as np

from models.pages import CleanupStep, Pixels

#: dots per million pixels that make a speckled page; clean print has up to some hundred
SPECKLED = 1000.0
SMALLEST_SIDE = 1600  #: an A4 page at 140 dpi
LARGEST_DOT = 3  #: pixels


def remove_speckle(picture: Pixels) -> tuple[Pixels, CleanupStep]:
    if max(picture.shape[:2]) < SMALLEST_SIDE:
        return picture, CleanupStep("noise", False, {"why": "small picture"})
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    smooth = cv2.medianBlur(grey, 5)
    dark = (grey.astype(np.int16) < smooth.astype(np.int16) - 50).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    ink = cv2.dilate((smooth < np.percentile(smooth, 80) - 60).astype(np.uint8), np.ones((7, 7), np.uint8))
    lone = np.zeros(count, bool)
    lone[1:] = stats[1:, cv2.CC_STAT_AREA] <= LARGEST_DOT
    lone[np.unique(labels[ink > 0])] = False  # beside print a dot may be its decimal point
    dots = int(lone.sum())
    density = dots / max(grey.size, 1) * 1e6
    detail = {"dots": dots, "per_million": round(density)}
    if density < SPECKLED:
        return picture, CleanupStep("noise", False, detail)
    spots = cv2.dilate(lone[labels].astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    clean = picture.copy()
    clean[spots] = cv2.medianBlur(picture, 5)[spots]
    return clean, CleanupStep("noise", True, detail)

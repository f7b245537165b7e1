"""Which way up a page stands: a small classifier over 0, 90, 180 and 270 degrees.

The classifier sees a square. Squares along the picture's long side vote, because the middle of an invoice alone
(table rules, few words) was seen to be taken for upright when it stood on its head.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from extraction.ocr.runtime import Network
from models.pages import Pixels

SIDE = 224
MEAN = np.array([0.485, 0.456, 0.406], np.float32) * 255
STD = np.array([0.229, 0.224, 0.225], np.float32) * 255
LEAST_CONFIDENCE = 0.6  #: below this the picture is left as it is
FLOOR = 1e-4  #: one square may not veto the others outright


def upright(picture: Pixels, network: Network) -> int:
    """Clockwise degrees (0, 90, 180, 270) to turn `picture` so that its text stands upright; 0 when unsure."""
    votes = network(np.stack([_tensor(square) for square in squares(_reduced(picture))]))
    belief = np.exp(np.log(votes + FLOOR).mean(axis=0))
    belief /= belief.sum()
    turned = int(belief.argmax())  # class k: the page was turned clockwise by k · 90°
    return (360 - turned * 90) % 360 if belief[turned] >= LEAST_CONFIDENCE else 0


def _reduced(picture: Pixels) -> Pixels:
    """Three times what the classifier sees: overlapping squares of a photo are not each reduced from all its pixels."""
    scale = 3 * SIDE / min(picture.shape[:2])
    if scale >= 1:
        return picture
    size = (round(picture.shape[1] * scale), round(picture.shape[0] * scale))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def squares(picture: Pixels) -> list[Pixels]:
    """Three squares along the long side (start, middle, end); the picture itself where it is nearly square."""
    height, width = picture.shape[:2]
    side, spare = min(height, width), abs(height - width)
    offsets = (0, spare // 2, spare) if spare > 0.15 * side else (spare // 2,)
    return [picture[o : o + side, :] if height > width else picture[:, o : o + side] for o in offsets]


def _tensor(square: Pixels) -> npt.NDArray[np.float32]:
    small = cv2.resize(square, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    out: npt.NDArray[np.float32] = ((small - MEAN) / STD).transpose(2, 0, 1)
    return out

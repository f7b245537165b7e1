"""Find text lines: DB detection (Liao et al., "Real-time Scene Text Detection with Differentiable Binarization", 2020).

Pre- and post-processing follow the model's own `inference.yml` (thresholds, unclip ratio, normalisation).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extraction.ocr.runtime import Network
from models.pages import Pixels

Quad = npt.NDArray[np.float32]  #: 4 × 2 corners in pixels: top left, top right, bottom right, bottom left

MEAN = np.array([0.485, 0.456, 0.406], np.float32) * 255
STD = np.array([0.229, 0.224, 0.225], np.float32) * 255
PIXEL_THRESHOLD = 0.2
BOX_THRESHOLD = 0.45
UNCLIP_RATIO = 1.4
MOST_BOXES = 3000
LEAST_SIDE = 3  #: pixels of the network's map


LONG_STEP, SHORT_STEP = 160, 128  #: few shapes: native runtimes build kernels for each, as long as reading a page takes


@dataclass(frozen=True, slots=True)
class DetectionSize:
    """Longest side the network sees. Small pictures are enlarged to `least`, large ones reduced to `most`."""

    least: int = 960
    most: int = 1280

    def scale(self, height: int, width: int) -> float:
        long_side = max(height, width)
        wanted = -(-long_side // LONG_STEP) * LONG_STEP
        return min(max(wanted, self.least), self.most) / long_side


def detect(picture: Pixels, network: Network, size: DetectionSize) -> list[Quad]:
    """Corners of every text line, in pixels of `picture`."""
    height, width = picture.shape[:2]
    scale = size.scale(height, width)
    inner_w, inner_h = (max(32, round(side * scale)) for side in (width, height))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    shrunk = cv2.resize(picture, (inner_w, inner_h), interpolation=method)
    down, right = (-side % SHORT_STEP for side in (inner_h, inner_w))
    framed = cv2.copyMakeBorder(shrunk, 0, down, 0, right, cv2.BORDER_REPLICATE)
    tensor = cv2.dnn.blobFromImage(framed, mean=MEAN.tolist())
    tensor /= STD[:, None, None]
    score_map = network(tensor)[0, 0, :inner_h, :inner_w]
    if network.logits:
        score_map = _sigmoid(score_map)
    return boxes_from_map(score_map, width / inner_w, height / inner_h)


def _sigmoid(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """As the network's own last step, which takes far longer over the tiny values of bare paper."""
    odds = np.exp(-np.clip(logits, -30, 30))
    odds += 1
    return np.asarray(np.reciprocal(odds, out=odds), np.float32)


def boxes_from_map(score_map: npt.NDArray[np.float32], scale_x: float, scale_y: float) -> list[Quad]:
    """Binarise, outline, fit rectangles, widen them (the network is trained on shrunk outlines)."""
    contours, _ = cv2.findContours(
        (score_map > PIXEL_THRESHOLD).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE
    )
    quads: list[Quad] = []
    for contour in contours[:MOST_BOXES]:
        centre, (w, h), angle = cv2.minAreaRect(contour)
        if min(w, h) < LEAST_SIDE or _score(score_map, contour) < BOX_THRESHOLD:
            continue
        margin = w * h * UNCLIP_RATIO / (2 * (w + h))
        corners = cv2.boxPoints((centre, (w + 2 * margin, h + 2 * margin), angle))
        quads.append(_ordered(corners.astype(np.float32)) * np.array([scale_x, scale_y], np.float32))
    return quads


def _score(score_map: npt.NDArray[np.float32], contour: npt.NDArray[np.int32]) -> float:
    """Mean of the map inside the contour."""
    x, y, w, h = cv2.boundingRect(contour)
    mask = np.zeros((h, w), np.uint8)
    cv2.fillPoly(mask, [contour - np.array([x, y])], 1)
    return float(cv2.mean(score_map[y : y + h, x : x + w], mask)[0])


def _ordered(corners: Quad) -> Quad:
    """Top left first, then clockwise."""
    by_x = corners[np.argsort(corners[:, 0], kind="stable")]
    left, right = by_x[:2], by_x[2:]
    top_left, bottom_left = left[np.argsort(left[:, 1])]
    top_right, bottom_right = right[np.argsort(right[:, 1])]
    return np.array([top_left, top_right, bottom_right, bottom_left], np.float32)


def cut(picture: Pixels, quad: Quad) -> tuple[Pixels, bool]:
    """The line straightened; True beside it where it stood upright (higher than wide) and was turned to read."""
    top, right, bottom, left = (float(np.linalg.norm(quad[i] - quad[(i + 1) % 4])) for i in range(4))
    width, height = int(max(top, bottom, 1)), int(max(left, right, 1))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    line = cv2.warpPerspective(
        picture,
        cv2.getPerspectiveTransform(quad, target),
        (width, height),
        borderMode=cv2.BORDER_REPLICATE,
        flags=cv2.INTER_CUBIC,
    )
    vertical = height >= 1.5 * width
    return (np.rot90(line).copy() if vertical else line).astype(np.uint8), vertical

"""Read line pictures: CTC recognition with the posterior matrix kept, and the place of every character.

Lines are batched by width so that little is wasted on padding; widths are rounded up so that few shapes occur
(native runtimes keep memory for every shape they have seen).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from extraction.ocr.engine import Posteriors, RecognisedLine
from extraction.ocr.runtime import Network
from models.pages import Pixels

HEIGHT = 48
WIDTH_STEP = 64
MOST_WIDTH = 3200
BATCH_WIDTH = 4096  #: pixels of width in one batch


@dataclass(frozen=True, slots=True)
class DecodedLine:
    """A recognised line with, per character, its centre as a fraction of the line's width."""

    line: RecognisedLine
    centres: tuple[float, ...]


def recognise(pictures: Sequence[Pixels], network: Network, alphabet: Sequence[str]) -> list[DecodedLine]:
    """Decode every picture, in the order given."""
    widths = [_width(p) for p in pictures]
    order = sorted(range(len(pictures)), key=widths.__getitem__)
    out: list[DecodedLine | None] = [None] * len(pictures)
    for batch in _batches(order, widths):
        padded = -(-widths[batch[-1]] // WIDTH_STEP) * WIDTH_STEP
        tensor = np.zeros((len(batch), 3, HEIGHT, padded), np.float32)
        for row, index in enumerate(batch):
            shrunk = cv2.resize(pictures[index], (widths[index], HEIGHT), interpolation=_interpolation(pictures[index]))
            tensor[row, :, :, : widths[index]] = shrunk.transpose(2, 0, 1) / np.float32(127.5) - 1
        for row, matrix in enumerate(network(tensor)):
            out[batch[row]] = decode(matrix, alphabet, widths[batch[row]] / padded)
    return [line for line in out if line is not None]


def decode(matrix: Posteriors, alphabet: Sequence[str], used: float) -> DecodedLine:
    """Best path of a T × C matrix. `used`: the fraction of the steps that lie over the picture, not its padding."""
    best = matrix.argmax(axis=1)
    probability = matrix[np.arange(len(best)), best]
    text: list[str] = []
    centres: list[float] = []
    confidences: list[float] = []
    start = 0
    for step in range(1, len(best) + 1):
        if step < len(best) and best[step] == best[start]:
            continue
        if best[start]:
            text.append(alphabet[best[start] - 1])
            centres.append(min((start + step) / 2 / len(best) / used, 1.0))
            confidences.append(float(probability[start:step].max()))
        start = step
    mean = float(np.mean(confidences)) if confidences else 0.0
    return DecodedLine(RecognisedLine("".join(text), mean, matrix, tuple(confidences)), tuple(centres))


def character_edges(centres: Sequence[float], x0: float, x1: float) -> tuple[float, ...]:
    """len + 1 boundaries between characters, from their centres (fractions of x0…x1)."""
    if not centres:
        return (x0, x1)
    at = [x0 + c * (x1 - x0) for c in centres]
    middles = [(a + b) / 2 for a, b in pairwise(at)]
    return (min(x0, at[0]), *middles, max(x1, at[-1]))


def _width(picture: Pixels) -> int:
    height, width = picture.shape[:2]
    return int(min(max(round(width * HEIGHT / max(height, 1)), 16), MOST_WIDTH))


def _interpolation(picture: npt.NDArray[np.uint8]) -> int:
    return cv2.INTER_AREA if picture.shape[0] > HEIGHT else cv2.INTER_CUBIC


def _batches(order: Sequence[int], widths: Sequence[int]) -> list[list[int]]:
    batches: list[list[int]] = []
    for index in order:
        padded = -(-widths[index] // WIDTH_STEP) * WIDTH_STEP
        if batches and (len(batches[-1]) + 1) * padded <= BATCH_WIDTH:
            batches[-1].append(index)
        else:
            batches.append([index])
    return batches

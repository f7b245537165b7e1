"""Read line pictures: CTC recognition with the posterior matrix kept where it is asked for, and the place of every
character.

Lines of a page run side by side, each padded to the next of a few widths: a line alone costs no more per pixel than a
batch, is padded less, and few shapes occur (native runtimes build and keep kernels for every shape they have seen).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from extraction.ocr.engine import RecognisedLine
from extraction.ocr.runtime import Network, Tensor
from extraction.ocr.scores import StepScores
from models.pages import Pixels

HEIGHT = 48
LEAST_WIDTH, MOST_WIDTH = 16, 3200
#: what lines are padded to: steps of a tenth or so
WIDTHS = (*range(32, 512, 32), *range(512, 1024, 64), *range(1024, 2048, 128), *range(2048, MOST_WIDTH + 193, 192))
LEAST_PADDING = 16  #: at the end of a line; the network is trained on padded lines and errs at a picture's very edge
SHORT = 160  #: lines up to this width go together: alone they are too little work for one call
TOGETHER = 4


@dataclass(frozen=True, slots=True)
class DecodedLine:
    """A recognised line with, per character, its centre as a fraction of the line's width."""

    line: RecognisedLine
    centres: tuple[float, ...]


def recognise(
    pictures: Sequence[Pixels], network: Network, alphabet: Sequence[str], *, posteriors: bool = True
) -> list[DecodedLine]:
    """Decode every picture, in the order given; without `posteriors` the scores are not kept (2 to 5 MB a line)."""
    widths = [_width(p) for p in pictures]

    def run(batch: list[int]) -> list[DecodedLine]:
        padded = WIDTHS[bisect_left(WIDTHS, widths[batch[-1]] + LEAST_PADDING)]
        matrices = network(_tensor([pictures[i] for i in batch], [widths[i] for i in batch], padded))
        scores = [StepScores(matrix, network.logits) for matrix in matrices]
        return [
            decode(own.kept() if posteriors else own, alphabet, widths[i] / padded, keep=posteriors)
            for i, own in zip(batch, scores, strict=False)
        ]

    batches = _batches(widths)
    found = {
        i: line
        for batch, lines in zip(batches, network.side_by_side(run, batches), strict=True)
        for i, line in zip(batch, lines, strict=True)
    }
    return [found[i] for i in range(len(pictures))]


def _tensor(pictures: Sequence[Pixels], widths: Sequence[int], padded: int) -> Tensor:
    """Pictures side by side in one tensor; a batch that is not full is filled up with paper, for the shape's sake."""
    rows = 1 if len(pictures) == 1 else TOGETHER
    tensor = np.zeros((rows, 3, HEIGHT, padded), np.float32)
    for row, (picture, width) in enumerate(zip(pictures, widths, strict=True)):
        shrunk = cv2.resize(picture, (width, HEIGHT), interpolation=_interpolation(picture))
        tensor[row, :, :, :width] = cv2.dnn.blobFromImage(shrunk, 1 / 127.5, mean=(127.5, 127.5, 127.5))[0]
    return tensor


def decode(scores: StepScores, alphabet: Sequence[str], used: float, *, keep: bool = True) -> DecodedLine:
    """Best path through the steps. `used`: the fraction of them that lie over the picture, not its padding."""
    best = scores.best()
    printed = np.flatnonzero(best)
    probability = np.zeros(len(best), np.float32)
    probability[printed] = scores.probability(printed, best[printed])
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
    return DecodedLine(
        RecognisedLine("".join(text), mean, scores if keep else None, tuple(confidences)), tuple(centres)
    )


def character_edges(centres: Sequence[float], x0: float, x1: float) -> tuple[float, ...]:
    """len + 1 boundaries between characters, from their centres (fractions of x0…x1)."""
    if not centres:
        return (x0, x1)
    at = [x0 + c * (x1 - x0) for c in centres]
    middles = [(a + b) / 2 for a, b in pairwise(at)]
    return (min(x0, at[0]), *middles, max(x1, at[-1]))


def _width(picture: Pixels) -> int:
    height, width = picture.shape[:2]
    return int(min(max(round(width * HEIGHT / max(height, 1)), LEAST_WIDTH), MOST_WIDTH))


def _interpolation(picture: npt.NDArray[np.uint8]) -> int:
    return cv2.INTER_AREA if picture.shape[0] > HEIGHT else cv2.INTER_CUBIC


def _batches(widths: Sequence[int]) -> list[list[int]]:
    """Indices of lines, widest first so that no long line is left for the end; short ones of a width together."""
    order = sorted(range(len(widths)), key=lambda i: widths[i])
    batches: list[list[int]] = []
    for index in order:
        together = batches and len(batches[-1]) < TOGETHER and widths[index] <= SHORT
        if together:
            batches[-1].append(index)
        else:
            batches.append([index])
    return batches[::-1]

"""How far the lines of a recognised page lean, where straightening the picture was not sure enough to act.

Two signs must agree, because a page turned wrongly is read worse than a slanted one: pieces of text fall into rows when
the page is turned by the lean, and the boxes around long pieces are taller than those around short ones by as much as
their lines rise or fall. Never decides what a text means.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from models.pages import Page

Numbers = npt.NDArray[np.float64]

STEEPEST = 0.14  #: rise per unit of x; more than this is a page lying askew, which is turned before it is read
LEAST = 0.025  #: rows are chained from piece to piece and bear less than this
_STEP = 0.005
_LEAST_PIECES = 16
_LONG = 6.0  #: width of a long piece in heights of print
_BETTER = 1.05  #: how much better the rows must be than those of the page as it is
_LIKE = (0.5, 1.7)  #: what the boxes say, in parts of what the rows say


def lean(page: Page) -> float:
    """Rise of a line of text per unit of x; 0 for a page that lies level, and wherever the signs disagree."""
    boxes = [token.box for token in page.tokens if not token.vertical and token.box.width > token.box.height]
    if len(boxes) < _LEAST_PIECES:
        return 0.0
    x, y, width, height = (
        np.array([getattr(box, name) for box in boxes]) for name in ("centre_x", "centre_y", "width", "height")
    )
    line = float(np.percentile(height, 20))
    rise = _rise_of_boxes(width, height, line)
    if rise < LEAST * _LIKE[0]:
        return 0.0
    steps = round(STEEPEST / _STEP)
    slopes = [_STEP * step for step in range(-steps, steps + 1)]
    scores = [_rowed(x, y, width, slope, line) for slope in slopes]
    score, best = max(zip(scores, slopes, strict=True))
    level = _rowed(x, y, width, 0.0, line)
    if abs(best) < LEAST or score < _BETTER * level or not _LIKE[0] < rise / abs(best) < _LIKE[1]:
        return 0.0
    return best


def _rise_of_boxes(width: Numbers, height: Numbers, line: float) -> float:
    """How much taller the boxes of long pieces are than print is, per unit of their width."""
    long = width > _LONG * line
    return float(np.median((height[long] - line) / width[long])) if long.sum() >= _LEAST_PIECES / 4 else 0.0


def _rowed(x: Numbers, y: Numbers, width: Numbers, slope: float, line: float) -> float:
    """How well the pieces fall into rows when the page is turned by `slope`: long pieces count more."""
    at = (y - slope * (x - x.mean())) / (0.5 * line)
    bins = np.bincount((at - at.min()).round().astype(int), weights=np.sqrt(width))
    return float((np.convolve(bins, (0.5, 1.0, 0.5)) ** 2).sum())

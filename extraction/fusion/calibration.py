"""Whether stated confidence means what it says: of values stated at p, about p should be right.

Fusion multiplies likelihoods as if sources were independent; they are not quite. What it states about recognised values
can therefore be bent by a logistic curve on its log odds (Platt, "Probabilistic outputs for support vector machines",
1999), one for values that stand on more than one recognition and one for those that do not. `CURVES` are what is in
force: at present the identity, because curves fitted on one half of the documents gave no gain on the other half
(docs/accuracy.md; `python -m tests.bench.calibration`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

LEAST, MOST = 1e-4, 1 - 1e-5  #: nothing is stated nearer to impossible or certain


class Standing(StrEnum):
    """What a recognised value stands on."""

    BORNE_OUT = "borne_out"  #: a second independent reading, a check character, the sum or the words
    ALONE = "alone"  #: one recognition


@dataclass(frozen=True, slots=True)
class Curve:
    """log odds of being right = shift + slope × stated log odds. Identity: (0, 1)."""

    shift: float
    slope: float

    def __call__(self, stated: float) -> float:
        return _share(self.shift + self.slope * log_odds(stated))


Curves = Mapping[Standing, Curve]
AS_STATED: Curves = dict.fromkeys(Standing, Curve(0.0, 1.0))  #: fusion's own figures, to fit new curves on
CURVES: Curves = AS_STATED


def log_odds(share: float) -> float:
    bounded = min(max(share, LEAST), MOST)
    return math.log(bounded / (1 - bounded))


def _share(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))

"""How a recogniser scores every class at every step of a line: as probabilities, or as the network has them before its
softmax, in the processor's own 16 bits where it works in them.

Wanted of most lines is only the best class of each step, and how probable it is where it is no blank, a step in five.
The probabilities of all 18,710 classes at all steps are worked out for the lines that are asked for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Posteriors = npt.NDArray[np.float32]  #: T × C, rows sum to 1, class 0 is the CTC blank
#: steps worked on together: their floats (75 KB a step) stay in the processor's cache, and below the size from which
#: memory is asked of the system anew each time (`allocation`)
AT_ONCE = 4


@dataclass(frozen=True, slots=True, eq=False)
class StepScores:
    """T × C values; those of 16 bits are bfloat16, the upper half of a 32-bit float, held as integers."""

    values: npt.NDArray[Any]
    logits: bool = False

    def best(self) -> npt.NDArray[np.intp]:
        """The likeliest class of each step."""
        found: npt.NDArray[np.intp] = self.values.argmax(axis=1)
        if self.values.dtype == np.int16 and (self.values[np.arange(len(found)), found] < 0).any():
            found = self._floats(slice(None)).argmax(axis=1)  # as integers, negative floats stand in reverse
        return found

    def probability(self, steps: Sequence[int] | npt.NDArray[np.intp], classes: npt.NDArray[np.intp]) -> Posteriors:
        """Of one class at each of some steps."""
        if not self.logits:
            return np.asarray(self._floats(steps)[np.arange(len(steps)), classes], np.float32)
        found = [
            self._softmax_of(steps[start : start + AT_ONCE], classes[start : start + AT_ONCE])
            for start in range(0, len(steps), AT_ONCE)
        ]
        return np.concatenate(found) if found else np.zeros(0, np.float32)

    def _softmax_of(self, steps: Sequence[int] | npt.NDArray[np.intp], classes: npt.NDArray[np.intp]) -> Posteriors:
        rows = self._floats(steps)
        chosen = rows[np.arange(len(rows)), classes]
        top = rows.max(axis=1)
        rows -= top[:, None]
        return np.asarray(np.exp(chosen - top) / np.exp(rows, out=rows).sum(axis=1), np.float32)

    def posteriors(self) -> Posteriors:
        """Of every class at every step."""
        rows = self._floats(slice(None))
        if not self.logits:
            return rows
        rows -= rows.max(axis=1, keepdims=True)
        np.exp(rows, out=rows)
        rows /= rows.sum(axis=1, keepdims=True)
        return rows

    def kept(self) -> StepScores:
        """A copy: the network writes its next result where its last one was."""
        return StepScores(self.values.copy(), self.logits)

    def _floats(self, steps: Any) -> Posteriors:
        """A copy of some rows as 32-bit floats."""
        rows = self.values[steps]
        if rows.dtype == np.int16:
            wide = rows.view(np.uint16).astype(np.uint32)
            wide <<= 16
            return np.asarray(wide.view(np.float32))
        return np.array(rows, np.float32)

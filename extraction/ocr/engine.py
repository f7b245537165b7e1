"""The engine protocol: pixels in, positioned text with confidence out.

`read_lines` also gives the recogniser's posteriors, which is what makes constrained decoding possible.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from extraction.ocr.scores import Posteriors, StepScores
from models.pages import Pixels, Token


@dataclass(frozen=True, slots=True)
class RecognisedLine:
    """Best string of one line picture, its mean character confidence, and the scores it was decoded from."""

    text: str
    confidence: float
    scores: StepScores | Posteriors | None = None
    characters: tuple[float, ...] = ()  #: confidence of each character of `text`; empty where the engine has none

    @property
    def posteriors(self) -> Posteriors | None:
        """The matrix of probabilities, worked out anew each time."""
        return self.scores.posteriors() if isinstance(self.scores, StepScores) else self.scores

    def weakest(self, part: str) -> float:
        """Least confidence of the characters of `part`: a mean hides the one character that was not known."""
        own = [c for character, c in zip(self.text, self.characters, strict=False) if character in part]
        return min(own, default=self.confidence)


class OcrEngine(Protocol):
    """One loaded engine. Not thread-safe; one per process."""

    name: str
    alphabet: Sequence[str]  #: class index − 1 → character

    def read(self, picture: Pixels) -> list[Token]:
        """Detect and recognise; tokens in pixels of `picture`, in reading order."""
        ...

    def read_lines(self, pictures: Sequence[Pixels]) -> list[RecognisedLine]:
        """Recognise pictures of single lines, with posteriors."""
        ...

    def second_opinion(self, pictures: Sequence[Pixels]) -> list[RecognisedLine]:
        """The same pictures read by a network of another make, trained apart: it seldom repeats a misreading."""
        ...

    def upright(self, picture: Pixels) -> int:
        """Clockwise degrees (0, 90, 180, 270) to turn `picture` so that its text stands upright."""
        ...

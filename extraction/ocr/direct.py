"""The house's own engine: the PP-OCRv6 networks run directly, so that posteriors and character places are kept."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from extraction.ocr import orientation
from extraction.ocr.detection import DetectionSize, cut, detect
from extraction.ocr.engine import RecognisedLine
from extraction.ocr.opinion import SecondOpinion
from extraction.ocr.recognition import DecodedLine, character_edges, recognise
from extraction.ocr.runtime import Ending, load_network
from extraction.ocr.weights import ModelFiles
from models.pages import Box, Pixels, Token

LEAST_CONFIDENCE = 0.3  #: below this a line is noise, not text


class DirectEngine:
    """Detection, recognition and page orientation on one runtime. Not thread-safe."""

    def __init__(
        self, detection: ModelFiles, recognition: ModelFiles, page: ModelFiles, *, runtime: str, threads: int
    ) -> None:
        self.name = f"{runtime}:{recognition.name}"
        self.alphabet: Sequence[str] = recognition.alphabet()
        self._detection = load_network(detection.onnx, runtime, threads, ending=Ending.LOGITS)
        self._recognition = load_network(recognition.onnx, runtime, threads, lanes=threads, ending=Ending.SHORT_LOGITS)
        self._page = load_network(page.onnx, runtime, threads)
        self._opinion = SecondOpinion(runtime, threads)
        self.size = DetectionSize()

    def read(self, picture: Pixels) -> list[Token]:
        quads = detect(picture, self._detection, self.size)
        quads.sort(key=lambda q: (float(q[:, 1].mean()), float(q[:, 0].mean())))
        cuts = self._recognition.side_by_side(partial(cut, picture), quads)
        lines = recognise([line for line, _ in cuts], self._recognition, self.alphabet, posteriors=False)
        return [
            _token(decoded, quad, vertical)
            for decoded, quad, (_, vertical) in zip(lines, quads, cuts, strict=True)
            if decoded.line.text.strip() and decoded.line.confidence >= LEAST_CONFIDENCE
        ]

    def read_lines(self, pictures: Sequence[Pixels]) -> list[RecognisedLine]:
        return [decoded.line for decoded in recognise(pictures, self._recognition, self.alphabet)]

    def second_opinion(self, pictures: Sequence[Pixels]) -> list[RecognisedLine]:
        return self._opinion.read_lines(pictures)

    def upright(self, picture: Pixels) -> int:
        return orientation.upright(picture, self._page)


def _token(decoded: DecodedLine, quad: np.ndarray, vertical: bool) -> Token:
    x0, y0 = (float(v) for v in quad.min(axis=0))
    x1, y1 = (float(v) for v in quad.max(axis=0))
    edges = None if vertical else character_edges(decoded.centres, x0, x1)
    return Token(decoded.line.text, Box(x0, y0, x1, y1), decoded.line.confidence, edges, vertical)

"""A second recogniser, loaded when first asked: an older generation with other weights and another training.

It is the less accurate of the two and never decides a value. But what both read alike is seldom wrong: on rasterised
and photographed invoices it repeated almost none of the first one's misread names.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from extraction.ocr import weights
from extraction.ocr.engine import RecognisedLine
from extraction.ocr.recognition import recognise
from extraction.ocr.runtime import Ending, Network, load_network
from models.pages import Pixels


class SecondOpinion:
    """Reads pictures of single lines. Raises DocumentError model_missing or model_changed when first asked."""

    def __init__(self, runtime: str, threads: int) -> None:
        self._runtime, self._threads = runtime, threads

    @cached_property
    def _loaded(self) -> tuple[Network, list[str]]:
        files = weights.locate(weights.SECOND_RECOGNITION)
        network = load_network(
            files.onnx, self._runtime, self._threads, lanes=self._threads, ending=Ending.SHORT_LOGITS
        )
        return network, files.alphabet()

    def read_lines(self, pictures: Sequence[Pixels]) -> list[RecognisedLine]:
        network, alphabet = self._loaded
        return [decoded.line for decoded in recognise(pictures, network, alphabet, posteriors=False)]

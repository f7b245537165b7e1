"""An engine that recognises a picture once, so that a document can be read again with other evidence left out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from extraction.ocr.engine import OcrEngine, RecognisedLine
from models.pages import Pixels, Token

T = TypeVar("T")


class Remembering:
    """Answers of `engine` by the pixels asked about, until told to forget."""

    def __init__(self, engine: OcrEngine) -> None:
        self._engine = engine
        self._known: dict[tuple[str, bytes], Any] = {}
        self.name, self.alphabet = engine.name, engine.alphabet

    def forget(self) -> None:
        self._known.clear()

    def read(self, image: Pixels) -> Sequence[Token]:
        return self._once("read", [image], lambda: self._engine.read(image))

    def read_lines(self, images: Sequence[Pixels]) -> Sequence[RecognisedLine]:
        return self._once("lines", images, lambda: self._engine.read_lines(images))

    def second_opinion(self, images: Sequence[Pixels]) -> Sequence[RecognisedLine]:
        return self._once("opinion", images, lambda: self._engine.second_opinion(images))

    def upright(self, image: Pixels) -> int:
        return self._once("upright", [image], lambda: self._engine.upright(image))

    def _once(self, question: str, images: Sequence[Pixels], answer: Callable[[], T]) -> T:
        digest = hashlib.sha256()
        for image in images:
            digest.update(repr(image.shape).encode())
            digest.update(image.tobytes())
        key = (question, digest.digest())
        if key not in self._known:
            self._known[key] = answer()
        known: T = self._known[key]
        return known

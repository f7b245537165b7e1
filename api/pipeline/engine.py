"""The recognition engine of this process: loaded on the first page that needs it, and kept."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from models.pages import Pixels, Token
from models.settings import Settings

if TYPE_CHECKING:
    from extraction.ocr.engine import OcrEngine, RecognisedLine


class EngineOnDemand:
    """An `OcrEngine` that loads the real one when first asked: exact sources often make OCR needless."""

    name: str
    alphabet: Sequence[str]

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def _engine(self) -> OcrEngine:
        from extraction.ocr.loading import load_engine  # seconds and hundreds of megabytes: only here

        return load_engine(self._settings)

    def __getattr__(self, attribute: str) -> Any:
        """`name` and `alphabet` are known once the engine is loaded."""
        if attribute not in ("name", "alphabet"):
            raise AttributeError(attribute)
        return getattr(self._engine, attribute)

    def read(self, picture: Pixels) -> list[Token]:
        return self._engine.read(picture)

    def read_lines(self, pictures: Sequence[Pixels]) -> list[RecognisedLine]:
        return self._engine.read_lines(pictures)

    def second_opinion(self, pictures: Sequence[Pixels]) -> list[RecognisedLine]:
        return self._engine.second_opinion(pictures)

    def upright(self, picture: Pixels) -> int:
        return self._engine.upright(picture)


_engines: dict[str, EngineOnDemand] = {}


def engine_for(settings: Settings) -> EngineOnDemand:
    """The engine of this process; one per distinct settings, so that a pool of one kind loads it once."""
    key = settings.model_dump_json()
    if key not in _engines:
        _engines[key] = EngineOnDemand(settings)
    return _engines[key]

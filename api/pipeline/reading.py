"""Reads one file: open, clean, extract. The one function behind `extract` and the pipeline.

Runs inside a reading process (see `processes`). It touches no database and writes nothing, except page pictures where a
folder for them is given. The recognition engine is loaded on the first page that needs it and kept for the process.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.errors import DocumentError
from models.invoice import Invoice
from models.pages import OpenedPage, Picture, Pixels, Token
from models.settings import Settings

if TYPE_CHECKING:
    from extraction.ocr.engine import OcrEngine, RecognisedLine


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """What reading a file gave. Crosses from the reading process to the worker."""

    invoices: tuple[Invoice, ...]
    media: str
    page_count: int
    cleanup: tuple[dict[str, Any], ...]  #: one entry per page that was looked at as a picture


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


def load_bytes(source: Path | bytes, settings: Settings) -> bytes:
    """The file's bytes. Looks at the size first, so that an enormous file is never loaded."""
    return source if isinstance(source, bytes) else readable(source, settings).read_bytes()


def readable(source: Path, settings: Settings) -> Path:
    """The path, of a file that can be read and is not enormous. Raises DocumentError."""
    try:
        size = source.stat().st_size
        if size > settings.max_file_bytes:
            raise DocumentError("too_large", size=_mib(size), limit=_mib(settings.max_file_bytes))
        with source.open("rb"):
            return source
    except (FileNotFoundError, NotADirectoryError):
        raise DocumentError("not_found", name=str(source)) from None
    except (PermissionError, IsADirectoryError):
        raise DocumentError("not_readable", name=str(source)) from None


def read_whole(source: Path | bytes, name: str, settings: Settings, *, pictures: Path | None = None) -> ReadFile:
    """Everything the pipeline records about a file. Raises DocumentError where it cannot be read.

    `pictures`: folder that receives the straightened page pictures which reading looked at.
    """
    # imported here, because only reading processes need the picture and PDF libraries
    from capture.cleanup import CleanupOptions
    from capture.limits import Limits
    from capture.opening import open_document
    from extraction import extract

    data = load_bytes(source, settings)
    engine = engine_for(settings)
    document = open_document(
        data,
        name,
        limits=Limits.from_settings(settings),
        cleanup=CleanupOptions.from_settings(settings),
        upright=engine.upright,
    )
    cleanup: dict[int, dict[str, Any]] = {}
    watched = replace(document, pages=tuple(_watch(page, cleanup, pictures) for page in document.pages))
    invoices = extract(watched, engine, accept_threshold=settings.accept_threshold)
    return ReadFile(
        invoices=tuple(replace(invoice, source=name) for invoice in invoices),
        media=document.media.value,
        page_count=len(document.pages),
        cleanup=tuple(cleanup[number] for number in sorted(cleanup)),
    )


def read_file(source: Path | bytes, name: str, settings: Settings) -> list[Invoice]:
    """Invoices found in a file. `name` becomes each invoice's `source`."""
    return list(read_whole(source, name, settings).invoices)


def _watch(page: OpenedPage, cleanup: dict[int, dict[str, Any]], folder: Path | None) -> OpenedPage:
    """The same page, which notes its cleanup and keeps its picture when a reader looks at it."""
    original = page.picture
    kept: list[Picture] = []

    def picture() -> Picture:
        if not kept:
            kept.append(original())
            steps = [{"name": s.name, "applied": s.applied, "detail": dict(s.detail)} for s in kept[0].steps]
            cleanup[page.number] = {"page": page.number, "steps": steps}
            if folder is not None:
                from api.pipeline.pictures import save_picture

                save_picture(kept[0].colour, folder, page.number)
        return kept[0]

    return replace(page, picture=picture)


def _mib(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MiB"

"""Reads one file: open, clean, extract. The one function behind `extract` and the pipeline.

Runs inside a reading process (see `processes`). It touches no database and writes nothing, except page pictures where a
folder for them is given.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from api.pipeline.engine import engine_for
from api.pipeline.pictures import save_picture
from models.errors import DocumentError
from models.invoice import Invoice
from models.pages import OpenedPage, Picture
from models.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """What reading a file gave. Crosses from the reading process to the worker."""

    invoices: tuple[Invoice, ...]
    media: str
    page_count: int
    cleanup: tuple[dict[str, Any], ...]  #: one entry per page that was looked at as a picture


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
                save_picture(kept[0].colour, folder, page.number)
        return kept[0]

    return replace(page, picture=picture)


def _mib(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MiB"

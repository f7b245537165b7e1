"""Uploads: multipart parts streamed to files, each limit enforced while the bytes arrive.

A file over the limit is dropped and reported while the others of the same request go on. The name is kept for display
only and never becomes a path. Nothing here looks inside a file: that is `capture`.
"""

from __future__ import annotations

import tempfile
import unicodedata
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, BinaryIO

from fastapi import Depends, Request
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from models.errors import ChapiaoError, DocumentError, RequestError
from models.settings import MIB, Settings

MAX_FILES = 200
MAX_FIELD_BYTES = 16 * 1024
MAX_NAME = 200


@dataclass(slots=True)
class ReceivedFile:
    """One uploaded file on disk until the answer is sent."""

    name: str
    path: Path
    size: int = 0
    error: ChapiaoError | None = None


@dataclass(slots=True)
class Received:
    files: list[ReceivedFile] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)


def safe_name(raw: str) -> str:
    """The last path component without control or direction-changing characters; for display only."""
    last = raw.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip()
    return shown[-MAX_NAME:] or "unnamed"


def readable_size(size: int) -> str:
    return f"{size / MIB:.1f}".removesuffix(".0") + " MB" if size >= MIB else f"{max(1, size // 1024)} KB"


class _Parts:
    """Callbacks of the parser: headers are gathered, file bytes go to disk at once."""

    def __init__(self, folder: Path, limit: int) -> None:
        self.received = Received()
        self.complete = False
        self._folder = folder
        self._limit = limit
        self._header = (bytearray(), bytearray())
        self._headers: dict[bytes, bytes] = {}
        self._name: str | None = None
        self._text = bytearray()
        self._file: ReceivedFile | None = None
        self._out: BinaryIO | None = None

    def callbacks(self) -> Any:
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
            "on_header_end": self._end_of_header,
            "on_headers_finished": self._end_of_headers,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._all,
        }

    def close(self) -> None:
        if self._out:
            self._out.close()
            self._out = None

    def _begin(self) -> None:
        self._headers, self._name, self._file = {}, None, None
        self._text.clear()

    def _end_of_header(self) -> None:
        self._headers[bytes(self._header[0]).lower()] = bytes(self._header[1])
        self._header[0].clear()
        self._header[1].clear()

    def _end_of_headers(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" not in options:
            return
        name = options[b"filename"].decode("utf-8", "replace")
        if not name:  # an empty file input of a form
            return
        if len(self.received.files) >= MAX_FILES:
            raise RequestError("too_many_members", members=f">{MAX_FILES}", limit=MAX_FILES)
        path = self._folder / str(len(self.received.files))
        self._file = ReceivedFile(safe_name(name), path)
        self._out = path.open("wb")
        self.received.files.append(self._file)

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._file is None:
            self._text += data[start:end]
            if len(self._text) > MAX_FIELD_BYTES:
                raise RequestError("invalid_request", what=self._name or "")
            return
        self._file.size += end - start
        if self._out is None:
            return
        if self._file.size > self._limit:
            self.close()
            self._file.path.unlink()
            size, limit = f"> {readable_size(self._limit)}", readable_size(self._limit)
            self._file.error = DocumentError("too_large", size=size, limit=limit)
            return
        self._out.write(data[start:end])

    def _end(self) -> None:
        if self._file is None and self._name:
            self.received.fields[self._name] = self._text.decode("utf-8", "replace")
        self.close()

    def _all(self) -> None:
        self.complete = True


async def receive(request: Request) -> AsyncIterator[Received]:
    """Dependency: the files and fields of a multipart request, gone again when the answer has been sent."""
    settings: Settings = request.app.state.settings
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or b"boundary" not in options:
        raise RequestError("invalid_request", what="multipart/form-data")
    incoming = settings.data / "incoming"  # the originals' disk: /tmp may be small or memory
    incoming.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=incoming) as folder:
        parts = _Parts(Path(folder), settings.max_file_bytes)
        try:
            parser = MultipartParser(options[b"boundary"], parts.callbacks())
            total = 0
            async for chunk in request.stream():
                total += len(chunk)
                if total > max(settings.max_unpacked_bytes, 2 * settings.max_file_bytes):
                    limit = readable_size(settings.max_unpacked_bytes)
                    raise RequestError("too_large", size=f"> {limit}", limit=limit)
                parser.write(chunk)
            if not parts.complete:
                raise RequestError("invalid_request", what="incomplete upload")
        except MultipartParseError as damaged:
            raise RequestError("invalid_request", what="multipart/form-data") from damaged
        finally:
            parts.close()
        yield parts.received


Uploaded = Annotated[Received, Depends(receive)]

"""Originals, kept by content: `ab/cd/<sha256>`. What `put` has returned survives a power cut; nothing is overwritten.

Written to a temporary name, synced, renamed, and the folder synced: at no moment is a half file under its final name.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from capture.limits import Limits
from models.errors import DocumentError

CHUNK = 1024 * 1024
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Stored:
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Verified:
    """`damaged` are originals whose content no longer has the hash they are named by."""

    checked: int
    damaged: tuple[str, ...]


class OriginalStore:
    def __init__(self, root: Path) -> None:
        self.root = root
        self._incoming = root / "incoming"

    def put(self, source: Path | bytes | BinaryIO, limits: Limits | None = None) -> Stored:
        """Keep the content of `source`. Over the limit nothing is kept and DocumentError is raised."""
        _make_folder(self._incoming)
        temporary = self._incoming / uuid.uuid4().hex
        try:
            with _reading(source) as stream:
                stored = _copy(stream, temporary, limits)
            self._settle(temporary, stored.sha256)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DocumentError("storage_full") from error
            raise
        finally:
            temporary.unlink(missing_ok=True)
        return stored

    def path(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise ValueError("not a sha256")
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def read(self, sha256: str) -> bytes:
        return self.path(sha256).read_bytes()

    def verify(self) -> Verified:
        """Read every original again and compare it with its name."""
        checked, damaged = 0, []
        for path in self._originals():
            checked += 1
            if _hash(path) != path.name:
                damaged.append(path.name)
        return Verified(checked, tuple(damaged))

    def _originals(self) -> Iterator[Path]:
        return (p for p in sorted(self.root.glob("??/??/*")) if _SHA256.fullmatch(p.name))

    def _settle(self, temporary: Path, sha256: str) -> None:
        final = self.path(sha256)
        if final.exists() and _hash(final) == sha256:
            return
        _make_folder(final.parent)
        temporary.replace(final)
        sync_folder(final.parent)


def _copy(stream: BinaryIO, target: Path, limits: Limits | None) -> Stored:
    digest, size = hashlib.sha256(), 0
    with target.open("xb") as file:
        while piece := stream.read(CHUNK):
            size += len(piece)
            if limits and size > limits.max_file_bytes:
                limits.check_size(size)
            digest.update(piece)
            file.write(piece)
        if limits:
            limits.check_size(size)
        file.flush()
        os.fsync(file.fileno())
    target.chmod(0o440)
    return Stored(digest.hexdigest(), size)


def _reading(source: Path | bytes | BinaryIO) -> contextlib.AbstractContextManager[BinaryIO]:
    if isinstance(source, Path):
        return source.open("rb")
    if isinstance(source, bytes):
        return io.BytesIO(source)
    return contextlib.nullcontext(source)  # the caller opened it and closes it


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _make_folder(folder: Path) -> None:
    """Create the folder so that it, too, survives a power cut."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Force the names in `folder` to disk. Windows cannot and does not need to."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""Reads ZIP containers that came from outside: bounded in bytes and members, never outside the container.

Sizes in a ZIP's headers are the sender's word; only bytes really unpacked are counted.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from pathlib import PurePosixPath

from capture.limits import Limits, readable
from models.errors import DocumentError

CHUNK = 256 * 1024
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800


class Container:
    """A ZIP whose directory has been checked. `damaged` is the error code that a broken member raises."""

    def __init__(self, data: bytes, limits: Limits, damaged: str) -> None:
        self._limits = limits
        self._damaged = damaged
        self._unpacked = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            infos = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise DocumentError(damaged) from error
        limits.check_members(len(infos))
        self.members: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            name = member_name(info)
            check_name(name)
            if not info.is_dir() and not stat.S_ISLNK(info.external_attr >> 16):
                self.members.setdefault(name, info)

    @property
    def encrypted(self) -> bool:
        return any(info.flag_bits & _ENCRYPTED for info in self.members.values())

    def read(self, name: str, *, most: int | None = None) -> bytes:
        """Content of one member, unpacked in pieces so that a bomb stops at the limit and not after it."""
        pieces: list[bytes] = []
        size = 0
        try:
            with self._zip.open(self.members[name]) as member:
                while piece := member.read(CHUNK):
                    size += len(piece)
                    self._unpacked += len(piece)
                    self._limits.check_unpacked(self._unpacked)
                    if most is not None and size > most:
                        raise DocumentError("too_large", size=f"> {readable(most)}", limit=readable(most))
                    pieces.append(piece)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError) as error:
            raise DocumentError(self._damaged) from error
        return b"".join(pieces)


def member_name(info: zipfile.ZipInfo) -> str:
    """Name as the sender wrote it: Windows archivers write GBK without saying so."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    raw = info.orig_filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gbk"):
        try:
            return raw.decode(encoding).split("\x00")[0].replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return info.filename


def check_name(name: str) -> None:
    """Members are never written under their names, but a name that points outside says what the archive is for."""
    unified = name.replace("\\", "/")
    if unified.startswith("/") or ".." in PurePosixPath(unified).parts or unified[1:2] == ":" or "\x00" in name:
        raise DocumentError("archive_unsafe", name=name[:200])

"""Files of an uploaded ZIP. One level only: an archive in an archive is handed out as it is and refused on opening."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from capture.limits import Limits
from capture.unpacking import Container
from models.errors import DocumentError

#: what desktops and cameras leave behind; never a document
_CLUTTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini", "@eaDir/")


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive with its path inside it."""

    name: str
    data: bytes


def members(data: bytes, name: str, limits: Limits) -> list[Member]:
    """Every file of the archive `name`. Raises DocumentError when the archive as a whole cannot be trusted."""
    return list(each_member(data, limits))


def each_member(data: bytes, limits: Limits) -> Iterator[Member]:
    """The same, one file in memory at a time."""
    container = Container(data, limits, damaged="archive_damaged")
    if container.encrypted:
        raise DocumentError("archive_encrypted")
    names = [name for name in container.members if not _is_clutter(name)]
    if not names:
        raise DocumentError("nothing_inside")
    for name in names:
        yield Member(name, container.read(name))


def _is_clutter(name: str) -> bool:
    return any(part in name for part in _CLUTTER) or PurePosixPath(name).name.startswith(("._", "~$"))

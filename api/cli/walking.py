"""Which files a list of paths means: folders are walked, archives opened, the order is kept."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from models.errors import ChapiaoError, DocumentError

if TYPE_CHECKING:
    from models.settings import Settings

#: left behind by desktops and downloads; never a document
_CLUTTER_PREFIXES = (".", "~$", "@eaDir")
_CLUTTER_SUFFIXES = (".part", ".tmp", ".crdownload")
_CLUTTER_NAMES = frozenset({"Thumbs.db", "desktop.ini", "__MACOSX"})


class Found(NamedTuple):
    """A file to read: its name as given, and its path or (inside an archive) its bytes; or why there is none."""

    source: str
    content: Path | bytes
    error: ChapiaoError | None = None


def each_path(paths: list[Path]) -> Iterator[Path]:
    """Files named, and files inside folders named, in a stable order. What does not exist is handed on as it is."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if not _is_clutter(name))
            for name in sorted(names):
                if not _is_clutter(name):
                    yield Path(folder) / name


def each_file(paths: list[Path], settings: Settings) -> Iterator[Found]:
    """The same with archives and saved mails opened: `archive.zip/inside/name.pdf`."""
    for path in each_path(paths):
        if not _may_hold_files(path):
            yield Found(str(path), path)
            continue
        yield from _inside(path, settings)


def _inside(path: Path, settings: Settings) -> Iterator[Found]:
    """Files of a ZIP or a mail; an OFD, which is a ZIP too, is itself the document."""
    from api.pipeline.reading import load_bytes
    from capture.archive import each_member
    from capture.limits import Limits
    from capture.sniffing import sniff

    try:
        data = load_bytes(path, settings)
        if not sniff(data).holds_files:
            yield Found(str(path), data)
            return
        for member in each_member(data, Limits.from_settings(settings)):
            yield Found(f"{path}/{member.name}", member.data)
    except DocumentError as error:
        yield Found(str(path), b"", error)


def _may_hold_files(path: Path) -> bool:
    from capture.sniffing import HEAD, looks_like_mail

    try:
        with path.open("rb") as file:
            head = file.read(4 * HEAD)
    except OSError:
        return False  # reading reports what is wrong with it
    return head[:2] == b"PK" or looks_like_mail(head)


def _is_clutter(name: str) -> bool:
    return name in _CLUTTER_NAMES or name.startswith(_CLUTTER_PREFIXES) or name.endswith(_CLUTTER_SUFFIXES)

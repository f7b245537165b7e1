"""Files of an uploaded ZIP or saved mail. One level only: an archive in an archive is handed out as it is and refused
on opening; but a ZIP attached to a mail is opened, because that is how invoices are sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from capture.limits import Limits
from capture.mail import attached
from capture.sniffing import Format, sniff
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
    return _sent(data, limits) if sniff(data).format is Format.MAIL else _packed(data, limits)


def _packed(data: bytes, limits: Limits) -> Iterator[Member]:
    container = Container(data, limits, damaged="archive_damaged")
    if container.encrypted:
        raise DocumentError("archive_encrypted")
    names = [name for name in container.members if not _is_clutter(name)]
    if not names:
        raise DocumentError("nothing_inside")
    for name in names:
        yield Member(name, container.read(name))


def _sent(data: bytes, limits: Limits) -> Iterator[Member]:
    """Attachments, and the files of attached ZIPs; all of them together are bounded as one archive is."""
    count = size = 0
    for name, content in attached(data, limits):
        for member in _opened(name, content, limits):
            count, size = count + 1, size + len(member.data)
            limits.check_members(count)
            limits.check_unpacked(size)
            yield member
    if not count:
        raise DocumentError("mail_without_files")


def _opened(name: str, content: bytes, limits: Limits) -> list[Member]:
    """A ZIP's files; of one that cannot be opened the ZIP itself, so that the mail's other files are read all the
    same and this one is told of."""
    if sniff(content).format is Format.ZIP:
        try:
            return [Member(f"{name}/{member.name}", member.data) for member in _packed(content, limits)]
        except DocumentError:
            return [Member(name, content)]
    return [Member(name, content)]


def _is_clutter(name: str) -> bool:
    return any(part in name for part in _CLUTTER) or PurePosixPath(name).name.startswith(("._", "~$"))

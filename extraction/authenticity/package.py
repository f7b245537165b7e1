"""The parts of an OFD as a signature sees them: the stored bytes, never what a forgiving parser would make of them.

Bounded in members and in bytes really unpacked. Two parts of one name are refused, because then a reader may show one
and a signature vouch for the other.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator

from cryptography.hazmat.primitives import hashes

from extraction.authenticity.judging import Damaged, Undecided
from models.settings import MIB

UNPACKED_LIMIT = 300 * MIB
PART_LIMIT = 4 * MIB  #: of a part that is held in memory: signatures, seals, their lists
MEMBER_LIMIT = 1000
_CHUNK = 256 * 1024
_UTF8_NAME = 0x800
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)


class Package:
    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN_ZIP as error:
            raise Damaged("OFD 包已损坏，无法打开") from error
        members = [info for info in self._zip.infolist() if not info.is_dir()]
        if len(members) > MEMBER_LIMIT:
            raise Undecided(f"包内有 {len(members)} 个文件，超过上限 {MEMBER_LIMIT}")
        self.parts = {key(_written_name(info)): info for info in members}
        if len(self.parts) != len(members):
            raise Damaged("包内有重名文件，显示的内容与签名的内容可能不同")
        self._left = UNPACKED_LIMIT
        self._digests: dict[tuple[str, str], bytes] = {}

    def find(self, location: str, base: str = "") -> str | None:
        """Key of the part at `location`, seen from the part `base`; tried from the root as well."""
        location = location.strip().replace("\\", "/")
        near = location if location.startswith("/") else posixpath.join(posixpath.dirname(base), location)
        return next((k for k in (key(near), key(location)) if k in self.parts), None)

    def name(self, part: str) -> str:
        return _written_name(self.parts[part])

    def read(self, part: str) -> bytes:
        pieces: list[bytes] = []
        size = 0
        for piece in self._pieces(part):
            size += len(piece)
            if size > PART_LIMIT:
                raise Undecided(f"{self.name(part)} 过大")
            pieces.append(piece)
        return b"".join(pieces)

    def digest(self, part: str, algorithm: hashes.HashAlgorithm) -> bytes:
        known = self._digests.get((part, algorithm.name))
        if known is None:
            state = hashes.Hash(algorithm)
            for piece in self._pieces(part):
                state.update(piece)
            known = self._digests[part, algorithm.name] = state.finalize()
        return known

    def _pieces(self, part: str) -> Iterator[bytes]:
        try:
            with self._zip.open(self.parts[part]) as member:
                while piece := member.read(_CHUNK):
                    self._left -= len(piece)
                    if self._left < 0:
                        raise Undecided(f"解开后超过上限 {UNPACKED_LIMIT // MIB} MB，已停止")
                    yield piece
        except _BROKEN_ZIP as error:
            raise Damaged(f"{self.name(part)} 无法解开") from error


def key(name: str) -> str:
    """A part's name as names are compared: producers differ in case and in the leading slash."""
    return posixpath.normpath("/" + name.replace("\\", "/")).strip("/").lower()


def _written_name(info: zipfile.ZipInfo) -> str:
    """Windows archivers write GBK without saying so; `zipfile` then shows code page 437."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gbk"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename

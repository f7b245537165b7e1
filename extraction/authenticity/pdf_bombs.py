"""Refuses a PDF whose compressed streams unpack to too much, by looking at the raw file before anything opens it.

Looks at every revision, also at those that a reader no longer sees, because comparing revisions opens them.
"""

from __future__ import annotations

import re
import zlib

from extraction.authenticity.judging import Undecided
from models.settings import MIB

UNPACKED_LIMIT = 300 * MIB
_DEEPEST = 4  #: filters one within the other
_FIRST_CHUNK, _CHUNK = 4 * 1024, 256 * 1024
_STREAM = re.compile(rb"stream[ \t]*(?:\r\n|\n|\r)")


def refuse_bombs(data: bytes) -> None:
    """Raise Undecided where the streams, one within the other, unpack to more than the limit."""
    counter = _Counter()
    view = memoryview(data)
    for match in _STREAM.finditer(data):
        start = match.end()
        if _like_zlib(data[start : start + 2]):
            counter.count(view[start:])


class _Counter:
    """Bytes taken in and given out by all streams so far; what was unpacked is dropped."""

    def __init__(self) -> None:
        self._total = 0

    def count(self, stream: memoryview) -> None:
        """`stream` runs to the end of the file: where it ends, only unpacking tells. Most are short."""
        layers = [zlib.decompressobj() for _ in range(_DEEPEST)]
        ended = [False] * _DEEPEST
        at, size = 0, _FIRST_CHUNK
        while at < len(stream) and not ended[0]:
            self._push(bytes(stream[at : at + size]), 0, layers, ended)
            at, size = at + size, min(2 * size, _CHUNK)

    def _push(self, piece: bytes, depth: int, layers: list[zlib._Decompress], ended: list[bool]) -> None:
        while piece and depth < _DEEPEST and not ended[depth]:
            layer = layers[depth]
            try:
                unpacked = layer.decompress(piece, _CHUNK)
            except zlib.error:  # the end of what can be unpacked, or never compressed
                ended[depth] = True
                self._add(len(piece))
                return
            self._add(len(piece) - len(layer.unconsumed_tail) - len(layer.unused_data) + len(unpacked))
            piece = layer.unconsumed_tail
            ended[depth] = layer.eof
            self._push(unpacked, depth + 1, layers, ended)

    def _add(self, size: int) -> None:
        self._total += size
        if self._total > UNPACKED_LIMIT:
            raise Undecided(f"解开后超过上限 {UNPACKED_LIMIT // MIB} MB，已停止")


def _like_zlib(head: bytes) -> bool:
    """The two bytes of a zlib header: deflate, and divisible by 31."""
    return len(head) == 2 and head[0] & 0x0F == 8 and int.from_bytes(head, "big") % 31 == 0

"""Looks at a PDF's streams before anything unpacks them for real, so that a bomb is known by its size, not its effect.

Flate is unpacked in pieces that are counted and dropped. LZW and run-length, rare and bounded in their ratio, are
allowed as far as the worst ratio stays within the limit. What unpacks into pixels is judged by width and height.
"""

from __future__ import annotations

import binascii
import zlib
from collections.abc import Iterator
from typing import Any

import pikepdf

from capture import ascii85
from capture.limits import Limits

CHUNK = 256 * 1024
_WORST_RATIO = {"LZWDecode": 1400, "LZW": 1400, "RunLengthDecode": 64, "RL": 64}
_FLATE = ("FlateDecode", "Fl")
_ASCII85 = ("ASCII85Decode", "A85")
_ASCII_HEX = ("ASCIIHexDecode", "AHx")


def check_streams(pdf: Any, limits: Limits) -> None:
    """Raise DocumentError where the streams of `pdf` unpack to too much, or a picture is too large."""
    total = 0
    for item in pdf.objects:
        if not isinstance(item, pikepdf.Stream):
            continue
        if item.get("/Subtype") == "/Image":
            limits.check_pixels(_whole(item.get("/Width")), _whole(item.get("/Height")))
        total = _count(item, total, limits)


def _count(stream: Any, total: int, limits: Limits) -> int:
    """`total` and what this stream unpacks to."""
    pieces: Iterator[bytes] = iter([stream.read_raw_bytes()])
    ratio = 1
    for name in _filters(stream):
        if name in _FLATE:
            pieces = _inflated(pieces)
        elif name in _ASCII85 or name in _ASCII_HEX:
            pieces = iter([_plain(b"".join(pieces), name)])
        elif name in _WORST_RATIO:
            ratio *= _WORST_RATIO[name]
        else:
            break  # a picture's own coding
    for piece in pieces:
        total += len(piece) * ratio
        limits.check_unpacked(total)
    return total


def _filters(stream: Any) -> list[str]:
    value = stream.get("/Filter")
    if value is None:
        return []
    names = list(value) if isinstance(value, pikepdf.Array) else [value]
    return [str(name).lstrip("/") for name in names]


def _inflated(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """As far as the data is sound; readers, too, show a damaged stream as far as it goes."""
    unpacker = zlib.decompressobj()
    for piece in pieces:
        waiting = piece
        while waiting:
            try:
                unpacked = unpacker.decompress(waiting, CHUNK)
            except zlib.error:
                return
            if unpacked:
                yield unpacked
            elif unpacker.eof:
                return
            waiting = unpacker.unconsumed_tail


def _plain(data: bytes, name: str) -> bytes:
    try:
        if name in _ASCII85:
            return ascii85.decode(data.translate(None, b"\x00").strip().removeprefix(b"<~").removesuffix(b"~>"))
        return binascii.unhexlify(b"".join(data.split()).rstrip(b">"))
    except (ValueError, binascii.Error):
        return data  # not shorter than what it would have decoded to


def _whole(value: Any) -> int:
    return int(value) if isinstance(value, int) else 0

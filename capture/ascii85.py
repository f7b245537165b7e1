"""ASCII85 of PDF streams, four bytes for five characters, decoded in blocks: the standard library takes its time over
each character. What is not plain (`z` for four zeros, a wrong character) is left to it.
"""

from __future__ import annotations

import base64

import numpy as np

_BLANKS = b" \t\n\r\x0b\x0c"
_FIRST, _LAST = ord("!"), ord("u")
_POWERS = 85 ** np.arange(4, -1, -1, dtype=np.uint64)


def decode(data: bytes) -> bytes:
    """The bytes of `data`, given without its marks of beginning and end. Raises ValueError as `base64.a85decode`."""
    packed = np.frombuffer(data.translate(None, _BLANKS), np.uint8)
    if not packed.size or packed.min() < _FIRST or packed.max() > _LAST:
        return base64.a85decode(data)
    missing = -packed.size % 5
    digits = np.append(packed, np.full(missing, _LAST, np.uint8)).astype(np.uint64) - _FIRST
    words = digits.reshape(-1, 5) @ _POWERS
    if words.max() >> np.uint64(32):
        return base64.a85decode(data)
    return words.astype(">u4").tobytes()[: len(words) * 4 - missing]

"""Which characters no Chinese invoice prints. Where a text layer holds them, its fonts do not tell what they show.

Never judges a text as a whole: how many of them are too many is for whoever reads.
"""

from __future__ import annotations

UNKNOWN = "\ufffd"  #: stands for a glyph whose font does not say what it is


def foreign(char: str) -> bool:
    """Replacement and control characters, private use, letters of scripts no invoice uses."""
    code = ord(char)
    return (
        char == UNKNOWN
        or code < 0x20
        or 0x80 <= code < 0xA0
        or (0xC0 <= code < 0x2000 and char not in "×÷αβγδλμΩφΦ")
        or 0xE000 <= code < 0xF900
        or 0xAC00 <= code < 0xD7B0
    )

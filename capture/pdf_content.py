"""Takes a PDF content stream apart into operands and operators, as pdfminer does, with one regular expression.

pdfminer goes through it character class by character class, which takes longer than all that is then done with it.
What is out of the ordinary (pictures inside the stream, brackets that do not close, names with escapes, very long
streams) is left to pdfminer: then nothing is given.
"""

from __future__ import annotations

import re
from typing import Any

from pdfminer.psparser import KWD, LIT, literal_name

from models.settings import MIB

MOST = 4 * MIB  #: pdfminer reads piece by piece; all pieces at once take some forty times the stream's room
_WORD = rb"[^#/%\[\]()<>{}\s]*+"
_TOKEN = re.compile(
    rb"(?P<number>[-+]?(?:\d++(?:\.\d*+)?+|\.\d++))"
    rb"|(?P<operator>[A-Za-z]" + _WORD + rb"|['\"])"
    rb"|/(?P<name>" + _WORD + rb")(?!#)"
    rb"|\((?P<string>[^()\\]*+)\)"
    rb"|\((?P<escaped>(?:[^()\\]|\\.)*+)\)"
    rb"|<(?P<hexadecimal>[0-9A-Fa-f\s]*+)(?=[^0-9A-Fa-f\s<])"
    rb"|(?P<open>\[|<<)|(?P<close>\]|>>)"
    rb"|%[^\r\n]*+|[\s\x00]++|>"
    rb"|(?P<odd>.)",
    re.DOTALL,
)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_ESCAPED = {b"b": b"\b", b"t": b"\t", b"n": b"\n", b"f": b"\f", b"r": b"\r", b"(": b"(", b")": b")", b"\\": b"\\"}
_PARTNER = {b"]": b"[", b">>": b"<<"}
_WORDS: dict[bytes, Any] = {b"true": True, b"false": False}


def operations(data: bytes) -> list[Any] | None:
    """Operands as pdfminer gives them, operators as its keywords, in order; None where it must read the stream."""
    if len(data) > MOST:
        return None
    try:
        return _operations(data)
    except _Unusual:
        return None


class _Unusual(Exception):
    """Something that pdfminer has its own way with."""


def _operations(data: bytes) -> list[Any]:
    row: list[Any] = []
    outer: list[tuple[bytes, list[Any]]] = []  #: brackets that are open, and what stands before them
    for piece in _TOKEN.finditer(data):
        kind = piece.lastgroup
        if kind is None:
            continue
        text = piece[kind]
        if kind == "number":
            row.append(_number(text))
        elif kind == "operator":
            if text == b"BI" or (outer and text not in _WORDS):
                raise _Unusual
            row.append(_WORDS[text] if text in _WORDS else KWD(text))
        elif kind == "string":
            row.append(text)
        elif kind == "open":
            outer.append((text, row))
            row = []
        elif kind == "close":
            if not outer or outer[-1][0] != _PARTNER[text]:
                raise _Unusual
            closed, (_, row) = row, outer.pop()
            row.append(closed if text == b"]" else _dictionary(closed))
        elif kind == "name":
            row.append(LIT(_decoded(text)))
        elif kind == "hexadecimal":
            row.append(_bytes(text))
        elif kind == "escaped":
            row.append(_ESCAPE.sub(_character, text))
        else:
            raise _Unusual
    if outer:
        raise _Unusual
    return row


def _number(text: bytes) -> int | float:
    try:
        return float(text) if b"." in text else int(text)
    except ValueError:  # too many digits
        raise _Unusual from None


def _decoded(name: bytes) -> str | bytes:
    try:
        return name.decode()
    except UnicodeDecodeError:
        return name


def _bytes(hexadecimal: bytes) -> bytes:
    """A lone last digit counts as it stands."""
    digits = b"".join(hexadecimal.split()).decode()
    paired = len(digits) // 2 * 2
    return bytes.fromhex(digits[:paired]) + bytes(int(digit, 16) for digit in digits[paired:])


def _character(escape: re.Match[bytes]) -> bytes:
    if not escape[1][:1].isdigit() or escape[1] in (b"8", b"9"):
        return _ESCAPED.get(escape[1], b"")
    code = int(escape[1], 8)
    if code > 255:
        raise _Unusual
    return bytes((code,))


def _dictionary(members: list[Any]) -> dict[str, Any]:
    if len(members) % 2:
        raise _Unusual
    return {literal_name(name): value for name, value in zip(members[::2], members[1::2], strict=True)}

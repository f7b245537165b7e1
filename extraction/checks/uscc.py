"""Unified social credit code: check character (GB 32100-2015) and organisation code check (GB 11714).

Never the last word: genuine numbers that fail exist, so a failure is a warning. Repairs follow the domain's safe rules.
"""

from __future__ import annotations

import re

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  #: no I O S V Z
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_SHAPE = re.compile(f"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}")

_IMPOSSIBLE = str.maketrans({"I": "1", "O": "0", "Z": "2", "S": "5"})  # V has no certain twin: re-read
_CONFUSED = ("0DQ", "1L7", "83B", "5S", "6G", "9GQ", "4A")


def valid(code: str) -> bool:
    """Shape and check character."""
    if not _SHAPE.fullmatch(code):
        return False
    total = sum(ALPHABET.index(char) * weight for char, weight in zip(code, _WEIGHTS, strict=False))
    return ALPHABET[-total % 31] == code[17]


def org_check_valid(code: str) -> bool:
    """Check character of the organisation code, which is digits 9–17 of the credit code."""
    if not _SHAPE.fullmatch(code):
        return False
    total = sum(int(char, 36) * weight for char, weight in zip(code[8:16], _ORG_WEIGHTS, strict=True))
    return {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11)) == code[16]


def repair(raw: str) -> tuple[str, ...]:
    """Codes that `raw` may be a misreading of. One candidate may be taken; two or more are only suggestions.

    Letters that no code has are mapped, then at most one confusable character is replaced; a candidate passes both
    checks. A code that passes both as it stands is its own only candidate.
    """
    mapped = re.sub(r"\s", "", raw).upper().translate(_IMPOSSIBLE)
    if len(mapped) != 18:
        return ()
    if _passes(mapped):
        return (mapped,)
    found = {
        candidate
        for position, char in enumerate(mapped)
        for group in _CONFUSED
        if char in group
        for other in group
        if other != char and _passes(candidate := mapped[:position] + other + mapped[position + 1 :])
    }
    return tuple(sorted(found))


def _passes(code: str) -> bool:
    return valid(code) and org_check_valid(code)

"""How far apart two numbers are when a camera or a tired hand stood between them.

Source: the domain's list of OCR confusions, reduced to pairs of digits, and the usual slips of typing.
Says how alike, never which is right: a number has no check digit beyond its year and area.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

from rapidfuzz.distance import Hamming

#: pairs that recognition takes for one another
CONFUSABLE = frozenset(
    frozenset(pair) for pair in ("08", "06", "09", "17", "14", "27", "38", "35", "56", "58", "68", "49", "89", "12")
)
DIGITS = "0123456789"


class Distance(IntEnum):
    """Kinds of slip, the likelier first."""

    SAME = 0
    CONFUSED = 1  #: one digit, a pair that is often confused
    TRANSPOSED = 2  #: two neighbours exchanged
    ONE_WRONG = 3
    ONE_MISSING = 4  #: one digit more or less
    TWO_CONFUSED = 5
    TWO_WRONG = 6
    FAR = 9


def compare(one: str, other: str) -> Distance:
    """The slip that would turn one number into the other."""
    if one == other:
        return Distance.SAME
    if abs(len(one) - len(other)) == 1:
        longer, shorter = (one, other) if len(one) > len(other) else (other, one)
        dropped = any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))
        return Distance.ONE_MISSING if dropped else Distance.FAR
    if len(one) != len(other):
        return Distance.FAR
    if Hamming.distance(one, other) > 2:  # most pairs: not worth a look at each digit
        return Distance.FAR
    wrong = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    confused = all(frozenset((one[i], other[i])) in CONFUSABLE for i in wrong)
    if len(wrong) == 1:
        return Distance.CONFUSED if confused else Distance.ONE_WRONG
    if len(wrong) == 2:
        first, second = wrong
        if second == first + 1 and one[first] == other[second] and one[second] == other[first]:
            return Distance.TRANSPOSED
        return Distance.TWO_CONFUSED if confused else Distance.TWO_WRONG
    return Distance.FAR


def slips(number: str, start: int = 0) -> Iterator[str]:
    """Every number within one slip at or behind the place `start`: two hundred or so for all, looked up by key."""
    length = len(number)
    if not (number.isascii() and number.isdigit()):
        return
    for i in range(start, length):
        for digit in DIGITS:
            if digit != number[i]:
                yield number[:i] + digit + number[i + 1 :]
    for i in range(max(start - 1, 0), length - 1):
        if number[i] != number[i + 1]:
            yield number[:i] + number[i + 1] + number[i] + number[i + 2 :]
    if length in (7, 19):
        for i in range(start, length + 1):
            for digit in DIGITS:
                yield number[:i] + digit + number[i:]
    if length in (9, 21):
        for i in range(start, length):
            yield number[:i] + number[i + 1 :]


def neighbours(one: str, other: str, within: int = 50) -> bool:
    """Close in sequence, as the invoices of one booklet or one morning are: two invoices rather than a slip."""
    if len(one) != len(other) or not (one.isdigit() and other.isdigit()):
        return False
    return 0 < abs(int(one) - int(other)) <= within

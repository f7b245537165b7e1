"""Any part of an invoice number, also with one digit wrong, missing or too many: numbers as columns of bytes.

A million numbers are twenty arrays of a million bytes, each holding a digit and the one after it; comparing one such
array takes some 50 µs, so that no index has to be kept in step with the ledger. Rows are positions here.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

WIDTH = 20  #: digits of a 数电发票 number; also 12 of a code and 8 of a number
LEAST_FOR_SLIP = 6  #: shorter parts with a wrong digit fit too many numbers to be of use
DENSE = 6  #: digits of a part that may fit so many rows that all are looked at throughout
LAST = 4  #: digits by which the rows for a longer part are sifted first
_BLANK, _OTHER = 10, 11  #: beside the ten digits, in four bits
_CODES = np.full(256, _OTHER, dtype=np.uint8)
_CODES[0] = _BLANK
_CODES[48:58] = np.arange(10)

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]
_NONE: Rows = np.empty(0, dtype=np.int64)


class Digits:
    """Numbers of up to 20 digits, one a row, written from the left; a blank one never matches."""

    def __init__(self) -> None:
        self._pairs: NDArray[np.uint8] = np.empty((WIDTH, 0), dtype=np.uint8)
        self.size = 0

    def append(self, numbers: Sequence[str]) -> None:
        if not numbers:
            return
        packed = np.array([number.encode("ascii", "replace")[:WIDTH] for number in numbers], dtype=f"S{WIDTH}")
        digits = _CODES[packed.view(np.uint8).reshape(len(numbers), WIDTH).T]
        following = np.vstack((digits[1:], np.full((1, len(numbers)), _BLANK, dtype=np.uint8)))
        needed = self.size + len(numbers)
        if needed > self._pairs.shape[1]:
            grown = np.empty((WIDTH, needed + needed // 4), dtype=np.uint8)
            grown[:, : self.size] = self._pairs[:, : self.size]
            self._pairs = grown
        self._pairs[:, self.size : needed] = digits << 4 | following
        self.size = needed

    def containing(self, part: str) -> Mask:
        """Which rows hold `part`, at any place."""
        wanted = _coded(part)
        found = np.zeros(self.size, dtype=np.bool_)
        for place in range(WIDTH - len(wanted) + 1):
            if 2 <= len(wanted) <= DENSE:
                found |= self._ending_at(wanted, place + len(wanted))
            else:
                found[self._at(wanted, place)] = True
        return found

    def nearly_containing(self, part: str) -> Rows:
        """Rows that hold `part` but for one digit: another, one more or one less. One half of it must be intact."""
        wanted = _coded(part)
        length = len(wanted)
        if not LEAST_FOR_SLIP <= length <= WIDTH + 1:
            return _NONE
        half = (length + 1) // 2
        found = []
        for place in range(WIDTH - length + 2):
            found.append(self._going_on(self._at(wanted[:half], place), wanted[half:], place + half, 1))
        for last in range(length - 2, WIDTH):  # the second half is intact; read backwards from there
            begin = last - (length - half) + 1
            if begin >= 0:
                found.append(self._going_on(self._at(wanted[half:], begin), wanted[:half][::-1], begin - 1, -1))
        return _union(found)

    def _at(self, wanted: Sequence[int], place: int) -> Rows:
        """Rows that have `wanted` from `place` on. All are looked at for the last four digits, which tell most
        (numbers begin with year and place), then only what is left."""
        end = place + len(wanted)
        if not self.size or end > WIDTH or len(wanted) < 2:
            return _NONE
        rows = rows_of(self._ending_at(wanted[-LAST:], end))
        at = len(wanted) - LAST
        while at > 0 and len(rows):
            at = max(at - 2, 0)
            rows = rows[self._pairs[place + at][rows] == (wanted[at] << 4 | wanted[at + 1])]
        return rows

    def _ending_at(self, wanted: Sequence[int], end: int) -> Mask:
        """Which rows have these digits, two or more, before `end`."""
        begin = end - len(wanted)
        kept: Mask = self._pairs[end - 2, : self.size] == (wanted[-2] << 4 | wanted[-1])
        for at in range(0, len(wanted) - 2, 2):
            kept &= self._pairs[begin + at, : self.size] == (wanted[at] << 4 | wanted[at + 1])
        return kept

    def _going_on(self, rows: Rows, rest: Sequence[int], place: int, step: int) -> Rows:
        """Those of `rows` that go on from `place` with `rest` but for one digit, forwards or backwards.

        The slip stands where the two first part; from there the stored number may be shifted by one.
        """
        exact, slipped = rows, {0: _NONE, step: _NONE, -step: _NONE}
        for at, digit in enumerate(rest):
            here = place + at * step
            for shift, those in slipped.items():
                slipped[shift] = those[self._is(those, here + shift, digit)]
            same = self._is(exact, here, digit)
            parted, exact = exact[~same], exact[same]
            if len(parted):
                longer = parted[self._is(parted, here + step, digit)]  # the number has a digit more
                slipped[0] = np.concatenate((slipped[0], parted))
                slipped[step] = np.concatenate((slipped[step], longer))
                slipped[-step] = np.concatenate((slipped[-step], parted))  # the part has a digit more
        return np.concatenate(list(slipped.values()))

    def _is(self, rows: Rows, place: int, digit: int) -> NDArray[np.bool_]:
        if not len(rows) or not 0 <= place < WIDTH:
            return np.zeros(len(rows), dtype=np.bool_)
        same: NDArray[np.bool_] = self._pairs[place][rows] >> 4 == digit
        return same


def rows_of(mask: NDArray[np.bool_]) -> Rows:
    """`flatnonzero`, four times as fast where little is true: eight rows at a time."""
    if np.count_nonzero(mask) * 32 > len(mask):
        return np.flatnonzero(mask)
    whole = len(mask) // 8 * 8
    eights = np.flatnonzero(mask[:whole].view(np.uint64))
    at, within = np.nonzero(mask[:whole].reshape(-1, 8)[eights])
    rows = eights[at] * 8 + within
    return rows if whole == len(mask) else np.concatenate((rows, whole + np.flatnonzero(mask[whole:])))


def _coded(part: str) -> list[int]:
    return [int(_CODES[byte]) for byte in part.encode("ascii", "replace")]


def _union(found: list[Rows]) -> Rows:
    kept = [rows for rows in found if len(rows)]
    return np.concatenate(kept) if kept else _NONE

"""Distinct texts in one buffer: which of them hold a word. For names of companies, and for what stands on invoices.

Texts are only ever added, so that their numbers stay good; the buffer is UTF-8, in which a match cannot begin inside
a character.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator

END = b"\n"


class Words:
    """Texts by number. Equal texts given with the same number or with another are kept as they come."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._starts = array("q")
        self._numbers = array("q")

    def __len__(self) -> int:
        return len(self._starts)

    def add(self, number: int, text: str) -> None:
        self._starts.append(len(self._buffer))
        self._numbers.append(number)
        self._buffer += text.replace("\n", " ").encode("utf-8", "replace") + END

    def containing(self, part: str) -> set[int]:
        """Numbers of the texts that hold `part`."""
        wanted = part.encode("utf-8", "replace")
        found: set[int] = set()
        if not wanted or END in wanted:
            return found
        place = self._buffer.find(wanted)
        while place >= 0:
            at = bisect_right(self._starts, place) - 1
            found.add(self._numbers[at])
            after = self._starts[at + 1] if at + 1 < len(self._starts) else len(self._buffer)
            place = self._buffer.find(wanted, after)
        return found

    def texts(self, numbers: Iterable[int]) -> Iterator[tuple[int, str]]:
        """The texts whose numbers count up from 0 with their places, as `add(len(words), …)` makes them."""
        for number in numbers:
            begin = self._starts[number]
            end = self._starts[number + 1] if number + 1 < len(self._starts) else len(self._buffer)
            yield number, bytes(self._buffer[begin : end - 1]).decode()

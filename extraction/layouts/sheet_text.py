"""The text of all rows of a sheet in one piece, so that a label is looked for once on a sheet and not in each row.

Says where a pattern may be, never where it is: a row left out holds no match, a row given may hold none.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

#: of a row: its text with its gaps, the glyph of each of its characters, and where each glyph begins
Searchable = tuple[str, list[int | None], list[int]]
_ROW_END = "\n"
#: what matches at the ends of a row alone, and not beside the row after it
_ANCHORS = re.compile(r"\\[AZ]|\$|(?<!\[)\^")


class SheetText:
    def __init__(self, rows: Sequence[Searchable]) -> None:
        self.rows = rows
        self._text = _ROW_END.join(text for text, _, _ in rows)
        self._starts = [0, *accumulate(len(text) + len(_ROW_END) for text, _, _ in rows)]
        self._everywhere = frozenset(range(len(rows)))
        self._known: dict[tuple[str, int], frozenset[int]] = {}  # by text and flags: a pattern's own hash takes longer

    def rows_with(self, pattern: re.Pattern[str]) -> frozenset[int]:
        """Numbers of the rows in which a match of `pattern` may begin."""
        name = pattern.pattern, pattern.flags
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._everywhere if _ANCHORS.search(pattern.pattern) else self._search(pattern)
        return known

    def _search(self, pattern: re.Pattern[str]) -> frozenset[int]:
        """A match may run on into the next row, which is looked at all the same: the search goes on at its start."""
        found: set[int] = set()
        row = 0
        while row < len(self.rows) and (match := pattern.search(self._text, self._starts[row])):
            row = bisect_right(self._starts, match.start()) - 1
            found.add(row)
            row += 1
        return frozenset(found)


class Place(NamedTuple):
    """Of a row, among those of its sheet."""

    text: SheetText
    number: int

    @property
    def searchable(self) -> Searchable:
        return self.text.rows[self.number]

    def may_hold(self, pattern: re.Pattern[str]) -> bool:
        return self.number in self.text.rows_with(pattern)

"""Rows of a table file, some hundred at a time, as columns: reading a column in one go is many times faster."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

Row = list[Any]
MOST_ROWS = 2000  #: of one batch
MOST_COLUMNS = 512  #: of a sheet; what stands further right is not read
MOST_ROW_NUMBER = 1_048_576  #: of a spreadsheet


@dataclass(frozen=True, slots=True)
class Batch:
    """`columns` are all as long as `numbers`; a cell that is not there is `""`."""

    numbers: list[int]  #: 1-based row numbers
    columns: list[list[Any]]

    def below(self, header_row: int) -> Batch:
        """Without the rows up to the header."""
        skipped = sum(number <= header_row for number in self.numbers) if self.numbers[:1] <= [header_row] else 0
        return Batch(self.numbers[skipped:], [column[skipped:] for column in self.columns]) if skipped else self

    def row(self, at: int) -> Row:
        return [column[at] for column in self.columns]

    def rows(self) -> Iterator[tuple[int, Row]]:
        if not self.columns:
            return ((number, []) for number in self.numbers)
        return zip(self.numbers, map(list, zip(*self.columns, strict=True)), strict=True)


def batches_of(rows: Iterable[Row]) -> Iterator[Batch]:
    """Batches of rows that are numbered from 1."""
    numbered = iter(rows)
    first = 1
    while part := list(itertools.islice(numbered, MOST_ROWS)):
        columns = [
            list(column) for column in itertools.zip_longest(*(row[:MOST_COLUMNS] for row in part), fillvalue="")
        ]
        yield Batch(list(range(first, first + len(part))), columns)
        first += len(part)


def rows_of(batches: Iterable[Batch]) -> Iterator[Row]:
    """Rows from row 1 on, empty where the sheet has none."""
    expected = 1
    for batch in batches:
        for number, row in batch.rows():
            if number > MOST_ROW_NUMBER:
                return
            yield from ([] for _ in range(expected, number))
            yield row
            expected = max(expected, number) + 1

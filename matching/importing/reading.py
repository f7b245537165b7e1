"""A sheet of invoices, read batch by batch: the same in this process and in the one that reads the file.

Whatever reading finds goes with its batch: rows, problems, coverage. Touches no database.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from matching.importing.batch import Batch, Row
from matching.importing.coverage import Coverage
from matching.importing.headers import Layout
from matching.importing.plain_rows import PlainRows, ReadRows
from matching.importing.rows import Problems, RowReader
from matching.importing.tables import Sheet


class Cells:
    """A batch as it stood in the file. Travels packed, and is unpacked only where a row is to be shown to a person."""

    def __init__(self, held: Batch | bytes) -> None:
        self.held = held

    def row(self, number: int) -> Row:
        """By its number in the sheet."""
        if isinstance(self.held, bytes):
            self.held = pickle.loads(self.held)  # noqa: S301 — packed below
        assert isinstance(self.held, Batch)
        return self.held.row(self.held.numbers.index(number))

    def __reduce__(self) -> tuple[type[Cells], tuple[bytes]]:
        held = self.held if isinstance(self.held, bytes) else pickle.dumps(self.held, pickle.HIGHEST_PROTOCOL)
        return Cells, (held,)


@dataclass(frozen=True, slots=True)
class ReadBatch:
    """What the rows of one batch came to."""

    below_header: int  #: rows, blank ones too
    rows: ReadRows
    problems: Problems
    rejected: int
    coverage: Coverage
    cells: Cells


@dataclass(frozen=True, slots=True)
class Task:
    """What must be known to read a sheet's rows."""

    sheet: str
    layout: Layout
    coverage: Coverage  #: of nothing yet
    problems: Problems  #: none yet, with room for as many as may be listed


def read_sheet(sheet: Sheet, layout: Layout, coverage: Coverage, problems: Problems) -> Iterator[ReadBatch]:
    """The invoices of a sheet; `coverage` and `problems` stay as they are."""
    task = Task(sheet.name, layout.bare(), coverage.nothing_yet(), problems.part())
    return sheet.read_apart(task) if sheet.read_apart else read_batches(task, sheet.batches())


def read_batches(task: Task, batches: Iterable[Batch]) -> Iterator[ReadBatch]:
    reader = RowReader(task.layout, task.sheet, task.problems)
    plain = PlainRows(task.layout, reader)
    for batch in task.layout.below_header(batches):
        reader.problems = task.problems.part()
        coverage = task.coverage.nothing_yet()
        rejected = reader.rejected
        rows = plain.read(batch, coverage)
        task.problems.take(reader.problems)
        rejected = reader.rejected - rejected
        yield ReadBatch(len(batch.numbers), rows, reader.problems, rejected, coverage, Cells(batch))

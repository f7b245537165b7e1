"""The process that reads a large table file: answers `apart` until nobody asks any more. Knows no database.

python -m matching.importing.reading_process FILE
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from matching.importing.apart import BEGIN, ROWS, SHEET
from matching.importing.batch import Batch
from matching.importing.formats import sheet_order
from matching.importing.reading import read_batches
from matching.importing.tables import Sheet, sheets
from models.errors import RecordsError


def serve(found: Iterator[Sheet], requests: IO[bytes], answers: IO[bytes]) -> None:
    """What refuses the file is an answer too."""
    begin: Callable[[], Iterator[Batch]] = iter(()).__iter__
    batches: Iterator[object] = iter(())
    while request := requests.read(1):
        answer: object
        try:
            if request == SHEET:
                sheet = next(found, None)
                answer, begin = (sheet.name, sheet.batches) if sheet else (None, begin)
            else:
                if request == BEGIN:
                    batches = begin()
                elif request == ROWS:
                    batches = read_batches(pickle.load(requests), begin())  # noqa: S301 — from whoever started this
                answer = next(batches, None)
        except RecordsError as error:
            answer = error
        pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()


if __name__ == "__main__":
    serve(sheets(Path(sys.argv[1]), sheet_order), sys.stdin.buffer, sys.stdout.buffer)

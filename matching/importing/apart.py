"""Reads a large table file in a process of its own, so that reading it and storing it run side by side.

That process takes the file apart and reads the cells of its invoices. It knows the file and nothing of the database,
and ends when whoever asked for it does. Batches come through a pipe, one or two ahead, so that neither side holds more
than some thousand rows. A file that it refuses is refused in the same words; where it dies, the import ends with
`import_interrupted` and, being one transaction, leaves nothing.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import IO, Any, cast

from matching.importing.formats import sheet_order
from matching.importing.reading import ReadBatch, Task
from matching.importing.tables import Sheet, sheets
from models.errors import RecordsError

#: what is asked for: the next sheet's name; its batches from the first on; the same, its cells read (with a `Task`);
#: the next batch of either
SHEET, BEGIN, ROWS, NEXT = b"s", b"b", b"r", b"n"
LARGE = 8 * 1024**2  #: bytes of a file from which a second process is worth its start
AHEAD = 2  #: batches that are asked for before they are needed
READ = 1024**2
PIPE = 1024**2  #: bytes that may lie ready between the processes


@contextmanager
def opened(source: bytes | Path | Sequence[Sheet]) -> Iterator[Iterator[Sheet]]:
    """The sheets of a file, invoices first. Each is to be read before the next, within the block."""
    if isinstance(source, Path) and source.stat().st_size >= LARGE:
        with _Reader(source) as reader:
            yield reader.sheets()
    else:
        with closing(sheets(source, sheet_order)) as found:
            yield found


class _Reader:
    """The process, as seen by whoever asks."""

    def __init__(self, path: Path) -> None:
        places = os.pathsep.join(place or str(Path.cwd()) for place in sys.path)
        self.process = subprocess.Popen(  # noqa: S603 — our own program
            [sys.executable, "-P", "-m", "matching.importing.reading_process", str(path.absolute())],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, pipesize=PIPE, process_group=0,
            env=os.environ | {"PYTHONPATH": places},
        )  # fmt: skip
        self.requests = cast(IO[bytes], self.process.stdin)
        self.answers = BufferedReader(cast(Any, self.process.stdout), READ)
        self.owed = 0  #: answers that are still to come

    def __enter__(self) -> _Reader:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.process.kill()
        self.process.wait()
        self.requests.close()
        self.answers.close()

    def sheets(self) -> Iterator[Sheet]:
        while (name := self._answer_to(SHEET)) is not None:
            yield Sheet.of_batches(name, partial(self._batches, BEGIN), self._read)

    def _read(self, task: Task) -> Iterator[ReadBatch]:
        return self._batches(ROWS + pickle.dumps(task, pickle.HIGHEST_PROTOCOL))

    def _batches(self, begin: bytes) -> Iterator[Any]:
        batch = self._answer_to(begin)
        if batch is None:
            return
        yield batch  # alone: whoever looks for headers needs no more
        self._ask(NEXT, AHEAD)
        while (batch := self._answer()) is not None:
            self._ask(NEXT, AHEAD - self.owed)
            yield batch

    def _answer_to(self, request: bytes) -> Any:
        while self.owed:
            self._answer()  # to a question that nobody waits for any more
        self._ask(request)
        return self._answer()

    def _ask(self, request: bytes, times: int = 1) -> None:
        left = request * times
        try:
            while left:
                left = left[self.requests.write(left) :]
        except BrokenPipeError:
            raise self._died() from None
        self.owed += times

    def _answer(self) -> Any:
        try:
            answer = pickle.load(self.answers)  # noqa: S301 — from our own process
        except (EOFError, pickle.UnpicklingError):
            raise self._died() from None
        self.owed -= 1
        if isinstance(answer, RecordsError):
            raise answer
        return answer

    def _died(self) -> RecordsError:
        status = self.process.wait()
        how = signal.Signals(-status).name if status < 0 else str(status)
        return RecordsError("import_interrupted", what=f"reading process: {how}")

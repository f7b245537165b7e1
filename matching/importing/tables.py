"""Bytes of a table file → sheets of raw cells. Knows xlsx, xls and delimited text; knows nothing of invoices.

Text is UTF-8 (with or without mark), UTF-16 with mark, or GB18030. Type is told by content, never by the file's name.
xlsx and text are read as a stream, so that memory does not grow with the rows. An xlsx file that is out of the
ordinary, and the old xls, go through calamine, which holds one sheet at a time.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

import python_calamine

from matching.importing.batch import Batch, Row, batches_of, rows_of
from matching.importing.sheet_xml import SheetXml, sheet_head
from matching.importing.workbook import UnusualWorkbook, Workbook
from models.errors import RecordsError

if TYPE_CHECKING:
    from matching.importing.reading import ReadBatch, Task

_CALAMINE_ERRORS = (
    python_calamine.CalamineError,
    python_calamine.PasswordError,
    python_calamine.XmlError,
    python_calamine.ZipError,
)
READ = 1024**2
__all__ = ["Row", "Sheet", "sheets"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A named table. `rows()` and `batches()` start afresh, at row 1 of the sheet, at each call."""

    name: str
    rows: Callable[[], Iterator[Row]]
    streamed: Callable[[], Iterator[Batch]] | None = None  #: where rows come in batches
    read_apart: Callable[[Task], Iterator[ReadBatch]] | None = None  #: where another process can read the invoices

    def batches(self) -> Iterator[Batch]:
        return self.streamed() if self.streamed else batches_of(self.rows())

    @classmethod
    def of_batches(
        cls,
        name: str,
        batches: Callable[[], Iterator[Batch]],
        read_apart: Callable[[Task], Iterator[ReadBatch]] | None = None,
    ) -> Sheet:
        return cls(name, lambda: rows_of(batches()), batches, read_apart)


def sheets(
    source: bytes | Path | Sequence[Sheet], order: Callable[[str], int] = lambda _name: 0
) -> Generator[Sheet, None, None]:
    """One sheet at a time, to be read before the next; `order` ranks the names, equal ranks as in the file."""
    if not isinstance(source, bytes | Path):
        yield from sorted(source, key=lambda sheet: order(sheet.name))
        return
    with _open(source) as file:
        head = file.read(8)
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        yield from _workbook(source, order, packed=head.startswith(b"PK"))
    else:
        yield _delimited(source)


def _open(source: bytes | Path) -> IO[bytes]:
    return io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def _workbook(source: bytes | Path, order: Callable[[str], int], *, packed: bool) -> Iterator[Sheet]:
    try:
        workbook = _usual(source) if packed else None
        if workbook is None:
            yield from _held(source, order)
            return
        with closing(workbook):
            for name in sorted(workbook.sheets, key=order):
                yield Sheet.of_batches(name, partial(_streamed, workbook, workbook.sheets[name]))
    except (*_CALAMINE_ERRORS, zipfile.BadZipFile) as error:
        raise RecordsError("records_damaged") from error


def _usual(source: bytes | Path) -> Workbook | None:
    """The workbook, if it can be read as a stream."""
    try:
        workbook = Workbook(source)
    except UnusualWorkbook:
        return None
    try:
        for path in workbook.sheets.values():
            with workbook.open(path) as part:
                sheet_head(part)
        workbook.read_strings()
    except UnusualWorkbook:
        workbook.close()
        return None
    return workbook


def _streamed(workbook: Workbook, path: str) -> Iterator[Batch]:
    try:
        with workbook.open(path) as part:
            yield from SheetXml(workbook.strings, workbook.styles).batches(part)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise RecordsError("records_damaged") from error


def _held(source: bytes | Path, order: Callable[[str], int]) -> Iterator[Sheet]:
    workbook = python_calamine.load_workbook(io.BytesIO(source) if isinstance(source, bytes) else source)
    for name in sorted(workbook.sheet_names, key=order):
        yield Sheet(name, workbook.get_sheet_by_name(name).iter_rows)


def _delimited(source: bytes | Path) -> Sheet:
    encoding = _encoding(source)
    with _text(source, encoding) as text:
        head = text.read(8192)
    if head.lstrip()[:1] == "<":  # an HTML page saved under a table's name
        raise RecordsError("records_damaged")
    delimiter = max(",\t;|", key=head.count)

    def rows() -> Iterator[Row]:
        try:
            with _text(source, encoding) as text:
                yield from csv.reader(text, delimiter=delimiter)
        except csv.Error as error:
            raise RecordsError("records_damaged") from error

    return Sheet("", rows)


def _text(source: bytes | Path, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(_open(source), encoding=encoding, newline="")


def _encoding(source: bytes | Path) -> str:
    with _open(source) as file:
        marked = file.read(2) in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            with _text(source, encoding) as text:
                while part := text.read(READ):
                    if "\x00" in part:
                        break
                else:
                    return encoding
        except UnicodeDecodeError:
            continue
    raise RecordsError("records_damaged")

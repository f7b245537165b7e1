"""Bytes of a table file → sheets of raw cells. Knows xlsx, xls and delimited text; knows nothing of invoices.

Text is UTF-8 (with or without mark), UTF-16 with mark, or GB18030. Type is told by content, never by the file's name.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import python_calamine

from models.errors import RecordsError

Row = list[Any]
_CALAMINE_ERRORS = (
    python_calamine.CalamineError,
    python_calamine.PasswordError,
    python_calamine.XmlError,
    python_calamine.ZipError,
)
MAX_UNPACKED = 2 * 1024**3  #: an export of a million rows unpacks to about 1 GiB


@dataclass(frozen=True, slots=True)
class Sheet:
    """A named table. `rows()` starts afresh, at row 1 of the sheet, at each call."""

    name: str
    rows: Callable[[], Iterator[Row]]


def sheets(source: bytes | Path, order: Callable[[str], int] = lambda _name: 0) -> Iterator[Sheet]:
    """One sheet at a time, so that only one is in memory; `order` ranks the names, equal ranks as in the file."""
    data = source if isinstance(source, bytes) else source.read_bytes()
    if not data.strip():
        raise RecordsError("records_empty")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        yield from _workbook(data, order)
    else:
        yield _delimited(data)


def _workbook(data: bytes, order: Callable[[str], int]) -> Iterator[Sheet]:
    try:
        if data.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                if sum(member.file_size for member in packed.infolist()) > MAX_UNPACKED:
                    raise RecordsError("unpacked_too_large", limit="2 GiB")
        workbook = python_calamine.load_workbook(io.BytesIO(data))
        for name in sorted(workbook.sheet_names, key=order):
            yield Sheet(name, workbook.get_sheet_by_name(name).iter_rows)
    except (*_CALAMINE_ERRORS, zipfile.BadZipFile) as error:
        raise RecordsError("records_damaged") from error


def _delimited(data: bytes) -> Sheet:
    text = _decode(data)
    if text.lstrip()[:1] == "<":  # an HTML page saved under a table's name
        raise RecordsError("records_damaged")
    head = text[:8192]
    delimiter = max(",\t;|", key=head.count)

    def rows() -> Iterator[Row]:
        try:
            yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        except csv.Error as error:
            raise RecordsError("records_damaged") from error

    return Sheet("", rows)


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise RecordsError("records_damaged")

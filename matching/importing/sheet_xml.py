"""Reads a worksheet's XML as a stream of batches. ECMA-376 part 1, 18.3.1.

A program writes all rows of a sheet alike, so the form of each column's cells is learned from the rows themselves and
whole rows are then taken apart by one expression that fits them exactly from end to end. A row that it does not fit
is learned from or, if it is out of the ordinary, read by an XML parser; nothing is ever skipped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import IO, Any

from lxml import etree

from matching.importing.batch import MOST_COLUMNS, MOST_ROWS, Batch
from matching.importing.workbook import SharedStrings, Styles, UnusualWorkbook, is_utf8, rich_text
from matching.importing.xml_text import decoded, plain, small_part
from models.errors import RecordsError

READ = 1024**2
MOST_HEAD = 4 * READ  #: what may stand before the first row
MOST_ROW = 16 * READ  #: XML of one row
MOST_FORMS = 300
SAMPLE = 20  #: rows learned from at a time
_CELL = re.compile(
    r'<c r="([A-Z]{1,3})(\d+)"((?: [a-z]+="[^"<>]*")*)'
    r'(?:/>|>(<v>|<is><t>|<is><t xml:space="preserve">)([^<]*)(</v>|</t></is>)</c>|></c>)'
)
_ROW = re.compile(r'\s*<row r="(\d+)"(?: [^<>/]*)?>')
_ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')
_CLOSING = {"<v>": "</v>", "<is><t>": "</t></is>", '<is><t xml:space="preserve">': "</t></is>"}
#: an underscore within a number would be read by Python and by nobody else
_VALUES = {
    "": "(?:/>|></c>)",
    "<v>": "><v>([^<_]*)</v></c>",
    **{opening: f">{opening}([^<]*){_CLOSING[opening]}</c>" for opening in _CLOSING if opening != "<v>"},
}
Value = Callable[[str], Any]
Form = tuple[str, str]  #: attributes as written, opening tags of the value ("" for an empty cell)


@cache
def column_index(letters: str) -> int:
    """`A` → 0, `AB` → 27."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


class SheetXml:
    """One worksheet part. `batches` may be called once a stream."""

    def __init__(self, strings: SharedStrings, styles: Styles) -> None:
        self.strings = strings
        self.styles = styles
        self.forms: dict[str, list[Form]] = {}  #: by the column's letters
        self.pattern = _ROW
        self.learned = 0
        self.wrapper = b""

    def batches(self, stream: IO[bytes]) -> Iterator[Batch]:
        last = 0
        for text in self._row_texts(stream):
            for at in range(0, len(text), MOST_ROWS):
                batch = self._batch(text[at : at + MOST_ROWS], last)
                if batch.numbers:
                    last = batch.numbers[-1]
                    yield batch

    def _row_texts(self, stream: IO[bytes]) -> Iterator[list[str]]:
        """Rows as XML, each without its closing tag."""
        self.wrapper, left = sheet_head(stream)
        while True:
            whole, closing, left = left.rpartition(b"</row>")
            if len(left) > MOST_ROW:
                raise RecordsError("unpacked_too_large", limit="16 MiB")
            if closing:
                yield decoded(whole).split("</row>")
            if b"</sheetData>" in left:
                break
            more = stream.read(READ)
            if not more:
                raise RecordsError("records_damaged")
            left += more
        rest = left.partition(b"</sheetData>")[0].strip()
        if rest and not re.fullmatch(rb"(?:<row [^<>]*/>\s*)+", rest):  # empty rows at the end
            raise RecordsError("records_damaged")

    def _batch(self, rows: list[str], last: int) -> Batch:
        found = list(map(self.pattern.fullmatch, rows))
        while None in found and self._learn(
            [r for r, match in zip(rows, found, strict=True) if match is None][:SAMPLE]
        ):
            found = list(map(self.pattern.fullmatch, rows))
        taken = [match.groups() for match in found if match is not None]
        numbers, columns = self._converted(taken)
        odd = [(at, row) for at, (row, match) in enumerate(zip(rows, found, strict=True)) if match is None]
        if odd:
            self._put_in(odd, numbers, columns, last)
        return Batch(numbers, columns)

    def _converted(self, taken: list[tuple[Any, ...]]) -> tuple[list[int], list[list[Any]]]:
        width = max(map(column_index, self.forms), default=-1) + 1
        columns: list[list[Any]] = [[""] * len(taken) for _ in range(width)]
        if not taken:
            return [], columns
        first, *groups = zip(*taken, strict=True)
        at = 0
        for letters, forms in self._ordered():
            column: list[Any] | None = None
            for attributes, opening in forms:
                if not opening:
                    continue
                present, at = groups[at], at + 1
                if present.count(None) == len(present):
                    continue
                values = self._values(attributes, present)
                column = (
                    values
                    if column is None
                    else [
                        old if new is None else value for old, value, new in zip(column, values, present, strict=True)
                    ]
                )
            if column is not None:
                columns[column_index(letters)] = column
        return list(map(int, first)), columns

    def _values(self, attributes: str, raw: tuple[str | None, ...]) -> list[Any]:
        """The cells' values; `""` where there is none."""
        said = dict(_ATTRIBUTE.findall(attributes))
        if said.get("t") == "s":
            strings = self.strings
            return [strings[x] for x in raw]
        if said.get("t", "n") == "n" and said.get("s", "0") not in self.styles.dates:
            return _numbers(raw)
        value = self._value_of(said.get("t", "n"), said.get("s", "0"))
        return ["" if x is None else value(x) for x in raw]

    def _value_of(self, kind: str, style: str) -> Value:
        if kind in ("inlineStr", "str"):
            return plain
        if kind == "s":
            return self.strings.__getitem__
        if kind == "b":
            return lambda raw: raw == "1"
        if kind == "n" and style in self.styles.dates:
            return self._moment
        return _number if kind == "n" else plain

    def _moment(self, raw: str) -> Any:
        """What a cell shows that is formatted as a date; the serial number where it is none."""
        serial = _number(raw)
        if not isinstance(serial, float) or not 61 <= serial < 2_958_466:  # 1900-03-01 … 9999-12-31
            return serial
        shift = 1462 if self.styles.epoch_1904 else 0
        moment = datetime(1899, 12, 30) + timedelta(days=serial + shift)
        return moment.date() if serial.is_integer() else moment

    def _ordered(self) -> list[tuple[str, list[Form]]]:
        return sorted(self.forms.items(), key=lambda item: column_index(item[0]))

    def _learn(self, rows: list[str]) -> bool:
        """Add the forms of cells in rows that are written plainly; was there anything new?"""
        before = self.learned
        for row in rows:
            head = _ROW.match(row)
            cells = list(_CELL.finditer(row, head.end())) if head else []
            if not cells or sum(len(cell[0]) for cell in cells) != len(row) - (head.end() if head else 0):
                continue
            for cell in cells:
                letters, _row, attributes, opening, _text, closing = cell.groups()
                if opening and _CLOSING[opening] != closing:
                    break
                forms = self.forms.setdefault(letters, []) if column_index(letters) < MOST_COLUMNS else None
                form = (attributes, opening or "")
                if forms is not None and form not in forms and self.learned < MOST_FORMS:
                    forms.append(form)
                    self.learned += 1
        if self.learned == before:
            return False
        cells_ = "".join(_cell_pattern(letters, forms) for letters, forms in self._ordered())
        self.pattern = re.compile(_ROW.pattern + cells_)
        return True

    def _put_in(self, odd: list[tuple[int, str]], numbers: list[int], columns: list[list[Any]], last: int) -> None:
        """Rows out of the ordinary, into their places."""
        for at, text in odd:
            document = self.wrapper + text.encode() + b"</row></worksheet>"
            *_empty, row = small_part(document).iterchildren("{*}row")  # `<row/>`s have no closing tag to end a text
            numbers.insert(at, int(row.get("r") or (numbers[at - 1] if at else last) + 1))
            cells = self._cells(row)
            width = max(cells, default=-1) + 1
            columns += [[""] * (len(numbers) - 1) for _ in range(width - len(columns))]
            for index, column in enumerate(columns):
                column.insert(at, cells.get(index, ""))

    def _cells(self, row: etree._Element) -> dict[int, Any]:
        cells: dict[int, Any] = {}
        index = -1
        for cell in row.iterchildren("{*}c"):
            letters = re.match(r"[A-Z]{1,3}", cell.get("r") or "")
            index = column_index(letters[0]) if letters else index + 1
            if index >= MOST_COLUMNS:
                continue
            inline, value = cell.find("{*}is"), cell.find("{*}v")
            kind = cell.get("t") or "n"
            if inline is not None:
                cells[index] = rich_text(inline)
            elif value is not None and value.text:
                unescaped = kind in ("str", "inlineStr", "e", "d")  # by the parser, already
                read = str if unescaped else self._value_of(kind, cell.get("s") or "0")
                cells[index] = read(value.text)
        return cells


def sheet_head(stream: IO[bytes]) -> tuple[bytes, bytes]:
    """The root's opening tag, and what has been read from the first row on."""
    head = b""
    while b"<sheetData" not in head or b">" not in head.partition(b"<sheetData")[2]:
        more = stream.read(READ)
        head += more
        if not more or len(head) > MOST_HEAD:
            raise UnusualWorkbook
    before, _, after = head.partition(b"<sheetData")
    root = re.search(rb"<worksheet[^<>]*>", before)
    if root is None or b"<!DOCTYPE" in before or not is_utf8(before):
        raise UnusualWorkbook
    tag, _, rest = after.partition(b">")
    return root[0], b"</sheetData>" if tag.rstrip().endswith(b"/") else rest


def _cell_pattern(letters: str, forms: list[Form]) -> str:
    """One group for each form that has a value."""
    ends = (re.escape(attributes) + _VALUES[opening] for attributes, opening in forms)
    return rf'(?:<c r="{letters}\1"(?:{"|".join(ends)}))?'


def _numbers(raw: Sequence[str | None]) -> list[Any]:
    try:
        found: list[Any] = [float(x) if x else "" for x in raw]
    except ValueError:
        return ["" if x is None else _number(x) for x in raw]
    return found


def _number(raw: str) -> Any:
    try:
        return float(raw) if "_" not in raw else raw
    except ValueError:
        return raw

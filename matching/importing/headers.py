"""Finds the header row and says which column is which, by alias and never by position."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from matching.importing.batch import Batch, Row
from matching.importing.formats import FORMATS, Format
from matching.importing.tables import Sheet

SHOWN_HEADERS = 40
SEARCHED_ROWS = 30  #: titles and query conditions stand above the header
_UNIT = re.compile(r"\((?:元|人民币|rmb|cny|¥|%)\)$")


def fold_header(text: object) -> str:
    """`金 额*（元）` → `金额`."""
    folded = re.sub(r"[\s*＊:：]+", "", unicodedata.normalize("NFKC", str(text or ""))).casefold()
    return _UNIT.sub("", folded)


@cache
def _aliases(name: str) -> dict[str, tuple[str, ...]]:
    """Folded header → our columns that may bear it."""
    found: dict[str, list[str]] = {}
    columns = next(f for f in FORMATS if f.name == name).columns
    for column, headers in columns.items():
        for header in headers:
            found.setdefault(fold_header(header), []).append(column)
    return {header: tuple(columns) for header, columns in found.items()}


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet understood: its format, and where each of our columns stands."""

    format: Format
    header_row: int  #: 1-based
    columns: dict[str, int]
    headers: dict[str, str]  #: our column → the header as printed
    all_headers: tuple[str, ...] = ()  #: the whole header row, those unknown to us too

    @property
    def printed_headers(self) -> list[tuple[int, str]]:
        """Where each header stands, to show a row by; equal headers are numbered."""
        shown = self.all_headers[:SHOWN_HEADERS]
        return [
            (at, header if header not in shown[:at] else f"{header} ({at + 1})")
            for at, header in enumerate(shown)
            if header
        ] or [(at, self.headers[column]) for column, at in self.columns.items()]

    def bare(self) -> Layout:
        """Without what a subclass adds."""
        return Layout(self.format, self.header_row, self.columns, self.headers, self.all_headers)

    def below_header(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        """Every row below the header, blank ones too."""
        for batch in batches:
            below = batch.below(self.header_row)
            if below.numbers:
                yield below

    def data_batches(self, sheet: Sheet) -> Iterator[Batch]:
        rows = 0
        for batch in self.below_header(sheet.batches()):
            rows += len(batch.numbers)
            yield batch
        self.took(rows)

    def took(self, rows: int) -> None:
        """So many rows were taken from the sheet; for those who want to know."""

    def data_rows(self, sheet: Sheet) -> Iterator[tuple[int, Row]]:
        """(row number in the sheet, cells) of every row below the header that holds anything."""
        for batch in self.data_batches(sheet):
            for number, row in batch.rows():
                if any(cell not in ("", None) for cell in row):
                    yield number, row


def recognise(sheet: Sheet) -> Layout | None:
    """The best-fitting format at the best-fitting row, or None."""
    best: tuple[int, int, Layout] | None = None
    for number, row in enumerate(itertools.islice(sheet.rows(), SEARCHED_ROWS), 1):
        headers = [fold_header(cell) for cell in row]
        if len(set(headers) - {""}) < 2:
            continue
        for form in FORMATS:
            columns = _place(form, headers)
            if not all(any(name in columns for name in choice) for choice in form.marks):
                continue
            printed = {name: str(row[at]).strip() for name, at in columns.items()}
            rank = (len(columns) + int(form.authority), -number)
            if best is None or rank > best[:2]:
                best = (*rank, Layout(form, number, columns, printed, _shown(row)))
    return best[2] if best else None


def _shown(row: Row) -> tuple[str, ...]:
    return tuple(str("" if cell is None else cell).strip() for cell in row)


def _place(form: Format, headers: list[str]) -> dict[str, int]:
    aliases = _aliases(form.name)
    columns: dict[str, int] = {}
    for at, header in enumerate(headers):
        for column in aliases.get(header, ()):
            columns.setdefault(column, at)
    return columns


def likely_headers(sheet: Sheet) -> list[str]:
    """The fullest of the first rows, to show a person what was found instead of a header."""
    rows = list(itertools.islice(sheet.rows(), SEARCHED_ROWS))
    filled = [[str(c).strip()[:20] for c in row if str(c or "").strip()] for row in rows]
    return max(filled, key=len, default=[])[:12]

"""Reads the rows of a batch column by column, as long as their cells are what the tax account writes.

This is speed only: a row with any cell that the cell readers call damaged, or with anything out of the ordinary, is
read by `RowReader`, whose word on every row is the same. Results have the form in which records are stored.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

from matching.importing import cells, labels
from matching.importing.batch import Batch
from matching.importing.coverage import Coverage
from matching.importing.damage import DamagedCell
from matching.importing.headers import Layout
from matching.importing.merging import COMPARED, columns_of
from matching.importing.rows import READERS, RECURRING, RowReader, is_digital
from models.invoice import identity_key
from models.kinds import KINDS, InvoiceKind
from models.ledger import Direction, Record, RecordState
from models.money import to_fen

ODD: Any = object()  #: a cell that is left to `RowReader`
NO_DAMAGE = "{}"
_YUAN = re.compile(r"-?[0-9]{1,11}\.[0-9][0-9]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?: [0-9]{2}:[0-9]{2}:[0-9]{2})?")
_TEXTS = (
    "seller_name", "seller_tax_id", "buyer_name", "buyer_tax_id", "kind_label", "invoice_source", "risk_level",
    "issuer_clerk", "remarks",
)  # fmt: skip
_MONEY = ("total_excl_tax", "total_tax", "total_incl_tax")
_NUMBERS = ("invoice_code", "invoice_number", "digital_invoice_number")
_TWENTY_DIGITS = frozenset(kind for kind in InvoiceKind if KINDS[kind].number == "20")
_NO_STATE = (None, RecordState.UNKNOWN.value)
Column = list[Any]
Reader = Callable[[Any], tuple[Any, DamagedCell | None]]


class ReadRow(NamedTuple):
    """A row that is an invoice. `values` are in the order of `COMPARED`: day as text, damage as JSON."""

    number: int  #: in the sheet
    keys: tuple[str, ...]
    values: tuple[Any, ...]


class ReadRows(NamedTuple):
    """Rows of one batch that are invoices, in the order of the sheet, by columns: `COMPARED` names them."""

    read: int  #: rows that hold anything, with those that are no invoice
    numbers: list[int]
    keys: list[tuple[str, ...]]
    columns: list[Column]

    @classmethod
    def of(cls, rows: Sequence[ReadRow], read: int | None = None) -> ReadRows:
        columns = [list(column) for column in zip(*(row.values for row in rows), strict=True)]
        return cls(
            len(rows) if read is None else read, [row.number for row in rows], [row.keys for row in rows], columns
        )

    def rows(self) -> list[ReadRow]:
        return list(map(ReadRow, self.numbers, self.keys, zip(*self.columns, strict=True)))


def read_row(record: Record, direction: Direction) -> ReadRow:
    """A record in the form in which it is stored."""
    values = columns_of(record, direction)
    day = values["issue_date"]
    said = {"issue_date": day.isoformat() if day else None, "damaged": json.dumps(values["damaged"])}
    return ReadRow(record.row or 0, record.keys, tuple((values | said)[name] for name in COMPARED))


class _Remembering(dict[str, Any]):
    """What became of the texts of a column whose values recur."""

    MOST = 100_000

    def __init__(self, read: Callable[[str], Any]) -> None:
        super().__init__()
        self.read = read

    def __missing__(self, cell: str) -> Any:
        if len(self) >= self.MOST:
            self.clear()
        self[cell] = found = self.read(cell)
        return found


class PlainRows:
    """The rows of one sheet of invoices."""

    def __init__(self, layout: Layout, reader: RowReader) -> None:
        self.columns = layout.columns
        self.reader = reader
        self.days = _Remembering(_day_of_text)
        self.reads: dict[str, Callable[[Any], Any]] = {
            **{name: partial(_undamaged, READERS[name]) for name in (*_NUMBERS, *_TEXTS)},
            **dict.fromkeys(_MONEY, _fen),
            "issue_date": self._day,
            "state_label": _state,
            "is_positive": lambda cell: labels.is_positive(cells.text(cell)),
        }
        #: columns whose texts are looked up before they are read
        self.known = {
            name: _Remembering(self.reads[name]) for name in (*RECURRING, "invoice_code", "state_label", "is_positive")
        }

    def read(self, batch: Batch, coverage: Coverage) -> ReadRows:
        """The rows of a batch that is below the header; `coverage` notes them."""
        columns = {name: self._column(name, batch) for name in self.reads}
        odd = {at for column in columns.values() if ODD in column for at, cell in enumerate(column) if cell is ODD}
        odd |= _without_number(columns)
        numbers = batch.numbers
        if odd:
            plain = [at for at in range(len(numbers)) if at not in odd]
            columns = {name: [column[at] for at in plain] for name, column in columns.items()}
            numbers = [numbers[at] for at in plain]
        keys, values = self._stored(columns, coverage)
        plainly = ReadRows(len(batch.numbers), numbers, keys, values)
        if not odd:
            return plainly
        others, blank = self._singly(batch, sorted(odd), coverage)
        rows = sorted([*plainly.rows(), *others], key=lambda row: row.number)
        return ReadRows.of(rows, len(batch.numbers) - blank)

    def _column(self, name: str, batch: Batch) -> Column:
        at = self.columns.get(name)
        if at is None or at >= len(batch.columns):
            return [_NO_STATE if name == "state_label" else None] * len(batch.numbers)
        column, read = batch.columns[at], self.reads[name]
        if (known := self.known.get(name)) is not None:
            return [known[cell] if type(cell) is str else read(cell) for cell in column]
        if name == "digital_invoice_number":
            return [
                cell
                if type(cell) is str and len(cell) == 20 and cell.isascii() and cell.isdigit() and cell[-5:] != "00000"
                else read(cell)
                for cell in column
            ]
        if name in _MONEY:
            return [
                fen
                if type(cell) is float and -1e11 < cell < 1e11 and (fen := round(cell * 100)) / 100 == cell
                else read(cell)
                for cell in column
            ]
        return [None if cell == "" else read(cell) for cell in column]

    def _day(self, cell: Any) -> Any:
        if type(cell) is str and _DAY.fullmatch(cell):
            return self.days[cell[:10]]
        return _day_of_text(cell)

    def _stored(self, columns: dict[str, Column], coverage: Coverage) -> tuple[list[tuple[str, ...]], list[Column]]:
        code, number, digital = (columns[name] for name in _NUMBERS)
        if number.count(None) < len(number):
            number, digital = _apart(number, digital)
        net, tax, gross = (columns[name] for name in _MONEY)
        if None in gross:
            gross = [
                n + t if g is None and n is not None and t is not None else g
                for n, t, g in zip(net, tax, gross, strict=True)
            ]
        if number.count(None) == len(number):
            identity, tails = digital, [d[-8:] for d in digital]
            keys: list[tuple[str, ...]] = list(zip(digital))
        else:
            keys = [_keys(c, n, d) for c, n, d in zip(code, number, digital, strict=True)]
            identity = [k[0] if k else None for k in keys]
            tails = [(d or n)[-8:] for n, d in zip(number, digital, strict=True)]
            number = [n and n[:20] for n in number]
        kind_of = {label: _kind_value(label) for label in set(columns["kind_label"])}
        kinds = [kind_of[label] for label in columns["kind_label"]]
        states = columns["state_label"]
        said = columns["is_positive"]
        if None in said:
            said = [
                s if s is not None else None if (total := n if g is None else g) is None else total >= 0
                for s, n, g in zip(said, net, gross, strict=True)
            ]
        found = {
            **{name: columns[name] for name in _TEXTS},
            "identity_key": identity, "invoice_code": code, "invoice_number": number, "digital_invoice_number": digital,
            "number_tail": tails, "issue_date": columns["issue_date"], "total_excl_fen": net, "total_tax_fen": tax,
            "total_incl_fen": gross, "kind": kinds, "state": [state for _, state in states],
            "state_label": [label for label, _ in states], "is_positive": said, "damaged": [NO_DAMAGE] * len(kinds),
            "direction": coverage.note_all(
                columns["buyer_tax_id"], columns["seller_tax_id"], kinds, columns["issue_date"]
            ),
        }  # fmt: skip
        return keys, [found[name] for name in COMPARED]

    def _singly(self, batch: Batch, odd: Iterable[int], coverage: Coverage) -> tuple[list[ReadRow], int]:
        rows, blank = [], 0
        for at in odd:
            row = batch.row(at)
            if not any(cell not in ("", None) for cell in row):
                blank += 1
            elif record := self.reader.record(batch.numbers[at], row):
                rows.append(read_row(record, coverage.note(record)))
        return rows, blank


def _undamaged(read: Reader, cell: Any) -> Any:
    value, damage = read(cell)
    return ODD if damage else value


def _fen(cell: Any) -> Any:
    """分 of an amount; floats that are a whole number of them do not come here."""
    if type(cell) is str and _YUAN.fullmatch(cell):
        return int(cell.replace(".", ""))
    value, damage = cells.money(cell)
    return ODD if damage else None if value is None else to_fen(value)


def _day_of_text(cell: Any) -> Any:
    day, damage = cells.issue_date(cell)
    return ODD if damage else None if day is None else day.isoformat()


def _state(cell: Any) -> Any:
    """(label, state); a numeric cell is told apart by `RowReader`."""
    if not isinstance(cell, str):
        return _NO_STATE if cell is None else ODD
    label = (cells.text(cell) or "")[:50] or None
    return label, labels.state_of(label).value


def _kind_value(label: str | None) -> str | None:
    kind = labels.kind_of(label)
    return kind.value if kind else None


def _apart(number: Column, digital: Column) -> tuple[Column, Column]:
    """Twenty digits in the column of the old numbers are a digital number."""
    moved = [is_digital(n) and d in (None, n) for n, d in zip(number, digital, strict=True)]
    return (
        [None if here else n for n, here in zip(number, moved, strict=True)],
        [n if here else d for n, d, here in zip(number, digital, moved, strict=True)],
    )


def _keys(code: str | None, number: str | None, digital: str | None) -> tuple[str, ...]:
    """As `Record.keys`."""
    own, other = identity_key(None, digital), identity_key(code, number)
    return (own, other) if own and other and own != other else (own,) if own else (other,) if other else ()


def _without_number(columns: dict[str, Column]) -> set[int]:
    """Rows that may be no invoice, or whose number may have lost its first 12 digits."""
    digital = columns["digital_invoice_number"]
    if None not in digital:
        return set()
    rest = zip(digital, columns["invoice_number"], columns["invoice_code"], columns["kind_label"], strict=True)
    return {
        at
        for at, (digital_number, number, code, label) in enumerate(rest)
        if digital_number is None
        and number is not ODD
        and (number is None or (len(number) == 8 and code is None and labels.kind_of(label) in _TWENTY_DIGITS))
    }

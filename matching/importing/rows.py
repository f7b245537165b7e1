"""One row of cells → a `Record` or a detail line, with every doubtful cell named.

A row without any invoice number is rejected; a row with a damaged or unreadable cell is kept, the cell left blank and
listed, so that the invoice is not called absent because of a spreadsheet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from matching.importing import cells, labels
from matching.importing.batch import Row
from matching.importing.damage import TEXT, Damage, DamagedCell
from matching.importing.headers import Layout
from models.kinds import KINDS
from models.ledger import Record

MAX_PROBLEMS = 1000  #: listed one by one; the rest are counted
SHOWN_CELL = 200
TOTAL_ROW = re.compile(r"(合计|总计|小计|共\d+)")
NUMBER_COLUMNS = ("invoice_number", "digital_invoice_number")
KEY_COLUMNS = ("invoice_code", *NUMBER_COLUMNS)
_TEXTS = ("seller_name", "buyer_name", "invoice_source", "kind_label", "risk_level", "issuer_clerk", "remarks")
_LONG = {
    "invoice_code": cells.invoice_code,
    "invoice_number": cells.invoice_number,
    "digital_invoice_number": cells.digital_number,
    "seller_tax_id": cells.tax_id,
    "buyer_tax_id": cells.tax_id,
}
_MONEY = ("total_excl_tax", "total_tax", "total_incl_tax")
RECURRING = frozenset({"seller_tax_id", "buyer_tax_id", *_TEXTS} - {"remarks"})
_LIMITS = {"seller_name": 200, "buyer_name": 200, "kind_label": 100, "invoice_source": 50, "risk_level": 50,
           "issuer_clerk": 50}  # fmt: skip


@dataclass(slots=True)
class Problems:
    """What a person must know about the file: row, column as printed, what is wrong."""

    listed: list[dict[str, Any]] = field(default_factory=list)
    count: int = 0
    most: int = MAX_PROBLEMS

    def add(
        self,
        sheet: str,
        row: int | None,
        column: str | None,
        what: str,
        cells: Callable[[], Mapping[str, str]] | None = None,
    ) -> None:
        """`cells` gives the row as printed, by header, so that it can be shown when the file is gone."""
        self.count += 1
        if len(self.listed) < self.most:
            said: dict[str, Any] = {"sheet": sheet, "row": row, "column": column, "what": what}
            self.listed.append(said | {"cells": dict(cells())} if cells else said)

    def part(self) -> Problems:
        """For some of the file's rows; lists no more than there is room for."""
        return Problems(most=self.most - len(self.listed))

    def take(self, part: Problems) -> None:
        self.listed += part.listed[: self.most - len(self.listed)]
        self.count += part.count

    def export(self) -> list[dict[str, Any]]:
        over = self.count - len(self.listed)
        tail = {"sheet": "", "row": None, "column": None, "what": f"另有 {over} 个问题未逐条列出"}
        return [*self.listed, tail] if over else list(self.listed)


def _text_reader(limit: int) -> Callable[[Any], tuple[str | None, None]]:
    def read(cell: Any) -> tuple[str | None, None]:
        shown = cells.text(cell)
        return (shown[:limit] if shown else None), None

    return read


READERS: dict[str, Callable[[Any], tuple[Any, DamagedCell | None]]] = {
    **_LONG,
    **dict.fromkeys(_MONEY, cells.money),
    "issue_date": cells.issue_date,
    **{column: _text_reader(_LIMITS.get(column, 4000)) for column in _TEXTS},
}
_READ = tuple(READERS)


class RowReader:
    """Reads the rows of one recognised sheet."""

    def __init__(self, layout: Layout, sheet_name: str, problems: Problems) -> None:
        self.layout = layout
        self.sheet = sheet_name
        self.problems = problems
        self.rejected = 0
        self.width = max(layout.columns.values()) + 1
        self.readers = [
            (column, at, read, cells.Remembering(read) if column in RECURRING else None)
            for column, read in READERS.items()
            if (at := layout.columns.get(column)) is not None
        ]

    def cell(self, row: Row, column: str) -> Any:
        at = self.layout.columns.get(column)
        return row[at] if at is not None and at < len(row) else None

    def record(self, number: int, row: Row) -> Record | None:
        """None for a row that is no invoice (listed as a problem, except rows of totals)."""
        if len(row) < self.width:
            row = [*row, *[None] * (self.width - len(row))]
        values: dict[str, Any] = dict.fromkeys(_READ)
        damaged: dict[str, DamagedCell] = {}
        for column, at, read, remembered in self.readers:
            cell = row[at]
            values[column], found = remembered[cell] if remembered is not None and type(cell) is str else read(cell)
            if found:
                damaged[column] = found
        if not self._is_invoice(number, row, values, damaged):
            return None
        kind = labels.kind_of(values["kind_label"])
        _find_truncated(values, damaged, digital=bool(kind and KINDS[kind].number == "20"))
        _find_digital(values, damaged)
        state_cell = self.cell(row, "state_label")
        values["state_label"] = (cells.text(state_cell) or "")[:50] or None
        # a numeric cell cannot tell 01 (正常) from 1 (失控)
        state = labels.state_of(values["state_label"] if isinstance(state_cell, str) else None)
        for column, cell in damaged.items():
            header = self.layout.headers[column]
            self.problems.add(
                self.sheet, number, header, f"{TEXT[cell.problem]}：{cell.raw}", lambda: self.printed(row)
            )
        return Record(
            **_with_gross(values, damaged),
            kind=kind,
            state=state,
            is_positive=_positive(labels.is_positive(cells.text(self.cell(row, "is_positive"))), values),
            damaged={column: cell.export() for column, cell in damaged.items()},
            row=number,
        )

    def _is_invoice(self, number: int, row: Row, values: dict[str, Any], damaged: dict[str, DamagedCell]) -> bool:
        broken = [damaged[c] for c in NUMBER_COLUMNS if c in damaged]
        if any(values[c] for c in NUMBER_COLUMNS) or any(cell.problem is not Damage.UNREADABLE for cell in broken):
            return True
        if any(TOTAL_ROW.match(shown) for cell in row[:4] if (shown := cells.text(cell))):
            return False
        header = next(self.layout.headers[c] for c in NUMBER_COLUMNS if c in self.layout.headers)
        what = f"发票号码无法识别：{broken[0].raw}" if broken else "没有发票号码"
        self.problems.add(self.sheet, number, header, f"{what}，本行未导入", lambda: self.printed(row))
        self.rejected += 1
        return False

    def keys(self, row: Row) -> tuple[str, ...]:
        """Identity keys of the invoice that a detail row belongs to."""
        code, number, digital = (_LONG[column](self.cell(row, column))[0] for column in KEY_COLUMNS)
        return Record(invoice_code=code, invoice_number=number, digital_invoice_number=digital).keys

    def printed(self, row: Row) -> dict[str, str]:
        """The row's cells under their headers, blanks left out, to show a person what stood in the file."""
        shown = ((header, cells.text(row[at])) for at, header in self.layout.printed_headers if at < len(row))
        return {header: text[:SHOWN_CELL] for header, text in shown if text}

    def line(self, row: Row) -> dict[str, str]:
        """The row's own cells as printed; numbers exact, blanks left out."""
        found = {column: _as_printed(self.cell(row, column)) for column in self.layout.format.line_columns}
        return {column: value for column, value in found.items() if value is not None}


def _find_truncated(values: dict[str, Any], damaged: dict[str, DamagedCell], *, digital: bool) -> None:
    """A 数电票 known by 8 digits only has lost the other 12."""
    eight = values["invoice_number"]
    if digital and eight and len(eight) == 8 and not values["invoice_code"] and not values["digital_invoice_number"]:
        values["invoice_number"] = None
        damaged["invoice_number"] = DamagedCell(Damage.TRUNCATED, eight)


def _find_digital(values: dict[str, Any], damaged: dict[str, DamagedCell]) -> None:
    """Twenty digits are the number of a 数电票, though its column says 发票号码, as most tables of one's own do."""
    number, digital = values["invoice_number"], values["digital_invoice_number"]
    if is_digital(number) and digital in (None, number) and "digital_invoice_number" not in damaged:
        values["invoice_number"], values["digital_invoice_number"] = None, number


def is_digital(number: str | None) -> bool:
    return number is not None and len(number) == 20 and number.isdigit()


def _with_gross(values: dict[str, Any], damaged: dict[str, DamagedCell]) -> dict[str, Any]:
    """Older exports and 抵扣勾选 have no 价税合计; by definition it is 金额 + 税额 of the same row."""
    net, tax = values["total_excl_tax"], values["total_tax"]
    if values["total_incl_tax"] is None and "total_incl_tax" not in damaged and net is not None and tax is not None:
        values["total_incl_tax"] = net + tax
    return values


def _positive(said: bool | None, values: dict[str, Any]) -> bool | None:
    if said is not None:
        return said
    total = values["total_incl_tax"] if values["total_incl_tax"] is not None else values["total_excl_tax"]
    return None if total is None else total >= 0


def _as_printed(cell: Any) -> str | None:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return format(cell, ".15g")
    return cells.text(cell)

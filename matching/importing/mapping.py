"""Which column of an unknown table is which: what a person said, kept by the headers, made into a layout of the import.

A mapping never guesses: `guessing` proposes, a person confirms. A table fits a mapping by its headers, not by its name.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from matching.importing import cells
from matching.importing.formats import Authority, Format
from matching.importing.formats.bureau_lines import LINE
from matching.importing.headers import SEARCHED_ROWS, Layout, fold_header
from matching.importing.tables import Row, Sheet
from models.errors import RecordsError, RequestError
from models.ledger import Direction

Grain = Literal["invoice", "line"]
SAMPLES = 5
SAMPLED_ROWS = 200  #: looked at for the guess
MOST_COLUMNS = 120
MAPPED = "mapped"
#: where each row is an item, its amounts are the item's
LINE_TOTALS = {"total_excl_tax": "amount_excl_tax", "total_tax": "tax_amount", "total_incl_tax": "amount_incl_tax"}
#: columns that a person may choose, in the order of the list
INVOICE_FIELDS: tuple[str, ...] = (
    "invoice_code", "invoice_number", "digital_invoice_number", "issue_date", "seller_name", "seller_tax_id",
    "buyer_name", "buyer_tax_id", "total_excl_tax", "total_tax", "total_incl_tax", "kind_label", "state_label",
    "invoice_source", "is_positive", "risk_level", "issuer_clerk", "remarks",
)  # fmt: skip
LINE_FIELDS: tuple[str, ...] = tuple(column for column in LINE if column not in LINE_TOTALS.values())
NUMBERS = ("invoice_number", "digital_invoice_number")
DATES_AND_AMOUNTS = ("issue_date", "total_excl_tax", "total_incl_tax")


@dataclass(frozen=True, slots=True)
class Column:
    """One column as the file prints it."""

    at: int
    header: str
    samples: tuple[str, ...]

    def export(self) -> dict[str, Any]:
        return {"at": self.at, "header": self.header, "samples": list(self.samples)}


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet whose columns a person is asked about. `rows` are the first ones below the header."""

    sheet: str
    header_row: int  #: 1-based
    headers: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def columns(self) -> list[Column]:
        return [Column(at, header, tuple(self._samples(at))) for at, header in enumerate(self.headers)]

    def values(self, at: int) -> list[Any]:
        return [row[at] for row in self.rows if at < len(row) and row[at] not in ("", None)]

    def _samples(self, at: int) -> list[str]:
        return [shown(value) for value in self.values(at)[:SAMPLES]]


def shown(cell: Any) -> str:
    """A cell as a person would see it in the sheet; numbers at the 15 digits a spreadsheet has."""
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return format(cell, ".15g")
    return (cells.text(cell) or "")[:80]


def table_of(sheet: Sheet, header_row: int | None = None) -> Table | None:
    """The sheet as a table: its header is the row named, else the first that is full of words above rows of values."""
    head = list(itertools.islice(sheet.rows(), SEARCHED_ROWS + SAMPLED_ROWS))
    chosen = header_row - 1 if header_row else _likely_header(head)
    if chosen is None or not 0 <= chosen < len(head):
        return None
    headers = _printed(head[chosen])
    rows = tuple(row for row in head[chosen + 1 :] if any(cell not in ("", None) for cell in row))[:SAMPLED_ROWS]
    width = min(max((len(headers), *(len(_trimmed(row)) for row in rows))), MOST_COLUMNS)
    return Table(sheet.name, chosen + 1, (*headers[:width], *[""] * (width - len(headers))), rows)


def _likely_header(rows: Sequence[Row]) -> int | None:
    """The first row with nearly as many words as any, words being cells without digits."""
    words = [len({text for cell in row if (text := fold_header(cell)) and _is_word(cell)}) for row in rows]
    most = max(words[:SEARCHED_ROWS], default=0)
    if most < 2:
        return None
    return next(at for at, count in enumerate(words) if count >= max(2, 0.8 * most))


def _is_word(cell: Any) -> bool:
    return isinstance(cell, str) and not any(character.isdigit() for character in cell)


def _trimmed(row: Row) -> Row:
    width = len(row)
    while width and row[width - 1] in ("", None):
        width -= 1
    return row[:width]


def _printed(row: Row) -> tuple[str, ...]:
    return tuple("" if cell is None else str(cell).strip()[:80] for cell in _trimmed(row))


def printed_headers(sheet: Sheet) -> Iterator[tuple[str, ...]]:
    """Every row among the first that could be a header."""
    for row in itertools.islice(sheet.rows(), SEARCHED_ROWS):
        printed = _printed(row)
        if len(set(printed) - {""}) >= 2:
            yield printed


def signature_of(headers: Sequence[str]) -> str:
    """The same for every table with these headers in this order, however they are spaced."""
    folded = [fold_header(header) for header in headers]
    while folded and not folded[-1]:
        folded.pop()
    return hashlib.sha256("\x1f".join(folded).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMapping:
    """What a person said of a table with these headers. `columns`: our column → position."""

    headers: tuple[str, ...]
    columns: Mapping[str, int]
    grain: Grain = "invoice"
    name: str | None = None
    direction: Direction | None = None
    owner_tax_id: str | None = None
    sheet: str | None = field(default=None)  #: of the file it was made for; other sheets of that file are passed over

    @property
    def signature(self) -> str:
        return signature_of(self.headers)

    def check(self) -> None:
        """Raises RequestError where the import could not work with it."""
        if missing := missing_of(self.columns, self.grain):
            raise RequestError("mapping_incomplete", missing="、".join(missing))
        allowed = {*INVOICE_FIELDS, *(LINE_FIELDS if self.grain == "line" else ())}
        at = list(self.columns.values())
        if not self.columns.keys() <= allowed or len(set(at)) != len(at) or not all(0 <= a < MOST_COLUMNS for a in at):
            raise RequestError("invalid_request", what="columns")

    def layout(self, sheet: Sheet) -> Layout | None:
        """Where the columns stand in this sheet, or None where its headers are others."""
        for number, row in enumerate(itertools.islice(sheet.rows(), SEARCHED_ROWS), 1):
            printed = _printed(row)
            if signature_of(printed) == self.signature:
                return self._placed(number, printed, dict(self.columns))
        return None

    def near_layout(self, sheet: Sheet) -> Layout | None:
        """As `layout`, also where columns were added or moved, as long as each header named is there exactly once."""
        known = {column: at for column, at in self.columns.items() if at < len(self.headers)}
        wanted = {column: fold_header(self.headers[at]) for column, at in known.items()}
        if len(wanted) < len(self.columns) or not all(wanted.values()):
            return None
        for number, row in enumerate(itertools.islice(sheet.rows(), SEARCHED_ROWS), 1):
            printed = _printed(row)
            folded = [fold_header(header) for header in printed]
            if all(folded.count(header) == 1 for header in wanted.values()):
                return self._placed(number, printed, {column: folded.index(h) for column, h in wanted.items()})
        return None

    def _placed(self, number: int, printed: Sequence[str], columns: dict[str, int]) -> Layout:
        named = {column: _name_of(printed, at) for column, at in columns.items()}
        if self.grain == "line":
            columns = {LINE_TOTALS.get(column, column): at for column, at in columns.items()}
            named = {LINE_TOTALS.get(column, column): header for column, header in named.items()}
        return Layout(_FORMATS[self.grain], number, columns, named, tuple(printed))

    def export(self) -> dict[str, Any]:
        return {
            "headers": list(self.headers), "columns": dict(self.columns), "grain": self.grain, "name": self.name,
            "direction": self.direction.value if self.direction else None, "owner_tax_id": self.owner_tax_id,
            "sheet": self.sheet,
        }  # fmt: skip

    @classmethod
    def restore(cls, data: Mapping[str, Any]) -> ColumnMapping:
        return cls(
            headers=tuple(data["headers"]), columns=dict(data["columns"]), grain=cast(Grain, data["grain"]),
            name=data.get("name"), direction=Direction(data["direction"]) if data.get("direction") else None,
            owner_tax_id=data.get("owner_tax_id"), sheet=data.get("sheet"),
        )  # fmt: skip


def _name_of(printed: Sequence[str], at: int) -> str:
    header = printed[at] if at < len(printed) else ""
    return header or f"第 {at + 1} 列"


def missing_of(columns: Mapping[str, int], grain: str = "invoice") -> list[str]:
    """What an import cannot do without and the mapping lacks, in words."""
    missing = []
    if not any(column in columns for column in NUMBERS):
        missing.append("发票号码或数电发票号码")
    if not any(column in columns for column in DATES_AND_AMOUNTS):
        missing.append("开票日期、金额或价税合计")
    if grain == "line" and "item_name" not in columns:
        missing.append("项目名称")
    return missing


_FORMATS: dict[str, Format] = {
    "invoice": Format(
        name=MAPPED, grain="invoice", columns=dict.fromkeys(INVOICE_FIELDS, ()), marks=(),
        authority=Authority.TYPED,
    ),
    "line": Format(
        name=MAPPED, grain="line", columns=dict.fromkeys((*INVOICE_FIELDS, *LINE), ()), marks=(),
        authority=Authority.TYPED, line_columns=tuple(LINE),
    ),
}  # fmt: skip


@dataclass(slots=True)
class Recogniser:
    """Stands in for `headers.recognise` where a person said how to read the table."""

    mapping: ColumnMapping
    near: bool = False
    found: int = 0

    def __call__(self, sheet: Sheet) -> Layout | None:
        layout = self.mapping.near_layout(sheet) if self.near else self.mapping.layout(sheet)
        self.found += layout is not None
        return layout

    def refuse_if_unused(self) -> None:
        """After the import: a mapping that fitted no sheet was the wrong one."""
        if not self.found:
            wanted = "、".join(_name_of(self.mapping.headers, at) for at in self.mapping.columns.values())
            raise RecordsError("mapping_does_not_fit", name=self.mapping.name or "", headers=wanted[:200])

"""One value of one document against its truth: fields, extra fields, cells of item rows, and the kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import zip_longest
from typing import Any

from models.evidence import Field, FieldStatus
from models.invoice import COMMON_FIELDS, KEY_FIELDS, Invoice
from tests.bench.truth import UNKNOWN, same

CELLS = (
    "item_name", "specification", "unit", "quantity", "unit_price", "amount_excl_tax", "tax_rate", "tax_amount",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """`part` is key, other, extra, cell or kind; `confidence` is None for cells and the kind."""

    file: str
    index: int
    kind: str
    medium: str
    wear: str
    part: str
    name: str
    expected: str | None
    found: str | None
    right: bool
    source: str | None = None
    status: str | None = None
    confidence: float | None = None

    @property
    def silent(self) -> bool:
        return not self.right and self.status == FieldStatus.ACCEPTED.value

    def export(self) -> dict[str, Any]:
        return asdict(self)


def judge(rows: Sequence[dict[str, Any]], found: dict[str, list[Invoice]]) -> Iterator[Judged]:
    """Every value that either side has; what the truth calls illegible is left out."""
    for row in rows:
        mine = _own(row, found.get(row["file"], []))
        about = (row["file"], row.get("index", 0), row["kind"], row["medium"], row.get("quality") or "-")
        kind = mine.kind.value if mine else None
        yield Judged(*about, "kind", "kind", row["kind"], kind, kind == row["kind"])
        extra = row["truth"].get("extra") or {}
        for name in (*COMMON_FIELDS, *extra):
            expected = extra.get(name) if name in extra else row["truth"].get(name)
            field = mine.fields.get(name, Field()) if mine else Field()
            if expected != UNKNOWN and (expected or field.value):
                yield Judged(
                    *about, _part(name), name, expected, field.value, same(name, expected, field.value),
                    field.source.value if field.source else None, field.status.value, field.confidence,
                )  # fmt: skip
        yield from _cells(about, row["truth"].get("lines"), mine)


def _own(row: dict[str, Any], invoices: list[Invoice]) -> Invoice | None:
    """The invoice with the truth's number; else the one at its place."""
    number, index = row["truth"].get("invoice_number"), row.get("index", 0)
    named = next((i for i in invoices if number and i.value("invoice_number") == number), None)
    return named or (invoices[index] if index < len(invoices) else None)


def _part(name: str) -> str:
    return "key" if name in KEY_FIELDS else "other" if name in COMMON_FIELDS else "extra"


def _cells(about: tuple[str, int, str, str, str], lines: Any, mine: Invoice | None) -> Iterator[Judged]:
    if not isinstance(lines, list):
        return
    for expected, line in zip_longest(lines, mine.lines if mine else ()):
        for cell in CELLS:
            wanted = expected.get(cell) if expected else None
            seen = getattr(line, cell) if line else None
            if wanted != UNKNOWN and (wanted or seen):
                yield Judged(*about, "cell", cell, wanted, seen, same(cell, wanted, seen))

"""Detail rows: attached to their invoice by key, in the order of the file, never de-duplicated.

Where a file has detail rows only, the invoice's totals are the sums of its rows and the import says so.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Table, delete, insert, select
from sqlalchemy.orm import Session

from matching.importing import cells
from matching.importing.batch import Row
from matching.importing.rows import Problems, RowReader
from models.ledger import Record
from models.tables import RecordKeyRow, RecordLineRow

CHUNK = 2000
LINES = cast(Table, RecordLineRow.__table__)
_SUMS = {"total_excl_tax": "amount_excl_tax", "total_tax": "tax_amount", "total_incl_tax": "amount_incl_tax"}


@dataclass(slots=True)
class LineStore:
    """Writes detail rows a chunk at a time. The lines of an earlier import of the same invoice are replaced."""

    session: Session
    problems: Problems
    sheet: str = ""
    unattached: int = 0
    _pending: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    _positions: Counter[int] = field(default_factory=Counter)

    def add(self, keys: tuple[str, ...], line: dict[str, str]) -> None:
        if not keys:
            self.unattached += 1
            return
        self._pending.append((keys[0], line))
        if len(self._pending) >= CHUNK:
            self.flush()

    def flush(self) -> None:
        wanted = list({key for key, _ in self._pending})
        query = select(RecordKeyRow.key, RecordKeyRow.record_id).where(RecordKeyRow.key.in_(wanted))
        ids: dict[str, int] = {row.key: row.record_id for row in self.session.execute(query)}
        first_seen = {record_id for record_id in ids.values() if record_id not in self._positions}
        if first_seen:
            self.session.execute(delete(RecordLineRow).where(RecordLineRow.record_id.in_(first_seen)))
        rows: list[dict[str, Any]] = []
        for key, line in self._pending:
            record_id = ids.get(key)
            if record_id is None:
                self.unattached += 1
                continue
            self._positions[record_id] += 1
            rows.append({"record_id": record_id, "position": self._positions[record_id], "data": line})
        if rows:
            self.session.execute(insert(LINES), rows)
        self._pending.clear()

    def finish(self) -> None:
        self.flush()
        if self.unattached:
            what = f"{self.unattached} 行明细找不到所属发票（号码缺失、受损或不在发票基础信息中），未导入"
            self.problems.add(self.sheet, None, None, what)


def sum_up(reader: RowReader, rows: Iterator[tuple[int, Row]]) -> Iterator[Record]:
    """Invoices of a sheet that has detail rows only."""
    heads: dict[tuple[Any, ...], Record] = {}
    sums: dict[tuple[Any, ...], dict[str, Decimal | None]] = {}
    for number, row in rows:
        head = reader.record(number, row)
        if head is None:
            continue
        group: tuple[Any, ...] = head.keys or (head.invoice_number, head.seller_tax_id, head.issue_date, head.damaged)
        if not head.keys and not head.invoice_number:
            group = (number,)  # a damaged number cannot tell which rows belong together
        group = tuple(map(str, group))
        heads.setdefault(group, head)
        total = sums.setdefault(group, dict.fromkeys(_SUMS, Decimal(0)))
        for name, column in _SUMS.items():
            amount, damage = cells.money(reader.cell(row, column))
            before = total[name]
            # one unreadable row makes the sum unknown, not smaller; a blank tax cell is 免税
            blank_is_zero = name == "total_tax"
            unknown = damage is not None or (amount is None and not blank_is_zero)
            total[name] = None if before is None or unknown else before + (amount or Decimal(0))
    for group, head in heads.items():
        total = sums[group]
        if total["total_incl_tax"] is None and total["total_excl_tax"] is not None and total["total_tax"] is not None:
            total["total_incl_tax"] = total["total_excl_tax"] + total["total_tax"]
        yield dataclasses.replace(
            head,
            total_excl_tax=total["total_excl_tax"],
            total_tax=total["total_tax"],
            total_incl_tax=total["total_incl_tax"],
            is_positive=_sign(total["total_incl_tax"]),
        )


def _sign(total: Decimal | None) -> bool | None:
    return None if total is None else total >= 0

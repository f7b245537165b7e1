"""合计 by its ¥ signs, where the print may have missed its form.

Items print no ¥ and totals do, so the row of two ¥ amounts is 合计 wherever it stands, and the label of 合计 beside an
item row is believed no longer. Source: what real paper invoices do (print one or two rows too high or too low).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extraction.layouts import values
from extraction.layouts.cells import STARS
from extraction.layouts.columns import Columns
from extraction.layouts.findings import PLACED, SHAPED, Findings
from extraction.layouts.labels import Hit
from extraction.layouts.lines import money
from extraction.layouts.rows import Row, Span

_TAX = re.compile(values.YEN_MONEY.pattern + "|" + r"[¥]?" + STARS.pattern)
_MISSED = 0.6  #: of a row's height off its label: then 小写 is off its label too
_REACH = 3.0  #: rows, above or below its label


@dataclass(frozen=True, slots=True)
class DriftedTotals:
    """Net and tax of the ¥ row, and, where it missed its label, the ¥ amount that follows them."""

    net: Span
    tax: Span
    gross: Span | None


def find_drifted(rows: list[Row], columns: Columns, total: Hit | None, gross: Hit | None) -> DriftedTotals | None:
    """None where not exactly one row near 合计 prints two ¥ amounts in its columns."""
    net_column, tax_column = columns.interval("amount_excl_tax"), columns.interval("tax_amount")
    if total is None or net_column is None or tax_column is None:
        return None
    step = abs(gross.span.centre_y - total.span.centre_y) if gross else 2.0 * total.span.height
    pairs = []
    for row in rows:
        net = _inside(row, values.YEN_MONEY, net_column)
        tax = _inside(row, _TAX, tax_column)
        if net and tax and abs(row.centre_y - total.span.centre_y) < _REACH * step:
            pairs.append((net, tax))
    if len(pairs) != 1:
        return None
    net, tax = pairs[0]
    missed = abs(net.centre_y - total.span.centre_y) > _MISSED * net.height
    return DriftedTotals(net, tax, _gross(rows, net, step) if missed else None)


def _inside(row: Row, pattern: re.Pattern[str], column: tuple[float, float]) -> Span | None:
    found = [
        f.span for f in row.search(pattern) if column[0] - f.span.height < f.span.centre_x < column[1] + f.span.height
    ]
    return found[0] if len(found) == 1 else None


def _gross(rows: list[Row], net: Span, step: float) -> Span | None:
    """The one ¥ amount within a row below net and tax."""
    low = net.centre_y + 0.4 * step
    found = [
        f.span
        for row in rows
        for f in row.search(values.YEN_MONEY)
        if low < f.span.centre_y < net.centre_y + 1.8 * step and f.span.x0 > net.x0 - net.height
    ]
    return found[0] if len(found) == 1 else None


def read_drifted(findings: Findings, drifted: DriftedTotals) -> None:
    for field, span in (
        ("total_excl_tax", drifted.net), ("total_tax", drifted.tax), ("total_incl_tax", drifted.gross),
    ):  # fmt: skip
        association = PLACED if field != "total_incl_tax" else SHAPED
        findings.add(
            field, span, money, label="¥ row off 合计", association=association, raw=span.key if span else None
        )

"""One record takes one document: where several documents are offered the same record, the whole decides, not the order.

Offers that share a record, directly or through others, form one group; in each the sum of weights is the greatest that
one-to-one pairs can have (Kuhn–Munkres, weights over "none of them"). Ties go to the document captured first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

Offers = Mapping[int, Mapping[int, float]]  #: invoice → record → log₂ odds against "none of them"
_NONE: Final = -1


def assign(offers: Offers) -> dict[int, int]:
    """Invoice → record, each record once. Only offers that are likelier than none of them are made."""
    found: dict[int, int] = {}
    for group in _groups(offers):
        found |= _best({invoice: offers[invoice] for invoice in group})
    return found


def _groups(offers: Offers) -> list[list[int]]:
    """Invoices that are connected by records, each group and all of them in order of capture."""
    by_record: dict[int, list[int]] = defaultdict(list)
    for invoice in sorted(offers):
        for record in offers[invoice]:
            by_record[record].append(invoice)
    seen: set[int] = set()
    groups: list[list[int]] = []
    for start in sorted(offers):
        if start in seen:
            continue
        group, stack = set(), [start]
        while stack:
            invoice = stack.pop()
            if invoice in group:
                continue
            group.add(invoice)
            stack += [other for record in offers[invoice] for other in by_record[record]]
        seen |= group
        groups.append(sorted(group))
    return groups


def _best(offers: Offers) -> dict[int, int]:
    """Kuhn–Munkres with potentials over invoices × (records + one "none" for each invoice)."""
    invoices = sorted(offers)
    records = sorted({record for each in offers.values() for record in each})
    columns = [*records, *[_NONE] * len(invoices)]
    cost = [[-offers[i].get(c, -1e9) if c != _NONE else 0.0 for c in columns] for i in invoices]
    rows, width = len(invoices), len(columns)
    row_potential, column_potential = [0.0] * (rows + 1), [0.0] * (width + 1)
    row_of, way = [0] * (width + 1), [0] * (width + 1)
    for row in range(1, rows + 1):
        row_of[0], at = row, 0
        least, used = [float("inf")] * (width + 1), [False] * (width + 1)
        while True:
            used[at] = True
            step, nearest = float("inf"), 0
            for column in range(1, width + 1):
                if used[column]:
                    continue
                reduced = cost[row_of[at] - 1][column - 1] - row_potential[row_of[at]] - column_potential[column]
                if reduced < least[column]:
                    least[column], way[column] = reduced, at
                if least[column] < step:
                    step, nearest = least[column], column
            for column in range(width + 1):
                if used[column]:
                    row_potential[row_of[column]] += step
                    column_potential[column] -= step
                else:
                    least[column] -= step
            at = nearest
            if row_of[at] == 0:
                break
        while at:
            row_of[at], at = row_of[way[at]], way[at]
    return {
        invoices[row_of[c] - 1]: columns[c - 1] for c in range(1, width + 1) if row_of[c] and columns[c - 1] != _NONE
    }

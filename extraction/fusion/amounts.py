"""Net, tax and gross decided together, over all readings with their weights.

The arithmetic of the invoice (net + tax = gross), the amount in words and the column sums vote on whole
combinations. No amount is ever computed into a field: a combination holds only values that some source read, or
"something else", which is every amount that nobody read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from extraction.checks import words
from extraction.fusion.weighing import Candidate
from models.invoice import Line
from models.money import CENT, parse_money

NET, TAX, GROSS = "total_excl_tax", "total_tax", "total_incl_tax"
SUM_BROKEN = 0.002  #: how often a genuine triple does not add up (rounding by the issuing client)
ORDER_BROKEN = 0.00001  #: no rate makes a gross smaller than its net: one of them is not what it is taken for
COLUMN_BROKEN = 0.15  #: how often read rows miss the printed total though it is right (rows lost or misread)
WORDS_BROKEN = 0.02  #: how often words are misread into another valid amount
MOST_CANDIDATES = 4

Candidates = Mapping[str, Sequence[Candidate]]
Values = Mapping[str, str | None]  #: None: something that nobody read


@dataclass(frozen=True, slots=True)
class AmountVerdict:
    """Joint probability of each field's values, and which constraints bear the best combination out."""

    weights: Mapping[str, Mapping[str, float]]
    supported: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the combinations are held against."""

    spoken: frozenset[Decimal]
    columns: Mapping[str, Decimal]
    read: Mapping[str, frozenset[Decimal]]


def decide(
    candidates: Candidates, others: Mapping[str, float], spoken: Sequence[str], lines: Sequence[Line]
) -> AmountVerdict:
    """Posterior of every value under the joint constraints. `spoken`: readings of the amount in words."""
    columns = {NET: _column(lines, "amount_excl_tax"), TAX: _column(lines, "tax_amount")}
    ground = _Ground(
        frozenset(amount for text in spoken if (amount := words.parse(text)) is not None),
        {field: column for field, column in columns.items() if column is not None},
        {
            f: frozenset(a for c in candidates.get(f, ()) if (a := _amount(c.value)) is not None)
            for f in (NET, TAX, GROSS)
        },
    )
    options = {field: _options(candidates.get(field, ()), others.get(field, 1.0)) for field in (NET, TAX, GROSS)}
    weights: dict[str, dict[str, float]] = {field: {} for field in options}
    total, best, best_weight = 0.0, dict.fromkeys(options), -1.0
    for net, tax, gross in product(options[NET], options[TAX], options[GROSS]):
        values = {NET: net[0], TAX: tax[0], GROSS: gross[0]}
        weight = net[1] * tax[1] * gross[1] * _plausibility(values, ground)
        total += weight
        for field, value in values.items():
            if value is not None:
                weights[field][value] = weights[field].get(value, 0.0) + weight
        if weight > best_weight:
            best, best_weight = values, weight
    scale = 1 / total if total else 0.0
    return AmountVerdict(
        {field: {v: w * scale for v, w in found.items()} for field, found in weights.items()}, _supported(best, ground)
    )


def _options(candidates: Sequence[Candidate], other: float) -> list[tuple[str | None, float]]:
    return [(c.value, c.weight) for c in candidates[:MOST_CANDIDATES]] + [(None, other)]


def _amount(value: str | None) -> Decimal | None:
    """Printed amount; asterisks stand for no tax."""
    return Decimal(0) if value == "***" else parse_money(value)


def _plausibility(values: Values, ground: _Ground) -> float:
    weight = 1.0 if _adds_up(values, ground) else SUM_BROKEN
    if _out_of_order(values):
        weight *= ORDER_BROKEN
    if ground.spoken and not _fits(values, GROSS, ground.spoken, ground):
        weight *= WORDS_BROKEN
    for field, column in ground.columns.items():
        if not _fits(values, field, {column}, ground):
            weight *= COLUMN_BROKEN
    return weight


def _out_of_order(values: Values) -> bool:
    """A gross below its net, or a tax of more than half the net: another amount of the invoice was taken for it."""
    net, tax, gross = (_amount(values[f]) for f in (NET, TAX, GROSS))
    if gross is not None and net is not None and abs(gross) + CENT < abs(net):
        return True
    base = net if net is not None else gross
    return bool(tax) and base is not None and abs(tax or base) > abs(base) / 2 + CENT


def _fits(values: Values, field: str, expected: frozenset[Decimal] | set[Decimal], ground: _Ground) -> bool:
    """ "Something else" fits an expected amount unless that very amount was read."""
    amount = _amount(values[field])
    return amount in expected if amount is not None else not (expected & ground.read[field])


def _adds_up(values: Values, ground: _Ground) -> bool:
    """Undecided where two or three are unknown; with one unknown, what it would have to be must not have been read."""
    net, tax, gross = (_amount(values[f]) for f in (NET, TAX, GROSS))
    unknown = [f for f, v in ((NET, net), (TAX, tax), (GROSS, gross)) if v is None]
    if len(unknown) > 1:
        return True
    if net is not None and tax is not None:
        return net + tax not in ground.read[GROSS] if gross is None else abs(net + tax - gross) < CENT
    if gross is None:  # cannot be: only one is unknown, and it is net or tax
        return True
    known = net if net is not None else tax
    return known is None or gross - known not in ground.read[unknown[0]]


def _supported(values: Values, ground: _Ground) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {NET: [], TAX: [], GROSS: []}
    known = all(_amount(v) is not None for v in values.values())
    if known and _adds_up(values, ground):
        for names in found.values():
            names.append("sum")
    if _amount(values[GROSS]) in ground.spoken:
        found[GROSS].append("words")
        if "sum" in found[GROSS]:  # the words bear out the sum, and with it its other terms
            found[NET].append("words")
            found[TAX].append("words")
    for field, column in ground.columns.items():
        if _amount(values[field]) == column:
            found[field].append("lines")
    return {field: tuple(names) for field, names in found.items()}


def _column(lines: Sequence[Line], cell: str) -> Decimal | None:
    amounts = [_amount(getattr(line, cell)) for line in lines]
    present = [a for a in amounts if a is not None]
    return sum(present, Decimal(0)) if present and len(present) == len(amounts) else None

"""Learns from pairs that people decided: how far the weight of each relation is off, with judgement as the prior.

People decide only what was offered, and what is offered agrees in much: counting agreements among rejected pairs, as
textbook m/u estimates do, would teach that an equal amount says nothing. So the judgement's own odds of each pair are
an offset, and a shift per relation is fitted to the decisions (logistic regression; selection by these same fields does
not bias it), drawn to zero as `PRIOR_PAIRS` decided pairs would draw it. Shifts are bounded, need `MINIMUM` pairs and
some of either kind, and only rank and offer: no link rests on a weight.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from matching.candidates import by_id
from matching.captured import read_captured
from matching.deciding import Ledger
from matching.scoring import SMALLEST_LEDGER, Face
from models.tables import InvoiceRow, LearnedWeightRow, PairRow
from models.tables.base import now

MINIMUM = 30  #: decided pairs, below which judgement alone counts
MINIMUM_OF_EACH = 5  #: confirmed, and rejected
PRIOR_PAIRS = 4.0  #: how many even decisions judgement is worth against a shift of one bit
BOUND = 4.0  #: log₂: experience moves no weight further
LEAST = 0.05  #: smaller shifts are not kept
_SWEEPS = 200
_CLIP = 20.0  #: log₂ odds beyond which one decision tells no more
_LN2 = math.log(2)


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned and what it rests on."""

    pairs: int
    shifts: dict[tuple[str, str], float]


@dataclass(frozen=True, slots=True)
class Weight:
    """A shift with what it rests on."""

    field: str
    relation: str
    shift: float
    confirmed: int
    rejected: int
    learned_at: datetime

    def export(self) -> dict[str, Any]:
        return {"field": self.field, "relation": self.relation, "shift": self.shift, "confirmed": self.confirmed,
                "rejected": self.rejected, "learned_at": self.learned_at.isoformat()}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Experience:
    """Decisions that teach, and what was learned from them; the farthest shifts first."""

    confirmed: int
    rejected: int
    weights: tuple[Weight, ...]

    def export(self) -> dict[str, Any]:
        return {
            "confirmed": self.confirmed, "rejected": self.rejected, "weights": [w.export() for w in self.weights]
        }  # fmt: skip


def experience(session: Session) -> Experience:
    counted = session.execute(select(PairRow.same, func.count()).group_by(PairRow.same))
    decided = {bool(same): count for same, count in counted}
    rows = session.scalars(select(LearnedWeightRow)).all()
    weights = [Weight(r.field, r.relation, r.shift, r.confirmed, r.rejected, r.learned_at) for r in rows]
    weights.sort(key=lambda each: (-abs(each.shift), each.field, each.relation))
    return Experience(decided.get(True, 0), decided.get(False, 0), tuple(weights))


def forget(session: Session) -> Experience:
    """Judgement alone counts again, and old decisions teach nothing more; returns what was known.

    The decisions themselves stand: they are kept with the invoices.
    """
    known = experience(session)
    session.execute(delete(LearnedWeightRow))
    session.execute(delete(PairRow))
    return known


def unlearn(session: Session, invoice: InvoiceRow, record_id: int) -> None:
    """A decision that was taken back teaches nothing."""
    session.execute(delete(PairRow).where(PairRow.invoice_id == invoice.id, PairRow.record_id == record_id))


def remember(
    session: Session, ledger: Ledger, invoice: InvoiceRow, record_id: int, *, same: bool, user_id: int | None
) -> None:
    """Keep a decision with how the fields agreed; a second decision on a pair replaces the first."""
    session.flush()
    record = by_id(session, record_id)
    if record is None:
        return
    scored = ledger.weigh(Face(read_captured(invoice)), [record])[0]
    unlearn(session, invoice, record_id)
    session.add(
        PairRow(
            invoice_id=invoice.id, record_id=record_id, same=same, relations=scored.relations, decided_by=user_id,
            offset=sum(scored.parts.values()) - math.log2(max(ledger.size, SMALLEST_LEDGER)),
        )
    )  # fmt: skip
    session.flush()


def learn_if_due(session: Session) -> Learned | None:
    """After an import: when people decided anything since."""
    last = session.scalar(select(func.max(LearnedWeightRow.learned_at)))
    newest = session.scalar(select(func.max(PairRow.decided_at)))
    return learn(session) if newest is not None and (last is None or newest > last) else None


def learn(session: Session) -> Learned | None:
    """Fit the shifts anew to all decided pairs and store them with their support; None below the minimum."""
    pairs = session.execute(select(PairRow.same, PairRow.relations, PairRow.offset).order_by(PairRow.id)).all()
    confirmed = sum(pair.same for pair in pairs)
    session.execute(delete(LearnedWeightRow))
    if len(pairs) < MINIMUM or min(confirmed, len(pairs) - confirmed) < MINIMUM_OF_EACH:
        return None
    decided = [(bool(same), list(relations.items()), float(offset)) for same, relations, offset in pairs]
    shifts = fit(decided)
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for same, relations, _ in decided:
        for relation in relations:
            counts[relation][not same] += 1
    moment = now()
    rows: list[dict[str, Any]] = [
        {"field": field, "relation": relation, "shift": shift, "confirmed": counts[field, relation][0],
         "rejected": counts[field, relation][1], "learned_at": moment}
        for (field, relation), shift in shifts.items()
    ]  # fmt: skip
    if rows:
        session.execute(insert(LearnedWeightRow), rows)
    return Learned(len(pairs), shifts)


def fit(pairs: list[tuple[bool, list[tuple[str, str]], float]]) -> dict[tuple[str, str], float]:
    """Shift of each relation in log₂, by coordinate-wise Newton steps on the penalised likelihood (it is convex)."""
    having: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, (_, relations, _) in enumerate(pairs):
        for relation in relations:
            if relation[1] != "blank":
                having[relation].append(at)
    odds = [max(-_CLIP, min(_CLIP, offset)) for _, _, offset in pairs]
    shifts = dict.fromkeys(sorted(having), 0.0)
    penalty = PRIOR_PAIRS * _LN2**2 / 4  # curvature of that many pairs at even odds
    for _ in range(_SWEEPS):
        furthest = 0.0
        for relation, shift in shifts.items():
            gradient, curvature = penalty * shift, penalty
            for at in having[relation]:
                chance = 1 / (1 + 2.0 ** -max(-60.0, min(60.0, odds[at])))
                gradient += (chance - pairs[at][0]) * _LN2
                curvature += chance * (1 - chance) * _LN2**2
            step = max(-1.0, min(1.0, -gradient / curvature))  # flat far from even odds: no leaps
            moved = max(-BOUND, min(BOUND, shift + step)) - shift
            shifts[relation] += moved
            for at in having[relation]:
                odds[at] += moved
            furthest = max(furthest, abs(moved))
        if furthest < 1e-4:
            break
    return {relation: round(shift, 3) for relation, shift in shifts.items() if abs(shift) >= LEAST}

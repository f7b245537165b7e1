"""How likely each reading of a field is, given what every source says.

Hypotheses: one per distinct value, and "something else". A source that is right with probability p says the true
value with p; when wrong it says a given other value with (1 − p) / SPREAD. Sources count as independent, except that
readings of the same source at the same place count once (the surest).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from extraction.fusion.sameness import comparable
from models.evidence import Evidence, Source

#: no source is believed beyond this, whatever its reader says (transmission, association, forged layers)
CEILING: Mapping[Source, float] = {
    Source.USER: 1.0,
    Source.XML: 0.9995,
    Source.OFD: 0.999,
    Source.QR: 0.9995,
    Source.PDF: 0.995,
    Source.OCR: 0.985,
}
SPREAD = 10.0
FLOOR = 0.02


@dataclass(frozen=True, slots=True)
class Candidate:
    """One distinct value with everything that speaks for it. `weight` is relative to the other hypotheses."""

    value: str
    support: tuple[Evidence, ...]
    weight: float

    @property
    def best(self) -> Evidence:
        """The evidence whose wording is kept: exact before OCR, then the surest."""
        return max(self.support, key=lambda e: (CEILING[e.source], e.confidence))


def belief(evidence: Evidence) -> float:
    """Probability that this reading is right, capped by its source."""
    return min(max(evidence.confidence, FLOOR), CEILING[evidence.source])


def weigh(field: str, evidence: Sequence[Evidence]) -> tuple[list[Candidate], float]:
    """Candidates by weight, best first, and the weight of "something else". Weights sum to 1."""
    groups: dict[str, list[Evidence]] = {}
    for item in evidence:
        groups.setdefault(comparable(field, item.value), []).append(item)
    voters = {key: _independent(items) for key, items in groups.items()}
    weights = {key: _likelihood(key, voters) for key in groups}
    other = _likelihood(None, voters)
    total = sum(weights.values()) + other or 1.0
    found = [Candidate(_wording(items), tuple(items), weights[key] / total) for key, items in groups.items()]
    return sorted(found, key=lambda c: -c.weight), other / total


def _wording(items: Sequence[Evidence]) -> str:
    return max(items, key=lambda e: (CEILING[e.source], e.confidence)).value


def _likelihood(truth: str | None, voters: Mapping[str, Sequence[Evidence]]) -> float:
    product = 1.0
    for said, items in voters.items():
        for item in items:
            p = belief(item)
            if said == truth:
                product *= p
            else:
                product *= (1 - p) / (SPREAD if truth is not None else 1.0)
    return product


def _independent(items: Iterable[Evidence]) -> list[Evidence]:
    """One voice per source and place: two labels found over the same box are one reading."""
    seen: dict[tuple[Source, object], Evidence] = {}
    for item in items:
        place = tuple(round(v, 2) for v in item.box.export()) if item.box else item.label
        key = (item.source, place)
        if key not in seen or seen[key].confidence < item.confidence:
            seen[key] = item
    return list(seen.values())


def independent_sources(items: Iterable[Evidence]) -> int:
    """How many independent voices speak: different sources, or different places of one source."""
    return len(_independent(items))

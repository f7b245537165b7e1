"""Weighs a candidate record field by field: log₂ of how much likelier the agreement is for one invoice than for two.

After Fellegi and Sunter. The weights are judgement, written down in docs/matching.md and kept in one table so that they
can be learned from confirmed pairs later. A score ranks and asks a person; it never links by itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from rapidfuzz import fuzz

from matching.captured import Captured
from matching.digits import Distance, compare
from matching.folding import fold_tax_id, same_name, split_form
from matching.importing.damage import Damage
from matching.importing.formats import FORMATS, Authority
from matching.number_links import Link, NumberLink, link
from matching.on_behalf import true_seller
from matching.stored import StoredRecord
from models.evidence import FieldStatus


class Reading(IntEnum):
    """How far the document's number can have been misread: each step makes a slip less likely."""

    DOUBTED = 0  #: status review
    SEEN = 1  #: accepted, but by recognition only
    EXACT = 2  #: XML, QR, text layer, person


#: log₂ weights; the slips are for a doubted number
LINK_WEIGHTS = {
    Link.SAME: 30.0, Link.SWAPPED: 28.0, Link.CODE_BLANK: 22.0, Link.CODE_SLIP: 20.0, Link.TRUNCATED: 20.0,
    Link.UNKNOWN: 0.0,
}  # fmt: skip
SLIP_WEIGHTS = {
    Distance.CONFUSED: 16.0, Distance.TRANSPOSED: 13.0, Distance.ONE_WRONG: 12.0, Distance.ONE_MISSING: 12.0,
    Distance.TWO_CONFUSED: 9.0, Distance.TWO_WRONG: 5.0,
}  # fmt: skip
SLIP_PENALTY = {Reading.DOUBTED: 0.0, Reading.SEEN: -6.0, Reading.EXACT: -4.0}  #: EXACT: then a person mistyped it
DAMAGED_CAP = 20.0
NEIGHBOUR_PENALTY = -6.0
DIFFERENT_WEIGHTS = {Reading.DOUBTED: -4.0, Reading.SEEN: -16.0, Reading.EXACT: -16.0}
TWO_EXACT_NUMBERS = -60.0  #: both sides are machine-made and differ: two invoices, whatever else agrees
SELLER_ID_SAME, SELLER_NAME_SAME, SELLER_NAME_STEM, SELLER_NAME_ALIKE = 10.0, 9.0, 4.0, 2.0
SELLER_ID_SLIP, SELLER_DIFFERS = 4.0, -9.0
AMOUNT_SAME, NET_SAME, AMOUNT_DIFFERS, AMOUNT_DIFFERS_DOUBTED = 9.0, 8.0, -10.0, -3.0
DATE_SAME, DATE_NEAR, DATE_DIFFERS, DATE_DIFFERS_DOUBTED = 6.0, -1.0, -8.0, -3.0
BUYER_SAME, BUYER_DIFFERS = 1.0, -4.0
ALIKE = 88  #: rapidfuzz ratio of folded names from which they count as alike
SMALLEST_LEDGER = 65536  #: in a smaller one sellers, amounts and days do not repeat less
PROBABLE = 0.5
_AUTHORITY = {form.name: form.authority for form in FORMATS}


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with its weight and the parts of it, for a person to see why."""

    record: StoredRecord
    number: NumberLink
    parts: dict[str, float]
    probability: float = 0.0

    @property
    def weight(self) -> float:
        return sum(self.parts.values())

    @property
    def supports(self) -> frozenset[str]:
        return frozenset(name for name, weight in self.parts.items() if weight >= 4)

    @property
    def recurs(self) -> bool:
        """Same seller and amount: of several such records each says less (a rent, a subscription)."""
        return {"seller", "amount"} <= self.supports

    @property
    def plausible(self) -> bool:
        """At least two kinds of field speak for it, of which one is not a name."""
        return len(self.supports) >= 2 and bool(self.supports & {"number", "amount"})


def is_typed(record: StoredRecord, formats: dict[int, str]) -> bool:
    """Was the record's number typed by a person, so that it can be wrong itself?"""
    authority = _AUTHORITY.get(formats.get(record.import_id or 0, ""), Authority.TYPED)
    return record.origin != "import" or authority is not Authority.BUREAU


def score(invoice: Captured, record: StoredRecord, *, typed: bool) -> Scored:
    found = link(invoice, record)
    parts = {
        "number": _number(invoice, found, typed=typed),
        "seller": _seller(invoice, record),
        "amount": _amount(invoice, record),
        "date": _date(invoice, record),
        "buyer": _buyer(invoice, record),
    }
    return Scored(record, found, parts)


def rank(scored: Sequence[Scored], ledger_size: int) -> list[Scored]:
    """Probabilities over the candidates and over "none of them", best first; implausible ones left out."""
    prior = -math.log2(max(ledger_size, SMALLEST_LEDGER))
    recurring = math.log2(max(sum(s.recurs for s in scored), 1))
    odds = [(2.0 ** min(s.weight + prior - recurring * s.recurs, 60.0), s) for s in scored if s.plausible]
    total = 1.0 + sum(o for o, _ in odds)
    ranked = [Scored(s.record, s.number, s.parts, o / total) for o, s in odds]
    return sorted(ranked, key=lambda s: (-s.probability, s.record.id))


def _reading(invoice: Captured) -> Reading:
    field = invoice.field("invoice_number")
    if not field.accepted:
        return Reading.DOUBTED
    return Reading.EXACT if field.exact else Reading.SEEN


def _number(invoice: Captured, found: NumberLink, *, typed: bool) -> float:
    reading = _reading(invoice)
    if found.kind is Link.DAMAGED:
        return _damaged(found)
    if found.kind in LINK_WEIGHTS:
        return LINK_WEIGHTS[found.kind]
    if reading is Reading.EXACT and not typed:
        return TWO_EXACT_NUMBERS
    if found.kind is Link.SLIP:
        if found.neighbour and not typed and reading is Reading.SEEN and found.distance is not Distance.CONFUSED:
            return DIFFERENT_WEIGHTS[reading]  # neither was typed, and no digit looks like the other: two invoices
        neighbour = NEIGHBOUR_PENALTY if found.neighbour else 0.0
        return SLIP_WEIGHTS[found.distance] + SLIP_PENALTY[reading] + neighbour
    return DIFFERENT_WEIGHTS[reading]


def _damaged(found: NumberLink) -> float:
    """About log₂ 10 a digit still shown; year, area and channel of a 20-digit number say little."""
    if found.damage in (Damage.SCIENTIFIC, Damage.OVER_15_DIGITS, Damage.ROUNDED):
        return min(max(found.shown_digits - 5, 0) * 3.0 + 2.0, DAMAGED_CAP)
    return min(found.shown_digits * 3.0, DAMAGED_CAP)


def _seller(invoice: Captured, record: StoredRecord) -> float:
    """Of a 代开 invoice either the printed seller or the one in the remarks may be recorded."""
    printed = _party(invoice.value("seller_tax_id"), invoice.value("seller_name"), record)
    behalf = true_seller(invoice)
    return max(printed, _party(behalf.tax_id, behalf.name, record)) if behalf else printed


def _party(tax_id: str | None, party_name: str | None, record: StoredRecord) -> float:
    seen, stored = fold_tax_id(tax_id), fold_tax_id(record.seller_tax_id)
    name = _name_weight(party_name, record.seller_name)
    if not seen or not stored:
        return name
    if seen == stored:
        return SELLER_ID_SAME + (1.0 if name > 0 else 0.0)
    slip = SELLER_ID_SLIP if compare(seen, stored) < Distance.FAR else SELLER_DIFFERS
    return max(slip, SELLER_ID_SLIP if name == SELLER_NAME_SAME else slip)


def _name_weight(seen: str | None, stored: str | None) -> float:
    if not seen or not stored:
        return 0.0
    if same_name(seen, stored):
        return SELLER_NAME_SAME
    (stem, _), (other, _) = split_form(seen), split_form(stored)
    if stem == other:
        return SELLER_NAME_STEM
    return SELLER_NAME_ALIKE if fuzz.ratio(stem, other) >= ALIKE else SELLER_DIFFERS


def _amount(invoice: Captured, record: StoredRecord) -> float:
    pairs = [
        ("total_incl_tax", record.total_incl_fen, AMOUNT_SAME),
        ("total_excl_tax", record.total_excl_fen, NET_SAME),
    ]
    weights = []
    for name, stored, same in pairs:
        seen = invoice.fen(name)
        if seen is None or stored is None:
            continue
        doubted = invoice.field(name).status is FieldStatus.REVIEW
        weights.append(same if seen == stored else AMOUNT_DIFFERS_DOUBTED if doubted else AMOUNT_DIFFERS)
    if not weights:
        return 0.0
    if max(weights) > 0 > min(weights):  # net agrees, gross does not, or the other way round
        return max(weights) / 2
    return max(weights) + (1.0 if len(weights) == 2 and min(weights) > 0 else 0.0)


def _date(invoice: Captured, record: StoredRecord) -> float:
    seen, stored = invoice.issue_date, record.issue_date
    if seen is None or stored is None:
        return 0.0
    apart = abs((seen - stored).days)
    if apart == 0:
        return DATE_SAME
    if apart <= 3:
        return DATE_NEAR
    doubted = invoice.field("issue_date").status is FieldStatus.REVIEW
    return DATE_DIFFERS_DOUBTED if doubted else DATE_DIFFERS


def _buyer(invoice: Captured, record: StoredRecord) -> float:
    seen, stored = fold_tax_id(invoice.value("buyer_tax_id")), fold_tax_id(record.buyer_tax_id)
    if not seen or not stored:
        return 0.0
    return BUYER_SAME if seen == stored else BUYER_DIFFERS

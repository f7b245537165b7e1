"""Weighs a candidate record field by field: log₂ of how much likelier the agreement is for one invoice than for two.

After Fellegi and Sunter. The weights are judgement, written down in docs/matching.md; pairs that people decided shift
them within bounds (`learning`). A score ranks and asks a person; it never links by itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

from rapidfuzz import fuzz

from matching.captured import Captured
from matching.digits import Distance, compare, neighbours
from matching.folding import fold_tax_id, same_name, split_form
from matching.importing.damage import Damage
from matching.importing.formats import FORMATS, Authority
from matching.number_links import Link, NumberLink, link
from matching.on_behalf import TrueSeller, true_seller
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
NEXT = 5  #: so far apart in sequence even a doubted number is rather another invoice
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
SUPPORTS = 4.0  #: weight from which a field speaks for a candidate
_AUTHORITY = {form.name: form.authority for form in FORMATS}
BLANK = "blank"  #: relation of a field that one side does not have

Shifts = Mapping[tuple[str, str], float]  #: field and relation → log₂, learned
Part = tuple[str, float]  #: relation and weight


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with its weight and the parts of it, for a person to see why."""

    record: StoredRecord
    number: NumberLink
    parts: dict[str, float]  #: by judgement
    relations: dict[str, str]  #: field → how it agrees
    shifts: dict[str, float] = field(default_factory=dict)  #: field → what decided pairs add
    probability: float = 0.0
    offset: float = 0.0  #: log₂ odds before any field was looked at
    #: fields that speak for it, by judgement alone: experience may rank, but not make a field speak that does not
    supports: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        speaking = frozenset(name for name, weight in self.parts.items() if weight >= SUPPORTS)
        object.__setattr__(self, "supports", speaking)

    @property
    def weight(self) -> float:
        return sum(self.parts.values()) + sum(self.shifts.values())

    @property
    def shown(self) -> dict[str, float]:
        """Weight of each field as it counted."""
        return {name: part + self.shifts.get(name, 0.0) for name, part in self.parts.items()}

    @property
    def recurs(self) -> bool:
        """Same seller and amount: of several such records each says less (a rent, a subscription)."""
        return {"seller", "amount"} <= self.supports

    @property
    def plausible(self) -> bool:
        """At least two kinds of field speak for it, of which one is not a name."""
        return len(self.supports) >= 2 and bool(self.supports & {"number", "amount"})


class Face:
    """What of a captured invoice is compared with every candidate, worked out once."""

    def __init__(self, invoice: Captured) -> None:
        self.invoice = invoice
        number = invoice.field("invoice_number")
        self.reading = Reading.EXACT if invoice.number_exact else Reading.SEEN if number.accepted else Reading.DOUBTED
        self.readings = number.readings
        self.seller: tuple[str, str | None] = _party_of(invoice, "seller")
        behalf: TrueSeller | None = true_seller(invoice)
        self.behalf = (fold_tax_id(behalf.tax_id), behalf.name) if behalf else None
        self.buyer = fold_tax_id(invoice.value("buyer_tax_id"))
        self.gross, self.net = invoice.fen("total_incl_tax"), invoice.fen("total_excl_tax")
        self.doubted = {n for n, f in invoice.fields.items() if f.status is FieldStatus.REVIEW}
        self.day: date | None = invoice.issue_date


def _party_of(invoice: Captured, party: str) -> tuple[str, str | None]:
    return fold_tax_id(invoice.value(f"{party}_tax_id")), invoice.value(f"{party}_name")


def is_typed(record: StoredRecord, formats: dict[int, str]) -> bool:
    """Was the record's number typed by a person, so that it can be wrong itself?"""
    authority = _AUTHORITY.get(formats.get(record.import_id or 0, ""), Authority.TYPED)
    return record.origin != "import" or authority is not Authority.BUREAU


def score(face: Face, record: StoredRecord, *, typed: bool, shifts: Shifts, again: bool = False) -> Scored:
    """`again`: the record has its document, and this one may be a second picture of it."""
    found = link(face.invoice, record)
    told: dict[str, Part] = {
        "number": _number(face, found, record, typed=typed, again=again),
        "seller": _seller(face, record),
        "amount": _amount(face, record),
        "date": _date(face, record),
        "buyer": _buyer(face, record),
    }
    relations = {name: relation for name, (relation, _) in told.items()}
    learned = {name: shifts[name, relation] for name, relation in relations.items() if (name, relation) in shifts}
    return Scored(record, found, {name: weight for name, (_, weight) in told.items()}, relations, learned)


def rank(scored: Sequence[Scored], ledger_size: int, recurring: int = 0) -> list[Scored]:
    """Probabilities over the candidates and over "none of them", best first; implausible ones left out.

    `recurring`: how many records the ledger has of this seller and amount.
    """
    plausible = [s for s in scored if s.plausible]
    prior = -math.log2(max(ledger_size, SMALLEST_LEDGER))
    less = math.log2(max(sum(s.recurs for s in scored), recurring, 1))
    offsets = [prior - less * s.recurs for s in plausible]
    odds = [2.0 ** min(s.weight + offset, 60.0) for s, offset in zip(plausible, offsets, strict=True)]
    total = 1.0 + sum(odds)
    ranked = [
        Scored(s.record, s.number, s.parts, s.relations, s.shifts, o / total, offset)
        for s, o, offset in zip(plausible, odds, offsets, strict=True)
    ]
    return sorted(ranked, key=lambda s: (-s.probability, s.record.id))


def _number(face: Face, found: NumberLink, record: StoredRecord, *, typed: bool, again: bool) -> Part:
    reading = face.reading
    if found.kind is Link.DAMAGED:
        return found.kind.value, _damaged(found)
    if found.kind in LINK_WEIGHTS:
        return found.kind.value, LINK_WEIGHTS[found.kind]
    if reading is Reading.EXACT and not typed:
        return "two_exact", TWO_EXACT_NUMBERS
    if found.neighbour and not typed and _two_in_sequence(face, found, record, again=again):
        return "next_in_sequence", DIFFERENT_WEIGHTS[Reading.SEEN]
    if found.kind is Link.SLIP:
        neighbour = NEIGHBOUR_PENALTY if found.neighbour else 0.0
        relation = f"{found.distance.name}_{reading.name}{'_NEXT' if found.neighbour else ''}".lower()
        return relation, SLIP_WEIGHTS[found.distance] + SLIP_PENALTY[reading] + neighbour
    return f"different_{reading.name}".lower(), DIFFERENT_WEIGHTS[reading]


def _two_in_sequence(face: Face, found: NumberLink, record: StoredRecord, *, again: bool) -> bool:
    """Numbers a few apart, neither typed: two invoices of one morning, unless something shows a misreading.

    A slip seldom falls on the last digits and seldom to a neighbour (about one accepted number in ten thousand), while
    a seller who issues the same amount twice a day does it in sequence. What would show a misreading: another reading
    of this document that is the record's number; or a doubted number, and digits that look alike.
    """
    if {record.digital_invoice_number, record.invoice_number} & set(face.readings):
        return False
    if face.reading is Reading.SEEN and not again:
        return True
    return found.distance is not Distance.CONFUSED and neighbours(face.invoice.number or "", record.number or "", NEXT)


def _damaged(found: NumberLink) -> float:
    """About log₂ 10 a digit still shown; year, area and channel of a 20-digit number say little."""
    if found.damage in (Damage.SCIENTIFIC, Damage.OVER_15_DIGITS, Damage.ROUNDED):
        return min(max(found.shown_digits - 5, 0) * 3.0 + 2.0, DAMAGED_CAP)
    return min(found.shown_digits * 3.0, DAMAGED_CAP)


def _seller(face: Face, record: StoredRecord) -> Part:
    """Of a 代开 invoice either the printed seller or the one in the remarks may be recorded."""
    printed = _party(*face.seller, record)
    return max(printed, _party(*face.behalf, record), key=lambda part: part[1]) if face.behalf else printed


def _party(seen: str, party_name: str | None, record: StoredRecord) -> Part:
    stored = fold_tax_id(record.seller_tax_id)
    if seen and seen == stored:
        named = bool(party_name and record.seller_name) and _name(party_name, record.seller_name)[1] > 0
        return ("id_and_name", SELLER_ID_SAME + 1.0) if named else ("id_same", SELLER_ID_SAME)
    name = _name(party_name, record.seller_name)
    if not seen or not stored:
        return name
    if compare(seen, stored) < Distance.FAR or name[0] == "name_same":
        return "id_slip", SELLER_ID_SLIP
    return "differs", SELLER_DIFFERS


def _name(seen: str | None, stored: str | None) -> Part:
    if not seen or not stored:
        return BLANK, 0.0
    if same_name(seen, stored):
        return "name_same", SELLER_NAME_SAME
    (stem, _), (other, _) = split_form(seen), split_form(stored)
    if stem == other:
        return "name_stem", SELLER_NAME_STEM
    return ("name_alike", SELLER_NAME_ALIKE) if fuzz.ratio(stem, other) >= ALIKE else ("differs", SELLER_DIFFERS)


def _amount(face: Face, record: StoredRecord) -> Part:
    pairs = [
        ("total_incl_tax", face.gross, record.total_incl_fen, "gross_same", AMOUNT_SAME),
        ("total_excl_tax", face.net, record.total_excl_fen, "net_same", NET_SAME),
    ]
    told: list[Part] = []
    for name, seen, stored, relation, same in pairs:
        if seen is None or stored is None:
            continue
        unsure: Part = ("differs_doubted", AMOUNT_DIFFERS_DOUBTED)
        told.append((relation, same) if seen == stored else unsure if name in face.doubted else
                    ("differs", AMOUNT_DIFFERS))  # fmt: skip
    if not told:
        return BLANK, 0.0
    best, worst = max(told, key=lambda part: part[1]), min(told, key=lambda part: part[1])
    if best[1] > 0 > worst[1]:  # net agrees, gross does not, or the other way round
        return "one_of_two", best[1] / 2
    return ("both_same", best[1] + 1.0) if len(told) == 2 and worst[1] > 0 else best


def _date(face: Face, record: StoredRecord) -> Part:
    if face.day is None or record.issue_date is None:
        return BLANK, 0.0
    apart = abs((face.day - record.issue_date).days)
    if apart == 0:
        return "same", DATE_SAME
    if apart <= 3:
        return "near", DATE_NEAR
    return ("differs_doubted", DATE_DIFFERS_DOUBTED) if "issue_date" in face.doubted else ("differs", DATE_DIFFERS)


def _buyer(face: Face, record: StoredRecord) -> Part:
    stored = fold_tax_id(record.buyer_tax_id)
    if not face.buyer or not stored:
        return BLANK, 0.0
    return ("same", BUYER_SAME) if face.buyer == stored else ("differs", BUYER_DIFFERS)

"""How the number on a document and the number of a record hang together. Names the relation; weighs nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from operator import itemgetter

from matching.captured import Captured
from matching.digits import Distance, compare, neighbours
from matching.importing.damage import TELLING, Damage, DamagedCell
from matching.importing.healing import could_be
from matching.stored import StoredRecord
from matching.wording import Said, join, say

MIN_SWAPPED = 8


class Link(StrEnum):
    SAME = "same"
    CODE_BLANK = "code_blank"  #: same 8 digits, the record has no code
    CODE_SLIP = "code_slip"  #: same 8 digits, the codes are a slip apart
    DAMAGED = "damaged"  #: the record's damaged cell could have been this number
    TRUNCATED = "truncated"  #: one side has only the last 8 of 20
    SWAPPED = "swapped"  #: code and number exchanged
    SLIP = "slip"
    DIFFERENT = "different"
    UNKNOWN = "unknown"  #: a number is missing


@dataclass(frozen=True, slots=True)
class NumberLink:
    kind: Link
    distance: Distance = Distance.FAR
    neighbour: bool = False  #: close in sequence: more likely two invoices
    shown_digits: int = 0  #: of a damaged cell
    damage: Damage | None = None
    said: Said | None = None  #: the relation in words


def link(invoice: Captured, record: StoredRecord) -> NumberLink:
    """The closest relation that holds."""
    number = invoice.number
    if number is None:
        return NumberLink(Link.UNKNOWN)
    stored = [n for n in (record.digital_invoice_number, record.invoice_number) if n]
    if record.damaged and (damaged := _by_damaged_cells(invoice, record)):
        return damaged
    if not stored:
        return NumberLink(Link.UNKNOWN)
    if record.invoice_number and (found := _same_eight(invoice, record)):
        return found
    if len(number) == 20 and number in stored:
        return NumberLink(Link.SAME, Distance.SAME)
    for other in stored:
        if len(other) != len(number) and min(len(other), len(number)) == 8 and other[-8:] == number[-8:]:
            short, long = sorted((number, other), key=len)
            return NumberLink(Link.TRUNCATED, said=say("last_eight", short=short, long=long))
    if invoice.code and record.invoice_number == invoice.code and record.invoice_code == number:
        return NumberLink(Link.SWAPPED, said=say("swapped"))
    if invoice.code and len(invoice.code) >= MIN_SWAPPED and invoice.code in stored:
        return NumberLink(Link.SWAPPED, said=say("code_is_number", code=invoice.code))
    distance, nearest = min(((compare(number, other), other) for other in stored), key=itemgetter(0))
    codes_agree = not (invoice.code and record.invoice_code) or invoice.code == record.invoice_code
    if distance < Distance.FAR:
        slip = say("number_slip", number=number, other=nearest, slip=[_SLIPS[distance], {}])
        if codes_agree:
            return NumberLink(Link.SLIP, distance, neighbours(number, nearest), said=slip)
        if code := _doubted_code(invoice, record):
            return NumberLink(Link.SLIP, Distance.TWO_WRONG, neighbours(number, nearest), said=join((slip, code)))
    return NumberLink(Link.DIFFERENT, neighbour=codes_agree and neighbours(number, nearest))


def _doubted_code(invoice: Captured, record: StoredRecord) -> Said | None:
    """The code is in doubt too, and a slip from the record's: with the number's slip two places, each likely alone."""
    if not invoice.code or not record.invoice_code or invoice.field("invoice_code").accepted:
        return None
    return _code_slip("doubted_code_slip", invoice.code, record.invoice_code)


def _code_slip(sentence: str, code: str, other: str) -> Said | None:
    distance = compare(code, other)
    return say(sentence, code=code, other=other, slip=[_SLIPS[distance], {}]) if distance < Distance.FAR else None


_SLIPS = {
    Distance.CONFUSED: "slip_confused", Distance.TRANSPOSED: "slip_transposed", Distance.ONE_WRONG: "slip_one",
    Distance.ONE_MISSING: "slip_missing", Distance.TWO_CONFUSED: "slip_two_confused", Distance.TWO_WRONG: "slip_two",
}  # fmt: skip


def _by_damaged_cells(invoice: Captured, record: StoredRecord) -> NumberLink | None:
    if _cells_swapped(invoice, record):
        return NumberLink(Link.SWAPPED, said=say("cells_swapped"))
    return _damaged(invoice, record)


def _cells_swapped(invoice: Captured, record: StoredRecord) -> bool:
    """Each cell was of the other's length, so import called both damaged."""
    cells = [record.damaged.get(column) for column in ("invoice_code", "invoice_number")]
    raws = [DamagedCell.parse(cell).raw if cell else None for cell in cells]
    return None not in raws and raws == [invoice.number, invoice.code]


def _damaged(invoice: Captured, record: StoredRecord) -> NumberLink | None:
    columns = [c for c in ("digital_invoice_number", "invoice_number", "invoice_code") if c in record.damaged]
    if not columns:
        return None
    cell = DamagedCell.parse(record.damaged[columns[0]])
    if not could_be(record, invoice.code, invoice.number, None):
        # the digits that are left say another number; a cell of a wrong length says nothing
        telling = all(DamagedCell.parse(record.damaged[c]).problem in TELLING for c in columns)
        return NumberLink(Link.DIFFERENT) if telling else None
    if cell.problem is Damage.TRUNCATED:
        said = say("record_last_eight", raw=cell.raw, number=invoice.number)
        return NumberLink(Link.TRUNCATED, damage=cell.problem, said=said)
    mantissa = "".join(c for c in cell.raw.upper().partition("E")[0] if c.isdigit())[:15].rstrip("0")
    said = say("damaged_cell", raw=cell.raw, problem=[f"damage_{cell.problem.value}", {}])
    return NumberLink(Link.DAMAGED, shown_digits=len(mantissa), damage=cell.problem, said=said)


def _same_eight(invoice: Captured, record: StoredRecord) -> NumberLink | None:
    number = invoice.number or ""
    if record.invoice_number != number or len(number) == 20:
        return None
    if record.invoice_code is None:
        return NumberLink(Link.CODE_BLANK, said=say("record_without_code"))
    if invoice.code is None:
        return NumberLink(Link.CODE_BLANK, said=say("face_without_code"))
    if invoice.code == record.invoice_code:
        return NumberLink(Link.SAME, Distance.SAME)
    said = _code_slip("code_slip", invoice.code, record.invoice_code)
    return NumberLink(Link.CODE_SLIP, compare(invoice.code, record.invoice_code), said=said) if said else None

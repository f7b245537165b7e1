"""What a kind never prints on its face but an attached file may hold.

The common fields mean what is printed (the person compares them with the paper in hand). A figure that stands only in
the attachment keeps a name of its own: the rail e-ticket prints the fare alone, its attached XBRL splits it into net
and tax, and that tax is the deductible one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from extraction.reading import Reading
from models.evidence import Evidence, Source
from models.kinds import InvoiceKind

NEVER_PRINTED: Mapping[InvoiceKind, Mapping[str, str]] = {
    InvoiceKind.RAIL_E: {"total_excl_tax": "fare_excl_tax", "total_tax": "effective_deductible_tax"}
}


def named_after_face(
    readings: Sequence[Reading], kind: InvoiceKind, *, has_face: bool = False
) -> dict[str, list[Evidence]]:
    """Evidence by field; attachment-only figures under their own names where the document has a face, read or not."""
    has_face = has_face or any(r.source in (Source.PDF, Source.OFD, Source.OCR) for r in readings)
    renamed = NEVER_PRINTED.get(kind, {}) if has_face else {}
    found: dict[str, list[Evidence]] = {}
    for reading in readings:
        for name, items in reading.fields.items():
            own = renamed.get(name, name) if reading.source is Source.XML else name
            found.setdefault(own, []).extend(items)
    return found

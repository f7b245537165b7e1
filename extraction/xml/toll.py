"""The toll block of 数电票 XML (SpecificInformation/Toll): plate, kind of vehicle, first and last day of passage.

Source: public samples of toll invoices. The element names of the other special businesses are known from no sample;
what those print in the remarks is read there (`extraction.remark_facts`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extraction.xml.parsing import Element, name_of, text_of
from models.evidence import Evidence, Source
from models.invoice import Line

BUSINESS = "通行费"
_NAMES = {
    "platenumber": "plate_number",
    "vehicletype": "vehicle_type",
    "startdatesofpassage": "travel_date_from",
    "enddatesofpassage": "travel_date_to",
}
_MOMENT = re.compile(r"(20\d{6})\d{6}(?:\d{3})?")  #: 20260227172851000: the face prints the day alone
Toll = dict[str, str]


def tolls(root: Element) -> list[Toll]:
    """One entry per Toll block that says anything."""
    found = []
    for block in root.iter():
        if name_of(block) == "toll":
            told = {
                _NAMES[name]: text for child in block if (name := name_of(child)) in _NAMES and (text := text_of(child))
            }
            found.append({name: _MOMENT.sub(r"\1", text) if "date" in name else text for name, text in told.items()})
    return [toll for toll in found if toll]


def toll_fields(found: Sequence[Toll], *, label: str, confidence: float) -> dict[str, tuple[Evidence, ...]]:
    """The special business, and the plate and kind of vehicle where every block names the same."""
    if not found:
        return {}
    said = {"special_business_type": BUSINESS}
    for field, name in (("plate", "plate_number"), ("vehicle_type", "vehicle_type")):
        values = {toll.get(name) for toll in found}
        if len(values) == 1 and (value := values.pop()):
            said[field] = value
    return {
        field: (Evidence(source=Source.XML, value=value, raw=value, confidence=confidence, label=f"{label}: Toll"),)
        for field, value in said.items()
    }


def with_tolls(lines: Sequence[Line], found: Sequence[Toll]) -> list[Line]:
    """Each row with its block, where there is one for each row; else the rows as they are."""
    if len(found) != len(lines):
        return list(lines)
    return [replace(line, extra={**line.extra, **toll}) for line, toll in zip(lines, found, strict=True)]

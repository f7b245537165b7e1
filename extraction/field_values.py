"""Raw text of an exact source (XML, OFD, QR, PDF information) → evidence and line cells in their normal form.

Nothing is repaired here: a text that is not a value of its field gives no evidence but a note, so that nothing is lost
silently. A field that the source holds but leaves blank gives an empty tuple: the document has no such value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from extraction import normalise
from models.evidence import Evidence, Source
from models.invoice import MONEY_FIELDS, Line
from models.pages import PageBox

_MASKED = re.compile(r"[*＊]+")  #: a passenger's name put out of sight
Fields = dict[str, tuple[Evidence, ...]]


def _exact_digits(raw: str) -> str | None:
    text = re.sub(r"\s", "", normalise.fold(raw))
    return text if re.fullmatch(r"[0-9]+", text) else None


def _code(raw: str) -> str | None:
    text = re.sub(r"\s", "", normalise.fold(raw)).upper()
    return text if re.fullmatch(r"[0-9]{7,11}[0-9A-Z]{3,5}", text) and len(text) in (10, 12) else None


def _number(raw: str) -> str | None:
    text = _exact_digits(raw)
    return text if text and len(text) in (8, 20) else None


def _check_code(raw: str) -> str | None:
    text = re.sub(r"\s", "", normalise.fold(raw))
    return text if re.fullmatch(r"[0-9]{20}|[0-9A-Fa-f]{5,6}", text) else None


def _block(raw: str) -> str | None:
    """Several printed lines: each line's blanks collapse, the lines stay."""
    lines = [line for line in map(normalise.printed, raw.splitlines()) if line]
    return "\n".join(lines) or None


_NORMAL: Mapping[str, Callable[[str], str | None]] = {
    "invoice_code": _code,
    "invoice_number": _number,
    "digital_invoice_number": _number,
    "original_invoice_number": _number,
    "original_invoice_code": _code,
    "issue_date": normalise.date_iso,
    "travel_date": normalise.date_iso,
    "check_code": _check_code,
    "machine_number": _exact_digits,
    "buyer_tax_id": normalise.tax_id,
    "seller_tax_id": normalise.tax_id,
    "remarks": _block,
    "tax_rate": normalise.rate,
    "carriage": lambda raw: (normalise.printed(raw) or "").removesuffix("车") or None,
} | dict.fromkeys(
    ("total_excl_tax", "total_tax", "total_incl_tax", "fare", "fuel_surcharge", "civil_aviation_fund", "other_taxes"),
    normalise.money_text,
)


def evidence(
    field: str,
    raw: str | None,
    *,
    source: Source,
    confidence: float,
    label: str | None = None,
    box: PageBox | None = None,
) -> Evidence | None:
    """Evidence for one field; None where `raw` is blank or not a value of this field."""
    if raw is None or not raw.strip():
        return None
    value = _NORMAL.get(field, normalise.printed)(raw)
    if value is None or (field not in MONEY_FIELDS and _MASKED.fullmatch(value)):
        return None
    return Evidence(source=source, value=value, raw=raw.strip(), confidence=confidence, label=label, box=box)


def collect(
    found: Iterable[tuple[str, str | None, str]], *, source: Source, confidence: float
) -> tuple[Fields, list[str]]:
    """(field, raw or blank, where it stood) → fields and notes about texts that could not be used."""
    fields: Fields = {}
    notes: list[str] = []
    for field, raw, label in found:
        item = evidence(field, raw, source=source, confidence=confidence, label=label)
        known = fields.setdefault(field, ())
        if item is not None and item.value not in {other.value for other in known}:
            fields[field] = (*known, item)
        elif item is None and raw and raw.strip():
            if not known:
                del fields[field]  # not blank, only unusable: other sources may know
            if not _MASKED.fullmatch(raw.strip()):
                notes.append(f"{label}: “{normalise.printed(raw)}” is not a {field}")
    return fields, notes


def line(cells: Mapping[str, str | None]) -> Line | None:
    """One item row. A cell whose text is not what its column holds is kept as printed."""
    values = {name: cell for name, raw in cells.items() if (cell := _cell(name, raw)) is not None}
    if not any(name in values for name in Line.CELLS):
        return None
    return Line(
        **{name: values.get(name) for name in Line.CELLS},  # type: ignore[arg-type]
        tax_classification_code=values.get("tax_classification_code"),
    )


def _cell(name: str, raw: str | None) -> str | None:
    text = normalise.printed(raw)
    if text is None:
        return None
    if name in ("quantity", "unit_price"):
        return _without_padding(normalise.number_text(text) or text)
    if name in ("amount_excl_tax", "tax_amount"):
        return normalise.money_text(text) or text
    if name == "tax_rate":
        return normalise.rate(text) or text
    return text


def _without_padding(number: str) -> str:
    """`1.0000000000` → `1`: zeros that a data format adds and no face prints."""
    return re.sub(r"\.?0+$", "", number) if re.fullmatch(r"-?\d+\.\d*0{3,}", number) else number


_PAYEE = re.compile(r"收款人\s*[:：]\s*([^;；:：,，\s]{1,20})")
_REVIEWER = re.compile(r"复核人?\s*[:：]\s*([^;；:：,，\s]{1,20})")


def people_in_remarks(remarks: str | None) -> dict[str, str]:
    """Payee and reviewer of a 数电票 stand in its remarks."""
    found = {"payee": _PAYEE.search(remarks or ""), "reviewer": _REVIEWER.search(remarks or "")}
    return {field: match[1] for field, match in found.items() if match}

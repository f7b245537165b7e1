"""Where a value came from and how far it can be trusted. No value leaves the house without this."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from models.pages import PageBox


class Source(StrEnum):
    """Exact sources first, OCR last."""

    XML = "xml"  #: 数电票 XML, original_invoice.xml, XBRL attachment
    OFD = "ofd"  #: OFD page text and tags
    QR = "qr"
    PDF = "pdf"  #: PDF text layer
    OCR = "ocr"
    USER = "user"  #: a person typed or confirmed it


#: sources whose text is exact once decoded; an OCR value alone is never exact
EXACT = frozenset({Source.XML, Source.OFD, Source.QR, Source.PDF, Source.USER})


class FieldStatus(StrEnum):
    ACCEPTED = "accepted"  #: safe to use unseen
    REVIEW = "review"  #: a person must look
    ABSENT = "absent"  #: not on the document


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One reading of one field by one source. `value` is normalised, `raw` is as printed."""

    source: Source
    value: str
    raw: str
    confidence: float  #: 0–1, the reader's own belief
    box: PageBox | None = None
    repaired: str | None = None  #: name of the safe rule that changed raw into value; None: untouched
    label: str | None = None  #: how it was found (label text, shape, tag name)

    def export(self) -> dict[str, Any]:
        return {
            "source": self.source.value,
            "value": self.value,
            "raw": self.raw,
            "confidence": round(self.confidence, 4),
            "box": self.box.export() if self.box else None,
            "repaired": self.repaired,
            "label": self.label,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """The fused value of one field with everything that speaks for and against it."""

    value: str | None = None
    confidence: float = 0.0
    source: Source | None = None
    status: FieldStatus = FieldStatus.ABSENT
    box: PageBox | None = None
    raw: str | None = None
    agrees: tuple[Source, ...] = ()
    why: str = ""  #: one sentence: what supports the value, or why a person must look
    evidence: tuple[Evidence, ...] = field(default=())

    def export(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "confidence": round(self.confidence, 4),
            "source": self.source.value if self.source else None,
            "status": self.status.value,
            "box": self.box.export() if self.box else None,
            "agrees": [s.value for s in self.agrees],
            "raw": self.raw,
            "why": self.why,
            "evidence": [e.export() for e in self.evidence],
        }

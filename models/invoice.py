"""An invoice as read from a document: kind, fields with provenance, lines, checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from models.authenticity import SealFinding, export_seals
from models.evidence import Field, FieldStatus, Source
from models.kinds import InvoiceKind
from models.pages import PageBox

#: fields on every kind, in the order they are shown; extra ones by kind follow
COMMON_FIELDS: tuple[str, ...] = (
    "invoice_code", "invoice_number", "issue_date", "check_code", "machine_number",
    "buyer_name", "buyer_tax_id", "seller_name", "seller_tax_id",
    "total_excl_tax", "total_tax", "total_incl_tax", "total_in_words",
    "remarks", "payee", "reviewer", "drawer",
)  # fmt: skip
KEY_FIELDS: tuple[str, ...] = (
    "invoice_code", "invoice_number", "issue_date", "buyer_name", "buyer_tax_id",
    "seller_name", "seller_tax_id", "total_excl_tax", "total_tax", "total_incl_tax",
)  # fmt: skip
MONEY_FIELDS: frozenset[str] = frozenset({"total_excl_tax", "total_tax", "total_incl_tax"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One item row, cells as printed (strings); None where the cell is blank."""

    item_name: str | None = None
    specification: str | None = None
    unit: str | None = None
    quantity: str | None = None
    unit_price: str | None = None
    amount_excl_tax: str | None = None
    tax_rate: str | None = None
    tax_amount: str | None = None
    tax_classification_code: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)  #: columns of special tables (toll: plate, type, dates)
    box: PageBox | None = None
    confidence: float = 1.0

    CELLS = (
        "item_name",
        "specification",
        "unit",
        "quantity",
        "unit_price",
        "amount_excl_tax",
        "tax_rate",
        "tax_amount",
    )

    def export(self) -> dict[str, Any]:
        out: dict[str, Any] = {name: getattr(self, name) for name in self.CELLS}
        if self.tax_classification_code:
            out["tax_classification_code"] = self.tax_classification_code
        return {**out, **self.extra}

    @classmethod
    def restore(cls, exported: Mapping[str, Any]) -> Line:
        """The line that `export` wrote (its place on the page is not part of the export)."""
        own = (*cls.CELLS, "tax_classification_code")
        cells: dict[str, Any] = {name: exported.get(name) for name in own}
        return cls(**cells, extra={name: value for name, value in exported.items() if name not in own})


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One rule applied to the fused values. `passed` None: could not be applied, with the reason in `detail`."""

    rule: str
    passed: bool | None
    detail: str
    fields: tuple[str, ...] = ()

    def export(self) -> dict[str, Any]:
        return {"rule": self.rule, "passed": self.passed, "detail": self.detail}


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """One invoice found in a document. `source` is the document's name, `index` its place among those found."""

    source: str
    index: int = 0
    pages: tuple[int, ...] = (1,)
    kind: InvoiceKind = InvoiceKind.OTHER
    title: str | None = None
    fields: Mapping[str, Field] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    checks: tuple[Check, ...] = ()
    seals: tuple[SealFinding, ...] = ()  #: signatures of the document, verified offline; never a 查验
    notes: tuple[str, ...] = ()  #: what a person should know (page turned, source distrusted, …)

    def value(self, name: str) -> str | None:
        found = self.fields.get(name)
        return found.value if found else None

    def accepted(self, name: str) -> str | None:
        """The value if it is safe to use unseen, else None."""
        found = self.fields.get(name)
        return found.value if found and found.status is FieldStatus.ACCEPTED else None

    @property
    def identity_key(self) -> str | None:
        """Digital number where the number has 20 digits, else code + number; None if either is missing."""
        return identity_key(self.value("invoice_code"), self.value("invoice_number"))

    @property
    def needs_review(self) -> bool:
        return any(f.status is FieldStatus.REVIEW for f in self.fields.values()) or any(
            c.passed is False for c in self.checks
        )

    def export(self) -> dict[str, Any]:
        """The JSON contract of `chapiao extract`."""
        ordered = [*COMMON_FIELDS, *(n for n in self.fields if n not in COMMON_FIELDS)]
        return {
            "source": self.source,
            "index": self.index,
            "pages": list(self.pages),
            "kind": self.kind.value,
            "title": self.title,
            "fields": {n: self.fields.get(n, Field()).export() for n in ordered},
            "lines": [line.export() for line in self.lines],
            "checks": [check.export() for check in self.checks],
            "seals": export_seals(self.seals),
            "notes": list(self.notes),
            "needs_review": self.needs_review,
        }

    @classmethod
    def restore(cls, exported: Mapping[str, Any]) -> Invoice:
        """Kind, values, states and lines of what `export` wrote; evidence, checks and seals stay in the export."""
        return cls(
            source=exported["source"],
            index=exported["index"],
            pages=tuple(exported["pages"]),
            kind=InvoiceKind(exported["kind"]),
            title=exported.get("title"),
            fields={
                name: Field(
                    value=field["value"],
                    confidence=field["confidence"],
                    source=Source(field["source"]) if field["source"] else None,
                    status=FieldStatus(field["status"]),
                )
                for name, field in exported["fields"].items()
            },
            lines=tuple(Line.restore(line) for line in exported["lines"]),
        )


def identity_key(code: str | None, number: str | None) -> str | None:
    """Key under which one invoice is one, whatever its medium. An 8-digit number alone is not unique: None."""
    if not number:
        return None
    if len(number) == 20:
        return number
    return f"{code}-{number}" if code else None

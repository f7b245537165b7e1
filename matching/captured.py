"""Reads back the invoice that extraction stored (`InvoiceRow.data`, the export contract) for matching and drafts.

A person's corrections and extraction's doubts both live in the field's status: accepted, review or absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from models.authenticity import Verdict
from models.evidence import EXACT, FieldStatus
from models.invoice import identity_key
from models.kinds import KINDS, InvoiceKind
from models.money import CENT, parse_money, to_fen
from models.tables import InvoiceRow

MONEY = ("total_excl_tax", "total_tax", "total_incl_tax")


class CapturedField(NamedTuple):
    """A field's value with what matching needs to know of its trustworthiness."""

    value: str | None
    status: FieldStatus
    source: str | None = None
    confidence: float = 0.0
    raw: str | None = None
    exact: bool = False  #: read from, or agreed by, a source whose text is exact once decoded
    readings: tuple[str, ...] = ()  #: what the sources read, where they differ from `value`

    @property
    def accepted(self) -> bool:
        return self.value is not None and self.status is FieldStatus.ACCEPTED


_EXACT = frozenset(source.value for source in EXACT)
_STATUSES = {status.value: status for status in FieldStatus}
SEAL = "seal"  #: a broken signature or seal is a failed check: no draft is made of what was changed
MISSING = CapturedField(value=None, status=FieldStatus.ABSENT)


@dataclass(frozen=True, kw_only=True)
class Captured:
    """A captured invoice as matching sees it."""

    id: int
    kind: InvoiceKind
    fields: Mapping[str, CapturedField]
    lines: tuple[Mapping[str, Any], ...]
    failed_checks: tuple[str, ...]  #: `rule: detail` of every check that did not pass
    passed_checks: frozenset[str]
    broken_seals: tuple[str, ...] = ()  #: what each broken signature or seal shows

    def field(self, name: str) -> CapturedField:
        return self.fields.get(name, MISSING)

    def value(self, name: str) -> str | None:
        return self.field(name).value

    def accepted(self, name: str) -> str | None:
        found = self.field(name)
        return found.value if found.accepted else None

    def fen(self, name: str) -> int | None:
        return _fen(self.value(name))

    @cached_property
    def issue_date(self) -> date | None:
        text = self.value("issue_date")
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            return None

    @property
    def code(self) -> str | None:
        return self.value("invoice_code")

    @property
    def number(self) -> str | None:
        return self.value("invoice_number")

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Every identity key on the face (数电纸票 shows two)."""
        digital = self.value("digital_invoice_number")
        found = (
            digital if digital and len(digital) == 20 else None,
            identity_key(self.code, self.number),
        )
        return tuple(dict.fromkeys(key for key in found if key))

    @property
    def identity(self) -> str | None:
        return self.keys[0] if self.keys else None

    @cached_property
    def has_code(self) -> bool:
        """Does this kind bear a code? The number's own shape decides where the kind is not known."""
        return not (self.number and len(self.number) == 20) and KINDS[self.kind].number != "20"

    @cached_property
    def identity_accepted(self) -> bool:
        """The number, and the code where there is one, are safe to use unseen."""
        if self.identity is None or not self.field("invoice_number").accepted:
            return False
        return len(self.number or "") == 20 or self.field("invoice_code").accepted

    @cached_property
    def number_exact(self) -> bool:
        """The number comes from XML, OFD, QR, a text layer or a person, and is accepted: it was not misread."""
        found = self.field("invoice_number")
        return found.accepted and found.exact

    @cached_property
    def is_red(self) -> bool:
        totals = [fen for name in MONEY if (fen := self.fen(name)) is not None]
        return any(fen < 0 for fen in totals)


@lru_cache(maxsize=1024)
def _fen(text: str | None) -> int | None:
    """An amount is asked for by every comparison and rule."""
    amount = parse_money(text)
    return None if amount is None or amount != amount.quantize(CENT) else to_fen(amount)


def read_captured(row: InvoiceRow) -> Captured:
    data = row.data
    checks = data.get("checks", ())
    broken = tuple(s["detail"] for s in data.get("seals", ()) if s["verdict"] == Verdict.BROKEN.value)
    return Captured(
        id=row.id,
        kind=InvoiceKind(row.kind),
        fields={name: _field(found) for name, found in data.get("fields", {}).items()},
        lines=tuple(data.get("lines", ())),
        failed_checks=(
            *(f"{c['rule']}: {c['detail']}" for c in checks if c["passed"] is False),
            *(f"{SEAL}: {detail}" for detail in broken),
        ),
        passed_checks=frozenset(c["rule"] for c in checks if c["passed"]),
        broken_seals=broken,
    )


def _field(data: Mapping[str, Any]) -> CapturedField:
    value, source = data.get("value"), data.get("source")
    readings = [e["value"] for e in data.get("evidence", ()) if e["value"] != value]
    return CapturedField(
        value,
        _STATUSES[data["status"]],
        source,
        data.get("confidence", 0.0),
        data.get("raw"),
        source in _EXACT or not _EXACT.isdisjoint(data.get("agrees", ())),
        tuple(dict.fromkeys(readings)) if readings else (),
    )

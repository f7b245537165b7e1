"""What an electronic document itself proves about being unaltered, and what its 查验 needs.

Evidence that was found offline. Nothing here is, or may be shown as, the result of a 查验: only the tax platform
says whether an invoice exists.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from models.kinds import InvoiceKind


class SealKind(StrEnum):
    PDF_SIGNATURE = "pdf_signature"
    OFD_SEAL = "ofd_seal"


class Verdict(StrEnum):
    """What the signature says of the content it was made for. The certificate chain is never part of it."""

    VALID = "valid"  #: what was signed is unaltered, and the signature fits the certificate it carries
    BROKEN = "broken"  #: content, signature or seal was changed, or a visible change was appended
    ABSENT = "absent"  #: nothing signed: neither genuine nor forged
    UNVERIFIABLE = "unverifiable"  #: signed, but not in a way that can be judged here; `detail` says why


class Coverage(StrEnum):
    WHOLE = "whole"  #: every byte of the PDF, every part of the OFD
    PART = "part"  #: `outside` names what was appended or left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Whom the certificate names. A certificate can name anybody: its chain was not verified."""

    common_name: str | None = None
    organization: str | None = None
    issuer: str | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None

    @property
    def name(self) -> str:
        names = dict.fromkeys(n for n in (self.common_name, self.organization) if n)
        return " / ".join(names) or "（证书未写明）"

    def export(self) -> dict[str, Any]:
        return {
            "common_name": self.common_name,
            "organization": self.organization,
            "issuer": self.issuer,
            "valid_from": _iso(self.valid_from),
            "valid_to": _iso(self.valid_to),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SealFinding:
    """One signature or seal of a document; or, with verdict `absent`, that there is none."""

    kind: SealKind
    verdict: Verdict
    detail: str  #: for people, Chinese: what was found, and what was not verified
    place: str | None = None  #: name of the PDF field, part of the OFD
    seal_name: str | None = None  #: what the seal is called inside the seal
    signer: Signer | None = None
    signed_at: datetime | None = None  #: as the signing software said
    covers: Coverage | None = None
    outside: tuple[str, ...] = ()  #: what was changed after signing, or is not under the signature
    algorithm: str | None = None

    def export(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "verdict": self.verdict.value,
            "detail": self.detail,
            "place": self.place,
            "seal_name": self.seal_name,
            "signer": self.signer.export() if self.signer else None,
            "signed_at": _iso(self.signed_at),
            "covers": self.covers.value if self.covers else None,
            "outside": list(self.outside),
            "algorithm": self.algorithm,
            "chain_verified": False,
        }


def export_seals(findings: Iterable[SealFinding]) -> list[dict[str, Any]]:
    return [finding.export() for finding in findings]


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryInput:
    """One box of the 查验 form. `value` is in the form's own shape; None: not read beyond doubt."""

    name: str  #: of the form: code, number, date, amount, check_code
    label: str
    value: str | None
    fields: tuple[str, ...]  #: fields of the invoice that fill it

    def export(self) -> dict[str, Any]:
        return {"name": self.name, "label": self.label, "value": self.value, "fields": list(self.fields)}


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryInputs:
    """What to type into the 查验 form for one invoice. Prepared, never sent."""

    kind: InvoiceKind
    verifiable: bool  #: the platform takes this kind
    inputs: tuple[InquiryInput, ...] = ()
    note: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(item.name for item in self.inputs if item.value is None)

    @property
    def complete(self) -> bool:
        return self.verifiable and not self.missing

    def export(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "verifiable": self.verifiable,
            "complete": self.complete,
            "inputs": [item.export() for item in self.inputs],
            "missing": list(self.missing),
            "note": self.note,
        }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None

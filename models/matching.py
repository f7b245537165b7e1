"""What the join of document and ledger says: status, differences, ranked causes of absence, drafts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class MatchStatus(StrEnum):
    MATCHED = "matched"
    DIFFERS = "differs"
    PROBABLE = "probable"
    ABSENT = "absent"
    DUPLICATE = "duplicate"
    VOID = "void"
    RED_FLUSHED = "red_flushed"
    NOT_OURS = "not_ours"
    NEEDS_REVIEW = "needs_review"
    NO_DOCUMENT = "no_document"  #: of a record, never of a document


class CauseCode(StrEnum):
    MISREAD_OR_MISTYPED = "misread_or_mistyped"
    CODE_NUMBER_SWAPPED = "code_number_swapped"
    NUMBER_TRUNCATED = "number_truncated"
    SPREADSHEET_DAMAGE = "spreadsheet_damage"
    NOT_SYNCED_YET = "not_synced_yet"
    PERIOD_NOT_IMPORTED = "period_not_imported"
    KIND_NOT_IN_FEED = "kind_not_in_feed"
    WRONG_DIRECTION = "wrong_direction"
    OTHER_ENTITY = "other_entity"
    BUYER_ID_MISSING = "buyer_id_missing"
    VOIDED = "voided"
    RED_FLUSHED = "red_flushed"
    IS_RED = "is_red"
    ISSUED_ON_BEHALF = "issued_on_behalf"
    DUPLICATE = "duplicate"
    STORED_UNDER_OTHER_KEY = "stored_under_other_key"
    NO_ACCESS = "no_access"
    SUSPICIOUS = "suspicious"
    NEVER_RECORDED = "never_recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One hypothesis why an invoice is not in the ledger. Absent never means forged."""

    code: CauseCode
    probability: float  #: 0–1; the causes of one diagnosis sum to 1
    evidence: tuple[str, ...]
    action: str

    def export(self) -> dict[str, Any]:
        return {
            "code": self.code.value,
            "probability": round(self.probability, 4),
            "evidence": list(self.evidence),
            "action": self.action,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field on which document and record disagree."""

    field: str
    document: str | None
    record: str | None

    def export(self) -> dict[str, Any]:
        return {"field": self.field, "document": self.document, "record": self.record}


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchResult:
    """The finding for one captured invoice."""

    status: MatchStatus
    record_id: int | None = None
    duplicate_of: int | None = None  #: id of the captured invoice seen first
    score: float | None = None  #: 0–1 for `probable`
    differences: tuple[Difference, ...] = ()
    causes: tuple[Cause, ...] = ()
    why: str = ""


class DraftState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"  #: a reviewer has taken it
    APPROVED = "approved"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"  #: the real record arrived


class Ending(StrEnum):
    """Why the service itself ended a draft."""

    RECORDED = "recorded"  #: the real record arrived
    NOT_OURS = "not_ours"  #: the buyer is none of our companies
    DUPLICATE = "duplicate"  #: the invoice is one that was captured before
    VOID = "void"
    RED_FLUSHED = "red_flushed"
    IDENTITY_CHANGED = "identity_changed"  #: the number was corrected: another draft stands for the invoice


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftField:
    """A value of a supplement draft with where it came from; None and listed as missing where unsure."""

    value: str | None
    source: str | None
    confidence: float
    raw: str | None = None

    def export(self) -> dict[str, Any]:
        return {"value": self.value, "source": self.source, "confidence": round(self.confidence, 4), "raw": self.raw}


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementDraft:
    """补录: filled from evidence once per invoice identity; a person checks, submits, another approves."""

    application_number: str
    identity_key: str
    fields: Mapping[str, DraftField]
    missing: tuple[str, ...]
    state: DraftState = DraftState.DRAFT

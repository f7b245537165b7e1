"""JSON shapes of the REST answers. Money as two-decimal strings, moments as ISO 8601 in UTC."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from api.importing import ImportOutcome
from api.taking_in import Taken
from api.web.rendering import failure_of
from capture.intake import Intake
from extraction.authenticity import inquiry_inputs
from models.invoice import Invoice
from models.money import format_money, from_fen
from models.tables import CompanyRow, DocumentRow, DraftRow, InvoiceRow, RecordRow


class ErrorShape(BaseModel):
    code: str
    message: str


class AdviceShape(BaseModel):
    """How to take the picture better. It is kept and read all the same."""

    code: str = Field(description="no_paper, too_dark, too_blurred, too_small, cut_off, glare.")
    message: str
    figures: dict[str, Any] = Field(description="What was measured.")


class IntakeShape(BaseModel):
    """What became of one uploaded file."""

    name: str | None = Field(description="As sent; null for files of an archive.")
    document_id: str | None = Field(None, description="Id of the document; null where the file was refused.")
    state: str = Field(description="queued, done, failed, duplicate, or refused.")
    sha256: str | None = None
    duplicate_of: str | None = Field(None, description="The document with the same bytes, taken in earlier.")
    members: list[IntakeShape] = Field([], description="Files of an archive.")
    advice: list[AdviceShape] = Field([], description="Of pictures, where a better one should be taken.")
    error: ErrorShape | None = None

    @classmethod
    def of(cls, taken: Taken, language: str) -> IntakeShape:
        error = ErrorShape(**taken.error.export(language)) if taken.error else None
        if taken.intake is None:
            return cls(name=taken.name, state="refused", error=error)
        shape = cls.of_intake(taken.name, taken.intake, error)
        shape.advice = [AdviceShape(**each.export(language)) for each in taken.advice]
        return shape

    @classmethod
    def of_intake(cls, name: str | None, intake: Intake, error: ErrorShape | None = None) -> IntakeShape:
        return cls(
            name=name, error=error, document_id=intake.document_id, state=intake.state, sha256=intake.sha256,
            duplicate_of=intake.duplicate_of, members=[cls.of_intake(None, member) for member in intake.members],
        )  # fmt: skip


class InvoiceShape(BaseModel):
    """One invoice read from a document. `data` has every field with value, confidence, source, box and evidence."""

    id: int
    document_id: str
    index: int
    kind: str
    title: str | None = Field(description="As printed; of kind `other` it says what the paper is (财政票据, …).")
    invoice_code: str | None
    invoice_number: str | None
    issue_date: date | None
    seller_name: str | None
    seller_tax_id: str | None
    buyer_name: str | None
    buyer_tax_id: str | None
    total_excl_tax: str | None
    total_tax: str | None
    total_incl_tax: str | None
    needs_review: bool
    status: str | None = Field(description="matched, differs, probable, absent, duplicate, … ; null before matching.")
    match: dict[str, Any] | None = Field(description="Differences, causes with evidence, score, why.")
    record_id: int | None
    data: dict[str, Any] | None = Field(
        None, description="As `chapiao extract`, `seals` among it; only on a single document. Never a 查验."
    )
    inquiry: dict[str, Any] | None = Field(
        None, description="What the tax platform's 查验 form asks for; only accepted values. Only on a single document."
    )

    @classmethod
    def of(cls, row: InvoiceRow, *, whole: bool = False) -> InvoiceShape:
        inputs = inquiry_inputs(Invoice.restore(row.data)) if whole else None
        return cls(
            id=row.id, document_id=row.document_id, index=row.index, kind=row.kind, title=row.data.get("title"),
            invoice_code=row.invoice_code, invoice_number=row.invoice_number, issue_date=row.issue_date,
            seller_name=row.seller_name, seller_tax_id=row.seller_tax_id, buyer_name=row.buyer_name,
            buyer_tax_id=row.buyer_tax_id, total_excl_tax=money(row.total_excl_fen), total_tax=money(row.total_tax_fen),
            total_incl_tax=money(row.total_incl_fen), needs_review=row.needs_review, status=row.match_status,
            match=row.match, record_id=row.record_id, data=row.data if whole else None,
            inquiry=inputs.export() if inputs else None,
        )  # fmt: skip


class DocumentShape(BaseModel):
    id: str
    name: str
    media: str | None
    size: int
    sha256: str
    channel: str
    state: str = Field(description="queued, reading, done, failed, duplicate.")
    error: ErrorShape | None
    duplicate_of: str | None
    member_of: str | None
    page_count: int | None
    received_at: datetime
    finished_at: datetime | None
    invoices: list[InvoiceShape]

    @classmethod
    def of(cls, row: DocumentRow, language: str, *, whole: bool = False) -> DocumentShape:
        error = ErrorShape(code=row.error_code, message=failure_of(row, language)) if row.error_code else None
        return cls(
            id=row.id, name=row.name, media=row.media, size=row.size, sha256=row.sha256, channel=row.channel,
            state=row.state, error=error, duplicate_of=row.duplicate_of, member_of=row.member_of,
            page_count=row.page_count, received_at=row.received_at, finished_at=row.finished_at,
            invoices=[InvoiceShape.of(invoice, whole=whole) for invoice in row.invoices],
        )  # fmt: skip


class RecordShape(BaseModel):
    id: int
    invoice_code: str | None
    invoice_number: str | None
    digital_invoice_number: str | None
    issue_date: date | None
    seller_name: str | None
    seller_tax_id: str | None
    buyer_name: str | None
    buyer_tax_id: str | None
    total_excl_tax: str | None
    total_tax: str | None
    total_incl_tax: str | None
    kind: str | None
    kind_label: str | None
    state: str
    direction: str

    @classmethod
    def of(cls, row: RecordRow) -> RecordShape:
        same = ("id", "invoice_code", "invoice_number", "digital_invoice_number", "issue_date", "seller_name",
                "seller_tax_id", "buyer_name", "buyer_tax_id", "kind", "kind_label", "state", "direction")  # fmt: skip
        return cls(
            **{name: getattr(row, name) for name in same}, total_excl_tax=money(row.total_excl_fen),
            total_tax=money(row.total_tax_fen), total_incl_tax=money(row.total_incl_fen),
        )  # fmt: skip


class ImportShape(BaseModel):
    """One imported file. `problems` names rows that were refused or are suspect."""

    name: str
    ask: str | None = Field(None, description="A large file is imported after the answer: ask here until it is done.")
    id: int | None = None
    format: str | None = None
    direction: str | None = None
    date_from: date | None = None
    date_to: date | None = None
    rows: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    problems: list[Any] = []
    error: ErrorShape | None = None

    @classmethod
    def of(cls, outcome: ImportOutcome, language: str) -> ImportShape:
        row = outcome.imported
        if row is None:
            error = ErrorShape(**outcome.error.export(language)) if outcome.error else None
            ask = f"/api/v1/records/previews/{outcome.token}" if outcome.token else None
            return cls(name=outcome.name, error=error, ask=ask)
        same = ("id", "format", "direction", "date_from", "date_to", "rows", "added", "updated", "unchanged",
                "rejected", "problems")  # fmt: skip
        return cls(name=outcome.name, **{name: getattr(row, name) for name in same})


class DraftShape(BaseModel):
    application_number: str
    state: str = Field(description="draft, submitted, in_review, approved, returned, withdrawn, closed.")
    version: int = Field(description="Send it with a step or change to be refused where somebody was faster.")
    identity_key: str
    invoice_id: int
    fields: dict[str, Any] = Field(description="Name → value, source, confidence, raw; adopted ones with support.")
    lines: list[Any]
    line_support: dict[str, Any] = Field(description="`<row>.<cell>` → support of a cell adopted from history.")
    missing: list[str] = Field(description="Required fields still empty.")
    due_on: date | None = Field(description="None while on hold.")
    held_because: str | None = Field(description="On hold: the cause that an import would settle; else null.")
    assigned_to: int | None
    return_reason: str | None
    ended_because: str | None = Field(description="Why the service itself ended it; null where a person did.")
    submitted_by: int | None
    edited_by: int | None
    reviewer_id: int | None
    approved_by: int | None
    record_id: int | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: DraftRow) -> DraftShape:
        return cls.model_validate(row, from_attributes=True)


class CompanyShape(BaseModel):
    id: int
    name: str
    tax_id: str = Field(description="Of a branch that shares it, the head office's.")
    shares_tax_id: bool
    parent_id: int | None = Field(description="Its head office, or what else it belongs to.")
    short_name: str | None
    former_names: list[str]
    names_until: dict[str, str] = Field(description="Former name → its last day, where known.")
    note: str | None
    closed_on: date | None = Field(description="Last day of business.")

    @classmethod
    def of(cls, row: CompanyRow) -> CompanyShape:
        return cls.model_validate(row, from_attributes=True)


def money(fen: int | None) -> str | None:
    return None if fen is None else format_money(from_fen(fen))

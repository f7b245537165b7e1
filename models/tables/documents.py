"""Documents taken in, and the invoices read from them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.tables.base import Base, Created, Fen, Id


class DocumentState(StrEnum):
    QUEUED = "queued"  #: stored and waiting; also the outbox of the job queue
    READING = "reading"
    DONE = "done"
    FAILED = "failed"
    DUPLICATE = "duplicate"  #: same bytes as an earlier document, linked to it, not read again


class DocumentRow(Base):
    """One file taken in. `id` is also the workflow id, so that replays are harmless."""

    __tablename__ = "documents"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)  #: uuid4
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(500))  #: as given by the person, for display only
    media: Mapped[str | None] = mapped_column(String(10))
    size: Mapped[int]
    channel: Mapped[str] = mapped_column(String(20))  #: web, phone, rest, folder, cli
    channel_detail: Mapped[str | None] = mapped_column(String(500))  #: folder path, client address, archive name
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    member_of: Mapped[str | None] = mapped_column(ForeignKey("documents.id"), index=True)  #: the archive it came in
    duplicate_of: Mapped[str | None] = mapped_column(ForeignKey("documents.id"))
    state: Mapped[str] = mapped_column(String(20), index=True, default=DocumentState.QUEUED.value)
    error_code: Mapped[str | None] = mapped_column(String(50))
    error_details: Mapped[dict[str, Any] | None]
    page_count: Mapped[int | None]
    cleanup: Mapped[list[Any] | None]  #: per page: what each cleanup step did
    attempts: Mapped[int] = mapped_column(default=0)
    seconds: Mapped[float | None]
    received_at: Mapped[Created]
    finished_at: Mapped[datetime | None]

    invoices: Mapped[list[InvoiceRow]] = relationship(back_populates="document", order_by="InvoiceRow.index")


class InvoiceRow(Base):
    """One invoice found in a document; `data` is the full export with evidence. Columns are for search and match."""

    __tablename__ = "invoices"
    __table_args__ = (UniqueConstraint("document_id", "index"), Index(None, "seller_tax_id", "total_incl_fen"))

    id: Mapped[Id]
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), index=True)
    index: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    identity_key: Mapped[str | None] = mapped_column(String(60), index=True)
    invoice_code: Mapped[str | None] = mapped_column(String(20))
    invoice_number: Mapped[str | None] = mapped_column(String(20), index=True)
    issue_date: Mapped[date | None] = mapped_column(index=True)
    seller_name: Mapped[str | None] = mapped_column(String(200))
    seller_tax_id: Mapped[str | None] = mapped_column(String(30))
    buyer_name: Mapped[str | None] = mapped_column(String(200))
    buyer_tax_id: Mapped[str | None] = mapped_column(String(30))
    total_excl_fen: Mapped[Fen]
    total_tax_fen: Mapped[Fen]
    total_incl_fen: Mapped[Fen]
    needs_review: Mapped[bool] = mapped_column(default=False)
    data: Mapped[dict[str, Any]]
    match_status: Mapped[str | None] = mapped_column(String(20), index=True)
    record_id: Mapped[int | None] = mapped_column(ForeignKey("records.id"), index=True)
    duplicate_of: Mapped[int | None] = mapped_column(ForeignKey("invoices.id"))
    match: Mapped[dict[str, Any] | None]  #: score, differences, causes, why
    matched_at: Mapped[datetime | None]
    created_at: Mapped[Created]
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reviewed_at: Mapped[datetime | None]

    document: Mapped[DocumentRow] = relationship(back_populates="invoices")

"""Supplement drafts (补录) and everything that happened to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.tables.base import Base, Created, Id


class DraftRow(Base):
    """One draft per invoice identity. Submitter ≠ approver is enforced here, not only in code."""

    __tablename__ = "drafts"
    __table_args__ = (CheckConstraint("approved_by IS NULL OR approved_by <> submitted_by", name="four_eyes"),)

    id: Mapped[Id]
    application_number: Mapped[str] = mapped_column(String(30), unique=True)
    identity_key: Mapped[str] = mapped_column(String(60), unique=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    fields: Mapped[dict[str, Any]]  #: name → {value, source, confidence, raw}
    lines: Mapped[list[Any]]
    missing: Mapped[list[str]]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    submitted_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    return_reason: Mapped[str | None] = mapped_column(Text)
    record_id: Mapped[int | None] = mapped_column(ForeignKey("records.id"))
    created_at: Mapped[Created]
    updated_at: Mapped[Created]

    events: Mapped[list[DraftEventRow]] = relationship(order_by="DraftEventRow.id")


class DraftEventRow(Base):
    """What happened to a draft, in order."""

    __tablename__ = "draft_events"

    id: Mapped[Id]
    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id"), index=True)
    at: Mapped[Created]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    action: Mapped[str] = mapped_column(String(30))
    detail: Mapped[dict[str, Any]]

"""Supplement drafts (补录), what is attached to them, and everything that happened to them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.tables.base import Base, Created, Fen, Id

#: whoever approves has neither submitted the draft nor typed its values last
FOUR_EYES = (
    "approved_by IS NULL OR ((submitted_by IS NULL OR approved_by <> submitted_by)"
    " AND (edited_by IS NULL OR approved_by <> edited_by))"
)


class DraftRow(Base):
    """One draft per invoice identity. Four eyes are enforced here, not only in code."""

    __tablename__ = "drafts"
    __table_args__ = (CheckConstraint(FOUR_EYES, name="four_eyes"),)

    id: Mapped[Id]
    application_number: Mapped[str] = mapped_column(String(30), unique=True)
    identity_key: Mapped[str] = mapped_column(String(60), unique=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    version: Mapped[int] = mapped_column(default=1)  #: counts changes, so that nobody decides on what they did not see
    fields: Mapped[dict[str, Any]]  #: name → {value, source, confidence, raw}; adopted ones with `support`
    lines: Mapped[list[Any]]
    line_support: Mapped[dict[str, Any]] = mapped_column(default=dict)  #: "<row>.<cell>" → support of an adopted cell
    missing: Mapped[list[str]]
    #: copies of `fields` that lists are sorted and narrowed by
    total_incl_fen: Mapped[Fen]
    issue_date: Mapped[date | None]
    buyer_tax_id: Mapped[str | None] = mapped_column(String(30))
    due_on: Mapped[date | None] = mapped_column(index=True)
    held_because: Mapped[str | None] = mapped_column(String(30))  #: cause that an import would settle: no work yet
    taken_up_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))  #: who wanted it although it was held
    assigned_to: Mapped[int | None] = mapped_column(ForeignKey("users.id"))  #: who completes it; None: anyone
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    edited_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))  #: who changed a value last
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    submitted_at: Mapped[datetime | None]
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))  #: who has taken it for review
    review_began_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    return_reason: Mapped[str | None] = mapped_column(Text)
    ended_because: Mapped[str | None] = mapped_column(String(30))  #: why the service itself ended it: `Ending`
    record_id: Mapped[int | None] = mapped_column(ForeignKey("records.id"))
    created_at: Mapped[Created]
    updated_at: Mapped[Created]

    events: Mapped[list[DraftEventRow]] = relationship(order_by="DraftEventRow.id")
    attachments: Mapped[list[DraftAttachmentRow]] = relationship(order_by="DraftAttachmentRow.id")


class DraftEventRow(Base):
    """What happened to a draft, in order."""

    __tablename__ = "draft_events"

    id: Mapped[Id]
    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id"), index=True)
    at: Mapped[Created]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    action: Mapped[str] = mapped_column(String(30))
    detail: Mapped[dict[str, Any]]


class DraftAttachmentRow(Base):
    """A contract, a delivery note … beside a draft. Detaching hides it; the row and the original stay."""

    __tablename__ = "draft_attachments"

    id: Mapped[Id]
    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(500))  #: as given by the person, for display only
    media: Mapped[str] = mapped_column(String(10))
    size: Mapped[int]
    attached_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    attached_at: Mapped[Created]
    detached_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    detached_at: Mapped[datetime | None]

"""What a person should be told, and who has read it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, Created, Id


class NoticeRow(Base):
    """To one person, or to everybody of a role. The text is made from code and parameters, in the reader's language."""

    __tablename__ = "notices"
    __table_args__ = (CheckConstraint("user_id IS NOT NULL OR role IS NOT NULL", name="somebody"),)

    id: Mapped[Id]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    role: Mapped[str | None] = mapped_column(String(20), index=True)
    code: Mapped[str] = mapped_column(String(40))
    params: Mapped[dict[str, Any]]
    subject: Mapped[str | None] = mapped_column(String(100))  #: `invoice:12`, `draft:BL…`, as in the audit trail
    created_at: Mapped[Created]


class NoticeReadRow(Base):
    __tablename__ = "notice_reads"

    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    read_at: Mapped[datetime]

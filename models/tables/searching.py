"""Searches that people keep, what changed since an index was read, and the saved self-checks."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, Created, Id


class SavedViewRow(Base):
    """A named search of one person; `shared` shows it to everybody, who each find only what they may see."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(Text)  #: the query string of the search page
    shared: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Created]


class SearchChangeRow(Base):
    """What the search index has to read again, noted by triggers in the transaction that made the change."""

    __tablename__ = "search_changes"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(10))  #: record, import, undo, invoice, draft
    item_id: Mapped[int] = mapped_column(BigInteger)
    lines_after: Mapped[int | None] = mapped_column(BigInteger)  #: of an import: last detail row before it


class SelfCheckRow(Base):
    """A reconciliation as it stood at one moment, kept to be compared with the next one."""

    __tablename__ = "self_checks"
    __table_args__ = (Index(None, "company_tax_id", "period", "taken_at"),)

    id: Mapped[Id]
    taken_at: Mapped[Created]
    as_of: Mapped[date]  #: the day from which ages count
    period: Mapped[str] = mapped_column(String(20), default="")  #: `2024-06`, `2024-04..2024-06`, or all
    company_tax_id: Mapped[str] = mapped_column(String(30), default="")  #: one of ours, or all
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))  #: blank: the weekly one
    totals: Mapped[dict[str, Any]]  #: count and amounts in 分 by class, both sides
    open_items: Mapped[list[Any]]  #: what was not settled, by key
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("self_checks.id"))
    remark: Mapped[str | None] = mapped_column(Text)

"""Who "we" are, and which of our companies a person sees."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, ForeignKey, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, Created, Id

_OWN = text("NOT shares_tax_id")


class CompanyRow(Base):
    """One of our legal entities, or a branch (分公司) of one. Closed ones stay: their invoices remain ours."""

    __tablename__ = "companies"
    __table_args__ = (
        Index("uq_companies_tax_id", "tax_id", unique=True, sqlite_where=_OWN, postgresql_where=_OWN),
    )  # fmt: skip

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(200))
    short_name: Mapped[str | None] = mapped_column(String(80))
    tax_id: Mapped[str] = mapped_column(String(30))  #: of a branch that shares it, the head office's
    shares_tax_id: Mapped[bool] = mapped_column(default=False, server_default=false())
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"))  #: head office, or holding company
    former_names: Mapped[list[str]]
    names_until: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  #: former name → last day, where known
    note: Mapped[str | None] = mapped_column(Text)
    closed_on: Mapped[date | None]  #: last day of business
    created_at: Mapped[Created]


class UserCompanyRow(Base):
    """A company that a user sees. Without any row a user sees all of them, as far as the role allows."""

    __tablename__ = "user_companies"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True)

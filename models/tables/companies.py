"""Who "we" are."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, Created, Id


class CompanyRow(Base):
    """One of our legal entities."""

    __tablename__ = "companies"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(200))
    tax_id: Mapped[str] = mapped_column(String(30), unique=True)
    former_names: Mapped[list[str]]
    created_at: Mapped[Created]

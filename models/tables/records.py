"""Imported ledger records, the imports they came from, and the keys they answer to."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.tables.base import Base, Created, Fen, Id

_KEYLESS = text("identity_key IS NULL")  #: damaged or incomplete: few, and looked for by every import


class ImportRow(Base):
    """One imported file and what it covers, so that "not imported yet" is told from "absent"."""

    __tablename__ = "imports"

    id: Mapped[Id]
    file_name: Mapped[str] = mapped_column(String(500))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    format: Mapped[str] = mapped_column(String(40))  #: bureau_basic, bureau_deduction, csv, …
    direction: Mapped[str] = mapped_column(String(10))
    owner_tax_id: Mapped[str | None] = mapped_column(String(30))
    kinds: Mapped[list[str]]
    date_from: Mapped[date | None]
    date_to: Mapped[date | None]
    rows: Mapped[int]
    added: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    problems: Mapped[list[Any]]  #: row, column, what is wrong
    imported_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    imported_at: Mapped[Created]
    undone_at: Mapped[datetime | None]  #: taken back: kept for the trail, covers nothing
    mapping_name: Mapped[str | None] = mapped_column(String(80))  #: the saved mapping its columns were read by


class RecordRow(Base):
    """One invoice of the ledger."""

    __tablename__ = "records"
    __table_args__ = (
        Index(None, "seller_tax_id", "total_incl_fen"),
        Index(None, "seller_tax_id", "issue_date"),
        Index(None, "total_incl_fen", "issue_date"),
        Index(
            "ix_records_without_key", "total_incl_fen", "issue_date", sqlite_where=_KEYLESS, postgresql_where=_KEYLESS
        ),
    )

    id: Mapped[Id]
    identity_key: Mapped[str | None] = mapped_column(String(60))  #: found, and kept single, by `record_keys`
    invoice_code: Mapped[str | None] = mapped_column(String(20))
    invoice_number: Mapped[str | None] = mapped_column(String(20))
    digital_invoice_number: Mapped[str | None] = mapped_column(String(20))
    number_tail: Mapped[str | None] = mapped_column(String(8), index=True)  #: last 8 digits
    issue_date: Mapped[date | None] = mapped_column(index=True)
    seller_name: Mapped[str | None] = mapped_column(String(200), index=True)  #: what a supplement suggests for it
    seller_tax_id: Mapped[str | None] = mapped_column(String(30))
    buyer_name: Mapped[str | None] = mapped_column(String(200))
    buyer_tax_id: Mapped[str | None] = mapped_column(String(30))
    total_excl_fen: Mapped[Fen]
    total_tax_fen: Mapped[Fen]
    total_incl_fen: Mapped[Fen]
    kind: Mapped[str | None] = mapped_column(String(40))
    kind_label: Mapped[str | None] = mapped_column(String(100))
    state: Mapped[str] = mapped_column(String(20))
    state_label: Mapped[str | None] = mapped_column(String(50))
    is_positive: Mapped[bool | None]
    direction: Mapped[str] = mapped_column(String(10))
    invoice_source: Mapped[str | None] = mapped_column(String(50))
    risk_level: Mapped[str | None] = mapped_column(String(50))
    issuer_clerk: Mapped[str | None] = mapped_column(String(50))
    remarks: Mapped[str | None] = mapped_column(Text)
    damaged: Mapped[dict[str, Any]]
    origin: Mapped[str] = mapped_column(String(20), default="import")  #: import or supplement
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"), index=True)
    created_at: Mapped[Created]
    updated_at: Mapped[Created]

    keys: Mapped[list[RecordKeyRow]] = relationship(cascade="all, delete-orphan")
    lines: Mapped[list[RecordLineRow]] = relationship(cascade="all, delete-orphan", order_by="RecordLineRow.position")


class RecordKeyRow(Base):
    """Every key a record answers to: 数电纸票 has code + number and the 20 digits."""

    __tablename__ = "record_keys"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("records.id", ondelete="CASCADE"), index=True)


class RecordLineRow(Base):
    """A detail row of 信息汇总表."""

    __tablename__ = "record_lines"

    id: Mapped[Id]
    record_id: Mapped[int] = mapped_column(ForeignKey("records.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    data: Mapped[dict[str, Any]]


class RecordChangeRow(Base):
    """What a record was before an import changed it: the history of its state, and what undoing the import restores."""

    __tablename__ = "record_changes"

    id: Mapped[Id]
    record_id: Mapped[int] = mapped_column(ForeignKey("records.id", ondelete="CASCADE"), index=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"), index=True)
    at: Mapped[Created]
    before: Mapped[dict[str, Any]]  #: the columns that changed, as they were

"""A table on its way in: kept and previewed before anything is stored; and how people said its columns are read."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, Created, Id


class StagedState(StrEnum):
    PREVIEWING = "previewing"  #: kept; being looked at
    UNMAPPED = "unmapped"  #: its headers are not known: a person says which column is which
    READY = "ready"  #: previewed; a person decides
    IMPORTING = "importing"
    MATCHING = "matching"  #: stored; what was open is being matched again
    UNDOING = "undoing"  #: a stored import is being taken back
    DONE = "done"
    FAILED = "failed"  #: nothing of it was stored
    CANCELLED = "cancelled"


class Purpose(StrEnum):
    IMPORT = "import"  #: a table on its way in
    UNDO = "undo"  #: an import is taken back
    MATCH = "match"  #: what was open is matched again after an import


class StagedImportRow(Base):
    """One uploaded table before it is imported. The file lies in the data folder under `token` until it is settled.

    Or, by its purpose, work on an import that is stored: no file then, and `import_id` from the beginning.
    """

    __tablename__ = "staged_imports"

    token: Mapped[str] = mapped_column(String(36), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(10), default=Purpose.IMPORT.value)
    file_name: Mapped[str] = mapped_column(String(500))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    channel: Mapped[str] = mapped_column(String(20))  #: web or rest
    state: Mapped[str] = mapped_column(String(20), index=True)
    direction: Mapped[str | None] = mapped_column(String(10))  #: as the person said; None: as the file says
    owner_tax_id: Mapped[str | None] = mapped_column(String(30))
    covers_from: Mapped[date | None]  #: first and last day that the export was asked for, where a person says so
    covers_to: Mapped[date | None]
    mapping: Mapped[dict[str, Any] | None]  #: how a person said to read the columns
    mapping_name: Mapped[str | None] = mapped_column(String(80))
    preview: Mapped[dict[str, Any] | None]
    error_code: Mapped[str | None] = mapped_column(String(50))
    error_details: Mapped[dict[str, Any] | None]
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[Created]
    finished_at: Mapped[datetime | None]


class ImportMappingRow(Base):
    """Which column of a table is which, as a person said it once; found again by the headers' signature."""

    __tablename__ = "import_mappings"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(80), unique=True)
    signature: Mapped[str] = mapped_column(String(64), index=True)
    headers: Mapped[list[str]]
    columns: Mapped[dict[str, Any]]  #: our column → position among the headers
    grain: Mapped[str] = mapped_column(String(10))  #: one row an invoice, or an item line
    direction: Mapped[str | None] = mapped_column(String(10))
    owner_tax_id: Mapped[str | None] = mapped_column(String(30))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[Created]
    updated_at: Mapped[Created]
    used_at: Mapped[datetime | None]

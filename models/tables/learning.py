"""What matching remembers of its own: pairs that people decided, weights learned from them, red invoices and theirs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, Created, Fen, Id


class PairRow(Base):
    """An invoice and a record that a person called one, or two, with how each field of theirs agreed at that moment."""

    __tablename__ = "match_pairs"
    __table_args__ = (UniqueConstraint("invoice_id", "record_id"),)

    id: Mapped[Id]
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id", ondelete="CASCADE"))
    record_id: Mapped[int] = mapped_column(ForeignKey("records.id", ondelete="CASCADE"), index=True)
    same: Mapped[bool]
    relations: Mapped[dict[str, Any]]  #: field → relation, e.g. amount → gross_same
    offset: Mapped[float]  #: log₂ odds of the pair by judgement alone
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[Created]


class LearnedWeightRow(Base):
    """How far experience moves a weight from the judgement of the house, and what that rests on."""

    __tablename__ = "learned_weights"

    field: Mapped[str] = mapped_column(String(20), primary_key=True)
    relation: Mapped[str] = mapped_column(String(40), primary_key=True)
    shift: Mapped[float]  #: log₂, added to the weight of judgement; bounded
    confirmed: Mapped[int]  #: pairs with this relation that a person confirmed
    rejected: Mapped[int]
    learned_at: Mapped[Created]


class RedLinkRow(Base):
    """A red invoice (record or capture) and the blue one that it names. One row a red; its blue may arrive later."""

    __tablename__ = "red_links"

    id: Mapped[Id]
    red_record_id: Mapped[int | None] = mapped_column(ForeignKey("records.id", ondelete="CASCADE"), unique=True)
    red_invoice_id: Mapped[int | None] = mapped_column(ForeignKey("invoices.id", ondelete="CASCADE"), unique=True)
    red_key: Mapped[str | None] = mapped_column(String(60))  #: a red one both recorded and captured counts once
    red_fen: Mapped[Fen]
    seller_tax_id: Mapped[str | None] = mapped_column(String(30))
    blue_key: Mapped[str | None] = mapped_column(String(60), index=True)  #: as named, or as a number on both says
    blue_record_id: Mapped[int | None] = mapped_column(ForeignKey("records.id", ondelete="SET NULL"), index=True)
    blue_invoice_id: Mapped[int | None] = mapped_column(ForeignKey("invoices.id", ondelete="SET NULL"), index=True)
    confirmation_number: Mapped[str | None] = mapped_column(String(24))  #: 红字确认单编号
    form_number: Mapped[str | None] = mapped_column(String(24))  #: 信息表编号
    found_at: Mapped[Created]

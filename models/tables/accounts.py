"""People, logins, tokens of other systems, and the audit trail."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, Created, Id


class Role(StrEnum):
    ADMINISTRATOR = "administrator"  #: users, imports, folders, backup; and all below
    ACCOUNTANT = "accountant"  #: review, reconcile, submit, approve
    STAFF = "staff"  #: upload and see one's own documents


class User(Base):
    __tablename__ = "users"

    id: Mapped[Id]
    username: Mapped[str] = mapped_column(String(80), unique=True)
    display_name: Mapped[str] = mapped_column(String(80))
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    must_change_password: Mapped[bool] = mapped_column(default=True)
    disabled: Mapped[bool] = mapped_column(default=False)
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    created_at: Mapped[Created]


class UserSession(Base):
    """Server-side session; only the hash of the cookie is stored."""

    __tablename__ = "sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[Created]
    expires_at: Mapped[datetime]


class ApiToken(Base):
    """Bearer token of another system, acting as its owner; only the hash is stored."""

    __tablename__ = "api_tokens"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(80))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[Created]
    last_used_at: Mapped[datetime | None]
    revoked: Mapped[bool] = mapped_column(default=False)


class AuditEvent(Base):
    """`action` is `source:subject:action`, e.g. `web:draft:approve`."""

    __tablename__ = "audit_events"

    id: Mapped[Id]
    at: Mapped[Created]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    action: Mapped[str] = mapped_column(String(80), index=True)
    subject: Mapped[str | None] = mapped_column(String(100), index=True)
    detail: Mapped[dict[str, Any]]

"""Server-side sessions. The cookie holds a random token; the database holds only its SHA-256."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.tables import User, UserSession
from models.tables.base import now


def token_hash(token: str) -> str:
    """Enough for a random 256-bit token: there is nothing to guess, so no slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(session: Session, user: User, *, hours: int) -> str:
    """A new login of `user`; the token for the cookie."""
    session.execute(delete(UserSession).where(UserSession.expires_at < now()))
    token = secrets.token_urlsafe(32)
    expires = now() + timedelta(hours=hours)
    session.add(UserSession(token_hash=token_hash(token), user_id=user.id, expires_at=expires))
    return token


def user_of_session(session: Session, token: str) -> User | None:
    query = (
        select(User)
        .join(UserSession, UserSession.user_id == User.id)
        .where(UserSession.token_hash == token_hash(token), UserSession.expires_at > now(), User.disabled.is_(False))
    )
    return session.scalar(query)


def end_session(session: Session, token: str) -> None:
    session.execute(delete(UserSession).where(UserSession.token_hash == token_hash(token)))


def end_all_sessions(session: Session, user: User) -> None:
    session.execute(delete(UserSession).where(UserSession.user_id == user.id))

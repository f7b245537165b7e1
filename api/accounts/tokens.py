"""Bearer tokens of other systems, each acting as its owner. Shown once; only the hash is kept."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.sessions import token_hash
from models.errors import RequestError
from models.tables import ApiToken, User
from models.tables.base import now

PREFIX = "chapiao_"  #: lets secret scanners recognise a leaked token
_LAST_USE_STEP = timedelta(minutes=5)  #: a busy client must not cost one write per request


def create_token(session: Session, user: User, name: str) -> tuple[ApiToken, str]:
    """The row and the token itself, which cannot be shown again."""
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(name=name.strip()[:80] or "token", token_hash=token_hash(secret), user_id=user.id)
    session.add(token)
    session.flush()
    return token, secret


def list_tokens(session: Session, user: User) -> Sequence[ApiToken]:
    query = select(ApiToken).where(ApiToken.user_id == user.id, ApiToken.revoked.is_(False)).order_by(ApiToken.id)
    return session.scalars(query).all()


def revoke_token(session: Session, user: User, token_id: int) -> ApiToken:
    token = session.get(ApiToken, token_id)
    if token is None or token.user_id != user.id:
        raise RequestError("no_such_item", what=str(token_id))
    token.revoked = True
    return token


def user_of_token(session: Session, secret: str) -> User | None:
    query = (
        select(ApiToken, User)
        .join(User, User.id == ApiToken.user_id)
        .where(ApiToken.token_hash == token_hash(secret), ApiToken.revoked.is_(False), User.disabled.is_(False))
    )
    found = session.execute(query).one_or_none()
    if found is None:
        return None
    token, user = found
    if token.last_used_at is None or now() - token.last_used_at > _LAST_USE_STEP:
        token.last_used_at = now()
    return user

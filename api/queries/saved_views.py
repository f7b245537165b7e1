"""Searches that people keep. A shared one shows everybody the question; what each finds is what each may see."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.errors import RequestError
from models.tables import SavedViewRow, User

_NAMES = frozenset(
    ("q", "what", "status", "kind", "direction", "since", "until", "least", "most", "tax_id", "nearly")
)  # fmt: skip
MOST = 50  #: of one person


def visible(session: Session, user: User) -> Sequence[tuple[SavedViewRow, str]]:
    """One's own first, then the shared ones, each with its owner's name."""
    query = (
        select(SavedViewRow, User.display_name)
        .join(User, User.id == SavedViewRow.user_id)
        .where(or_(SavedViewRow.user_id == user.id, SavedViewRow.shared))
        .order_by(SavedViewRow.user_id != user.id, SavedViewRow.name)
    )
    return [(row, name) for row, name in session.execute(query)]


def save(session: Session, user: User, *, name: str, query: str, shared: bool) -> SavedViewRow:
    """Keep a search under a name; the same name again replaces it."""
    named = name.strip()
    kept = urlencode([(key, value) for key, value in parse_qsl(query.lstrip("?")) if key in _NAMES])
    if not named or not kept:
        raise RequestError("invalid_request", what="name, query")
    row = session.scalar(select(SavedViewRow).where(SavedViewRow.user_id == user.id, SavedViewRow.name == named))
    if row is None:
        held = session.scalars(select(SavedViewRow.id).where(SavedViewRow.user_id == user.id)).all()
        if len(held) >= MOST:
            raise RequestError("invalid_request", what=f"≤ {MOST}")
        row = SavedViewRow(user_id=user.id, name=named, query=kept, shared=shared)
        session.add(row)
    row.query, row.shared = kept, shared
    session.flush()
    return row


def delete(session: Session, user: User, view_id: int) -> SavedViewRow:
    """Only one's own."""
    row = session.get(SavedViewRow, view_id)
    if row is None or row.user_id != user.id:
        raise RequestError("no_such_item", what=str(view_id))
    session.delete(row)
    session.flush()
    return row

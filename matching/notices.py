"""Tells people what changed without them: what was absent and has its record, what was voided, what was closed.

A notice is a code with parameters, to one person or to a role; its text is the page's. Whoever handed a document in is
told of it; accountants are told once of each round, with counts. The caller commits.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.matching import DraftState, MatchStatus
from models.tables import DocumentRow, DraftEventRow, DraftRow, InvoiceRow, NoticeReadRow, NoticeRow, User
from models.tables.accounts import Role
from models.tables.base import now

MOST_EACH = 20  #: of one round to one person one by one; more are counted in one notice
#: status an invoice has come to → code of the notice
CODES = {
    MatchStatus.MATCHED: "found", MatchStatus.DIFFERS: "found_differs", MatchStatus.PROBABLE: "offered",
    MatchStatus.VOID: "voided", MatchStatus.RED_FLUSHED: "red_flushed", MatchStatus.ABSENT: "now_absent",
    MatchStatus.NEEDS_REVIEW: "to_review", MatchStatus.NOT_OURS: "not_ours", MatchStatus.DUPLICATE: "duplicate",
}  # fmt: skip

_INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Notice(NamedTuple):
    row: NoticeRow
    read: bool


def tell(
    session: Session, code: str, *, user_id: int | None = None, role: Role | None = None, subject: str | None = None,
    **params: Any,
) -> NoticeRow:  # fmt: skip
    row = NoticeRow(user_id=user_id, role=role.value if role else None, code=code, params=params, subject=subject)
    session.add(row)
    return row


def tell_changes(session: Session, changes: Sequence[tuple[InvoiceRow, str | None]]) -> None:
    """Of a round of matching: each invoice with the status it had."""
    told = [(invoice, CODES[MatchStatus(invoice.match_status)]) for invoice, _ in changes if invoice.match_status]
    if not told:
        return
    counts = Counter(code for _, code in told)
    tell(session, "round", role=Role.ACCOUNTANT, total=len(told), counts=dict(sorted(counts.items())))
    by_person: dict[int, list[tuple[InvoiceRow, str]]] = defaultdict(list)
    handed_in = _handed_in_by(session, {invoice.document_id for invoice, _ in told})
    for invoice, code in told:
        if (person := handed_in.get(invoice.document_id)) is not None:
            by_person[person].append((invoice, code))
    for person, theirs in by_person.items():
        if len(theirs) > MOST_EACH:
            tell(session, "round", user_id=person, total=len(theirs), counts=dict(Counter(c for _, c in theirs)))
            continue
        for invoice, code in theirs:
            tell(
                session, code, user_id=person, subject=f"invoice:{invoice.id}", number=invoice.invoice_number or "—",
                seller=invoice.seller_name or "", document_id=invoice.document_id, index=invoice.index,
            )  # fmt: skip
    session.flush()


def _handed_in_by(session: Session, documents: set[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    ids = sorted(documents)
    for at in range(0, len(ids), 500):
        query = select(DocumentRow.id, DocumentRow.uploaded_by).where(
            DocumentRow.id.in_(ids[at : at + 500]), DocumentRow.uploaded_by.is_not(None)
        )
        found |= {id_: person for id_, person in session.execute(query) if person is not None}
    return found


def tell_closed_drafts(session: Session, since: datetime) -> None:
    """Drafts whose real record arrived: each to whoever had a hand in it; of the others accountants get the number."""
    just = exists().where(DraftEventRow.draft_id == DraftRow.id, DraftEventRow.at >= since)
    untouched: list[str] = []
    for draft in session.scalars(select(DraftRow).where(DraftRow.state == DraftState.CLOSED.value, just)):
        hands = (draft.created_by, draft.taken_up_by, draft.edited_by, draft.assigned_to, draft.submitted_by)
        people = {person for person in hands if person is not None}
        for person in sorted(people):
            _tell_closed(session, draft.application_number, user_id=person)
        if not people:
            untouched.append(draft.application_number)
    if len(untouched) > 1:
        tell(session, "drafts_closed", role=Role.ACCOUNTANT, count=len(untouched))
    elif untouched:
        _tell_closed(session, untouched[0], role=Role.ACCOUNTANT)
    session.flush()


def _tell_closed(session: Session, number: str, *, user_id: int | None = None, role: Role | None = None) -> None:
    tell(session, "draft_closed", user_id=user_id, role=role, subject=f"draft:{number}", number=number)


def tell_released_drafts(session: Session, since: datetime) -> None:
    """Drafts on hold that a match has made ordinary ones: the accountants, with their number."""
    query = select(func.count()).select_from(DraftEventRow)
    released = session.scalar(query.where(DraftEventRow.action == "hold_ended", DraftEventRow.at >= since)) or 0
    if released:
        tell(session, "drafts_released", role=Role.ACCOUNTANT, count=released)
        session.flush()


def _to(user: User, seen: ColumnElement[bool] | None = None) -> ColumnElement[bool]:
    """Theirs, and those of every role they hold since they came."""
    roles = [Role.STAFF.value]
    if user.role in (Role.ACCOUNTANT.value, Role.ADMINISTRATOR.value):
        roles.append(Role.ACCOUNTANT.value)
    if user.role == Role.ADMINISTRATOR.value:
        roles.append(Role.ADMINISTRATOR.value)
    theirs = or_(NoticeRow.user_id == user.id, NoticeRow.role.in_(roles) & (NoticeRow.created_at >= user.created_at))
    return theirs if seen is None else and_(theirs, seen)


def _read_by(user: User) -> ColumnElement[bool]:
    return and_(NoticeReadRow.notice_id == NoticeRow.id, NoticeReadRow.user_id == user.id)


def unread(session: Session, user: User, seen: ColumnElement[bool] | None = None) -> int:
    """`seen` narrows to what the user may see, here and below."""
    query = select(func.count()).select_from(NoticeRow).outerjoin(NoticeReadRow, _read_by(user))
    return session.scalar(query.where(_to(user, seen), NoticeReadRow.notice_id.is_(None))) or 0


def inbox(
    session: Session, user: User, *, before: int | None = None, limit: int = 50,
    seen: ColumnElement[bool] | None = None,
) -> list[Notice]:  # fmt: skip
    """Newest first; `before` is the id of the last one shown."""
    query = select(NoticeRow, NoticeReadRow.notice_id).outerjoin(NoticeReadRow, _read_by(user)).where(_to(user, seen))
    if before is not None:
        query = query.where(NoticeRow.id < before)
    rows = session.execute(query.order_by(NoticeRow.id.desc()).limit(limit))
    return [Notice(row, read is not None) for row, read in rows]


def mark_read(session: Session, user: User, ids: Iterable[int] | None = None) -> int:
    """Those, or all; returns how many were unread. Another person's are left alone."""
    query = select(NoticeRow.id).outerjoin(NoticeReadRow, _read_by(user)).where(_to(user))
    query = query.where(NoticeReadRow.notice_id.is_(None))
    if ids is not None:
        query = query.where(NoticeRow.id.in_(list(ids)))
    fresh = list(session.scalars(query))
    moment = now()
    if fresh:
        rows = [{"notice_id": id_, "user_id": user.id, "read_at": moment} for id_ in fresh]
        add = _INSERTS[session.get_bind().dialect.name]
        session.execute(add(NoticeReadRow).on_conflict_do_nothing(), rows)  # pressed twice, it is read once
    return len(fresh)

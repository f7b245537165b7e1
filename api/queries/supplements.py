"""Lists of supplement drafts: narrowed, sorted, counted per state. Only reads, and only what the user may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from api.queries.paging import Slice, decode, encode, page_size
from api.queries.visibility import sight_of
from matching.supplement.workflow import OPEN
from models.errors import RequestError
from models.matching import DraftState
from models.tables import DraftRow, InvoiceRow, User

SORTS = ("newest", "oldest", "due", "amount")
DUES = ("overdue", "today", "week")
_OPEN_STATES = [state.value for state in OPEN]
_NEVER = date(9999, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFilter:
    """What the list is narrowed to; empty values do not narrow. `state` `open` is everything unfinished."""

    state: str = ""
    held: bool | None = None  #: only those on hold, or only the others
    company: str = ""  #: tax id of the buyer
    assignee: int | None = None  #: who completes or reviews it
    due: str = ""
    period: str = ""  #: month of issue, 2024-06
    text: str = ""
    sort: str = "newest"


ON_HOLD = "held"  #: beside the states: drafts on hold, which are counted apart from the others


class StateCount(NamedTuple):
    """Drafts in a state under the other conditions, and the sum of their totals in 分."""

    drafts: int
    fen: int


def visible_drafts(session: Session, user: User) -> Select[DraftRow]:
    return select(DraftRow).where(sight_of(session, user).drafts())


def list_drafts(
    session: Session, user: User, wanted: DraftFilter, *, today: date, cursor: str | None = None,
    limit: int | None = None,
) -> Slice[DraftRow]:  # fmt: skip
    size = page_size(limit)
    key = _key(wanted.sort)
    query = visible_drafts(session, user).where(*_conditions(wanted, today))
    if cursor:
        query = query.where(_after(wanted.sort, cursor))
    descending = wanted.sort in ("newest", "amount")
    order = [column.desc() if descending else column.asc() for column in key]
    rows = session.scalars(query.order_by(*order).limit(size + 1)).all()
    return Slice(rows[:size], _cursor(wanted.sort, rows[size - 1]) if len(rows) > size else None)


def count_by_state(session: Session, user: User, wanted: DraftFilter, *, today: date) -> dict[str, StateCount]:
    """Under every condition but the state itself; those on hold under `ON_HOLD`."""
    query = visible_drafts(session, user).where(*_conditions(replace(wanted, state="", held=None), today))
    state = case((DraftRow.held_because.is_not(None), ON_HOLD), else_=DraftRow.state)
    counted = query.with_only_columns(state, func.count(), func.sum(DraftRow.total_incl_fen)).group_by(state)
    return {row[0]: StateCount(row[1], int(row[2] or 0)) for row in session.execute(counted)}


def reviewers(session: Session) -> Sequence[User]:
    """Everyone who completes or reviews drafts, by name."""
    query = select(User).where(User.disabled.is_(False), User.role != "staff").order_by(User.display_name)
    return session.scalars(query).all()


def _conditions(wanted: DraftFilter, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.state == "open":
        found.append(DraftRow.state.in_(_OPEN_STATES))
    elif wanted.state:
        if wanted.state not in set(DraftState):
            raise RequestError("invalid_request", what=f"state: {wanted.state[:40]}")
        found.append(DraftRow.state == wanted.state)
    if wanted.held is not None:
        found.append(DraftRow.held_because.is_not(None) if wanted.held else DraftRow.held_because.is_(None))
    if wanted.company:
        found.append(DraftRow.buyer_tax_id == wanted.company)
    if wanted.assignee is not None:
        found.append(or_(DraftRow.assigned_to == wanted.assignee, DraftRow.reviewer_id == wanted.assignee))
    if wanted.due:
        found.extend(_due(wanted.due, today))
    if wanted.period:
        first, after = month(wanted.period)
        found.append(and_(DraftRow.issue_date >= first, DraftRow.issue_date < after))
    if wanted.text.strip():
        text = wanted.text.strip()
        found.append(
            or_(
                DraftRow.application_number.contains(text.upper(), autoescape=True),
                DraftRow.identity_key.contains(text, autoescape=True),
                DraftRow.invoice_id.in_(
                    select(InvoiceRow.id).where(InvoiceRow.seller_name.contains(text, autoescape=True))
                ),
            )
        )
    return found


def _due(due: str, today: date) -> list[ColumnElement[bool]]:
    still = DraftRow.state.in_(_OPEN_STATES)
    if due == "overdue":
        return [still, DraftRow.due_on < today]
    if due == "today":
        return [still, DraftRow.due_on == today]
    if due == "week":
        return [still, DraftRow.due_on <= today + timedelta(days=7)]
    raise RequestError("invalid_request", what=f"due: {due[:40]}")


def month(period: str) -> tuple[date, date]:
    """First day of `2024-06`, and of the month after."""
    try:
        first = date.fromisoformat(f"{period}-01")
    except ValueError as error:
        raise RequestError("invalid_request", what=f"period: {period[:40]}") from error
    return first, (first + timedelta(days=32)).replace(day=1)


def _key(sort: str) -> tuple[Any, ...]:
    """Columns of the order; the id last, so that no two rows are equal."""
    if sort in ("newest", "oldest"):
        return (DraftRow.id,)
    if sort == "due":
        return (func.coalesce(DraftRow.due_on, _NEVER), DraftRow.id)
    if sort == "amount":
        return (func.coalesce(DraftRow.total_incl_fen, 0), DraftRow.id)
    raise RequestError("invalid_request", what=f"sort: {sort[:40]}")


def _cursor(sort: str, last: DraftRow) -> str:
    if sort in ("newest", "oldest"):
        return encode(last.id)
    first = (last.due_on or _NEVER).isoformat() if sort == "due" else last.total_incl_fen or 0
    return encode(first, last.id)


def _after(sort: str, cursor: str) -> ColumnElement[bool]:
    columns = _key(sort)
    parts: list[Any] = list(decode(cursor, len(columns)))
    if sort == "due":
        try:
            parts[0] = date.fromisoformat(str(parts[0]))
        except ValueError as damaged:
            raise RequestError("invalid_request", what="cursor") from damaged
    if any(not isinstance(part, int | date) for part in parts):
        raise RequestError("invalid_request", what="cursor")
    if len(columns) == 1:
        after: ColumnElement[bool] = columns[0] < parts[0] if sort == "newest" else columns[0] > parts[0]
        return after
    value, id_ = columns
    ahead = value < parts[0] if sort == "amount" else value > parts[0]
    level = id_ < parts[1] if sort == "amount" else id_ > parts[1]
    return or_(ahead, and_(value == parts[0], level))

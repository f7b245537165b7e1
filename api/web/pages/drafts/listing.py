"""The list of supplement drafts, one's own tasks, and steps for several at once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from sqlalchemy import select
from starlette.responses import Response

from api.draft_steps import take_steps
from api.gate.database import Database
from api.gate.visitor import PageAccountant, PageUser
from api.queries.histories import people
from api.queries.supplements import DUES, ON_HOLD, SORTS, DraftFilter, count_by_state, list_drafts, reviewers
from api.queries.visibility import drafts_seen_by, seen_companies
from api.web.rendering import render
from matching.supplement.tasks import days_late, tasks_of
from models.errors import RequestError
from models.matching import DraftState
from models.tables import DraftRow

router = APIRouter()
_TABS = (DraftState.DRAFT.value, ON_HOLD, *(s.value for s in DraftState if s is not DraftState.DRAFT))
_HOLDABLE = ("draft", "open", ON_HOLD)  #: tabs that show those on hold, or leave them out


def today() -> date:
    """Where the service runs: people mean their own days."""
    return datetime.now().astimezone().date()


@router.get("/drafts")
def drafts_page(
    *,
    request: Request,
    session: Database,
    user: PageUser,
    state: str = "",
    company: Annotated[str, Query(max_length=30)] = "",
    assignee: str = "",
    due: str = "",
    period: Annotated[str, Query(max_length=7)] = "",
    text: Annotated[str, Query(max_length=100)] = "",
    sort: str = "newest",
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> Response:
    wanted = DraftFilter(
        state="draft" if state == ON_HOLD else state, held=state == ON_HOLD if state in _HOLDABLE else None,
        company=company, assignee=int(assignee) if assignee.isdecimal() else None, due=due,
        period=period, text=text, sort=sort,
    )  # fmt: skip
    found = list_drafts(session, user, wanted, today=today(), cursor=cursor)
    counts = count_by_state(session, user, wanted, today=today())
    narrowed = {"company": company, "assignee": assignee, "due": due, "period": period, "text": text, "sort": sort}
    return render(
        request, "drafts.html", rows=found.rows, older=found.next_cursor, cursor=cursor, wanted=wanted, state=state,
        states=_TABS, counts=counts, total=sum(c.drafts for c in counts.values()),
        shown_fen=sum(c.fen for s, c in counts.items() if _shown(s, state)),
        narrowed=any(v for k, v in narrowed.items() if k != "sort"),
        query=urlencode({k: v for k, v in narrowed.items() if v}), people=people(session), sorts=SORTS, dues=DUES,
        companies=seen_companies(session, user), reviewers=reviewers(session), late=lambda row: days_late(row, today()),
        today=today(), tasks=tasks_of(session, user.id, today=today(), seen=drafts_seen_by(session, user)).count,
    )  # fmt: skip


def _shown(state: str, wanted: str) -> bool:
    if wanted == "open":
        return state in ("draft", "returned", "submitted", "in_review")
    return not wanted or state == wanted


@router.get("/drafts/tasks")
def tasks_page(request: Request, session: Database, user: PageAccountant) -> Response:
    tasks = tasks_of(session, user.id, today=today(), seen=drafts_seen_by(session, user))
    return render(
        request, "drafts_tasks.html", tasks=tasks, people=people(session), late=lambda row: days_late(row, today()),
        today=today(),
    )  # fmt: skip


@router.post("/drafts/batch")
def batch(
    request: Request, session: Database, user: PageAccountant, step: Annotated[str, Form(max_length=20)],
    chosen: Annotated[list[str] | None, Form()] = None,
) -> Response:  # fmt: skip
    """`chosen` is `number:version` as the list showed it, so that nobody approves what changed meanwhile."""
    session.commit()  # what follows has transactions of its own
    outcomes = take_steps(request.app.state.sessions, [_seen(each) for each in chosen or []], step, user=user,
                          channel="web", due_days=request.app.state.settings.supplement_due_days)  # fmt: skip
    query = select(DraftRow).where(DraftRow.application_number.in_([each.number for each in outcomes]))
    with request.app.state.sessions() as after:
        drafts = {draft.application_number: draft for draft in after.scalars(query.where(drafts_seen_by(after, user)))}
    return render(request, "drafts_batch.html", outcomes=outcomes, step=step, drafts=drafts)


def _seen(chosen: str) -> tuple[str, int | None]:
    number, _, version = chosen.partition(":")
    if not version.isdecimal():
        raise RequestError("invalid_request", what=chosen[:60])
    return number, int(version)

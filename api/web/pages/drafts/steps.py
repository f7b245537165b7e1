"""The steps of one draft as buttons: take up what is on hold, submit, take, release, approve, send back, withdraw."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from api import audit
from api.audit import Action
from api.draft_steps import take_step
from api.gate.database import Database
from api.gate.visitor import PageAccountant
from api.queries.findings import find_draft
from api.web.pages.drafts.draft import Seen, show
from models.errors import RequestError
from models.tables import User

router = APIRouter()


@router.post("/drafts/{number}/submit")
def submit(request: Request, session: Database, user: PageAccountant, number: str, seen: Seen = None) -> Response:
    return _act(request, session, user, number, Action.WEB_DRAFT_SUBMIT, seen=seen)


@router.post("/drafts/{number}/take-up")
def take_up(request: Request, session: Database, user: PageAccountant, number: str) -> Response:
    return _act(request, session, user, number, Action.WEB_DRAFT_TAKE_UP)


@router.post("/drafts/{number}/take")
def take(request: Request, session: Database, user: PageAccountant, number: str) -> Response:
    return _act(request, session, user, number, Action.WEB_DRAFT_TAKE)


@router.post("/drafts/{number}/release")
def release(request: Request, session: Database, user: PageAccountant, number: str) -> Response:
    return _act(request, session, user, number, Action.WEB_DRAFT_RELEASE)


@router.post("/drafts/{number}/approve")
def approve(request: Request, session: Database, user: PageAccountant, number: str, seen: Seen = None) -> Response:
    return _act(request, session, user, number, Action.WEB_DRAFT_APPROVE, seen=seen)


@router.post("/drafts/{number}/send-back")
def send_back(
    *, request: Request, session: Database, user: PageAccountant, number: str,
    reason: Annotated[str, Form(max_length=1000)] = "", seen: Seen = None,
) -> Response:  # fmt: skip
    return _act(request, session, user, number, Action.WEB_DRAFT_SEND_BACK, reason=reason, seen=seen)


@router.post("/drafts/{number}/withdraw")
def withdraw(request: Request, session: Database, user: PageAccountant, number: str) -> Response:
    return _act(request, session, user, number, Action.WEB_DRAFT_WITHDRAW)


def _act(
    request: Request, session: Session, user: User, number: str, action: Action, *, reason: str | None = None,
    seen: int | None = None,
) -> Response:  # fmt: skip
    draft = find_draft(session, user, number)
    try:
        due_days = request.app.state.settings.supplement_due_days
        step = action.rpartition(":")[2]
        with session.begin_nested():  # what is refused leaves nothing behind
            take_step(session, draft, step, user=user, due_days=due_days, reason=reason, seen=seen)
    except RequestError as error:
        return show(request, session, draft, user, error)
    audit.record(session, user.id, action, f"draft:{number}", {"reason": reason} if reason else {})
    return RedirectResponse(f"/drafts/{number}", 303)

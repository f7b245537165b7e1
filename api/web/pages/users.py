"""Users, for the administrator; one's own account and API tokens, for everybody."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from api import audit
from api.accounts.tokens import create_token, list_tokens, revoke_token
from api.accounts.users import change_user, create_user, find_user, list_users, reset_password
from api.audit import Action
from api.gate.database import Database
from api.gate.refusal import status_of
from api.gate.visitor import PageAdministrator, PageUser
from api.queries.visibility import lists_of_companies, seen_companies, set_companies, sight_of
from api.web.rendering import render
from matching.companies import list_companies
from models.errors import RequestError
from models.tables import User
from models.tables.accounts import Role

router = APIRouter(include_in_schema=False)


@router.get("/users")
def users_page(request: Request, session: Database, user: PageAdministrator) -> Response:
    return _users(request, session)


@router.post("/users")
def add_user(
    *,
    request: Request,
    session: Database,
    user: PageAdministrator,
    username: Annotated[str, Form(max_length=80)] = "",
    display_name: Annotated[str, Form(max_length=80)] = "",
    role: Annotated[Role, Form()] = Role.STAFF,
) -> Response:
    try:
        created, password = create_user(session, username=username, display_name=display_name, role=role)
    except RequestError as error:
        return _users(request, session, error=error)
    audit.record(session, user.id, Action.WEB_USER_CREATE, f"user:{created.username}", {"role": role.value})
    return _users(request, session, handed_over=(created, password))


@router.post("/users/{user_id}")
def edit_user(
    *,
    request: Request,
    session: Database,
    user: PageAdministrator,
    user_id: int,
    display_name: Annotated[str, Form(max_length=80)] = "",
    role: Annotated[Role, Form()] = Role.STAFF,
    disabled: Annotated[bool, Form()] = False,
    companies_shown: Annotated[bool, Form(description="Without it, the list of companies stays.")] = False,
    company: Annotated[list[int] | None, Form()] = None,
) -> Response:
    target = find_user(session, user_id)
    try:
        change_user(session, target, display_name=display_name, role=role, disabled=disabled)
    except RequestError as error:
        return _users(request, session, error=error)
    detail: dict[str, object] = {"role": role.value, "disabled": disabled}
    if companies_shown:
        detail["companies"] = set_companies(session, target, company or ())
    audit.record(session, user.id, Action.WEB_USER_CHANGE, f"user:{target.username}", detail)
    return RedirectResponse("/users", 303)


@router.post("/users/{user_id}/reset")
def reset_user(request: Request, session: Database, user: PageAdministrator, user_id: int) -> Response:
    target = find_user(session, user_id)
    password = reset_password(session, target)
    audit.record(session, user.id, Action.WEB_USER_RESET, f"user:{target.username}")
    return _users(request, session, handed_over=(target, password))


def _users(
    request: Request, session: Session, *, handed_over: tuple[User, str] | None = None,
    error: RequestError | None = None,
) -> Response:  # fmt: skip
    """`handed_over`: a user and the one-time password, shown on this answer only."""
    status = status_of(error) if error else 200
    return render(
        request, "users.html", status, rows=list_users(session), roles=[r.value for r in Role],
        handed_over=handed_over, error=error, companies=list_companies(session), lists=lists_of_companies(session),
    )  # fmt: skip


@router.get("/account")
def account_page(request: Request, session: Database, user: PageUser) -> Response:
    return _account(request, session, user)


@router.post("/account/tokens")
def add_token(
    request: Request, session: Database, user: PageUser, name: Annotated[str, Form(max_length=80)] = ""
) -> Response:
    token, secret = create_token(session, user, name)
    audit.record(session, user.id, Action.WEB_TOKEN_CREATE, f"token:{token.id}", {"name": token.name})
    return _account(request, session, user, secret=secret)


def _account(request: Request, session: Session, user: User, *, secret: str | None = None) -> Response:
    only = [row.short_name or row.name for row in seen_companies(session, user)]
    limited = sight_of(session, user).limited
    return render(
        request, "account.html", tokens=list_tokens(session, user), secret=secret, only=only if limited else []
    )


@router.post("/account/tokens/{token_id}/revoke")
def remove_token(session: Database, user: PageUser, token_id: int) -> Response:
    token = revoke_token(session, user, token_id)
    audit.record(session, user.id, Action.WEB_TOKEN_REVOKE, f"token:{token.id}", {"name": token.name})
    return RedirectResponse("/account", 303)

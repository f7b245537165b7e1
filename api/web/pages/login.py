"""Login, logout, and the change of one's own password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api import audit
from api.accounts.login import LOCK_MINUTES, log_in
from api.accounts.sessions import end_session, open_session, user_of_session
from api.accounts.users import change_own_password
from api.audit import Action
from api.gate.database import Database
from api.gate.refusal import status_of
from api.gate.visitor import COOKIE, LoggedIn, client_address, set_session_cookie
from api.web.rendering import render
from models.errors import RequestError

router = APIRouter(include_in_schema=False)


def own_path(target: str) -> str:
    """`target` if it is a path of this site, else the start page: a login must not lead to another site."""
    inside = target.startswith("/") and not target.startswith(("//", "/\\")) and not set(target) & set("\r\n\t\\")
    return target if inside else "/documents"


@router.get("/login")
def login_page(request: Request, session: Database, next: str = "/documents") -> Response:
    token = request.cookies.get(COOKIE)
    if token and user_of_session(session, token):
        return RedirectResponse(own_path(next), 303)
    return render(request, "login.html", next=own_path(next), error=None, username="")


@router.post("/login")
def login(
    request: Request,
    session: Database,
    username: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/documents",
) -> Response:
    address = client_address(request)
    outcome = log_in(session, request.app.state.throttle, username=username, password=password, address=address)
    if outcome.user is None:
        error = outcome.error or RequestError("login_failed")
        audit.record(session, None, Action.WEB_SESSION_REFUSE, f"user:{username[:80]}", {"address": address})
        return render(request, "login.html", status_of(error), next=own_path(next), error=error, username=username)
    settings = request.app.state.settings
    token = open_session(session, outcome.user, hours=settings.session_hours)
    audit.record(session, outcome.user.id, Action.WEB_SESSION_OPEN, f"user:{username[:80]}", {"address": address})
    target = "/account/password" if outcome.user.must_change_password else own_path(next)
    response = RedirectResponse(target, 303)
    set_session_cookie(request, response, token, settings)
    return response


@router.post("/logout")
def logout(request: Request, session: Database, user: LoggedIn) -> Response:
    end_session(session, request.cookies[COOKIE])
    audit.record(session, user.id, Action.WEB_SESSION_CLOSE, f"user:{user.username}")
    # "storage" stays: pictures taken offline and not yet sent wait there
    response = RedirectResponse("/login", 303, {"Clear-Site-Data": '"cache"'})
    response.delete_cookie(COOKIE)
    return response


@router.get("/account/password")
def password_page(request: Request, user: LoggedIn) -> Response:
    return render(request, "password.html", error=None, forced=user.must_change_password)


@router.post("/account/password")
def change_password(
    *,
    request: Request,
    session: Database,
    user: LoggedIn,
    current: Annotated[str, Form()] = "",
    new: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    forced, throttle, address = user.must_change_password, request.app.state.throttle, client_address(request)
    try:
        if throttle.blocked(address):  # who found a browser open may not guess the password here
            raise RequestError("login_locked", minutes=LOCK_MINUTES)
        if new != again:
            raise RequestError("invalid_request", what="两次输入的新密码不一致 / the new passwords differ")
        change_own_password(session, user, current=current, new=new)
    except RequestError as error:
        if error.code == "login_failed":
            throttle.failed(address)
        return render(request, "password.html", status_of(error), error=error, forced=forced)
    audit.record(session, user.id, Action.WEB_PASSWORD_CHANGE, f"user:{user.username}")
    settings = request.app.state.settings
    response = RedirectResponse("/companies?first=1" if forced and user.role == "administrator" else "/documents", 303)
    set_session_cookie(request, response, open_session(session, user, hours=settings.session_hours), settings)
    return response

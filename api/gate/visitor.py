"""Who is asking: the user of a session cookie (pages) or of a bearer token or cookie (REST), and what the role allows.

Pages take no tokens. What of the company's things somebody sees is decided in `api.queries.visibility`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.security import HTTPBearer

from api.accounts.sessions import user_of_session
from api.accounts.tokens import user_of_token
from api.gate.database import Database
from api.queries.visibility import sight_of
from matching import notices
from models.errors import RequestError
from models.settings import Settings
from models.tables import User
from models.tables.accounts import Role

COOKIE = "chapiao_session"
_RANK = {Role.STAFF: 0, Role.ACCOUNTANT: 1, Role.ADMINISTRATOR: 2}


@dataclass(frozen=True, slots=True)
class Person:
    """What pages print about the visitor. A copy: an error page is rendered after the session has rolled back."""

    id: int
    username: str
    display_name: str
    role: str
    must_change_password: bool
    unread: int = 0  #: notices


#: only documents the scheme in OpenAPI and its "Authorize" button; `rest_user` reads the header itself
bearer = HTTPBearer(auto_error=False, description="Token made on the page 我的 (My account), or the browser's session.")


def has_role(user: User | Person, least: Role) -> bool:
    return _RANK[Role(user.role)] >= _RANK[least]


def sees_all(user: User) -> bool:
    return has_role(user, Role.ACCOUNTANT)


def logged_in(request: Request, session: Database) -> User:
    """The user of the session cookie, even one who must still change the password."""
    token = request.cookies.get(COOKIE)
    user = user_of_session(session, token) if token else None
    if user is None:
        raise RequestError("login_required")
    unread = notices.unread(session, user, sight_of(session, user).notices())
    request.state.person = Person(
        user.id, user.username, user.display_name, user.role, user.must_change_password, unread,
    )  # fmt: skip
    return user


def page_user(user: Annotated[User, Depends(logged_in)]) -> User:
    if user.must_change_password:
        raise RequestError("password_change_required")
    return user


def rest_user(request: Request, session: Database, _scheme: Annotated[object, Depends(bearer)]) -> User:
    """The owner of the bearer token, else the user of the browser's session."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        user = user_of_token(session, secret.strip())
        if user is None:
            raise RequestError("login_required")
        return user
    return page_user(logged_in(request, session))


def at_least(least: Role, whose: Callable[..., User]) -> Callable[..., User]:
    """Dependency: the user from `whose` if the role reaches `least`."""

    # a default, not Annotated: `whose` is local, and annotations are read as text in the module's scope
    def check(user: User = Depends(whose)) -> User:  # noqa: B008
        if not has_role(user, least):
            raise RequestError("forbidden")
        return user

    return check


LoggedIn = Annotated[User, Depends(logged_in)]
PageUser = Annotated[User, Depends(page_user)]
PageAccountant = Annotated[User, Depends(at_least(Role.ACCOUNTANT, page_user))]
PageAdministrator = Annotated[User, Depends(at_least(Role.ADMINISTRATOR, page_user))]
RestUser = Annotated[User, Depends(rest_user)]
RestAccountant = Annotated[User, Depends(at_least(Role.ACCOUNTANT, rest_user))]
RestAdministrator = Annotated[User, Depends(at_least(Role.ADMINISTRATOR, rest_user))]


def set_session_cookie(request: Request, response: Response, token: str, settings: Settings) -> None:
    """HttpOnly and SameSite=Lax always; Secure whenever the page itself came over https."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=settings.session_hours * 3600,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def client_address(request: Request) -> str:
    return request.client.host if request.client else "unknown"

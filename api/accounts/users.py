"""Users: creating, changing, disabling. The first start creates the administrator."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.accounts.passwords import LEAST_LENGTH, hash_password, one_time_password, require_strong, verify_password
from api.accounts.sessions import end_all_sessions
from models.errors import RequestError
from models.tables import User
from models.tables.accounts import Role

FIRST_USERNAME = "admin"


def ensure_administrator(session: Session) -> str | None:
    """Create `admin` where there is no administrator; the one-time password, or None where somebody is one."""
    if session.scalar(select(func.count()).where(User.role == Role.ADMINISTRATOR.value)):
        return None
    password = one_time_password()
    try:
        with session.begin_nested():
            session.add(_new_user(FIRST_USERNAME, "管理员", Role.ADMINISTRATOR, password))
    except IntegrityError:  # another process started at the same moment and printed its own
        return None
    return password


def list_users(session: Session) -> Sequence[User]:
    return session.scalars(select(User).order_by(User.disabled, User.username)).all()


def find_user(session: Session, user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise RequestError("no_such_item", what=str(user_id))
    return user


def create_user(session: Session, *, username: str, display_name: str, role: Role) -> tuple[User, str]:
    """The user and a one-time password to hand over; it must be changed at the first login."""
    username = username.strip()
    if not username or len(username) > 80 or not username.replace("-", "").replace("_", "").replace(".", "").isalnum():
        raise RequestError("invalid_request", what="username")
    if session.scalar(select(User.id).where(User.username == username)) is not None:
        raise RequestError("username_taken", name=username)
    password = one_time_password()
    user = _new_user(username, display_name.strip()[:80] or username, role, password)
    session.add(user)
    session.flush()
    return user, password


def change_user(session: Session, user: User, *, display_name: str, role: Role, disabled: bool) -> None:
    """Change name, role or access. The last active administrator stays one."""
    loses = user.role == Role.ADMINISTRATOR and not user.disabled and (role is not Role.ADMINISTRATOR or disabled)
    if loses and _active_administrators(session) == 1:
        raise RequestError("last_administrator")
    user.display_name = display_name.strip()[:80] or user.username
    user.role = role.value
    user.disabled = disabled
    if disabled:
        end_all_sessions(session, user)


def reset_password(session: Session, user: User) -> str:
    """A new one-time password; every login of the user ends and the lock is lifted."""
    password = one_time_password()
    user.password_hash = hash_password(password)
    user.must_change_password = True
    user.failed_logins = 0
    user.locked_until = None
    end_all_sessions(session, user)
    return password


def change_own_password(session: Session, user: User, *, current: str, new: str) -> None:
    """Replace one's own password; every login ends, the caller opens a fresh one."""
    if not verify_password(user.password_hash, current):
        raise RequestError("login_failed")
    require_strong(new, user.username)
    if new == current:
        raise RequestError("password_weak", length=LEAST_LENGTH)
    user.password_hash = hash_password(new)
    user.must_change_password = False
    end_all_sessions(session, user)


def _active_administrators(session: Session) -> int:
    query = select(func.count()).where(User.role == Role.ADMINISTRATOR.value, User.disabled.is_(False))
    return session.scalar(query) or 0


def _new_user(username: str, display_name: str, role: Role, password: str) -> User:
    return User(
        username=username, display_name=display_name, role=role.value, password_hash=hash_password(password),
        must_change_password=True, disabled=False, failed_logins=0,
    )  # fmt: skip

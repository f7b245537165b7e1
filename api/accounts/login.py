"""Logging in: a lock per user, a throttle per address, one answer for a wrong name and a wrong password."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from api.accounts.passwords import verify_password
from models.errors import RequestError
from models.tables import User
from models.tables.base import now

FAILURES_BEFORE_LOCK = 5
LOCK_MINUTES = 10
FAILURES_PER_ADDRESS = 30  #: an office behind one address must not lock itself out
ADDRESS_WINDOW_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class LoginOutcome:
    """Either the user, or the error to show. Returned, not raised: the failure counter must be committed."""

    user: User | None
    error: RequestError | None


class AddressThrottle:
    """Failed logins per client address in this process; old ones are forgotten."""

    def __init__(self) -> None:
        self._failures: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def blocked(self, address: str) -> bool:
        with self._lock:
            return len(self._recent(address)) >= FAILURES_PER_ADDRESS

    def failed(self, address: str) -> None:
        with self._lock:
            recent = self._recent(address)
            recent.append(time.monotonic())
            self._failures[address] = recent
            if len(self._failures) > 10_000:  # a scan from many addresses must not fill the memory
                self._failures.pop(next(iter(self._failures)))

    def _recent(self, address: str) -> deque[float]:
        recent = self._failures.get(address, deque())
        while recent and time.monotonic() - recent[0] > ADDRESS_WINDOW_SECONDS:
            recent.popleft()
        return recent


def log_in(session: Session, throttle: AddressThrottle, *, username: str, password: str, address: str) -> LoginOutcome:
    """Check a name and password. A locked user is told so only by the lock, never whether the password was right."""
    if throttle.blocked(address):
        return LoginOutcome(None, RequestError("login_locked", minutes=LOCK_MINUTES))
    user = session.scalar(select(User).where(User.username == username.strip()))
    right = verify_password(user.password_hash if user else None, password)
    if user is None or user.disabled:
        throttle.failed(address)
        return LoginOutcome(None, RequestError("login_failed"))
    if user.locked_until and user.locked_until > now():
        throttle.failed(address)
        return LoginOutcome(None, RequestError("login_locked", minutes=LOCK_MINUTES))
    if not right:
        throttle.failed(address)
        _count_failure(session, user)
        return LoginOutcome(None, RequestError("login_failed"))
    user.failed_logins = 0
    user.locked_until = None
    return LoginOutcome(user, None)


def _count_failure(session: Session, user: User) -> None:
    """Counted by the database, so that parallel guesses each count."""
    session.execute(update(User).where(User.id == user.id).values(failed_logins=User.failed_logins + 1))
    session.refresh(user)
    if user.failed_logins >= FAILURES_BEFORE_LOCK:
        user.locked_until = now() + timedelta(minutes=LOCK_MINUTES)
        user.failed_logins = 0

"""Password hashing (argon2id) and the least a password must be. Never stores or logs a password."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models.errors import RequestError

LEAST_LENGTH = 10
LONGEST = 200  #: hashing cost grows with length; nobody types more
_COMMON = frozenset(
    {"1234567890", "0123456789", "password123", "qwertyuiop", "administrator", "woaini1314", "1qaz2wsx3edc"}
)
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"  #: nothing that is misread when typed
_hasher = PasswordHasher()
#: verified against when the user does not exist, so that both answers take as long
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """Whether `password` belongs to `stored`; takes as long for None as for a real hash."""
    if len(password) > LONGEST:
        return False
    try:
        return _hasher.verify(stored or _NOBODY, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def require_strong(password: str, username: str) -> None:
    """Raise `password_weak` unless long enough, varied, and not the user's own name."""
    lowered = password.lower()
    weak = (
        not LEAST_LENGTH <= len(password) <= LONGEST
        or len(set(password)) < 4
        or lowered in _COMMON
        or lowered == username.lower()
    )
    if weak:
        raise RequestError("password_weak", length=LEAST_LENGTH)


def one_time_password() -> str:
    """Four groups of four, easy to copy from a console; about 92 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))

"""Passwords are hashed slowly, compared in equal time for nobody, and must not be weak."""

from __future__ import annotations

import pytest

from api.accounts.passwords import hash_password, one_time_password, require_strong, verify_password
from models.errors import RequestError


def test_a_hash_is_argon2id_and_verifies_only_its_own_password() -> None:
    stored = hash_password("correct horse 9")
    assert stored.startswith("$argon2id$")
    assert "correct" not in stored
    assert verify_password(stored, "correct horse 9")
    assert not verify_password(stored, "correct horse 8")


def test_nobody_has_no_password_and_a_damaged_hash_fits_none() -> None:
    assert not verify_password(None, "")
    assert not verify_password(None, "anything at all")
    assert not verify_password("not a hash", "anything")


def test_a_password_of_a_megabyte_is_refused_before_hashing() -> None:
    assert not verify_password(hash_password("correct horse 9"), "x" * 1_000_000)


@pytest.mark.parametrize(
    "weak", ["", "short1", "a" * 30, "1234567890", "Administrator", "zhang.san.01", "abcabcabcabc", "x" * 300]
)
def test_weak_passwords_are_refused(weak: str) -> None:
    with pytest.raises(RequestError) as refused:
        require_strong(weak, "zhang.san.01")
    assert refused.value.code == "password_weak"


def test_a_long_varied_password_is_accepted() -> None:
    require_strong("发票要核对清楚再入账", "zhang")
    require_strong("correct horse 9", "zhang")


def test_one_time_passwords_differ_and_are_strong() -> None:
    many = {one_time_password() for _ in range(50)}
    assert len(many) == 50
    for password in many:
        require_strong(password, "admin")

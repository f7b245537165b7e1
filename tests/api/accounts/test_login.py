"""Logging in: sessions are hashed and end, guesses are slowed, first start makes one administrator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from api.accounts import login as login_rules
from api.accounts.login import FAILURES_PER_ADDRESS
from api.accounts.sessions import token_hash
from api.accounts.users import ensure_administrator
from models.tables import AuditEvent, User, UserSession
from models.tables.base import now

PASSWORD = "correct horse 9"


def try_login(client, username: str, password: str):
    return client.post("/login", data={"username": username, "password": password})


def test_the_cookie_is_http_only_lax_and_only_its_hash_is_stored(service) -> None:
    answer = try_login(service.anybody(), "acc", PASSWORD)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "secure" not in cookie
    token = answer.cookies["chapiao_session"]
    with service.session() as session:
        stored = session.scalars(select(UserSession.token_hash)).all()
    assert stored == [token_hash(token)] and token not in stored


def test_the_cookie_is_secure_over_https(service) -> None:
    client = service.anybody()
    client.base_url = "https://testserver"
    answer = try_login(client, "acc", PASSWORD)
    assert "secure" in answer.headers["set-cookie"].lower()
    assert "max-age" in answer.headers["strict-transport-security"]


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(service) -> None:
    wrong_password = try_login(service.anybody(), "acc", "wrong password")
    wrong_name = try_login(service.anybody(), "acx", "wrong password")
    assert wrong_password.status_code == wrong_name.status_code == 401
    assert wrong_password.text.replace("acc", "acx") == wrong_name.text


def test_five_failures_lock_the_user_even_for_the_right_password(service) -> None:
    client = service.anybody()
    for _ in range(login_rules.FAILURES_BEFORE_LOCK):
        assert try_login(client, "acc", "wrong password").status_code == 401
    assert try_login(client, "acc", PASSWORD).status_code == 429
    assert try_login(client, "staff", PASSWORD).status_code == 303  # others go on
    with service.session() as session:
        session.query(User).filter_by(username="acc").one().locked_until = now() - timedelta(seconds=1)
    assert try_login(client, "acc", PASSWORD).status_code == 303


def test_an_address_that_guesses_at_many_names_is_held_back(service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login_rules, "FAILURES_PER_ADDRESS", 4)
    client = service.anybody()
    for number in range(4):
        assert try_login(client, f"nobody{number}", "wrong password").status_code == 401
    assert try_login(client, "acc", PASSWORD).status_code == 429


def test_logging_out_ends_the_session_on_the_server(service) -> None:
    client = service.browser("acc")
    token = client.cookies["chapiao_session"]
    answer = client.post("/logout")
    assert answer.headers["clear-site-data"] == '"cache"'  # pictures waiting on a phone are not cleared
    other = service.anybody()
    other.cookies.set("chapiao_session", token)
    assert other.get("/documents").status_code == 303


def test_a_session_ends_by_time_and_with_the_user(service) -> None:
    first, second = service.browser("acc"), service.browser("staff")
    with service.session() as session:
        acc = session.query(User).filter_by(username="acc").one()
        session.query(UserSession).filter_by(user_id=acc.id).update({"expires_at": now() - timedelta(seconds=1)})
        session.query(User).filter_by(username="staff").one().disabled = True
    assert first.get("/documents").headers["location"].startswith("/login")
    assert second.get("/documents").headers["location"].startswith("/login")


def test_first_start_makes_one_administrator_and_prints_the_password(
    make_service: Callable, capsys: pytest.CaptureFixture[str]
) -> None:
    from api.app import _first_start

    service = make_service()
    with service.session() as session:
        for user in session.query(User).all():
            session.delete(user)
    capsys.readouterr()
    _first_start(service.app)
    printed = capsys.readouterr().out
    _first_start(service.app)
    assert capsys.readouterr().out == ""
    password = next(line.split()[-1] for line in printed.splitlines() if "one-time" in line)
    client = service.anybody()
    answer = try_login(client, "admin", password)
    assert answer.headers["location"] == "/account/password"
    assert client.get("/documents").headers["location"] == "/account/password"  # nothing else before the change
    assert client.get("/api/v1/documents").json()["error"]["code"] == "password_change_required"
    changed = client.post(
        "/account/password", data={"current": password, "new": "a better one 8", "again": "a better one 8"}
    )
    assert changed.status_code == 303
    assert client.get("/documents").status_code == 200
    with service.session() as session:
        assert ensure_administrator(session) is None


def test_changing_the_password_ends_logins_elsewhere(service) -> None:
    here, elsewhere = service.browser("acc"), service.browser("acc")
    here.post("/account/password", data={"current": PASSWORD, "new": "another one 88", "again": "another one 88"})
    assert here.get("/documents").status_code == 200
    assert elsewhere.get("/documents").status_code == 303


@pytest.mark.parametrize(
    ("current", "new", "again"),
    [("wrong", "another one 88", "another one 88"), (PASSWORD, "another one 88", "another one 89"),
     (PASSWORD, "short", "short"), (PASSWORD, PASSWORD, PASSWORD)],
)  # fmt: skip
def test_a_bad_change_of_password_changes_nothing(service, current: str, new: str, again: str) -> None:
    client = service.browser("acc")
    answer = client.post("/account/password", data={"current": current, "new": new, "again": again})
    assert answer.status_code in (401, 422) and 'role="alert"' in answer.text
    assert try_login(service.anybody(), "acc", PASSWORD).status_code == 303


def test_logins_and_refusals_are_audited(service) -> None:
    try_login(service.anybody(), "acc", "wrong password")
    service.browser("acc").post("/logout")
    with service.session() as session:
        actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert [a for a in actions if a.startswith("web:session")] == [
        "web:session:refuse", "web:session:open", "web:session:close",
    ]  # fmt: skip
    assert all("wrong password" not in str(a) for a in actions)


def test_the_password_cannot_be_guessed_through_a_browser_left_open(service) -> None:
    client = service.browser("acc")
    typed = {"current": "a guess", "new": "another one 88", "again": "another one 88"}
    codes = [client.post("/account/password", data=typed).status_code for _ in range(FAILURES_PER_ADDRESS + 1)]
    assert set(codes[:-1]) == {401} and codes[-1] == 429
    assert client.post("/account/password", data={**typed, "current": PASSWORD}).status_code == 429

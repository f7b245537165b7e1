"""Users and tokens: one-time passwords, the last administrator, revoked tokens."""

from __future__ import annotations

import pytest

from api.accounts.tokens import create_token, revoke_token, user_of_token
from api.accounts.users import change_user, create_user
from models.errors import RequestError
from models.tables import ApiToken, User
from models.tables.accounts import Role


def user(session, username: str) -> User:
    return session.query(User).filter_by(username=username).one()


def test_a_new_user_logs_in_with_the_one_time_password_and_must_change_it(service) -> None:
    with service.session() as session:
        _, password = create_user(session, username=" zhang.san ", display_name="张三", role=Role.STAFF)
    client = service.anybody()
    answer = client.post("/login", data={"username": "zhang.san", "password": password})
    assert answer.headers["location"] == "/account/password"


@pytest.mark.parametrize(
    ("name", "code"), [("acc", "username_taken"), ("", "invalid_request"), ("a b<", "invalid_request")]
)
def test_a_bad_user_name_is_refused(service, name: str, code: str) -> None:
    with service.session() as session, pytest.raises(RequestError) as refused:
        create_user(session, username=name, display_name="", role=Role.STAFF)
    assert refused.value.code == code


def test_the_last_administrator_can_be_neither_demoted_nor_disabled(service) -> None:
    with service.session() as session:
        for other in session.query(User).filter(User.username != "boss", User.role == "administrator"):
            other.disabled = True
        session.flush()
        boss = user(session, "boss")
        for role, disabled in ((Role.STAFF, False), (Role.ADMINISTRATOR, True)):
            with pytest.raises(RequestError) as refused:
                change_user(session, boss, display_name="Boss", role=role, disabled=disabled)
            assert refused.value.code == "last_administrator"
        change_user(session, user(session, "acc"), display_name="Acc", role=Role.ADMINISTRATOR, disabled=False)
        session.flush()
        change_user(session, boss, display_name="Boss", role=Role.STAFF, disabled=False)
        assert boss.role == "staff"


def test_a_token_is_stored_as_a_hash_and_ends_when_revoked_or_its_owner_is_disabled(service) -> None:
    with service.session() as session:
        owner = user(session, "acc")
        token, secret = create_token(session, owner, "ERP")
        assert secret not in {token.token_hash, token.name}
        assert user_of_token(session, secret) is owner
        assert user_of_token(session, secret + "x") is None
        owner.disabled = True
        session.flush()
        assert user_of_token(session, secret) is None
        owner.disabled = False
        revoke_token(session, owner, token.id)
        session.flush()
        assert user_of_token(session, secret) is None


def test_nobody_revokes_the_token_of_another(service) -> None:
    with service.session() as session:
        token, _ = create_token(session, user(session, "acc"), "ERP")
    answer = service.browser("boss").post(f"/account/tokens/{token.id}/revoke")
    assert answer.status_code == 404
    with service.session() as session:
        assert session.get_one(ApiToken, token.id).revoked is False


def test_only_the_administrator_manages_users(service) -> None:
    assert service.browser("acc").get("/users").status_code == 403
    assert service.browser("staff").post("/users", data={"username": "x"}).status_code == 403
    page = service.browser("boss").post(
        "/users", data={"username": "li.si", "display_name": "李四", "role": "accountant"}
    )
    assert page.status_code == 200 and 'class="secret"' in page.text
    again = service.browser("boss").get("/users")
    assert "李四" in again.text and 'class="secret"' not in again.text  # the password is shown once


def test_resetting_a_password_ends_the_users_logins(service) -> None:
    client = service.browser("acc")
    with service.session() as session:
        number = user(session, "acc").id
    assert service.browser("boss").post(f"/users/{number}/reset").status_code == 200
    assert client.get("/documents").status_code == 303

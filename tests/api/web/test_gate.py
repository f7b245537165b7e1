"""What stands before every route: headers, origin, size, login, and templates that the policy lets work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.gate.headers import CONTENT_POLICY
from api.web.pages.login import own_path

TEMPLATES = sorted(Path("api/web/templates").glob("*.html"))
PAGES = ["/documents", "/upload", "/phone", "/absent", "/absent/records", "/drafts", "/records", "/companies", "/users",
         "/account", "/account/password"]  # fmt: skip


def test_the_policy_allows_no_inline_script_and_no_other_host() -> None:
    assert "unsafe" not in CONTENT_POLICY and "http" not in CONTENT_POLICY and "*" not in CONTENT_POLICY
    assert CONTENT_POLICY.startswith("default-src 'none'")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_a_template_needs_nothing_the_policy_forbids(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)", page), "inline script"
    assert not re.search(r"\son\w+=|\sstyle=|hx-on|javascript:", page), "inline handler or style"
    assert not re.search(r"(src|href)=\"(https?:)?//", page), "another host"


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_in_both_languages_with_the_headers(service, page: str) -> None:
    client = service.browser("boss")
    for language, sign in (("zh", "zh-CN"), ("en", "en")):
        answer = client.get(page, params={"lang": language})
        assert answer.status_code == 200
        assert f'<html lang="{sign}">' in answer.text
        assert answer.headers["content-security-policy"] == CONTENT_POLICY
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["cache-control"] == "no-store"
    assert '<html lang="en">' in client.get(page).text  # remembered


@pytest.mark.parametrize("page", ["/", *PAGES, "/login", "/api/v1/health", "/static/app.css"])
def test_head_is_get_without_the_body(service, page: str) -> None:
    """Uptime checks ask so."""
    client = service.browser("boss")
    answer, whole = client.head(page), client.get(page)
    assert (answer.status_code, answer.content) == (whole.status_code, b"")
    assert answer.headers.get("content-type") == whole.headers.get("content-type")
    assert service.anybody().head(page).status_code == service.anybody().get(page).status_code


def test_head_of_a_stream_ends_and_of_a_form_is_refused(service) -> None:
    client = service.browser("boss")
    assert client.head("/documents/events").headers["content-type"].startswith("text/event-stream")
    assert client.head("/logout").status_code == 405
    assert client.head("/documents/nothing").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_shown_without_a_login(service, page: str) -> None:
    answer = service.anybody().get(page)
    assert answer.status_code == 303 and answer.headers["location"].startswith("/login")


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({}, False),
    ],
)
def test_an_unsafe_request_with_a_cookie_must_come_from_our_own_pages(service, headers, allowed: bool) -> None:
    client = service.browser("acc")
    del client.headers["Sec-Fetch-Site"]
    answer = client.post("/account/tokens", data={"name": "x"}, headers=headers)
    assert answer.status_code == (200 if allowed else 403)
    rest = client.post("/api/v1/drafts", json={"invoice_id": 1}, headers=headers)
    if not allowed:
        assert rest.json()["error"]["code"] == "cross_site"


def test_reading_from_another_site_is_left_to_the_cookie(service) -> None:
    """A link from a mail opens the page; SameSite=Lax decides about the cookie."""
    assert service.browser("acc").get("/documents", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_a_form_is_small(service) -> None:
    client = service.browser("acc")
    declared = client.post("/account/tokens", data={"name": "x" * 3_000_000})
    assert declared.status_code == 413
    streamed = client.post("/account/tokens", content=(b"name=" + b"x" * 100_000 for _ in range(30)),
                           headers={"Content-Type": "application/x-www-form-urlencoded"})  # fmt: skip
    assert streamed.status_code == 413


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        ("/drafts?state=draft", True),
        ("//evil.example", False),
        ("/\\evil.example", False),
        ("https://evil.example", False),
        ("", False),
        ("/a\r\nSet-Cookie: x", False),
    ],
)
def test_a_login_leads_only_to_our_own_pages(target: str, kept: bool) -> None:
    assert own_path(target) == (target if kept else "/documents")


def test_an_unknown_address_and_a_bad_parameter_are_pages_of_our_own(service) -> None:
    client = service.browser("acc")
    missing = client.get("/nothing/here")
    assert missing.status_code == 404 and "no_such_item" in missing.text
    assert client.get("/drafts", params={"cursor": "x" * 400}).status_code == 422
    assert client.get("/documents", params={"cursor": "bm9uc2Vuc2U"}).status_code == 422


def test_an_unexpected_fault_is_told_without_its_inside(service, monkeypatch: pytest.MonkeyPatch) -> None:
    from fastapi.testclient import TestClient

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    client = service.browser("acc")
    monkeypatch.setattr("api.web.pages.absent.list_absent", broken)
    quiet = TestClient(service.app, raise_server_exceptions=False, cookies=client.cookies)
    answer = quiet.get("/absent")
    assert answer.status_code == 500
    assert "internal_error" in answer.text and "secret detail" not in answer.text


def test_static_files_are_kept_by_their_hash(service) -> None:
    page = service.anybody().get("/login").text
    address = re.search(r'href="(/static/app\.css\?v=\w+)"', page)
    assert address
    answer = service.anybody().get(address[1])
    assert "immutable" in answer.headers["cache-control"]
    assert service.anybody().get("/static/../app.py").status_code == 404


_BEYOND = "9" * 23


@pytest.mark.parametrize(
    "path",
    [
        f"/records/{_BEYOND}", f"/records/imports/{_BEYOND}", f"/api/v1/invoices/{_BEYOND}/lines",
        f"/drafts?assignee={_BEYOND}", f"/notices?before={_BEYOND}", "/drafts?period=9999-12",
        "/reconciliation?first=9999-12",
    ],
)  # fmt: skip
def test_what_no_column_and_no_calendar_holds_is_refused_and_is_no_fault(service, path: str) -> None:
    answer = service.browser("boss").get(path)
    assert answer.status_code == 422 and "超出范围" in answer.text


@pytest.mark.parametrize("days", ["since=0001-01-01", "until=9999-12-31", "since=0001-01-01&until=0001-01-02"])
def test_a_list_may_be_asked_for_from_the_first_day_to_the_last(service, days: str) -> None:
    assert service.browser("boss").get(f"/documents?{days}").status_code == 200

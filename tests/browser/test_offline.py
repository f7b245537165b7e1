"""The phone page without a network: pictures wait on the phone, survive a reload, are sent once, as their taker's."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from models.tables import DocumentRow, User
from tests.api.conftest import PASSWORD
from tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser

PHOTO = Path("samples/finished/07-ordinary-paper-photo.jpg")


def brought_in(site) -> list[tuple[str, str, str]]:
    with site.service.session() as session:
        query = session.query(DocumentRow.name, DocumentRow.channel, User.username)
        return [tuple(row) for row in query.join(User, User.id == DocumentRow.uploaded_by)]


def test_the_camera_is_asked_for_and_a_picture_is_sent(site) -> None:
    page = site.visit("staff", PHONE)
    page.goto("/phone")
    assert page.get_attribute("#camera", "capture") == "environment"
    assert page.get_attribute("#camera", "multiple") is not None
    page.set_input_files("#camera", PHOTO)
    expect(page.locator("#queue li.safe")).to_contain_text("原件已保存")
    assert brought_in(site) == [(PHOTO.name, "phone", "staff")]


def test_pictures_taken_offline_wait_survive_a_reload_and_are_sent_once(site) -> None:
    page = site.visit("staff", PHONE)
    page.goto("/phone")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.reload()  # now through the service worker, which keeps the page
    page.context.set_offline(True)
    page.set_input_files("#camera", PHOTO)
    expect(page.locator("#queue li")).to_contain_text("离线")
    expect(page.locator("#line")).to_have_text("离线")
    page.reload()  # without a network
    expect(page.locator("#queue li")).to_contain_text(PHOTO.name)
    assert brought_in(site) == []
    page.context.set_offline(False)
    expect(page.locator("#queue li.safe")).to_contain_text("原件已保存", timeout=10_000)
    page.reload()
    expect(page.locator("#queue li")).to_have_count(0)
    assert brought_in(site) == [(PHOTO.name, "phone", "staff")]


def test_a_picture_outlives_the_login_and_is_never_sent_as_somebody_elses(site) -> None:
    page = site.visit("staff", PHONE)
    page.goto("/phone")
    page.context.clear_cookies()
    page.set_input_files("#camera", PHOTO)
    expect(page.locator("#queue li")).to_contain_text("登录已过期")
    log_in(page, "acc")
    page.goto("/phone")
    page.wait_for_timeout(500)
    expect(page.locator("#queue li")).to_have_count(0)
    assert brought_in(site) == []
    page.context.clear_cookies()
    log_in(page, "staff")
    page.goto("/phone")
    expect(page.locator("#queue li.safe")).to_contain_text("原件已保存")
    assert brought_in(site) == [(PHOTO.name, "phone", "staff")]


def log_in(page, username: str) -> None:
    page.goto("/login")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("button.primary")
    page.wait_for_url("**/documents")


def test_a_refused_file_says_why_and_can_be_removed(site, tmp_path: Path) -> None:
    (tmp_path / "空.jpg").write_bytes(b"")
    page = site.visit("staff", PHONE)
    page.goto("/phone")
    page.set_input_files("#album", tmp_path / "空.jpg")
    expect(page.locator("#queue li.refused")).to_contain_text("文件是空的")
    page.locator("#queue li.refused button").tap()
    expect(page.locator("#queue li")).to_have_count(0)

"""A real uvicorn on a free port of 127.0.0.1 and Debian's Chromium, both ended by the test that started them."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.api.conftest import PASSWORD, Service, database_with_people, make_service

__all__ = ["database_with_people", "make_service"]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1280, "height": 900}}


@pytest.fixture(scope="module")  # its event loop may not outlive the browser tests
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine: install the system package `chromium`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@dataclass
class Site:
    """The running service as people meet it. `faults` collects what the browser complained about."""

    service: Service
    address: str
    chromium: Browser
    faults: list[str]
    opened: list[BrowserContext]

    def visit(self, username: str, device: dict[str, object] | None = None) -> Page:
        """A page in a browser of its own, logged in through the form."""
        context = self.chromium.new_context(base_url=self.address, locale="zh-CN", **(device or DESK))  # type: ignore[arg-type]
        self.opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda m: self.faults.append(m.text) if "Content Security Policy" in m.text else None)
        page.goto("/login")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("button.primary")
        page.wait_for_url("**/documents")
        return page


@pytest.fixture
def site(make_service: Callable[..., Service], chromium: Browser, tmp_path: Path) -> Iterator[Site]:
    service = make_service()
    server = uvicorn.Server(
        uvicorn.Config(service.app, host="127.0.0.1", port=0, log_level="warning", lifespan="off",
                       timeout_graceful_shutdown=1)
    )  # fmt: skip
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    running = Site(service, f"http://127.0.0.1:{port}", chromium, [], [])
    yield running
    for context in running.opened:
        context.close()
    server.should_exit = True
    thread.join(timeout=10)
    assert running.faults == []

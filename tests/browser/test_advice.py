"""A blurred picture is kept, and the person is told at once what to do better: on a phone and at a desk."""

from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from api import advising
from tests.browser.conftest import DESK, PHONE, Site

pytestmark = pytest.mark.usefixtures("patient")


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advising, "SECONDS", 60.0)  # a busy machine is no fault of the page


@pytest.fixture
def blurred(tmp_path: Path) -> Path:
    picture = np.full((1000, 1600, 3), 205, np.uint8)
    for y in range(120, 920, 40):
        for x in range(120, 1400, 190):
            cv2.putText(picture, "A B 1 2 3 4", (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.75, (30, 30, 30), 2, cv2.LINE_AA)
    path = tmp_path / "IMG_0612.jpg"
    path.write_bytes(cv2.imencode(".jpg", cv2.GaussianBlur(picture, (0, 0), 4))[1].tobytes())
    return path


@pytest.mark.parametrize(
    ("path", "device", "field"),
    [("/upload", DESK, "#upload input"), ("/upload", PHONE, "#upload input"), ("/phone", PHONE, "#album")],
)
def test_advice_stands_beside_the_picture(
    site: Site, blurred: Path, path: str, device: dict[str, object], field: str
) -> None:
    page = site.visit("staff", device)
    page.goto(path)
    page.set_input_files(field, str(blurred))
    advice = page.locator(".uploads .advice")
    advice.wait_for(timeout=90_000)
    assert "模糊" in advice.inner_text()
    assert page.locator(".uploads li").get_attribute("class") == "safe"
    assert page.locator(".uploads a[href^='/documents/']").is_visible()
    if path == "/phone":
        assert page.locator("label[for=camera]").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    if folder := os.environ.get("CHAPIAO_SCREENSHOTS"):
        page.screenshot(path=f"{folder}/advice{path.replace('/', '-')}-{page.viewport_size['width']}.png")  # type: ignore[index]
    assert site.faults == []

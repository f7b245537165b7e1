"""A table with unknown headers from upload to undo, as an accountant does it; every page fits desk and phone."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from playwright.sync_api import expect

from models.tables import RecordRow
from tests.api.web.test_imports import NUMBERS, UNKNOWN, unknown_row
from tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.browser


def ledger(path: Path, *rows: list[str]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([UNKNOWN, *rows])
    return path


def test_columns_are_chosen_looked_at_imported_and_taken_back(site, tmp_path: Path) -> None:
    site.service.register_company()
    page = site.visit("acc")
    page.goto("/records/imports")
    page.set_input_files("input[name=files]", ledger(tmp_path / "台账.csv", unknown_row(1), unknown_row(2)))
    page.get_by_role("button", name="上传并预览").click()
    expect(page.locator("h1")).to_have_text("哪一列是什么")
    expect(page.get_by_label("票据号")).to_have_value("invoice_number")
    expect(page.locator(".mapping")).to_contain_text(NUMBERS[1])
    number = page.get_by_label("票据号")
    number.select_option("")
    expect(page.locator("#mapping-check")).to_contain_text("还缺：发票号码")
    expect(page.locator("#mapping-use")).to_be_disabled()
    number.select_option("invoice_number")
    page.locator("form[method=post] select[name=direction]").select_option("input")
    page.fill("input[name=name]", "采购台账")
    page.click("#mapping-use")
    expect(page.locator(".figures .added")).to_contain_text("2")
    expect(page.locator(".records")).to_contain_text(NUMBERS[2])
    page.get_by_role("button", name="导入：新增 2").click()
    undo = page.get_by_role("button", name="撤销这次导入")
    expect(undo).to_be_enabled()
    with site.service.session() as session:
        assert session.query(RecordRow).count() == 2
    page.once("dialog", lambda dialog: dialog.accept())
    undo.click()
    expect(page.locator(".head .chip")).to_have_text("已撤销")
    with site.service.session() as session:
        assert session.query(RecordRow).count() == 0


@pytest.mark.parametrize("device", [DESK, PHONE], ids=["desk", "phone"])
def test_no_page_of_the_imports_is_wider_than_the_window(site, tmp_path: Path, device) -> None:
    site.service.register_company()
    page = site.visit("acc", device)
    page.goto("/records/imports")
    page.set_input_files(
        "input[name=files]", ledger(tmp_path / "台账.csv", unknown_row(1), ["", *unknown_row(2)[1:3], ""])
    )
    page.get_by_role("button", name="上传并预览").click()
    expect(page.locator("#mapping-use")).to_be_enabled()
    fits(page)
    page.click("#mapping-use")
    expect(page.locator(".figures")).to_be_visible()
    fits(page)
    page.get_by_role("button", name="导入：新增").click()
    expect(page.get_by_role("button", name="撤销这次导入")).to_be_visible()
    fits(page)
    for address in ("/records", "/records/1", "/records/imports", "/records/coverage?year=2025", "/records/mappings"):
        page.goto(address)
        fits(page)


def fits(page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url

"""What people decide and take back: a probable record, a limit to companies; red and blue lead to each other."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from api.rematching import match_all_again
from matching.companies import add_company
from matching.importing import import_records
from matching.service import match_invoice
from models.evidence import Source
from models.tables import InvoiceRow
from tests.api.web.test_imports import table
from tests.browser.conftest import DESK, PHONE
from tests.matching.captures import NUMBER, capture
from tests.matching.ledger_rows import US, basic_row, month_ends

pytestmark = pytest.mark.browser

TYPED = "25312000008123456789"  #: the record's number, with one digit mistyped
RED = "25312000000123499999"


@pytest.mark.parametrize("device", [DESK, PHONE], ids=["desk", "phone"])
def test_a_wrong_decision_on_a_probable_record_is_taken_back(site, device) -> None:
    with site.service.session() as session:
        add_company(session, name=US[1], tax_id=US[0])
        import_records(session, table(basic_row(TYPED), *month_ends()), "进项.csv")
        row = capture(session, source=Source.OCR)
        match_invoice(session, row, today=date(2025, 4, 20), settings=site.service.settings)
        address = f"/documents/{row.document_id}"
    page = site.visit("acc", device)
    page.goto(address)
    match = page.locator("section.match")
    match.get_by_role("button", name="不是").click()
    expect(match.locator(".chip").first).to_have_text("未入账")
    expect(match).to_contain_text("已判断不是")
    match.get_by_role("button", name="撤回").click()
    expect(match.locator(".chip").first).to_have_text("疑似匹配")
    match.get_by_role("button", name="是同一张").click()
    expect(match).to_contain_text("Acc 确认为同一张")
    match.get_by_role("link", name=TYPED).click()
    expect(page.locator("main")).to_contain_text("单据")
    expect(page.locator("h1")).to_have_text(TYPED)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_red_and_blue_lead_to_each_other_with_what_is_left(site) -> None:
    taken_back = {"金额": -30.0, "税额": -3.9, "价税合计": -33.9, "是否正数发票": "否"}
    red = basic_row(RED, 备注=f"被红冲蓝字数电发票号码：{NUMBER}", **taken_back)
    with site.service.session() as session:
        add_company(session, name=US[1], tax_id=US[0])
        import_records(session, table(basic_row(), red, *month_ends()), "进项.csv")
        blue = capture(session)
        match_invoice(session, blue, today=date(2025, 4, 20), settings=site.service.settings)
        match_all_again(session, settings=site.service.settings)
        address = f"/documents/{blue.document_id}"
        assert session.get_one(InvoiceRow, blue.id).match_status == "red_flushed"
    page = site.visit("acc")
    page.goto(address)
    expect(page.locator(".red-link")).to_contain_text("-¥33.90")
    expect(page.locator(".red-link")).to_contain_text("剩余价税合计 ¥79.10")
    page.locator(".red-link").get_by_role("link", name=RED).click()
    expect(page.locator("h1")).to_have_text(RED)
    page.locator(".red-link").get_by_role("link", name=NUMBER).click()
    expect(page.locator(".red-link")).to_contain_text("剩余价税合计 ¥79.10")
    page.locator("section.match").get_by_role("link", name=NUMBER).click()  # the record says it too
    expect(page.locator(".red-link")).to_contain_text("剩余价税合计 ¥79.10")


def test_somebody_is_limited_to_a_company_and_both_see_it(site) -> None:
    with site.service.session() as session:
        add_company(session, name=US[1], tax_id=US[0])
        add_company(session, name="深圳青禾贸易有限公司", tax_id="91440300708461136T")
    boss = site.visit("boss")
    boss.goto("/users")
    row = boss.locator("tr", has_text="acc2")
    row.locator("summary").click()
    row.get_by_label("深圳青禾贸易有限公司").check()
    row.get_by_role("button", name="保存").click()
    expect(boss.locator("tr", has_text="acc2")).to_contain_text("只看 深圳青禾贸易有限公司")
    limited = site.visit("acc2")
    limited.goto("/account")
    expect(limited.locator("main")).to_contain_text("您只看这些单位的单据和记录：深圳青禾贸易有限公司")
    limited.goto("/companies")
    expect(limited.locator("main")).not_to_contain_text(US[1])

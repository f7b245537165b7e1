"""The pages as people use them: uploading, watching, comparing with the picture, correcting, on desk and phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from models.tables import DocumentRow, InvoiceRow
from tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser

SAMPLES = Path("samples/finished")
PDF = "04-ordinary-e.pdf"
XML = "03-digital-special.xml"
PAGES = ["/documents", "/upload", "/phone", "/absent", "/absent/records", "/drafts", "/records", "/companies", "/users",
         "/account"]  # fmt: skip


def one(site, name: str) -> DocumentRow:
    with site.service.session() as session:
        return session.query(DocumentRow).filter_by(name=name).one()


def test_several_files_are_uploaded_with_their_own_outcomes(site, tmp_path: Path) -> None:
    (tmp_path / "合同.txt").write_text("只是文字", encoding="utf-8")
    page = site.visit("staff")
    page.goto("/upload")
    page.set_input_files("input[name=files]", [SAMPLES / XML, tmp_path / "合同.txt"])
    good, bad = page.locator("#uploads li", has_text=XML), page.locator("#uploads li", has_text="合同.txt")
    expect(good).to_have_class("safe")
    expect(good).to_contain_text("原件已保存")
    expect(bad).to_have_class("refused")
    expect(bad).to_contain_text("不支持的文件类型")
    expect(good).to_contain_text("排队中")
    site.service.read(one(site, XML).id)
    expect(good).to_contain_text("未入账")  # by itself
    good.get_by_role("link").click()
    expect(page.locator("h1")).to_have_text(XML)


def test_files_are_dropped_anywhere_on_the_page(site) -> None:
    page = site.visit("staff")
    page.goto("/upload")
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["%PDF-1.7 dropped"], "拖放.pdf", {type: "application/pdf"}));
            document.body.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
        }"""
    )
    expect(page.locator("#uploads li.safe")).to_contain_text("拖放.pdf")


def test_the_list_lives(site) -> None:
    page = site.visit("acc")
    page.goto("/documents")
    page.wait_for_timeout(300)  # the stream connects
    client = site.service.browser("staff")
    site.service.upload(client, SAMPLES / XML)
    row = page.locator("tr", has_text=XML)
    expect(row).to_contain_text("排队中", timeout=8000)
    site.service.read(one(site, XML).id)
    expect(row).to_contain_text("未入账", timeout=8000)
    expect(row).to_contain_text(site.service.truth(XML)["invoice_number"])


def test_filters_narrow_while_typing_and_survive_a_reload(site) -> None:
    client = site.service.browser("acc")
    site.service.bring(client, XML)
    site.service.upload(client, ("waiting.pdf", b"%PDF-1.7 not read"))
    page = site.visit("acc")
    page.locator("#text").press_sequentially(site.service.truth(XML)["invoice_number"][:12])
    expect(page.locator(".rows tbody tr")).to_have_count(1)
    page.reload()
    expect(page.locator(".rows tbody tr")).to_have_count(1)
    expect(page.locator("#text")).to_have_value(site.service.truth(XML)["invoice_number"][:12])


def test_field_and_box_light_up_together(site) -> None:
    document = site.service.bring(site.service.browser("acc"), PDF)
    page = site.visit("acc")
    page.goto(f"/documents/{document}")
    picture = page.locator(".sheet img").first
    picture.wait_for(state="visible")
    assert page.wait_for_function("document.querySelector('.sheet img').naturalWidth > 500")
    field, box = page.locator(".field[data-field=seller_name]"), page.locator("rect[data-field=seller_name]")
    field.hover()
    expect(box).to_have_class("box accepted is-active")
    page.locator("h1").hover()
    expect(box).to_have_class("box accepted")
    box.click(force=True)
    expect(field).to_have_class("field accepted is-active")


def test_a_field_is_corrected_beside_the_picture(site) -> None:
    document = site.service.bring(site.service.browser("acc"), PDF)
    page = site.visit("acc")
    page.goto(f"/documents/{document}")
    field = page.locator(".field[data-field=payee]")
    field.hover()
    field.locator(".edit").click()
    page.fill("#value", "王五")
    page.keyboard.press("Enter")
    expect(page.locator(".field[data-field=payee]")).to_contain_text("王五")
    expect(page.locator(".field[data-field=payee]")).to_contain_text("人工")
    with site.service.session() as session:
        assert session.query(InvoiceRow).one().data["fields"]["payee"]["value"] == "王五"


def test_a_refused_correction_is_told_and_nothing_is_lost(site) -> None:
    document = site.service.bring(site.service.browser("acc"), PDF)
    page = site.visit("acc")
    page.goto(f"/documents/{document}")
    page.locator(".field[data-field=issue_date] .edit").click(force=True)
    page.fill("#value", "明天")
    page.keyboard.press("Enter")
    expect(page.locator("#notice")).to_contain_text("issue_date")
    expect(page.locator("#value")).to_have_value("明天")


def test_the_language_is_switched_and_remembered(site) -> None:
    page = site.visit("boss")
    page.get_by_role("link", name="English").click()
    expect(page.locator("h1")).to_have_text("Documents")
    page.goto("/drafts")
    expect(page.locator("h1")).to_have_text("Supplements")


def overflow(page: Page) -> int:
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width


def test_every_page_fits_a_phone(site) -> None:
    site.service.register_company()
    document = site.service.bring(site.service.browser("boss"), PDF)
    site.service.bring(site.service.browser("boss"), XML)
    page = site.visit("boss", PHONE)
    draft = f"/drafts/{page_draft(site)}"
    for address in [*PAGES, f"/documents/{document}", draft, f"{draft}/print"]:
        page.goto(address)
        assert overflow(page) <= 0, address


def page_draft(site) -> str:
    from models.tables import DraftRow

    with site.service.session() as session:
        return session.query(DraftRow).first().application_number


def test_the_phones_menu_leads_everywhere(site) -> None:
    page = site.visit("boss", PHONE)
    page.locator(".more summary").tap()
    page.locator(".more").get_by_role("link", name="本单位").tap()
    expect(page.locator("h1")).to_have_text("本单位")


def test_the_phones_bar_holds_five_and_says_where_one_is(site) -> None:
    page = site.visit("boss", PHONE)
    seen = page.locator(".side .group a:visible, .side .more > summary")
    expect(seen).to_have_text(["拍照", "单据", "未入账", "补录", "更多"])
    expect(page.locator(".side .group [aria-current]:visible")).to_have_text("单据")
    page.goto("/records")
    expect(page.locator(".more > summary.here")).to_have_text("更多")
    page.locator(".more summary").tap()
    page.locator(".more").get_by_role("button", name="退出登录").tap()
    page.wait_for_url("**/login**")


def test_the_side_shows_each_only_the_groups_they_may_enter(site) -> None:
    headings = ".side .group h2"
    expect(site.visit("boss").locator(headings)).to_have_text(["单据", "对账", "基础资料"])
    expect(site.visit("staff").locator(headings)).to_have_text(["单据", "对账"])

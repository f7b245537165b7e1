"""The whole walk in the browser: who we are, records in, documents in, absent, draft, submitted by one, approved by
another, and the real record arriving later."""

from __future__ import annotations

import csv
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from models.tables import DocumentRow, DraftRow, InvoiceRow
from tests.api.conftest import COMPANY, LEDGER, SAMPLES

pytestmark = pytest.mark.browser

RECORDED = "01-digital-ordinary.pdf"
ABSENT = "14-digital-discount.pdf"
ABSENT_XML = "03-digital-special.xml"
HEADERS = {
    "数电发票号码": "invoice_number", "开票日期": "issue_date", "销方名称": "seller_name",
    "销方识别号": "seller_tax_id", "购买方名称": "buyer_name", "购方识别号": "buyer_tax_id",
    "金额": "total_excl_tax", "税额": "total_tax", "价税合计": "total_incl_tax",
}  # fmt: skip


def import_records(page: Page, *files: Path) -> None:
    """Each file is looked at before it is imported."""
    for file in files:
        page.get_by_role("link", name="记录", exact=True).first.click()
        page.set_input_files("input[name=files]", file)
        page.get_by_role("button", name="上传并预览").click()
        page.get_by_role("button", name=re.compile("^导入：")).click()
        page.wait_for_url(re.compile(r"/records/imports/\d+$"))


def status_of(site, name: str) -> str | None:
    with site.service.session() as session:
        found = session.query(InvoiceRow).join(DocumentRow).filter(DocumentRow.name == name).one()
        return found.match_status


def export_with(path: Path, *truths: dict[str, str]) -> Path:
    """What a later export says of these invoices."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS)
        writer.writerows([truth[name] for name in HEADERS.values()] for truth in truths)
    return path


def test_from_an_empty_house_to_an_approved_supplement_and_its_real_record(site, tmp_path: Path) -> None:
    boss = site.visit("boss")
    boss.get_by_role("link", name="本单位").click()
    boss.fill("[name=name]", COMPANY["name"])
    boss.fill("[name=tax_id]", COMPANY["tax_id"])
    boss.get_by_role("button", name="保存").click()
    expect(boss.locator(".companies")).to_contain_text(COMPANY["tax_id"])

    page = site.visit("acc")
    import_records(page, LEDGER)
    page.get_by_role("link", name="上传", exact=True).click()
    page.set_input_files("input[name=files]", [SAMPLES / name for name in (RECORDED, ABSENT, ABSENT_XML)])
    expect(page.locator("#uploads li.safe")).to_have_count(3)
    expect(page.locator("#uploads .chip")).to_have_text(["排队中"] * 3)
    with site.service.session() as session:
        waiting = [row.id for row in session.query(DocumentRow)]
    for document_id in waiting:
        site.service.read(document_id)
    expect(page.locator("#uploads li", has_text=RECORDED)).to_contain_text("已入账")
    expect(page.locator("#uploads li", has_text=ABSENT)).to_contain_text("未入账")

    page.get_by_role("link", name="未入账", exact=True).click()
    expect(page.locator("article")).to_have_count(2)
    number = site.service.truth(ABSENT)["invoice_number"]
    article = page.locator("article", has_text=number)
    expect(article).to_contain_text("从未入账")
    article.get_by_role("link", name="BL").click()
    application = page.locator("h1").inner_text()
    seller = page.locator("[name='field.seller_name']")
    name = seller.input_value()
    assert name == site.service.truth(ABSENT)["seller_name"]

    seller.fill("")  # a draft with a gap cannot be submitted
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("button", name="提交审批")).to_be_disabled()
    page.get_by_role("link", name="销售方名称").click()
    seller.fill(name)
    page.get_by_role("button", name="保存").click()
    page.get_by_role("button", name="提交审批").click()
    expect(page.locator(".steps")).to_contain_text("须由另一人审批")
    expect(page.get_by_role("button", name="批准")).to_have_count(0)

    other = site.visit("acc2")
    other.get_by_role("link", name="补录", exact=True).click()
    other.get_by_role("link", name=application).click()
    other.get_by_role("button", name="开始审核").click()
    expect(other.locator(".steps")).to_contain_text("Acc2 正在审核")
    boss.goto(f"/drafts/{application}")  # the others see who has it
    expect(boss.locator(".steps")).to_contain_text("Acc2 正在审核")
    expect(boss.get_by_role("button", name="批准")).to_have_count(0)
    other.get_by_role("button", name="批准").click()
    expect(other.locator(".head .chip")).to_have_text("已批准")
    assert status_of(site, ABSENT) == "matched"
    other.get_by_role("link", name="未入账", exact=True).click()
    expect(other.locator("article")).to_have_count(1)
    other.get_by_role("link", name="缺单据").click()
    expect(other.locator("#list")).not_to_contain_text(number)

    truths = [site.service.truth(ABSENT), site.service.truth(ABSENT_XML)]
    import_records(page, export_with(tmp_path / "七月导出.csv", *truths))
    page.goto(f"/drafts/{application}")
    expect(page.locator(".head .chip")).to_have_text("已办结")
    expect(page.locator(".alert.good")).to_contain_text("与补录内容没有差异")
    page.get_by_role("link", name="补录", exact=True).first.click()
    page.get_by_role("link", name="按编号查进度").click()
    page.fill("[name=number]", application.removeprefix("BL").replace("-", " "))
    page.get_by_role("button", name="查询").click()
    expect(page.locator(".happenings li")).to_have_count(7)  # created, two edits, submitted, taken, approved, closed
    assert (status_of(site, ABSENT), status_of(site, ABSENT_XML)) == ("matched", "matched")
    with site.service.session() as session:
        assert {draft.state for draft in session.query(DraftRow)} == {"closed"}
    page.get_by_role("link", name="未入账", exact=True).click()
    expect(page.locator(".empty")).to_contain_text("没有未入账的发票")
    with page.expect_download() as download:
        page.get_by_role("button", name="导出核对表").click()
    assert "xl/workbook.xml" in zipfile.ZipFile(download.value.path()).namelist()


def test_an_item_row_and_the_kind_are_corrected_beside_the_picture(site) -> None:
    document = site.service.bring(site.service.browser("acc"), ABSENT)
    page = site.visit("acc")
    page.goto(f"/documents/{document}")
    page.get_by_role("button", name="修改 第 1 行").click()
    page.fill("[name='cell.unit']", "件")
    page.keyboard.press("Enter")
    expect(page.locator("#lines")).to_contain_text("件")
    expect(page.locator("#lines")).to_contain_text("Acc 于")
    page.get_by_role("button", name="修改 票种").click()
    page.select_option("[name=kind]", "digital_special")
    page.locator(".kind-form").get_by_role("button", name="保存").click()
    expect(page.locator("#kind")).to_contain_text("数电票（专用发票）")
    expect(page.locator(".checks .failed").first).to_be_visible()


def test_an_input_of_the_inquiry_is_copied(site) -> None:
    document = site.service.bring(site.service.browser("acc"), ABSENT)
    page = site.visit("acc")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/documents/{document}")
    button = page.get_by_role("button", name="复制 发票号码")
    button.click()
    expect(button).to_have_text("已复制")
    assert page.evaluate("navigator.clipboard.readText()") == site.service.truth(ABSENT)["invoice_number"]

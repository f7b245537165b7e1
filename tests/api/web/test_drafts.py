"""补录 on the pages: filled, edited with provenance, submitted by one, approved by another, returned, withdrawn."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import date

import pdfplumber
import pikepdf
import pytest

from capture.store import OriginalStore
from matching.application_numbers import application_number
from matching.importing import import_records
from models.tables import AuditEvent, DraftAttachmentRow, DraftRow, InvoiceRow
from tests.api.conftest import SAMPLES

XML = "03-digital-special.xml"  #: an XML is exact: its draft lacks nothing


@pytest.fixture
def number(service) -> str:
    client = service.browser("boss")
    service.register_company()
    service.bring_absent(client, XML)
    with service.session() as session:
        return session.query(DraftRow).one().application_number


def state(service, number: str) -> str:
    with service.session() as session:
        return session.query(DraftRow).filter_by(application_number=number).one().state


def test_an_absent_invoice_is_listed_with_its_cause_and_draft(service, number: str) -> None:
    page = service.browser("acc").get("/absent").text
    assert service.truth(XML)["invoice_number"] in page and f"/drafts/{number}" in page
    assert "1 张，价税合计 ¥39,405.64" in page
    assert re.search(r"<meter[^>]*value=\"0\.\d+\"|<meter[^>]*value=\"1", page)


def test_the_absent_are_counted_and_narrowed_by_their_first_cause(service, number: str) -> None:
    client = service.browser("acc")
    with service.session() as session:
        cause = session.query(InvoiceRow).filter_by(match_status="absent").one().match["causes"][0]["code"]
    wanted = service.truth(XML)["invoice_number"]
    assert wanted in client.get("/absent", params={"cause": cause}).text
    other = client.get("/absent", params={"cause": "kind_not_in_feed"}).text
    assert wanted not in other and "没有因此未入账的发票" in other
    assert client.get("/absent", params={"cause": "nonsense"}).status_code == 422


def test_an_edited_field_is_the_users_and_untouched_ones_keep_their_source(service, number: str) -> None:
    client = service.browser("acc")
    page = client.get(f"/drafts/{number}").text
    form = dict(re.findall(r'name="(field\.\w+)" value="([^"]*)"', page))
    assert "field.invoice_number" not in form  # the identity comes from evidence alone
    form["field.payee"] = "王五"
    assert client.post(f"/drafts/{number}/edit", data=form).status_code == 303
    with service.session() as session:
        draft = session.query(DraftRow).filter_by(application_number=number).one()
        assert (draft.fields["payee"]["value"], draft.fields["payee"]["source"]) == ("王五", "user")
        assert draft.fields["seller_name"]["source"] == "xml"
        event = session.query(AuditEvent).filter_by(action="web:draft:edit").one()
        assert event.detail["changes"] == {"payee": "王五"}


def test_one_submits_and_another_approves(service, number: str) -> None:
    first, second = service.browser("acc"), service.browser("acc2")
    assert first.post(f"/drafts/{number}/submit").status_code == 303
    own = first.post(f"/drafts/{number}/approve")
    assert own.status_code == 409 and "提交人不能审批自己的申请" in own.text
    assert f'action="/drafts/{number}/approve"' not in first.get(f"/drafts/{number}").text
    assert second.post(f"/drafts/{number}/approve").status_code == 303
    assert state(service, number) == "approved"
    with service.session() as session:
        assert session.query(InvoiceRow).one().match_status == "matched"
        actions = [e.action for e in session.query(AuditEvent).filter(AuditEvent.subject == f"draft:{number}")]
    assert actions == ["web:draft:submit", "web:draft:approve"]


def test_a_draft_goes_back_with_a_reason_and_can_be_submitted_again(service, number: str) -> None:
    first, second = service.browser("acc"), service.browser("acc2")
    first.post(f"/drafts/{number}/submit")
    assert second.post(f"/drafts/{number}/send-back", data={"reason": "  "}).status_code == 422
    assert second.post(f"/drafts/{number}/send-back", data={"reason": "税号不清"}).status_code == 303
    assert "税号不清" in first.get(f"/drafts/{number}").text
    assert first.post(f"/drafts/{number}/submit").status_code == 303
    assert state(service, number) == "submitted"


def test_a_withdrawn_draft_is_taken_up_again_by_an_edit(service, number: str) -> None:
    client = service.browser("acc")
    client.post(f"/drafts/{number}/withdraw")
    refused = client.post(f"/drafts/{number}/submit")
    assert refused.status_code == 409 and state(service, number) == "withdrawn"
    client.post(f"/drafts/{number}/edit", data={"field.payee": "王五"})
    assert state(service, number) == "draft"


def test_a_missing_field_stops_submission_and_is_named(service, number: str) -> None:
    client = service.browser("acc")
    client.post(f"/drafts/{number}/edit", data={"field.seller_name": ""})
    page = client.get(f"/drafts/{number}").text
    assert 'href="#field.seller_name"' in page
    assert client.post(f"/drafts/{number}/submit").status_code == 422
    assert state(service, number) == "draft"


def test_an_impossible_value_changes_nothing(service, number: str) -> None:
    client = service.browser("acc")
    answer = client.post(f"/drafts/{number}/edit", data={"field.total_tax": "about ten", "field.payee": "王五"})
    assert answer.status_code == 422 and 'role="alert"' in answer.text
    with service.session() as session:
        assert session.query(DraftRow).one().fields["payee"]["value"] != "王五"


def test_staff_see_no_draft_of_others_and_move_none(service, number: str) -> None:
    staff = service.browser("staff")
    assert number not in staff.get("/drafts").text
    assert staff.get(f"/drafts/{number}").status_code == 404
    assert staff.post(f"/drafts/{number}/submit").status_code == 403


def test_the_printed_page_has_the_values_and_both_names(service, number: str) -> None:
    service.browser("acc").post(f"/drafts/{number}/submit")
    service.browser("acc2").post(f"/drafts/{number}/approve")
    page = service.browser("acc").get(f"/drafts/{number}/print").text
    for text in (number, service.truth(XML)["invoice_number"], "Acc", "Acc2", "发票补录申请表"):
        assert text in page


def test_a_draft_tells_why_and_what_changed_on_the_document_since(service, number: str) -> None:
    client = service.browser("acc")
    page = client.get(f"/drafts/{number}").text
    assert "未入账原因" in page and 'role="status"' not in page
    with service.session() as session:
        invoice = session.query(InvoiceRow).one().id
    client.post(f"/invoices/{invoice}/fields/drawer", data={"value": "王五"})
    assert "单据上的内容改过，请核对：开票人 王五" in client.get(f"/drafts/{number}").text


def test_a_draft_of_an_invoice_that_is_no_longer_absent_says_so(service, number: str) -> None:
    with service.session() as session:
        session.query(InvoiceRow).one().match_status = "not_ours"
    assert "现在的核对结果是“非本单位”" in service.browser("acc").get(f"/drafts/{number}").text


def test_an_unknown_draft_is_not_found(service) -> None:
    assert service.browser("acc").get("/drafts/BL20240101-000001-0").status_code == 404


HISTORY = ("数电发票号码", "开票日期", "销方名称", "销方识别号", "购买方名称", "购方识别号", "金额", "税额", "价税合计")


def bought_before(service, *tax_ids: str) -> None:
    """Imports earlier invoices of the sample's seller, one an id."""
    truth = service.truth(XML)
    rows = [
        [f"243120000000055{n:05d}", f"2024-05-{n:02d}", truth["seller_name"], tax_id, truth["buyer_name"],
         truth["buyer_tax_id"], "100.00", "13.00", "113.00"]
        for n, tax_id in enumerate(tax_ids, 1)  # 20 digits that end in 00000 are damage
    ]  # fmt: skip
    text = "\n".join(",".join(row) for row in [list(HISTORY), *rows])
    with service.session() as session:
        import_records(session, text.encode("utf-8-sig"), "earlier.csv")


def emptied(service, number: str) -> None:
    """The seller's tax id was not settled by reading."""
    service.browser("boss").post(f"/drafts/{number}/edit", data={"field.seller_tax_id": ""})


class TestSuggestions:
    def test_one_is_shown_beside_the_gap_and_adopted_by_a_press(self, service, number: str) -> None:
        tax_id = service.truth(XML)["seller_tax_id"]
        bought_before(service, *[tax_id] * 12)
        emptied(service, number)
        client = service.browser("acc")
        page = client.get(f"/drafts/{number}").text
        assert "12/12 张历史发票一致" in page and f'/drafts/{number}/adopt/seller_tax_id"' in page
        assert page.count('href="/records?text=24312000000005500') == 12
        form = {"value": tax_id, "field.payee": "王五"}
        assert client.post(f"/drafts/{number}/adopt/seller_tax_id", data=form).status_code == 303
        with service.session() as session:
            fields = session.query(DraftRow).one().fields
            assert (fields["seller_tax_id"]["value"], fields["seller_tax_id"]["source"]) == (tax_id, "history")
            assert fields["payee"]["value"] == "王五", "what was typed beside the button is saved with it"
            assert session.query(AuditEvent).filter_by(action="web:draft:adopt").count() == 1

    def test_a_contradicted_one_has_no_button(self, service, number: str) -> None:
        tax_id = service.truth(XML)["seller_tax_id"]
        bought_before(service, *[tax_id] * 10, *["91440300MA5OTHER0X"] * 2)
        emptied(service, number)
        client = service.browser("acc")
        page = client.get(f"/drafts/{number}").text
        assert "10/12 张历史发票一致" in page and "2 张不同，不能采用" in page and "91440300MA5OTHER0X" in page
        assert "/adopt/" not in page
        refused = client.post(f"/drafts/{number}/adopt/seller_tax_id", data={"value": tax_id})
        assert refused.status_code == 409 and "不再支持" in refused.text


class TestReview:
    def test_taken_by_one_it_is_closed_to_the_others_who_see_by_whom(self, service, number: str) -> None:
        service.browser("acc").post(f"/drafts/{number}/submit")
        assert service.browser("acc2").post(f"/drafts/{number}/take").status_code == 303
        boss = service.browser("boss")
        page = boss.get(f"/drafts/{number}").text
        assert "Acc2 正在审核" in page and f'action="/drafts/{number}/approve"' not in page
        assert boss.post(f"/drafts/{number}/approve").status_code == 409
        assert boss.post(f"/drafts/{number}/release").status_code == 303
        assert state(service, number) == "submitted"

    def test_nobody_approves_a_version_they_did_not_see(self, service, number: str) -> None:
        first, second = service.browser("acc"), service.browser("acc2")
        first.post(f"/drafts/{number}/submit")
        seen = re.findall(r'name="version" value="(\d+)"', second.get(f"/drafts/{number}").text)[-1]
        first.post(f"/drafts/{number}/withdraw")
        first.post(f"/drafts/{number}/edit", data={"field.payee": "王五"})
        first.post(f"/drafts/{number}/submit")
        refused = second.post(f"/drafts/{number}/approve", data={"version": seen})
        assert refused.status_code == 409 and "有改动" in refused.text
        assert state(service, number) == "submitted"

    def test_the_thread_takes_the_uploaders_word_too(self, service) -> None:
        service.register_company()
        service.bring(service.browser("staff"), XML)
        with service.session() as session:
            number = session.query(DraftRow).one().application_number
        staff = service.browser("staff")
        assert staff.post(f"/drafts/{number}/comment", data={"text": "原件在采购部 <b>"}).status_code == 303
        assert "原件在采购部 &lt;b&gt;" in service.browser("acc").get(f"/drafts/{number}").text

    def test_the_day_and_the_person_are_set_and_lateness_is_told_in_words(self, service, number: str) -> None:
        client = service.browser("acc")
        client.post(f"/drafts/{number}/plan", data={"assignee": "", "due": "2024-01-01"})
        assert "逾期" in client.get(f"/drafts/{number}").text
        assert "逾期" in client.get("/drafts?due=overdue").text
        assert number not in client.get("/drafts?due=today").text
        assert number in client.get("/drafts/tasks").text


class TestLists:
    def test_amounts_have_their_thousands_apart_and_states_are_counted(self, service, number: str) -> None:
        page = service.browser("acc").get("/drafts").text
        assert f"{float(service.truth(XML)['total_incl_tax']):,.2f}" in page
        assert re.search(r'state=draft&[^>]*>草稿<span class="count">1</span>', page)

    def test_it_is_narrowed(self, service, number: str) -> None:
        client, truth = service.browser("acc"), service.truth(XML)
        month = truth["issue_date"][:7]
        for fits in (
            f"company={truth['buyer_tax_id']}",
            f"period={month}",
            f"text={truth['seller_name']}",
            "state=open",
        ):
            assert number in client.get(f"/drafts?{fits}").text, fits
        for other in ("company=91310000MA1K4QWE5X", "period=2020-01", "text=没有", "state=approved", "assignee=1"):
            assert f"/drafts/{number}" not in client.get(f"/drafts?{other}").text, other
        assert client.get("/drafts?period=never").status_code == 422

    def test_a_batch_says_of_each_what_became_of_it(self, service, number: str) -> None:
        service.bring(service.browser("boss"), "14-digital-discount.pdf")
        with service.session() as session:
            chosen = [f"{d.application_number}:{d.version}" for d in session.query(DraftRow).order_by(DraftRow.id)]
        emptied_number = chosen[1].split(":")[0]
        client = service.browser("acc")
        client.post(f"/drafts/{emptied_number}/edit", data={"field.seller_name": ""})
        page = client.post("/drafts/batch", data={"step": "submit", "chosen": chosen})
        assert "1 份完成，1 份未执行" in page.text and "有改动" in page.text
        assert service.truth(XML)["seller_name"] in page.text, "which invoice each number stands for"
        assert (state(service, number), state(service, emptied_number)) == ("submitted", "draft")
        assert client.post("/drafts/batch", data={"step": "submit"}).status_code == 422

    def test_progress_notices_a_slip_and_says_what_may_be_meant(self, service, number: str) -> None:
        client = service.browser("acc")
        spoken = number.removeprefix("BL").replace("-", " ")
        assert "生成草稿" in client.get("/drafts/progress", params={"number": spoken}).text
        wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
        page = client.get("/drafts/progress", params={"number": wrong}).text
        assert "校验位不对" in page and f"number={number}" in page
        nobody = application_number(date(2020, 1, 1), 1)
        assert f"没有编号为 {nobody}" in client.get("/drafts/progress", params={"number": nobody}).text
        assert number not in service.browser("staff").get("/drafts/progress", params={"number": wrong}).text


class TestPapers:
    def test_attachments_are_kept_downloaded_and_detached(self, service, number: str) -> None:
        client = service.browser("acc")
        picture = (SAMPLES / "14-digital-discount.pdf").read_bytes()
        client.post(f"/drafts/{number}/attachments", files=[("files", ("合同.pdf", picture))])
        page = client.get(f"/drafts/{number}").text
        (address,) = re.findall(rf'href="(/drafts/{number}/attachments/\d+)"', page)
        assert client.get(address).content == picture
        refused = client.post(f"/drafts/{number}/attachments", files=[("files", ("x.exe", b"MZ\x90\x00"))])
        assert refused.status_code == 422 and "EXE" in refused.text
        assert client.post(f"{address}/detach").status_code == 303
        assert client.get(address).status_code == 404
        with service.session() as session:
            [row] = session.query(DraftAttachmentRow)
            assert OriginalStore(service.settings.originals).read(row.sha256) == picture

    def test_the_form_is_a_pdf_with_its_font_inside(self, service, number: str) -> None:
        answer = service.browser("acc").get(f"/drafts/{number}/application.pdf")
        with pikepdf.open(io.BytesIO(answer.content)) as pdf:
            fonts = pdf.pages[0].Resources.Font
            assert any("/FontFile2" in font.FontDescriptor for font in fonts.values() if "/FontDescriptor" in font)
        words = pdfplumber.open(io.BytesIO(answer.content)).pages[0].extract_text()
        assert "发票补录申请表" in words and number in words and service.truth(XML)["seller_name"] in words

    def test_the_packet_holds_form_text_data_original_and_attachment(self, service, number: str) -> None:
        client, truth = service.browser("acc"), service.truth(XML)
        client.post(f"/drafts/{number}/attachments",
                    files=[("files", ("../合同.pdf", (SAMPLES / "14-digital-discount.pdf").read_bytes()))])  # fmt: skip
        packet = zipfile.ZipFile(io.BytesIO(client.get(f"/drafts/{number}/packet.zip").content))
        names = packet.namelist()
        assert f"documents/1-{XML}" in names and "attachments/1-合同.pdf" in names
        assert packet.read(f"documents/1-{XML}") == (SAMPLES / XML).read_bytes()
        text = packet.read("发票补录支持材料.txt").decode("utf-8-sig")
        assert truth["invoice_number"] in text and "12366" in text and f"{float(truth['total_incl_tax']):,.2f}" in text
        data = json.loads(packet.read("packet.json"))
        assert data["invoice"]["invoice_number"] == truth["invoice_number"] and data["inquiry"]["complete"] is True
        assert list((service.settings.data / "incoming").glob("*.zip")) == []
        assert service.browser("staff").get(f"/drafts/{number}/packet.zip").status_code == 403


class TestOnHold:
    """03 is of the day before: it may yet come with the next import."""

    @pytest.fixture
    def held(self, service) -> str:
        service.register_company()
        service.bring(service.browser("boss"), XML)
        with service.session() as session:
            return session.query(DraftRow).one().application_number

    def test_the_page_says_why_what_releases_it_and_asks_nothing(self, service, held: str) -> None:
        page = service.browser("acc").get(f"/drafts/{held}").text
        assert "暂缓" in page and "解除办法：" in page and "仍要补录" in page
        assert f'action="/drafts/{held}/submit"' not in page and 'name="due"' not in page
        assert held not in service.browser("acc").get("/drafts/tasks").text

    def test_it_has_a_place_of_its_own_in_the_list_and_no_box_of_a_batch(self, service, held: str) -> None:
        client = service.browser("acc")
        page = client.get("/drafts?state=held").text
        assert held in page and "暂缓" in page and 'name="chosen"' not in page
        for state in ("draft", "open"):
            assert held not in client.get(f"/drafts?state={state}").text
        assert held in client.get("/drafts").text

    def test_one_press_makes_it_work(self, service, held: str) -> None:
        client = service.browser("acc")
        assert client.post(f"/drafts/{held}/take-up").status_code == 303
        page = client.get(f"/drafts/{held}").text
        assert f'action="/drafts/{held}/submit"' in page and 'name="due"' in page
        assert held in client.get("/drafts/tasks").text
        with service.session() as session:
            assert session.query(AuditEvent).filter_by(action="web:draft:take_up").count() == 1

    def test_who_brings_documents_in_does_not_decide_it(self, service, held: str) -> None:
        assert service.browser("staff").post(f"/drafts/{held}/take-up").status_code == 403
        assert "仍要补录" not in service.browser("staff").get(f"/drafts/{held}").text

    def test_a_batch_passes_it_over_and_says_so(self, service, held: str) -> None:
        page = service.browser("acc").post("/drafts/batch", data={"step": "submit", "chosen": [f"{held}:1"]}).text
        assert "暂缓中" in page
        assert state(service, held) == "draft"

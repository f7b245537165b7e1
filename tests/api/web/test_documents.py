"""The list and the document page: what is shown, to whom, and what a correction by hand does."""

from __future__ import annotations

import html
import re

import pytest

from models.tables import AuditEvent, DocumentRow, InvoiceRow

E_INVOICE = "04-ordinary-e.pdf"  #: differs from the ledger in two amounts
XML = "03-digital-special.xml"


def test_the_list_narrows_by_status_text_and_day(service) -> None:
    client = service.browser("acc")
    service.bring(client, XML)
    service.upload(client, ("waiting.pdf", b"%PDF-1.7 not read yet"))
    service.upload(client, ("合同.txt", b"words"))

    def names(**query: str) -> set[str]:
        return set(re.findall(r'class="file"><a [^>]*>([^<]+)<', client.get("/documents", params=query).text))

    assert names() == {XML, "waiting.pdf", "合同.txt"}
    assert names(status="unfinished") == {"waiting.pdf"}
    assert names(status="failed") == {"合同.txt"}
    assert names(status="absent") == {XML}
    assert names(status="matched") == set()
    assert names(text=service.truth(XML)["invoice_number"]) == {XML}
    assert names(text="合同") == {"合同.txt"}
    assert names(text="100%_") == set()  # wildcards of the database mean nothing here
    assert names(since="2000-01-01") == {XML, "waiting.pdf", "合同.txt"}
    assert names(until="2000-01-01") == set()
    assert names(since="20") == {XML, "waiting.pdf", "合同.txt"}  # half typed


def test_pages_of_the_list_meet_without_gap_or_overlap(service) -> None:
    client = service.browser("acc")
    service.upload(client, *((f"{n:03}.txt", f"words {n}".encode()) for n in range(65)))
    seen: list[str] = []
    address = "/documents"
    while address:
        page = client.get(address).text
        seen += re.findall(r'class="file"><a [^>]*>([^<]+)<', page)
        older = re.search(r'href="([^"]+)">更早的', page)
        address = html.unescape(older[1]) if older else ""
    assert len(seen) == 65 and set(seen) == {f"{n:03}.txt" for n in range(65)}


def test_staff_see_only_their_own_documents(service) -> None:
    document = service.bring(service.browser("acc"), XML)
    number = service.invoice_id(document)
    staff = service.browser("staff")
    assert XML not in staff.get("/documents").text
    assert service.truth(XML)["invoice_number"] not in staff.get("/absent").text
    for address in (f"/documents/{document}", f"/documents/{document}/original", f"/documents/{document}/row",
                    f"/documents/{document}/pages/1.jpg", f"/invoices/{number}/panel"):  # fmt: skip
        assert staff.get(address).status_code == 404, address
    assert staff.post(f"/documents/{document}/retry").status_code == 404
    assert staff.get("/records").status_code == 403
    assert staff.get("/absent/records").status_code == 403


def test_staff_look_at_their_own_but_correct_nothing(service) -> None:
    staff = service.browser("staff")
    document = service.bring(staff, XML)
    number = service.invoice_id(document)
    page = staff.get(f"/documents/{document}")
    assert page.status_code == 200 and "hx-post" not in page.text
    assert staff.post(f"/invoices/{number}/fields/payee", data={"value": "x"}).status_code == 403
    assert staff.post(f"/invoices/{number}/confirm").status_code == 403
    assert staff.post(f"/invoices/{number}/draft").status_code == 403


def test_the_page_shows_fields_sources_boxes_lines_checks_and_the_cause(service) -> None:
    client = service.browser("acc")
    document = service.bring(client, E_INVOICE)
    page = client.get(f"/documents/{document}").text
    with service.session() as session:
        invoice = session.get_one(DocumentRow, document).invoices[0]
        fields = invoice.data["fields"]
    assert fields["invoice_number"]["value"] in page
    boxed = {name for name, f in fields.items() if f["box"]}
    assert boxed and boxed == set(re.findall(r'<rect class="box \w+" data-field="(\w+)"', page))
    for text in (
        service.truth(E_INVOICE)["lines"][0]["item_name"],
        "金额 + 税额 = 价税合计",
        "未入账",
        'class="source',
    ):
        assert text in page


def test_the_picture_of_a_page_comes_as_jpeg_and_only_of_pages_that_exist(service) -> None:
    client = service.browser("acc")
    document = service.bring(client, E_INVOICE)
    picture = client.get(f"/documents/{document}/pages/1.jpg")
    assert picture.headers["content-type"] == "image/jpeg" and picture.content[:3] == b"\xff\xd8\xff"
    assert client.get(f"/documents/{document}/pages/2.jpg").status_code == 404
    assert client.get(f"/documents/{document}/pages/0.jpg").status_code == 404


def test_a_correction_is_the_users_accepted_checked_matched_and_audited(service) -> None:
    client = service.browser("acc")
    document = service.bring(client, E_INVOICE)
    number = service.invoice_id(document)
    before = service.truth(E_INVOICE)["total_incl_tax"]
    answer = client.post(f"/invoices/{number}/fields/total_incl_tax", data={"value": "¥ 1,259,347.09"})
    assert answer.status_code == 200 and "1259347.09" in answer.text
    with service.session() as session:
        row = session.get_one(InvoiceRow, number)
        field = row.data["fields"]["total_incl_tax"]
        assert (field["value"], field["source"], field["status"]) == ("1259347.09", "user", "accepted")
        assert before in {e["value"] for e in field["evidence"] if e["source"] != "user"}  # the readers' word is kept
        assert row.total_incl_fen == 125934709 and row.reviewed_by is not None
        assert {c["rule"]: c["passed"] for c in row.data["checks"]}["sum"] is False  # checked again
        assert row.needs_review
        event = session.query(AuditEvent).filter_by(action="web:invoice:correct").one()
        assert event.detail == {"field": "total_incl_tax", "before": before, "after": "1259347.09"}
    page = client.get(f"/documents/{document}").text
    assert f"{before} → 1259347.09" in page
    assert "校验未通过：" in page, "why it is under review stands at the top"


@pytest.mark.parametrize(
    ("name", "typed", "status"),
    [
        ("issue_date", "2024-02-30", 422),
        ("issue_date", "yesterday", 422),
        ("issue_date", "2024年6月1日", 200),
        ("total_tax", "12.345", 422),
        ("total_tax", "about ten", 422),
        ("total_tax", "***", 200),
        ("seller_tax_id", "91 1101 0876 9914 581e", 200),
        ("seller_tax_id", "<b>", 422),
        ("seller_name", "", 200),
        ("no_such_field", "x", 404),
    ],
)
def test_only_a_possible_value_is_taken(service, name: str, typed: str, status: int) -> None:
    client = service.browser("acc")
    number = service.invoice_id(service.bring(client, XML))
    assert client.post(f"/invoices/{number}/fields/{name}", data={"value": typed}).status_code == status


def test_confirming_ends_the_review_and_keeps_the_values(service) -> None:
    client = service.browser("acc")
    document = service.bring(client, E_INVOICE)
    number = service.invoice_id(document)
    with service.session() as session:
        row = session.get_one(InvoiceRow, number)
        data = dict(row.data)
        data["fields"] = {**data["fields"], "payee": {**data["fields"]["payee"], "status": "review"}}
        row.data, row.needs_review = data, True
        before = {n: f["value"] for n, f in data["fields"].items()}
    why = client.get(f"/documents/{document}").text
    assert "1 个字段存疑：" in why and 'href="#field-payee"' in why and 'id="field-payee"' in why
    assert client.post(f"/invoices/{number}/confirm").status_code == 200
    assert "个字段存疑" not in client.get(f"/documents/{document}").text
    with service.session() as session:
        row = session.get_one(InvoiceRow, number)
        assert not row.needs_review and row.reviewed_at is not None
        assert {n: f["value"] for n, f in row.data["fields"].items()} == before
        assert row.data["fields"]["payee"]["status"] == "accepted"
        assert row.data["fields"]["payee"]["source"] == "user"


def test_what_a_document_says_is_never_markup(service) -> None:
    client = service.browser("acc")
    number = service.invoice_id(service.bring(client, XML))
    panel = client.post(f"/invoices/{number}/fields/remarks", data={"value": "<img src=x onerror=alert(1)>"}).text
    assert "<img" not in panel and "&lt;img" in panel


def test_a_failed_document_says_why_and_can_be_read_again(service) -> None:
    client = service.browser("acc")
    (result,) = service.upload(client, ("合同.txt", b"words"))
    address = f"/documents/{result['document_id']}"
    assert "不支持的文件类型" in client.get(address).text
    assert "Unsupported file type" in client.get(address, params={"lang": "en"}).text
    assert client.post(f"{address}/retry").status_code == 303
    with service.session() as session:
        assert session.get_one(DocumentRow, result["document_id"]).state == "queued"


def test_a_row_asks_again_until_the_document_is_read(service) -> None:
    client = service.browser("acc")
    (result,) = service.upload(client, ("x.pdf", b"%PDF-1.7 waiting"))
    assert "sse:document-" in client.get(f"/documents/{result['document_id']}/row").text
    assert "hx-get" in client.get(f"/documents/{result['document_id']}/progress").text
    done = service.bring(client, XML)
    assert "sse:document-" not in client.get(f"/documents/{done}/row").text
    assert "hx-get" not in client.get(f"/documents/{done}/progress").text


def test_columns_of_a_toll_invoice_stand_under_their_own_names(service) -> None:
    client = service.browser("acc")
    page = client.get(f"/documents/{service.bring(client, '09-toll.pdf')}").text
    assert "车牌号" in page and "通行日期起" in page

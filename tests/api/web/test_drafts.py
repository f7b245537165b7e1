"""补录 on the pages: filled, edited with provenance, submitted by one, approved by another, returned, withdrawn."""

from __future__ import annotations

import re

import pytest

from models.tables import AuditEvent, DraftRow, InvoiceRow

XML = "03-digital-special.xml"  #: an XML is exact: its draft lacks nothing


@pytest.fixture
def number(service) -> str:
    client = service.browser("boss")
    service.register_company()
    service.bring(client, XML)
    with service.session() as session:
        return session.query(DraftRow).one().application_number


def state(service, number: str) -> str:
    with service.session() as session:
        return session.query(DraftRow).filter_by(application_number=number).one().state


def test_an_absent_invoice_is_listed_with_its_cause_and_draft(service, number: str) -> None:
    page = service.browser("acc").get("/absent").text
    assert service.truth(XML)["invoice_number"] in page and f"/drafts/{number}" in page
    assert re.search(r"<meter[^>]*value=\"0\.\d+\"|<meter[^>]*value=\"1", page)


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

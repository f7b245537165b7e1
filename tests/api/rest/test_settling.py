"""A proposed match is settled over REST by the rules of the page: seen, weighed, said, remembered, audited."""

from __future__ import annotations

from datetime import date

import pytest

from matching.companies import add_company
from matching.importing import import_records
from matching.service import match_invoice
from models.evidence import Source
from models.tables import AuditEvent, DraftRow, InvoiceRow, PairRow, RecordRow
from tests.api.web.test_imports import table
from tests.matching.captures import NUMBER, capture
from tests.matching.ledger_rows import US, basic_row, month_ends

TYPED = "25312000008123456789"  #: in the table, with one digit mistyped
TODAY = date(2025, 4, 20)


@pytest.fixture
def invoice(service) -> int:
    with service.session() as session:
        add_company(session, name=US[1], tax_id=US[0])
        import_records(session, table(basic_row(TYPED), *month_ends()), "进项.csv")
        row = capture(session, source=Source.OCR)
        match_invoice(session, row, today=TODAY, settings=service.settings)
        assert row.match_status == "probable"
        return row.id


def test_what_is_proposed_comes_with_its_grounds(service, invoice: int) -> None:
    found = service.program("acc").get(f"/api/v1/invoices/{invoice}/candidates").json()
    assert found["status"] == "probable"
    (candidate,) = found["items"]
    assert candidate["record"]["id"] == found["record_id"]
    assert candidate["record"]["digital_invoice_number"] == TYPED
    assert candidate["probability"] > 0.5
    assert candidate["weights"]["amount"] > 0 and candidate["relations"].keys() >= candidate["weights"].keys()
    english = {"Accept-Language": "en"}
    told = service.program("acc").get(f"/api/v1/invoices/{invoice}/candidates", headers=english).json()
    assert told["items"][0]["relation"].isascii() and told["items"][0]["relation"] != candidate["relation"]


def test_confirmed_it_is_matched_and_remembered(service, invoice: int) -> None:
    acc = service.program("acc")
    record = acc.get(f"/api/v1/invoices/{invoice}/candidates").json()["record_id"]
    answer = acc.post(f"/api/v1/invoices/{invoice}/candidates/{record}/confirm").json()
    assert (answer["status"], answer["record_id"]) == ("matched", record)
    with service.session() as session:
        row = session.get_one(InvoiceRow, invoice)
        assert match_invoice(session, row, today=TODAY, settings=service.settings).record_id == record
        (event,) = session.query(AuditEvent).filter_by(action="rest:match:confirm")
        assert (event.subject, event.detail) == (f"invoice:{invoice}", {"record_id": record})


def test_rejected_it_is_absent_with_a_draft_and_never_offered_again(service, invoice: int) -> None:
    acc = service.program("acc")
    record = acc.get(f"/api/v1/invoices/{invoice}/candidates").json()["record_id"]
    answer = acc.post(f"/api/v1/invoices/{invoice}/candidates/{record}/reject").json()
    assert (answer["status"], answer["record_id"]) == ("absent", None)
    assert acc.get(f"/api/v1/invoices/{invoice}/candidates").json()["items"] == []
    with service.session() as session:
        assert session.query(DraftRow).one().identity_key == NUMBER
        assert session.query(AuditEvent).filter_by(action="rest:match:reject").count() == 1


@pytest.mark.parametrize("decision", ["confirm", "reject"])
def test_what_was_said_is_taken_back(service, invoice: int, decision: str) -> None:
    acc = service.program("acc")
    record = acc.get(f"/api/v1/invoices/{invoice}/candidates").json()["record_id"]
    pair = f"/api/v1/invoices/{invoice}/candidates/{record}"
    assert acc.post(f"{pair}/unsay").status_code == 409, "nobody has decided yet"
    acc.post(f"{pair}/{decision}")
    answer = acc.post(f"{pair}/unsay").json()
    assert (answer["status"], answer["record_id"]) == ("probable", record)
    with service.session() as session:
        assert session.query(PairRow).count() == 0, "a decision taken back teaches nothing"
        assert session.query(AuditEvent).filter_by(action="rest:match:unsay").count() == 1
    other = {"confirm": "reject", "reject": "confirm"}[decision]
    assert acc.post(f"{pair}/{other}").json()["status"] == {"confirm": "absent", "reject": "matched"}[decision]


def test_a_draft_that_a_wrong_confirmation_closed_is_a_draft_again(service, invoice: int) -> None:
    acc = service.program("acc")
    record = acc.get(f"/api/v1/invoices/{invoice}/candidates").json()["record_id"]
    pair = f"/api/v1/invoices/{invoice}/candidates/{record}"
    for decision in ("reject", "unsay", "confirm"):
        acc.post(f"{pair}/{decision}")
    with service.session() as session:
        assert session.query(DraftRow).one().state == "closed"
    for decision in ("unsay", "reject"):
        acc.post(f"{pair}/{decision}")
    with service.session() as session:
        assert session.query(DraftRow).one().state == "draft"


def test_what_was_not_proposed_is_neither_confirmed_nor_rejected(service, invoice: int) -> None:
    with service.session() as session:
        other = session.query(RecordRow.id).filter(RecordRow.digital_invoice_number != TYPED).first()[0]
    for decision in ("confirm", "reject"):
        refused = service.program("acc").post(f"/api/v1/invoices/{invoice}/candidates/{other}/{decision}")
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "not_proposed")
    form = {"record_id": str(other), "decision": "confirm"}
    assert service.browser("acc").post(f"/invoices/{invoice}/record", data=form).status_code == 409
    with service.session() as session:
        assert session.get_one(InvoiceRow, invoice).match_status == "probable"


def test_staff_neither_look_nor_decide(service, invoice: int) -> None:
    staff = service.program("staff")
    assert staff.get(f"/api/v1/invoices/{invoice}/candidates").status_code == 403
    assert staff.post(f"/api/v1/invoices/{invoice}/candidates/1/confirm").status_code == 403


def test_the_reconciliation_is_of_months_and_a_company(service, invoice: int) -> None:
    acc = service.program("acc")

    def lines(**asked: str) -> int:
        answer = acc.get("/api/v1/reconcile", params=asked)
        assert answer.status_code == 200, answer.text
        return len(answer.text.splitlines())

    assert lines() == lines(period="2025-02..2025-04") == lines(period="2025-03", company=US[0]) == 3
    assert lines(period="2025-04..2025-06") == 0
    for wrong in ({"period": "2025-06..2025-04"}, {"period": "March"}, {"period": "2025-3"}):
        assert acc.get("/api/v1/reconcile", params=wrong).status_code == 422

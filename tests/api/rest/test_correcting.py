"""Fields, kind and rows are corrected over REST by the rules of the page: checked, matched again, audited."""

from __future__ import annotations

import pytest

from models.tables import AuditEvent, InvoiceRow

PDF = "01-digital-ordinary.pdf"


@pytest.fixture
def invoice(service) -> int:
    service.register_company()
    number: int = service.invoice_id(service.bring(service.browser("boss"), PDF))
    return number


def test_a_field_is_corrected_and_what_was_read_stays_beside_it(service, invoice: int) -> None:
    acc = service.program("acc")
    address = f"/api/v1/invoices/{invoice}/fields/seller_name"
    answer = acc.put(address, json={"value": "北京改正有限公司"}).json()
    assert (answer["seller_name"], answer["status"]) == ("北京改正有限公司", "absent")
    field = answer["data"]["fields"]["seller_name"]
    assert field["source"] == "user" and {e["source"] for e in field["evidence"]} > {"user"}
    with service.session() as session:
        (event,) = session.query(AuditEvent).filter_by(action="rest:invoice:correct")
        assert event.subject == f"invoice:{invoice}" and event.detail["after"] == "北京改正有限公司"
        assert session.get_one(InvoiceRow, invoice).seller_name == "北京改正有限公司"
    assert acc.put(address, json={"value": None}).json()["seller_name"] is None


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("total_incl_tax", {"value": "1.234"}, 422),  # never rounded
        ("total_incl_tax", {"value": 12.5}, 422),
        ("issue_date", {"value": "昨天"}, 422),
        ("no_such_field", {"value": "1"}, 404),
        ("seller_name", {}, 422),
    ],
)
def test_what_no_field_can_hold_is_refused(service, invoice: int, name: str, body: object, status: int) -> None:
    answer = service.program("acc").put(f"/api/v1/invoices/{invoice}/fields/{name}", json=body)
    assert answer.status_code == status, answer.text
    with service.session() as session:
        assert session.query(AuditEvent).filter_by(action="rest:invoice:correct").count() == 0


def test_the_kind_is_corrected_to_one_that_exists(service, invoice: int) -> None:
    acc = service.program("acc")
    address = f"/api/v1/invoices/{invoice}/kind"
    assert acc.put(address, json={"kind": "digital_special"}).json()["kind"] == "digital_special"
    assert acc.put(address, json={"kind": "no_kind"}).status_code == 422


def test_rows_are_changed_added_and_taken_away_as_they_were_seen(service, invoice: int) -> None:
    acc = service.program("acc")
    address = f"/api/v1/invoices/{invoice}/lines"
    first, *others = acc.get(address).json()["items"]
    change = {"cells": {"unit": "箱"}, "version": first["version"]}
    assert acc.put(f"{address}/0", json=change).json()["data"]["lines"][0]["unit"] == "箱"
    assert acc.put(f"{address}/0", json=change).status_code == 422  # somebody was faster
    wrong = {"cells": {"colour": "red"}, "version": acc.get(address).json()["items"][0]["version"]}
    assert "colour" in acc.put(f"{address}/0", json=wrong).json()["error"]["message"]
    end = 1 + len(others)
    added = acc.put(f"{address}/{end}", json={"cells": {"item_name": "*办公*纸", "amount_excl_tax": "1.00"}}).json()
    assert len(added["data"]["lines"]) == end + 1
    last = acc.get(address).json()["items"][-1]
    gone = acc.delete(f"{address}/{end}", params={"version": last["version"]}).json()
    assert len(gone["data"]["lines"]) == end and "lines_read" in gone["data"]


def test_a_person_vouches_for_what_is_under_review(service, invoice: int) -> None:
    answer = service.program("acc").post(f"/api/v1/invoices/{invoice}/confirm")
    assert (answer.status_code, answer.json()["needs_review"]) == (200, False)
    with service.session() as session:
        assert session.query(AuditEvent).filter_by(action="rest:invoice:confirm").count() == 1


def test_staff_correct_nothing(service, invoice: int) -> None:
    staff = service.program("staff")
    assert staff.put(f"/api/v1/invoices/{invoice}/fields/seller_name", json={"value": "x"}).status_code == 403
    assert staff.get(f"/api/v1/invoices/{invoice}/lines").status_code == 404  # not theirs

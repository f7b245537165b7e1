"""Item rows and the kind, corrected by hand: checked again, audited, what the reader said kept, nothing overwritten."""

from __future__ import annotations

import re

import pytest

from models.tables import AuditEvent, InvoiceRow

PDF = "14-digital-discount.pdf"
TOLL = "09-toll.pdf"
OFD = "05-special-e.ofd"  #: its QR code says which kind it is


@pytest.fixture
def client(service):
    return service.browser("acc")


def form(client, number: int, line: int) -> dict[str, str]:
    """What the form of a row holds, as a browser would send it."""
    page = client.get(f"/invoices/{number}/lines/{line}")
    assert page.status_code == 200
    return dict(re.findall(r'name="(seen|cell\.\w+)" value="([^"]*)"', page.text))


def stored(service, number: int) -> dict:
    with service.session() as session:
        return session.get_one(InvoiceRow, number).data


def failed(data: dict) -> set[str]:
    return {check["rule"] for check in data["checks"] if check["passed"] is False}


def test_a_changed_cell_is_checked_again_audited_and_the_readers_rows_are_kept(service, client) -> None:
    number = service.invoice_id(service.bring(client, PDF))
    before = stored(service, number)["lines"]
    assert failed(stored(service, number)) == set()
    typed = form(client, number, 0) | {"cell.amount_excl_tax": "1.00"}
    answer = client.post(f"/invoices/{number}/lines/0", data=typed)
    assert answer.status_code == 200 and 'id="lines" hx-swap-oob="true"' in answer.text
    data = stored(service, number)
    assert data["lines"][0] == before[0] | {"amount_excl_tax": "1.00"} and data["lines"][1:] == before[1:]
    assert data["lines_read"] == before and data["lines_corrected"]["by"] == "Acc"
    assert "lines_amount" in failed(data) and data["needs_review"]
    with service.session() as session:
        event = session.query(AuditEvent).filter_by(action="web:invoice:correct").one()
    changes = {"amount_excl_tax": [before[0]["amount_excl_tax"], "1.00"]}
    assert event.detail == {"field": "lines", "line": 1, "changes": changes}
    typed = form(client, number, 0) | {"cell.amount_excl_tax": before[0]["amount_excl_tax"]}
    client.post(f"/invoices/{number}/lines/0", data=typed)
    data = stored(service, number)
    assert failed(data) == set() and data["lines"] == before and data["lines_read"] == before


def test_a_row_is_added_and_taken_away(service, client) -> None:
    document = service.bring(client, PDF)
    number = service.invoice_id(document)
    before = stored(service, number)["lines"]
    added = form(client, number, len(before)) | {"cell.item_name": "*餐饮服务*餐费", "cell.amount_excl_tax": "-3"}
    assert client.post(f"/invoices/{number}/lines/{len(before)}", data=added).status_code == 200
    assert stored(service, number)["lines"][-1]["amount_excl_tax"] == "-3.00"
    seen = {"seen": form(client, number, len(before))["seen"]}
    assert client.post(f"/invoices/{number}/lines/{len(before)}/remove", data=seen).status_code == 200
    assert stored(service, number)["lines"] == before
    history = client.get(f"/documents/{document}").text
    assert f"第 {len(before) + 1} 行" in history and "— → -3.00" in history and "-3.00 → —" in history


def test_a_row_that_was_changed_meanwhile_is_not_overwritten(service, client) -> None:
    number = service.invoice_id(service.bring(client, PDF))
    mine = form(client, number, 0) | {"cell.unit": "件"}
    other = service.browser("acc2")
    other.post(f"/invoices/{number}/lines/0", data=form(other, number, 0) | {"cell.quantity": "7"})
    now = stored(service, number)["lines"]
    refused = client.post(f"/invoices/{number}/lines/0", data=mine, headers={"HX-Request": "true"})
    assert refused.status_code == 422 and "刚被他人修改" in refused.text
    assert client.post(f"/invoices/{number}/lines/0/remove", data={"seen": mine["seen"]}).status_code == 422
    assert stored(service, number)["lines"] == now


@pytest.mark.parametrize(
    ("cell", "typed", "kept"),
    [
        ("amount_excl_tax", "¥1,234.5", "1234.50"),
        ("amount_excl_tax", "12.345", None),
        ("quantity", "1,000.125", "1000.125"),
        ("quantity", "一箱", None),
        ("unit_price", "0.333333333", "0.333333333"),
        ("tax_rate", "13％", "13%"),
        ("tax_rate", "免税", "免税"),
        ("tax_rate", "13", None),
        ("tax_amount", "***", "***"),
        ("item_name", " *办公用品*笔 ", "*办公用品*笔"),
    ],
)
def test_only_what_can_be_a_value_of_the_cell_is_taken(service, client, cell: str, typed: str, kept: str) -> None:
    number = service.invoice_id(service.bring(client, PDF))
    before = stored(service, number)["lines"]
    answer = client.post(f"/invoices/{number}/lines/0", data=form(client, number, 0) | {f"cell.{cell}": typed})
    assert answer.status_code == (200 if kept else 422)
    assert stored(service, number)["lines"][0][cell] == (kept or before[0][cell])


def test_special_columns_are_cells_too(service, client) -> None:
    number = service.invoice_id(service.bring(client, TOLL))
    assert "车牌号" in client.get(f"/invoices/{number}/lines/0").text
    client.post(f"/invoices/{number}/lines/0", data=form(client, number, 0) | {"cell.plate_number": "浙A12345"})
    assert stored(service, number)["lines"][0]["plate_number"] == "浙A12345"


def test_rows_that_are_not_there_and_empty_rows_are_refused(service, client) -> None:
    number = service.invoice_id(service.bring(client, PDF))
    lines = len(stored(service, number)["lines"])
    assert client.get(f"/invoices/{number}/lines/{lines + 1}").status_code == 404
    assert client.post(f"/invoices/{number}/lines/{lines}", data=form(client, number, lines)).status_code == 422
    assert client.post(f"/invoices/{number}/lines/{lines}/remove", data={"seen": ""}).status_code in (404, 422)


def test_the_kind_is_corrected_checked_against_the_qr_code_and_audited(service, client) -> None:
    document = service.bring(client, OFD)
    number = service.invoice_id(document)
    assert failed(stored(service, number)) == set()
    assert client.post(f"/invoices/{number}/kind", data={"kind": "ordinary_e"}).status_code == 200
    with service.session() as session:
        row = session.get_one(InvoiceRow, number)
        assert row.kind == row.data["kind"] == "ordinary_e"
        assert {"qr_kind", "code_kind"} <= failed(row.data) and row.needs_review
        event = session.query(AuditEvent).filter_by(action="web:invoice:correct").one()
        assert event.detail == {"field": "kind", "before": "special_e", "after": "ordinary_e"}
    page = client.get(f"/documents/{document}").text
    assert "票种由“增值税电子专用发票”改正" in page and "增值税电子专用发票 → 增值税电子普通发票" in page
    client.post(f"/invoices/{number}/kind", data={"kind": "special_e"})
    assert failed(stored(service, number)) == set()
    assert client.post(f"/invoices/{number}/kind", data={"kind": "banknote"}).status_code == 422


def test_staff_correct_no_rows_and_no_kind(service) -> None:
    staff = service.browser("staff")
    document = service.bring(staff, PDF)
    number = service.invoice_id(document)
    assert f"/invoices/{number}/lines" not in staff.get(f"/documents/{document}").text
    assert staff.get(f"/invoices/{number}/lines/0").status_code == 403
    assert staff.post(f"/invoices/{number}/lines/0", data={"seen": ""}).status_code == 403
    assert staff.post(f"/invoices/{number}/lines/0/remove", data={"seen": "x"}).status_code == 403
    assert staff.post(f"/invoices/{number}/kind", data={"kind": "taxi"}).status_code == 403

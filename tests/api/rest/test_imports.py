"""Imports over REST: rows pushed as JSON with a result each, tables looked at first, an import taken back."""

from __future__ import annotations

import pytest

from api.importing import aside, direct, runner
from models.tables import AuditEvent, ImportRow, RecordRow
from tests.api.conftest import LEDGER
from tests.api.web.test_imports import NUMBERS, wait_until
from tests.api.web.test_records import ROWS

XML = "03-digital-special.xml"
ROW = {
    "invoice_number": NUMBERS[0], "issue_date": "2025-03-14", "seller_name": "苏州云杉科技有限公司",
    "total_incl_tax": "113.00",
}  # fmt: skip


def test_rows_are_pushed_answered_singly_and_the_same_again_change_nothing(service) -> None:
    acc = service.program("acc")
    bad = {"seller_name": "没有号码"}
    damaged = {**ROW, "invoice_number": NUMBERS[1], "issue_date": "某日"}
    answer = acc.post("/api/v1/records?direction=input", json=[ROW, bad, damaged]).json()
    assert [row["result"] for row in answer["results"]] == ["added", "rejected", "added"]
    assert "没有发票号码" in answer["results"][1]["problems"][0] and "某日" in answer["results"][2]["problems"][0]
    assert (answer["import"]["added"], answer["import"]["date_from"]) == (2, None)  # a push claims no period
    again = acc.post("/api/v1/records", json=[{**ROW, "state_label": "已红冲-全额"}, ROW]).json()
    assert again["results"][0]["result"] == "changed"
    same = acc.post("/api/v1/records", json=[ROW]).json()["results"][0]
    assert same["result"] == "unchanged"
    record = acc.get(f"/api/v1/records/{same['record_id']}").json()
    assert record["state"] == "red_full" and record["direction"] == "input" and record["total_incl_tax"] == "113.00"
    assert ["state", "unknown", "red_full"] in record["history"][0]["fields"]
    with service.session() as session:
        assert session.query(RecordRow).count() == 2
        assert session.query(AuditEvent).filter_by(action="rest:records:push").count() == 3


def test_a_request_of_the_wrong_shape_is_refused_whole(service) -> None:
    acc = service.program("acc")
    for wrong in ([{"invoice_number": 25442000000123401234}], [{"nummer": "1"}], [], {}):
        answer = acc.post("/api/v1/records", json=wrong)
        assert answer.status_code == 422 and answer.json()["error"]["code"] == "invalid_request"
    number = acc.post("/api/v1/records", json=[{"invoice_number": 25442000000123401234, "nummer": "1"}])
    said = number.json()["error"]["message"]
    assert "0.invoice_number 应为字符串" in said and "0.nummer 没有这个字段" in said
    assert service.program("staff").post("/api/v1/records", json=[ROW]).status_code == 403
    with service.session() as session:
        assert session.query(ImportRow).count() == 0


def test_a_table_is_looked_at_imported_listed_and_taken_back(service) -> None:
    acc = service.program("acc")
    files = [("files", (LEDGER.name, LEDGER.read_bytes()))]
    kept = acc.post("/api/v1/records/previews", files=files, data={"direction": "input"})
    assert kept.status_code == 202
    address = f"/api/v1/records/previews/{kept.json()['token']}"
    seen = acc.get(address).json()
    assert seen["state"] == "ready" and seen["preview"]["added"] == ROWS and seen["import_id"] is None
    assert acc.post(f"{address}/import").status_code == 202
    import_id = acc.get(address).json()["import_id"]
    (listed,) = acc.get("/api/v1/records/imports").json()["items"]
    assert (listed["id"], listed["added"], listed["undone_at"]) == (import_id, ROWS, None)
    assert acc.delete(address).json()["error"]["code"] == "import_state"
    assert acc.get(f"/api/v1/records/imports/{import_id}/problems.xlsx").status_code == 200
    assert acc.post(f"/api/v1/records/imports/{import_id}/undo").json() == {"records": ROWS, "ask": None}
    refused = acc.post(f"/api/v1/records/imports/{import_id}/undo")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "import_not_undoable")
    assert acc.get(f"/api/v1/records/imports/{import_id}").json()["undone_at"]


def test_a_large_file_is_imported_after_the_answer(service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(direct, "SMALL", 1000)  # the ledger is larger, the other file is not
    monkeypatch.setattr(runner, "SMALL", 1000)
    acc = service.program("acc")
    small = ("list.csv", b"a,b\n1,2\n")
    files = [("files", (LEDGER.name, LEDGER.read_bytes())), ("files", small)]
    answer = acc.post("/api/v1/records/imports", files=files, data={"direction": "input"})
    assert answer.status_code == 202
    large, refused = answer.json()["results"]
    assert large["id"] is None and large["error"] is None
    assert refused["error"]["code"] == "records_unknown_headers" and refused["ask"] is None
    wait_until(service, "done")
    told = acc.get(large["ask"]).json()
    assert (told["state"], told["error"]) == ("done", None)
    assert acc.get(f"/api/v1/records/imports/{told['import_id']}").json()["added"] == ROWS
    with service.session() as session:
        assert session.query(AuditEvent).filter_by(action="rest:records:import").count() == 1


def test_a_large_file_that_is_no_export_says_so_where_one_asks(service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(direct, "SMALL", 1)
    acc = service.program("acc")
    files = [("files", ("list.csv", b"a,b\n1,2\n"))]
    (kept,) = acc.post("/api/v1/records/imports", files=files).json()["results"]
    told = acc.get(kept["ask"]).json()
    assert (told["state"], told["error"]["code"]) == ("failed", "records_unknown_headers")


def test_a_large_import_is_taken_back_after_the_answer(service, monkeypatch: pytest.MonkeyPatch) -> None:
    acc = service.program("acc")
    import_id = acc.post("/api/v1/records?direction=input", json=[ROW]).json()["import"]["id"]
    monkeypatch.setattr(aside, "MOST_RECORDS", 0)
    answer = acc.post(f"/api/v1/records/imports/{import_id}/undo")
    assert (answer.status_code, answer.json()["records"]) == (202, None)
    wait_until(service, "done")
    told = acc.get(answer.json()["ask"]).json()
    assert (told["purpose"], told["state"], told["import_id"], told["error"]) == ("undo", "done", import_id, None)
    assert acc.get(f"/api/v1/records/imports/{import_id}").json()["undone_at"]
    refused = acc.post(f"/api/v1/records/imports/{import_id}/undo")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "import_not_undoable")


def test_many_open_documents_are_matched_after_a_push_was_answered(service, monkeypatch: pytest.MonkeyPatch) -> None:
    service.register_company()
    document = service.bring(service.browser("acc"), XML)
    monkeypatch.setattr(aside, "MOST_OPEN", 0)
    truth = service.truth(XML)
    names = ("invoice_number", "issue_date", "seller_tax_id", "seller_name", "buyer_tax_id", "total_incl_tax")
    acc = service.program("acc")
    answer = acc.post("/api/v1/records?direction=input", json=[{name: truth[name] for name in names}])
    assert answer.status_code == 202 and answer.json()["results"][0]["result"] == "added"
    wait_until(service, "done")
    told = acc.get(answer.json()["ask"]).json()
    assert (told["purpose"], told["state"]) == ("match", "done")
    assert acc.get(f"/api/v1/documents/{document}").json()["invoices"][0]["status"] == "matched"


def test_a_preview_that_no_longer_holds_is_refused_and_made_again(service) -> None:
    acc = service.program("acc")
    files = [("files", (LEDGER.name, LEDGER.read_bytes()))]
    token = acc.post("/api/v1/records/previews", files=files, data={"direction": "input"}).json()["token"]
    acc.post("/api/v1/records?direction=input", json=[ROW])
    refused = acc.post(f"/api/v1/records/previews/{token}/import")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "preview_stale")
    assert acc.get(f"/api/v1/records/previews/{token}").json()["state"] == "ready"
    assert acc.post(f"/api/v1/records/previews/{token}/import").status_code == 202

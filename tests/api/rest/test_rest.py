"""REST as another system uses it: tokens, one result per file, cursors, errors by code, the same rules as the pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.rest.describe import APPLICATION
from models.tables import DraftRow

SAMPLES = Path("samples/finished")
XML = SAMPLES / "03-digital-special.xml"
PDF = SAMPLES / "01-digital-ordinary.pdf"
LEDGER = SAMPLES / "全量发票查询导出结果.xlsx"
COMPANY = json.loads((SAMPLES / "companies.json").read_text(encoding="utf-8"))["companies"][0]
ROWS = sum('"bureau"' in line for line in (SAMPLES / "ledger-truth.jsonl").read_text(encoding="utf-8").splitlines())


def send(client, *files: Path | tuple[str, bytes], to: str = "documents", **fields: str):
    named = [(f.name, f.read_bytes()) if isinstance(f, Path) else f for f in files]
    return client.post(f"/api/v1/{to}", files=[("files", each) for each in named], data=fields)


def test_health_needs_no_login_and_tells_nothing(service) -> None:
    answer = service.anybody().get("/api/v1/health")
    assert answer.json() == {"status": "ok", "version": APPLICATION["version"]}


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer chapiao_wrong"}, {"Authorization": "Basic YTpi"}])
def test_without_a_valid_token_nothing_is_given(service, header) -> None:
    answer = service.anybody().get("/api/v1/documents", headers=header)
    assert answer.status_code == 401 and answer.json()["error"]["code"] == "login_required"


def test_a_wrong_token_is_not_saved_by_a_session(service) -> None:
    answer = service.browser("acc").get("/api/v1/documents", headers={"Authorization": "Bearer chapiao_wrong"})
    assert answer.status_code == 401


def test_several_files_in_one_request_each_have_their_result(service) -> None:
    answer = send(service.program("staff"), XML, ("合同.txt", b"words"), ("empty.pdf", b""))
    assert answer.status_code == 202
    first, second, third = answer.json()["results"]
    assert first["state"] == "queued" and first["document_id"] and len(first["sha256"]) == 64
    assert second["state"] == "failed" and second["error"]["code"] == "unsupported_type"
    assert third["state"] == "refused" and third["error"]["code"] == "empty_file"


def test_a_document_comes_back_with_everything_read_from_it(service) -> None:
    client = service.program("acc")
    document_id = send(client, XML).json()["results"][0]["document_id"]
    assert client.get(f"/api/v1/documents/{document_id}").json()["state"] == "queued"
    service.read(document_id)
    document = client.get(f"/api/v1/documents/{document_id}").json()
    (invoice,) = document["invoices"]
    assert document["state"] == "done" and document["media"] == "xml"
    truth = service.truth(XML.name)
    assert {name: invoice[name] for name in ("invoice_number", "seller_name", "issue_date", "total_incl_tax")} == {
        name: truth[name] for name in ("invoice_number", "seller_name", "issue_date", "total_incl_tax")
    }
    assert invoice["data"]["fields"]["invoice_number"]["source"] == "xml"
    assert client.get(f"/api/v1/documents/{document_id}/original").content == XML.read_bytes()
    listed = client.get("/api/v1/invoices", params={"number": truth["invoice_number"]}).json()["items"]
    assert [i["id"] for i in listed] == [invoice["id"]] and listed[0]["data"] is None


def test_seals_and_the_inputs_of_the_inquiry_come_with_a_document(service) -> None:
    client = service.program("acc")
    document_id = send(client, PDF).json()["results"][0]["document_id"]
    service.read(document_id)
    (invoice,) = client.get(f"/api/v1/documents/{document_id}").json()["invoices"]
    (seal,) = invoice["data"]["seals"]
    assert (seal["kind"], seal["verdict"], seal["chain_verified"]) == ("pdf_signature", "absent", False)
    truth = service.truth(PDF.name)
    asked = {each["name"]: each["value"] for each in invoice["inquiry"]["inputs"]}
    assert asked["number"] == truth["invoice_number"] and asked["date"] == truth["issue_date"].replace("-", "")
    assert invoice["inquiry"]["complete"] and invoice["inquiry"]["missing"] == []
    assert client.get("/api/v1/invoices").json()["items"][0]["inquiry"] is None


def test_a_picture_of_a_page(service) -> None:
    client = service.program("acc")
    document_id = send(client, PDF).json()["results"][0]["document_id"]
    service.read(document_id)
    picture = client.get(f"/api/v1/documents/{document_id}/pages/1.jpg")
    assert picture.headers["content-type"] == "image/jpeg" and picture.content[:2] == b"\xff\xd8"


def test_lists_are_walked_by_cursor(service) -> None:
    client = service.program("acc")
    send(client, *((f"{n}.txt", f"words {n}".encode()) for n in range(7)))
    seen, cursor = [], None
    for _ in range(5):
        page = client.get("/api/v1/documents", params={"limit": 3} | ({"cursor": cursor} if cursor else {})).json()
        seen += [item["name"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sorted(seen) == sorted(f"{n}.txt" for n in range(7))


@pytest.mark.parametrize(
    "query",
    [{"cursor": "x"}, {"cursor": "WzFd"}, {"limit": 0}, {"limit": 9999}, {"status": "nonsense"}, {"since": "soon"}],
)
def test_a_bad_query_is_told_by_code(service, query) -> None:
    answer = service.program("acc").get("/api/v1/documents", params=query)
    assert answer.status_code == 422 and answer.json()["error"]["code"] == "invalid_request"


def test_messages_follow_the_language_asked_for(service) -> None:
    client = service.program("acc")
    assert client.get("/api/v1/documents/none").json()["error"]["message"].startswith("找不到")
    english = client.get("/api/v1/documents/none", headers={"Accept-Language": "en-GB,en"}).json()
    assert english["error"]["message"].startswith("No such item")


def test_a_token_of_staff_sees_only_their_documents_and_no_ledger(service) -> None:
    document_id = send(service.program("acc"), XML).json()["results"][0]["document_id"]
    staff = service.program("staff")
    assert staff.get("/api/v1/documents").json()["items"] == []
    for path in (
        f"documents/{document_id}",
        f"documents/{document_id}/original",
        f"documents/{document_id}/pages/1.jpg",
    ):
        assert staff.get(f"/api/v1/{path}").status_code == 404
    for path in ("records", "companies", "reconcile"):
        assert staff.get(f"/api/v1/{path}").json()["error"]["code"] == "forbidden"
    assert staff.get("/metrics").status_code == 403
    assert send(staff, LEDGER, to="records/imports").status_code == 403


def test_the_main_job_over_rest(service) -> None:
    """Company, records, documents → absent with cause and draft → submitted and approved by another → reconciled."""
    boss, acc = service.program("boss"), service.program("acc")
    assert boss.post("/api/v1/companies", json=COMPANY).status_code == 201
    imported = send(acc, LEDGER, to="records/imports", direction="input").json()["results"][0]
    assert imported["added"] == ROWS and imported["date_from"]
    assert len(acc.get("/api/v1/records", params={"limit": 200}).json()["items"]) == ROWS
    for path in (XML, PDF):
        service.read(send(acc, path).json()["results"][0]["document_id"])
    (absent,) = acc.get("/api/v1/absent").json()["items"]
    assert absent["causes"][0]["code"] == "not_synced_yet" and absent["draft"]["missing"] == []
    number = absent["draft"]["application_number"]
    again = acc.post("/api/v1/drafts", json={"invoice_id": absent["invoice"]["id"]})
    assert again.json()["application_number"] == number  # idempotent
    changed = acc.patch(f"/api/v1/drafts/{number}", json={"fields": {"payee": "王五"}}).json()
    assert changed["fields"]["payee"]["source"] == "user"
    assert acc.post(f"/api/v1/drafts/{number}/submit").json()["state"] == "submitted"
    assert acc.post(f"/api/v1/drafts/{number}/approve").json()["error"]["code"] == "same_person"
    assert boss.post(f"/api/v1/drafts/{number}/send_back", json={}).status_code == 422
    assert boss.post(f"/api/v1/drafts/{number}/approve").json()["state"] == "approved"
    lines = [json.loads(line) for line in acc.get("/api/v1/reconcile").text.splitlines()]
    assert sorted(line["status"] for line in lines if "document" in line) == ["matched", "matched"]
    assert sum(line["status"] == "no_document" for line in lines) == ROWS - 1
    without = acc.get("/api/v1/records", params={"without_document": True, "limit": 200}).json()["items"]
    assert len(without) == ROWS - 1


def test_a_draft_of_an_invoice_that_is_not_absent_is_refused(service) -> None:
    boss, acc = service.program("boss"), service.program("acc")
    boss.post("/api/v1/companies", json=COMPANY)
    send(acc, LEDGER, to="records/imports", direction="input")
    service.read(send(acc, PDF).json()["results"][0]["document_id"])
    (invoice,) = acc.get("/api/v1/invoices").json()["items"]
    answer = acc.post("/api/v1/drafts", json={"invoice_id": invoice["id"]})
    assert answer.json()["error"]["code"] == "draft_not_possible"
    with service.session() as session:
        assert session.query(DraftRow).count() == 0


@pytest.mark.parametrize("period", ["2024", "2024-00", "2024-13", "../x"])
def test_a_period_is_a_month(service, period: str) -> None:
    answer = service.program("acc").get("/api/v1/reconcile", params={"period": period})
    assert answer.status_code == 422 and answer.json()["error"]["code"] == "invalid_request"


def test_metrics_count_documents_and_never_name_them(service) -> None:
    client = service.program("acc")
    document_id = send(client, XML).json()["results"][0]["document_id"]
    client.get(f"/api/v1/documents/{document_id}")
    text = client.get("/metrics").text
    assert 'chapiao_documents{state="queued"} 1.0' in text
    assert 'route="/api/v1/documents/{document_id}"' in text
    assert document_id not in text


def test_openapi_describes_every_route_and_its_errors(service) -> None:
    document = service.anybody().get("/api/v1/openapi.json").json()
    assert "/documents" not in document["paths"]  # pages are not part of it
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert operation.get("summary"), f"{method} {path}"
            assert operation.get("tags"), f"{method} {path}"
            if path.startswith("/api/v1/"):
                assert operation["responses"]["422"]["content"]["application/json"]["schema"]["$ref"].endswith(
                    "/ErrorAnswer"
                ), f"{method} {path}"
    assert "bearer" in json.dumps(document["components"]["securitySchemes"]).lower()


def test_the_document_names_every_route(service) -> None:
    """docs/rest.md is checked against the service."""
    text = Path("docs/rest.md").read_text(encoding="utf-8")
    document = service.anybody().get("/api/v1/openapi.json").json()
    for path, methods in document["paths"].items():
        for method in methods:
            assert f"`{method.upper()} {path}`" in text, f"{method.upper()} {path}"

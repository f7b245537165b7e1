"""The reconciliation on the pages and over REST: figures, lists behind them, exports with their trail, self-checks."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from models.tables import AuditEvent
from tests.api.conftest import COMPANY, LEDGER

XML, MATCHED = "03-digital-special.xml", "01-digital-ordinary.pdf"


@pytest.fixture
def scene(service):
    from matching.importing import import_records
    from models.ledger import Direction

    service.register_company()
    with service.session() as session:
        import_records(session, LEDGER.read_bytes(), LEDGER.name, direction=Direction.INPUT)
    for name in (XML, MATCHED):
        service.bring(service.browser("acc"), name)
    return service


def test_the_screen_proves_its_totals_and_leads_to_the_rows(scene) -> None:
    client = scene.browser("acc")
    page = client.get("/reconciliation").text
    assert "合计相符" in page and "有记录无单据" in page and 'role="img"' in page
    absent = client.get("/reconciliation/documents", params={"status": "absent"}).text
    assert scene.truth(XML)["invoice_number"] in absent and scene.truth(MATCHED)["invoice_number"] not in absent
    alone = client.get("/reconciliation/records", params={"name": "no_document"}).text
    assert scene.truth(MATCHED)["invoice_number"] not in alone and '<td class="seller">' in alone


def test_a_period_and_a_company_narrow_and_nonsense_is_harmless(scene) -> None:
    client = scene.browser("acc")
    empty = client.get("/reconciliation", params={"first": "1999-01", "last": "1999-02"}).text
    assert "没有单据，也没有记录" in empty
    assert "合计相符" in client.get("/reconciliation", params={"company": COMPANY["tax_id"]}).text
    assert client.get("/reconciliation", params={"first": "199"}).status_code == 200


def test_staff_do_not_reconcile(scene) -> None:
    client = scene.browser("staff")
    for path in ("", "/documents", "/records", "/report.xlsx", "/report.pdf", "/checks"):
        assert client.get(f"/reconciliation{path}").status_code == 403
    assert scene.program("staff").get("/api/v1/reconcile/summary").status_code == 403


def test_exports_are_files_and_leave_a_trail(scene) -> None:
    client = scene.browser("acc")
    book = openpyxl.load_workbook(BytesIO(client.get("/reconciliation/report.xlsx").content))
    assert "应交单据" in book.sheetnames
    assert client.get("/reconciliation/report.pdf").content.startswith(b"%PDF")
    program = scene.program("acc")
    assert program.get("/api/v1/reconcile/report.pdf").content.startswith(b"%PDF")
    assert program.get("/api/v1/reconcile/report.csv").status_code == 422
    with scene.session() as session:
        events = session.query(AuditEvent).filter(AuditEvent.action.like("%:reconciliation:export")).all()
        assert sorted((e.action, e.detail["form"]) for e in events) == [
            ("rest:reconciliation:export", "pdf"), ("web:reconciliation:export", "pdf"),
            ("web:reconciliation:export", "xlsx"),
        ]  # fmt: skip


def test_a_self_check_is_kept_with_its_digest(scene) -> None:
    client = scene.browser("acc")
    first = client.post("/reconciliation/checks").headers["location"]
    page = client.get(first).text
    assert "第一次自查" in page and scene.truth(XML)["invoice_number"] in page
    second = client.post("/reconciliation/checks").headers["location"]
    assert "新增 0 项" in client.get(second).text
    assert client.get("/reconciliation/checks").text.count("/reconciliation/checks/") >= 2
    assert client.get("/reconciliation/checks/99").status_code == 404
    english = client.get(second, params={"lang": "en"}).text
    assert "New: 0" in english


def test_rest_gives_the_same_figures(scene) -> None:
    found = scene.program("acc").get("/api/v1/reconcile/summary").json()
    assert found["ties_out"] and found["documents"]["classes"]["absent"]["count"] == 1
    assert found["records"]["difference"]["total_incl_tax"] == "0.00"
    taken = scene.program("acc").post("/api/v1/self-checks")
    assert taken.status_code == 201 and taken.json()["new"]
    assert len(scene.program("acc").get("/api/v1/self-checks").json()["items"]) == 1

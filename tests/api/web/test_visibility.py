"""An accountant limited to some of our companies meets nothing of the others, on any page and over REST."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from api.queries.visibility import set_companies
from matching.companies import add_company
from matching.notices import tell
from models.tables import (
    CompanyRow,
    DocumentRow,
    DraftRow,
    ImportRow,
    InvoiceRow,
    RecordRow,
    StagedImportRow,
    User,
)
from models.tables.accounts import Role
from tests.api.conftest import Service
from tests.matching.captures import capture

OURS = ("91310000MA1K4QWE5X", "上海青禾贸易有限公司")
THEIRS = ("91440300708461136T", "深圳青禾贸易有限公司")
SELLER = ("91440101MA5CKQWE0H", "广州木棉餐饮有限公司")


@dataclass(frozen=True)
class Things:
    """One of everything, of one company."""

    document: str
    invoice: int
    draft: str
    record: int
    imported: int
    staged: str
    company: int
    number: str

    def named(self, path: str) -> str | None:
        """The address of a route for this thing; None where the route is of nothing that belongs to a company."""
        values = {
            "document_id": self.document, "invoice_id": self.invoice, "application_number": self.draft,
            "record_id": self.record, "record_id:int": self.record, "import_id": self.imported, "token": self.staged,
            "company_id": self.company,
        }  # fmt: skip
        if path.startswith("/drafts/{number}"):
            values["number"] = self.draft
        parts = re.findall(r"{([^}]+)}", path)
        if not parts or (parts[0] not in values and parts[0] != "number"):
            return None
        if parts[0] == "number" and "number" not in values:
            return None
        rest = {"number": "1", "name": "seller_name", "attachment_id": "1", "step": "submit", "form": "xlsx"}
        return re.sub(r"{([^}]+)}", lambda m: str(values.get(m[1], rest.get(m[1], "1"))), path)


def bring(service: Service, company: CompanyRow, number: str) -> Things:
    with service.session() as session:
        boss = session.query(User).filter_by(username="boss").one()
        invoice = capture(
            session, invoice_number=number, buyer_tax_id=company.tax_id, buyer_name=company.name,
            seller_tax_id=SELLER[0], seller_name=SELLER[1],
        )  # fmt: skip
        invoice.document.uploaded_by = boss.id
        invoice.match_status = "absent"
        imported = ImportRow(
            file_name=f"{company.name}.xlsx", sha256="0" * 64, format="bureau_basic", direction="input",
            owner_tax_id=company.tax_id, kinds=[], rows=1, added=1, updated=0, unchanged=0, rejected=0, problems=[],
            imported_by=boss.id,
        )  # fmt: skip
        session.add(imported)
        session.flush()
        record = RecordRow(
            invoice_number=number[::-1], digital_invoice_number=number[::-1], buyer_name=company.name,
            seller_tax_id=SELLER[0], seller_name=SELLER[1], state="normal", direction="input", damaged={},
            import_id=imported.id, total_incl_fen=11300,
        )  # fmt: skip
        staged = StagedImportRow(
            token=f"{company.id:032x}", file_name="t.xlsx", sha256="1" * 64, size=1, channel="web", state="failed",
            preview={"owner_tax_id": company.tax_id}, created_by=boss.id,
        )  # fmt: skip
        session.add_all([record, staged])
        draft = DraftRow(
            application_number=f"BL{company.id:010d}", identity_key=number, invoice_id=invoice.id, state="draft",
            fields={}, lines=[], missing=[],
        )  # fmt: skip
        session.add(draft)
        session.flush()
        tell(session, "draft_closed", role=Role.ACCOUNTANT, subject=f"draft:{draft.application_number}",
             number=draft.application_number)  # fmt: skip
        return Things(
            invoice.document_id, invoice.id, draft.application_number, record.id, imported.id, staged.token,
            company.id, number,
        )  # fmt: skip


@pytest.fixture
def things(service: Service) -> tuple[Things, Things]:
    """Of the company that "acc" sees, and of the other one."""
    with service.session() as session:
        mine = add_company(session, name=OURS[1], tax_id=OURS[0])
        other = add_company(session, name=THEIRS[1], tax_id=THEIRS[0])
        set_companies(session, session.query(User).filter_by(username="acc").one(), [mine.id])
        session.commit()
        session.expunge_all()
    return bring(service, mine, "25312000000123456781"), bring(service, other, "25442000000987654321")


def routes(service: Service) -> Iterator[tuple[str, str]]:
    for route in iter_route_contexts(service.app.routes):
        for method in sorted(route.methods or ()):
            yield method, str(route.path)


def test_every_route_that_takes_an_id_hides_the_other_companys(service: Service, things: tuple[Things, Things]) -> None:
    _, other = things
    page, program = service.browser("acc"), service.program("acc")
    walked = 0
    for method, path in routes(service):
        address = other.named(path)
        if address is None or path.startswith("/users"):
            continue
        client = program if path.startswith("/api/") else page
        answer = client.request(method, address, **body(path))
        if answer.status_code == 422 and other.number not in answer.text:
            continue  # refused before anything was looked up; `walked` counts the others
        assert answer.status_code in (403, 404), f"{method} {path} answered {answer.status_code}"
        walked += 1
    assert walked > 60, "the walk has lost its routes"


def body(path: str) -> dict[str, Any]:
    """What a route needs to get as far as looking the thing up."""
    if path.endswith("/attachments"):
        return {"files": {"files": ("a.pdf", b"%PDF-1.4\n")}}
    if path.endswith("/adopt"):
        return {"json": {"name": "seller_name", "value": "x"}}
    if path.endswith("/comments") and path.startswith("/api"):
        return {"json": {"text": "x"}}
    if path.endswith("/plan") and path.startswith("/api"):
        return {"json": {}}
    if path.startswith("/api"):
        return {"json": {"fields": {}}}
    form = {"value": "x", "text": "x", "record_id": "1", "decision": "confirm", "kind": "taxi", "seen": "x", "row": "0",
            "cell": "unit"}  # fmt: skip
    return {"data": form}


LISTS = ["/documents", "/absent", "/absent/records", "/drafts", "/drafts/tasks", "/records", "/records/imports",
         "/reconciliation", "/reconciliation/documents", "/reconciliation/records", "/notices", "/companies",
         "/search?q=木棉", "/search?q=木棉&what=record", "/search?q=木棉&what=draft"]  # fmt: skip
REST_LISTS = ["/documents", "/invoices", "/absent", "/drafts", "/drafts/tasks", "/records", "/records/imports",
              "/reconcile", "/companies", "/search?q=木棉", "/search?q=木棉&kind=record", "/self-checks"]  # fmt: skip


def said(client: TestClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return answer.text


@pytest.mark.parametrize("address", [*LISTS, *(f"/api/v1{each}" for each in REST_LISTS)])
def test_lists_and_search_leave_the_other_company_out(
    service: Service, things: tuple[Things, Things], address: str
) -> None:
    _, other = things
    client = service.program("acc") if address.startswith("/api") else service.browser("acc")
    text = said(client, address)
    for mark in (other.number, other.number[::-1], other.draft, THEIRS[1], THEIRS[0], other.document):
        assert mark not in text


def test_without_a_list_and_as_administrator_everything_is_seen(
    service: Service, things: tuple[Things, Things]
) -> None:
    mine, other = things
    with service.session() as session:
        set_companies(session, session.query(User).filter_by(username="boss").one(), [mine.company])
    assert other.number in said(service.program("boss"), "/api/v1/invoices"), "administrators are not limited"
    with service.session() as session:
        set_companies(session, session.query(User).filter_by(username="acc").one(), [])
    text = said(service.program("acc"), "/api/v1/invoices")
    assert mine.number in text and other.number in text


def test_what_is_nobodys_and_what_one_brought_in_is_seen(service: Service, things: tuple[Things, Things]) -> None:
    _, other = things
    with service.session() as session:
        nobodys = capture(session, invoice_number="25112000000000000017", buyer_tax_id=None, buyer_name="个人")
        copy = DocumentRow(
            id="copy", sha256="2" * 64, name="copy.pdf", size=1, channel="web", duplicate_of=other.document,
            state="duplicate",
        )  # fmt: skip
        archive = DocumentRow(id="archive", sha256="3" * 64, name="all.zip", size=1, channel="web", state="done")
        session.add_all([copy, archive])
        session.flush()
        session.get_one(DocumentRow, other.document).member_of = archive.id
        session.commit()
        number = nobodys.invoice_number
    client = service.program("acc")
    assert number in said(client, "/api/v1/invoices")
    assert client.get("/api/v1/documents/copy").status_code == 404, "a copy is as hidden as what it is a copy of"
    assert client.get("/api/v1/documents/archive").status_code == 404, "an archive would give away what is in it"
    with service.session() as session:
        acc = session.query(User).filter_by(username="acc").one()
        session.get_one(DocumentRow, other.document).uploaded_by = acc.id
    assert client.get(f"/api/v1/documents/{other.document}").json()["invoices"]
    assert client.get(f"/api/v1/drafts/{other.draft}").status_code == 200


def test_of_a_file_with_several_invoices_only_the_own_ones_are_read_out(
    service: Service, things: tuple[Things, Things]
) -> None:
    mine, other = things
    with service.session() as session:
        moved = session.get_one(InvoiceRow, other.invoice)
        moved.document_id, moved.index = mine.document, 1
    answer = service.program("acc").get(f"/api/v1/documents/{mine.document}")
    assert mine.number in answer.text and other.number not in answer.text
    assert service.browser("acc").get(f"/invoices/{other.invoice}/panel").status_code == 404


def test_a_self_check_is_of_a_company_that_one_sees(service: Service, things: tuple[Things, Things]) -> None:
    client = service.program("acc")
    taken = client.post("/api/v1/self-checks")
    assert taken.json()["company_tax_id"] == OURS[0], "with one company, that one is meant"
    assert client.post("/api/v1/self-checks", params={"company": THEIRS[0]}).status_code == 404
    whole = service.program("boss").post("/api/v1/self-checks").json()["id"]
    assert service.browser("acc").get(f"/reconciliation/checks/{whole}").status_code == 404


def test_the_administrator_chooses_the_companies_on_the_page_of_users(
    service: Service, things: tuple[Things, Things]
) -> None:
    mine, other = things
    client = service.browser("boss")
    with service.session() as session:
        acc = session.query(User).filter_by(username="acc").one().id
    form = {"display_name": "Acc", "role": "accountant"}
    assert "只看下列单位" in client.get("/users").text
    assert client.post(f"/users/{acc}", data=form).status_code == 303
    assert other.number not in said(service.program("acc"), "/api/v1/invoices"), "a form without the list keeps it"
    chosen = {**form, "companies_shown": "true", "company": [str(mine.company), str(other.company)]}
    assert client.post(f"/users/{acc}", data=chosen).status_code == 303
    assert other.number in said(service.program("acc"), "/api/v1/invoices")

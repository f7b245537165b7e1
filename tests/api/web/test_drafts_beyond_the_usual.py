"""补录 with what is larger, longer or rarer than usual: photos, long comments, absurd amounts, two numbers."""

from __future__ import annotations

import io
import os

import pdfplumber
import pytest
from PIL import Image

from api.correcting import correct_field, correct_kind
from api.rematching import match_again
from api.supplement.form import documents_of
from matching.reconciling import reconcile
from models.tables import DraftEventRow, DraftRow, InvoiceRow, User

XML = "03-digital-special.xml"


@pytest.fixture
def number(service) -> str:
    service.bring_absent(service.browser("boss"), XML)
    with service.session() as session:
        return session.query(DraftRow).one().application_number


def test_an_attachment_may_be_as_large_as_a_document(service, number: str) -> None:
    photo = io.BytesIO()
    Image.frombytes("RGB", (1000, 1000), os.urandom(3_000_000)).save(photo, "PNG")
    sent = [("files", ("合同.png", photo.getvalue()))]
    assert service.browser("acc").post(f"/drafts/{number}/attachments", files=sent).status_code == 303
    program = service.program("acc2")
    sent = [("files", ("合同.png", photo.getvalue() + b" "))]
    assert program.post(f"/api/v1/drafts/{number}/attachments", files=sent).status_code == 201


def test_a_comment_longer_than_a_page_is_printed_whole(service, number: str) -> None:
    client = service.browser("acc")
    said = "\n".join(f"第{line}行" for line in range(1, 301))
    assert client.post(f"/drafts/{number}/comment", data={"text": said}).status_code == 303
    with pdfplumber.open(io.BytesIO(client.get(f"/drafts/{number}/application.pdf").content)) as printed:
        text = "".join(page.extract_text() for page in printed.pages)
    assert "第1行" in text and "第300行" in text


def test_an_amount_beyond_any_invoice_is_refused(service, number: str) -> None:
    client = service.browser("acc")
    for typed in ("9" * 20, "9" * 40):
        assert client.post(f"/drafts/{number}/edit", data={"field.total_incl_tax": typed}).status_code == 422


def test_the_draft_of_an_invoice_with_two_numbers_is_found_from_everywhere(service) -> None:
    """A 数电纸票 shows code and number, under which its capture is kept, and 20 digits, under which its draft is."""
    client = service.browser("acc")
    document_id = service.bring(client, XML)
    with service.session() as session:
        session.query(DraftEventRow).delete()
        session.query(DraftRow).delete()
        row, user = session.query(InvoiceRow).one(), session.query(User).filter_by(username="acc").one()
        twenty = row.data["fields"]["invoice_number"]
        correct_kind(session, row, "digital_paper_special", user=user)
        correct_field(session, row, "invoice_code", "3300241130", user=user)
        correct_field(session, row, "invoice_number", "12345678", user=user)
        row.data = row.data | {"fields": row.data["fields"] | {"digital_invoice_number": twenty}, "checks": []}
        session.flush()
        match_again(session, row, settings=service.settings, user=user)
        assert row.identity_key == "3300241130-12345678"
        draft = session.query(DraftRow).one()
        assert draft.identity_key == twenty["value"]
        number = draft.application_number
        lines = [line for line in reconcile(session) if line.get("document")]
        assert [line["draft"] for line in lines] == [number]
        assert [d.id for d in documents_of(session, draft)] == [document_id]
    for page in (f"/documents/{document_id}", "/absent", "/reconciliation/documents"):
        assert f"/drafts/{number}" in client.get(page).text

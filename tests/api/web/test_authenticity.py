"""签章与查验 on the document page: what a seal shows, in words that claim no 查验, and the inputs to look it up."""

from __future__ import annotations

import re

import pytest

from models.tables import InvoiceRow
from tests.api.conftest import SAMPLES
from tests.extraction.authenticity.pdf_signing import pyhanko_signer, sign

PDF = "04-ordinary-e.pdf"
XML = "03-digital-special.xml"


@pytest.fixture(scope="module")
def signed() -> bytes:
    return sign((SAMPLES / PDF).read_bytes(), pyhanko_signer("某某商贸有限公司"), "Seal")


def card(service, data: bytes | None = None, name: str = PDF) -> str:
    client = service.browser("acc")
    (result,) = service.upload(client, (name, data or (SAMPLES / name).read_bytes()))
    service.read(str(result["document_id"]))
    page = client.get(f"/documents/{result['document_id']}").text
    return page[page.index('class="card authenticity"') :].partition("</section>")[0]


def chip(text: str) -> tuple[str, str]:
    found = re.search(r'<p class="seal-head"><span class="chip (\w*)">([^<]+)<', text)
    assert found
    return found[1], found[2]


def test_an_unaltered_signature_is_calm_and_names_signer_issuer_and_what_is_not_verified(service, signed) -> None:
    shown = card(service, signed)
    assert chip(shown) == ("calm", "签名后未改动")
    for text in ("某某商贸有限公司 / 某某有限公司", "自制CA", "整个文件", "证书链", "不是查验结果"):
        assert text in shown
    assert "已验真" not in shown and "真票" not in shown


def test_a_signed_file_that_was_altered_is_in_danger_colour(service, signed) -> None:
    at = signed.index(b"/CreationDate") + 20
    altered = signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]
    assert chip(card(service, altered)) == ("bad", "签名后有改动或已损坏")


def test_no_signature_is_quiet(service) -> None:
    shown = card(service)
    assert chip(shown) == ("", "没有签章")
    assert 'class="seal absent"' in shown


def test_an_xml_says_that_there_is_nothing_to_check(service) -> None:
    assert "没有可以核对的签章" in card(service, name=XML)


def test_inputs_of_the_inquiry_stand_ready_to_copy_in_the_forms_shapes(service) -> None:
    truth = service.truth(PDF)
    shown = card(service)
    assert re.findall(r'data-copy="([^"]+)"', shown) == [
        truth["invoice_code"], truth["invoice_number"], truth["issue_date"].replace("-", ""), truth["check_code"][-6:],
    ]  # fmt: skip


def test_an_input_that_is_not_certain_is_named_and_never_offered(service) -> None:
    client = service.browser("acc")
    document = service.bring(client, PDF)
    with service.session() as session:
        row = session.get_one(InvoiceRow, service.invoice_id(document))
        fields = row.data["fields"]
        row.data = {**row.data, "fields": {**fields, "check_code": {**fields["check_code"], "status": "review"}}}
    page = client.get(f"/documents/{document}").text
    assert service.truth(PDF)["check_code"][-6:] not in re.findall(r'data-copy="([^"]+)"', page)
    assert "还不能查验，缺：校验码后 6 位" in page

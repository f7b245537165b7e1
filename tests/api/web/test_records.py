"""Records on the pages: what an import settles, what has no document, our companies, the workbook."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

from models.tables import AuditEvent, DraftRow, InvoiceRow
from tests.api.conftest import COMPANY

SAMPLES = Path("samples/finished")
LEDGER = SAMPLES / "全量发票查询导出结果.xlsx"
ROWS = sum('"bureau"' in line for line in (SAMPLES / "ledger-truth.jsonl").read_text(encoding="utf-8").splitlines())
XML = "03-digital-special.xml"
MATCHED = "01-digital-ordinary.pdf"


def import_file(client, *files: tuple[str, bytes], **fields: str):
    """Upload, look, import: the way a person goes. The page of the last import."""
    answer = None
    for file in files:
        staged = client.post("/records/imports", files=[("files", file)], data=fields)
        assert staged.status_code == 303, staged.text
        where = staged.headers["location"]
        assert client.get(where).status_code == 200
        assert client.post(f"{where}/import").status_code == 303
        answer = client.get(client.get(where).headers["location"])
    return answer


def test_an_import_settles_what_was_absent(service) -> None:
    client = service.browser("boss")
    service.register_company()
    service.bring(client, MATCHED)
    with service.session() as session:
        assert session.query(InvoiceRow).one().match_status == "absent"
    import_file(client, (LEDGER.name, LEDGER.read_bytes()), direction="input")
    with service.session() as session:
        assert session.query(InvoiceRow).one().match_status == "matched"
    page = client.get("/absent/records").text
    assert page.count("<tr>") - 1 == ROWS - 1  # all but the one we hold


def test_records_are_found_by_number_and_name(service) -> None:
    client = service.browser("acc")
    import_file(client, (LEDGER.name, LEDGER.read_bytes()), direction="input")
    assert (
        client.get("/records", params={"text": service.truth(MATCHED)["invoice_number"]}).text.count(
            '<td class="seller">'
        )
        == 1
    )
    assert "没有记录" in client.get("/records", params={"text": "没有这一家"}).text


def test_the_reconciliation_is_a_workbook(service) -> None:
    client = service.browser("acc")
    import_file(client, (LEDGER.name, LEDGER.read_bytes()), direction="input")
    former = client.get("/absent/reconciliation.xlsx", params={"period": "2024-06"})
    assert former.status_code == 308
    answer = client.get(former.headers["location"])
    assert answer.status_code == 200 and "attachment" in answer.headers["content-disposition"]
    assert "xl/workbook.xml" in zipfile.ZipFile(BytesIO(answer.content)).namelist()
    assert client.get("/absent/reconciliation.xlsx", params={"period": "2024-13"}).status_code == 422
    assert client.get("/reconciliation/report.xlsx", params={"period": ""}).status_code == 200  # the form of /absent
    with service.session() as session:
        assert session.query(AuditEvent).filter_by(action="web:reconciliation:export").count() == 2


def test_only_the_administrator_registers_companies(service) -> None:
    form = {"name": "杭州澜朔智能装备有限公司", "tax_id": "91330108MAQ18U4N42", "former_names": "旧名一\n旧名二"}
    assert service.browser("acc").post("/companies", data=form).status_code == 403
    client = service.browser("boss")
    assert client.post("/companies", data=form).status_code == 303
    assert "旧名一、旧名二" in client.get("/companies").text
    bad = client.post("/companies", data={**form, "tax_id": "12"})
    assert bad.status_code == 422 and 'value="12"' in bad.text  # what was typed is not lost


def test_a_tax_id_whose_check_digit_does_not_fit_is_asked_about_first(service) -> None:
    client = service.browser("boss")
    form = {"name": COMPANY["name"], "tax_id": COMPANY["tax_id"][:-1] + "3", "former_names": ""}
    asked = client.post("/companies", data=form)
    assert asked.status_code == 422 and "校验位不符" in asked.text
    assert f'value="{form["tax_id"]}"' in asked.text
    assert client.post("/companies", data={**form, "sure": "true"}).status_code == 303


def test_registering_late_matches_again_and_drafts_and_removing_takes_it_back(service) -> None:
    client = service.browser("boss")
    import_file(client, (LEDGER.name, LEDGER.read_bytes()), direction="input")
    client.post("/companies", data={"name": "别家有限公司", "tax_id": "91110108MA8PHFXY6D", "former_names": ""})
    document = service.bring(client, XML)
    with service.session() as session:
        assert session.query(InvoiceRow).one().match_status == "not_ours"
    client.post("/companies", data={"name": COMPANY["name"], "tax_id": COMPANY["tax_id"], "former_names": ""})
    with service.session() as session:
        assert session.query(InvoiceRow).one().match_status == "absent"
        assert session.query(DraftRow).one().state == "draft"
    company = service.company_id(COMPANY["tax_id"])
    assert service.browser("acc").post(f"/companies/{company}/remove").status_code == 403
    assert client.post(f"/companies/{company}/remove").status_code == 303
    assert "非本单位" in client.get(f"/documents/{document}").text
    assert client.post(f"/companies/{company}/remove").status_code == 404


def test_without_companies_and_records_the_page_says_what_to_do_first(service) -> None:
    page = service.browser("acc").get("/absent").text
    assert "尚未登记本单位" in page and "还没有导入任何记录" in page
    assert "没有未入账的发票" not in page  # nothing was compared, so nothing is claimed


def test_amounts_are_shown_with_their_thousands_apart(service) -> None:
    service.register_company()
    client = service.browser("acc")
    document = service.bring(client, XML)
    assert ">39,405.64</span>" in client.get(f"/documents/{document}").text
    assert client.get("/search", params={"q": "39405.64", "what": "draft"}).text.count('"number">39,405.64<') == 1

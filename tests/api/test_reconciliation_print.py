"""The printable report holds its text, so that it can be searched and copied."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pdfplumber
from openpyxl import load_workbook

from api.reconciliation_print import reconciliation_pdf
from matching.reconciliation import Scope, summarise
from matching.reconciling import reconcile

XML = "03-digital-special.xml"


def test_the_report_is_a_pdf_with_its_text(service) -> None:
    service.register_company()
    service.bring(service.browser("acc"), XML)
    with service.session() as session:
        summary = summarise(session, Scope.of(), as_of=date(2024, 7, 1))
        data = reconciliation_pdf(reconcile(session), summary)
    with pdfplumber.open(BytesIO(data)) as document:
        text = "".join(page.extract_text() for page in document.pages)
    assert "发票核对报告" in text and "差额 0.00" in text and "未入账（1 张）" in text
    assert "39,405.64" in text and "39405.64" not in text
    assert service.truth(XML)["invoice_number"] in text


CHINESE = re.compile(r"[\u4e00-\u9fff]+")


def test_whoever_reads_english_gets_english_reports(service) -> None:
    """What remains Chinese are the values, and the tax bureau's own names."""
    service.register_company()
    client = service.browser("acc")
    service.bring_absent(client, XML)
    service.bring(client, "04-ordinary-e.pdf")
    client.get("/documents", params={"lang": "en"})
    printed = client.get("/reconciliation/report.pdf")
    with pdfplumber.open(BytesIO(printed.content)) as document:
        text = "".join(page.extract_text() for page in document.pages)
    assert "Invoice reconciliation" in text and "Never recorded" in text and "the difference is 0.00" in text
    book = load_workbook(BytesIO(client.get("/reconciliation/report.xlsx").content))
    assert book.sheetnames[:4] == ["Summary", "Documents", "No document", "Absent"]
    for sheet in book:
        titles = [cell.value or "" for cell in sheet[1]]
        assert not CHINESE.search(" ".join(map(str, titles))), (sheet.title, titles)
    row = dict(zip((c.value for c in book["Absent"][1]), (c.value for c in book["Absent"][2]), strict=False))
    assert (row["Finding"], row["First cause"]) == ("Absent", "Never recorded")
    assert not CHINESE.search(row["Evidence"]) and row["What to do"].startswith("verify on the tax platform first")


def test_programs_choose_the_language_of_a_report(service) -> None:
    service.register_company()
    service.bring(service.browser("acc"), XML)
    program = service.program("acc")
    names = [
        load_workbook(BytesIO(program.get("/api/v1/reconcile/report.xlsx", headers=headers).content)).sheetnames[0]
        for headers in ({}, {"Accept-Language": "en"})
    ]
    assert names == ["汇总", "Summary"]

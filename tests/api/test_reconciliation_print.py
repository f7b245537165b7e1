"""The printable report holds its text, so that it can be searched and copied."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pdfplumber

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
    assert service.truth(XML)["invoice_number"] in text

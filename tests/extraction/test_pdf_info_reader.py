"""The document information of a PDF: what it bears out, what it contradicts, and that it finds nothing by itself."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from extraction import extract
from extraction.pdf_info_reader import read_info
from models.evidence import FieldStatus
from models.invoice import Invoice
from models.kinds import InvoiceKind
from models.pages import Media, OpenedDocument
from samples.inventing import invent
from samples.pdf_defects import two_on_a4
from samples.rendering import Handling, render
from samples.truth import InvoiceTruth, Medium
from tests.extraction.documents import opened as bare
from tests.extraction.test_real_documents import opened

OTHER = "25112000000999999999"


def digital(seed: str = "information") -> tuple[InvoiceTruth, OpenedDocument]:
    truth = invent(Random(seed), InvoiceKind.DIGITAL_ORDINARY)
    return truth, opened(render(truth, Medium.PDF, Random(3), Handling()))


def information(truth: InvoiceTruth, **changed: str) -> dict[str, str]:
    """As the tax platform writes it, some values changed."""
    fields = truth.fields()
    year, month, day = str(fields["issue_date"]).split("-")
    return {
        "InvoiceNumber": str(fields["invoice_number"]),
        "IssueTime": f"{year}年{month}月{day}日",
        "SellerIdNum": str(fields["seller_tax_id"]),
        "TotalAmWithoutTax": str(fields["total_excl_tax"]),
        "TotalTaxAm": str(fields["total_tax"]),
        "TotalTax-includedAmount": str(fields["total_incl_tax"]),
        "Author": "China Tax",
    } | changed


def read(document: OpenedDocument, metadata: dict[str, str]) -> list[Invoice]:
    return extract(replace(document, metadata=metadata), None)


def test_what_agrees_is_kept_as_evidence_beside_the_page() -> None:
    truth, document = digital()
    (invoice,) = read(document, information(truth))
    amount = invoice.fields["total_incl_tax"]
    assert amount.status is FieldStatus.ACCEPTED
    assert "PDF information: TotalTax-includedAmount" in [e.label for e in amount.evidence]
    assert amount.box is not None  # a person is shown the print, not the information nobody sees


def test_where_page_and_information_disagree_a_person_decides() -> None:
    truth, document = digital()
    another = str(invent(Random("another"), InvoiceKind.DIGITAL_ORDINARY).fields()["seller_tax_id"])
    (invoice,) = read(document, information(truth, SellerIdNum=another))
    seller = invoice.fields["seller_tax_id"]
    assert seller.status is FieldStatus.REVIEW
    assert another in seller.why


def test_page_and_code_together_outweigh_it_and_the_other_reading_is_shown() -> None:
    truth, document = digital()
    (invoice,) = read(document, information(truth, **{"TotalTax-includedAmount": "999999.00"}))
    amount = invoice.fields["total_incl_tax"]
    assert (amount.value, amount.status) == (truth.fields()["total_incl_tax"], FieldStatus.ACCEPTED)
    assert "999999.00" in amount.why


def test_with_another_number_it_speaks_of_nothing_but_the_number() -> None:
    truth, document = digital()
    (invoice,) = read(document, information(truth, InvoiceNumber=OTHER, SellerIdNum="91110000100000000X"))
    assert OTHER in invoice.fields["invoice_number"].why
    seller = invoice.fields["seller_tax_id"]
    assert (seller.value, seller.status) == (truth.fields()["seller_tax_id"], FieldStatus.ACCEPTED)
    assert "91110000100000000X" not in seller.why


def test_of_two_invoices_in_a_file_the_information_belongs_to_the_one_it_names() -> None:
    first, second = (invent(Random(seed), InvoiceKind.DIGITAL_ORDINARY) for seed in ("one", "two"))
    pages = [render(truth, Medium.PDF, Random(3), Handling()) for truth in (first, second)]
    document = opened(two_on_a4(*pages))
    found = read(document, information(second, SellerIdNum=str(second.fields()["seller_tax_id"])))
    labelled = {
        str(invoice.fields["invoice_number"].value): any(
            (e.label or "").startswith("PDF information") for e in invoice.fields["total_incl_tax"].evidence
        )
        for invoice in found
    }
    assert labelled == {first.fields()["invoice_number"]: False, second.fields()["invoice_number"]: True}
    assert len(read(document, information(first, InvoiceNumber=OTHER))) == 2


def test_information_without_a_digital_number_is_none() -> None:
    assert read_info(bare(Media.PDF, metadata={"Author": "zry", "BuyerIdNum": "91110000100000000X"})) is None
    assert read_info(bare(Media.PDF, metadata={"InvoiceNumber": "12345678"})) is None
    assert read_info(bare(Media.OFD, metadata={"InvoiceNumber": OTHER})) is None

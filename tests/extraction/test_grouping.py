"""Which readings are one invoice."""

from __future__ import annotations

from extraction.grouping import group
from extraction.reading import Reading
from models.evidence import Evidence, Source


def reading(source: Source, number: str, page: int = 1) -> Reading:
    item = Evidence(source=source, value=number, raw=number, confidence=0.99)
    return Reading(source=source, pages=(page,), fields={"invoice_number": (item,)})


def test_metadata_and_page_text_of_an_ofd_are_one_invoice_though_both_are_source_ofd() -> None:
    readings = [reading(Source.OFD, "24442000000012345678"), reading(Source.OFD, "24442000000012345678")]
    assert [len(g.readings) for g in group(readings)] == [2]


def test_two_numbers_from_one_source_are_two_invoices() -> None:
    readings = [reading(Source.OCR, "24442000000012345678"), reading(Source.OCR, "24442000000012345679")]
    assert [len(g.readings) for g in group(readings)] == [1, 1]


def test_a_misread_number_joins_the_exact_one_of_another_source() -> None:
    readings = [reading(Source.PDF, "24442000000012345678"), reading(Source.OCR, "24442000000012345679")]
    assert [len(g.readings) for g in group(readings)] == [2]

"""Which readings are one invoice."""

from __future__ import annotations

from extraction.grouping import OTHER_NUMBER, UNSURE, group
from extraction.reading import Reading
from models.evidence import Evidence, Source
from models.pages import PageBox


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


A, B = "24442000000012345678", "24442000000087651234"


def test_one_invoice_on_a_page_is_one_whatever_number_its_text_tells() -> None:
    (found,) = group([reading(Source.PDF, A), reading(Source.OCR, B)])
    assert {r.source: r.fields["invoice_number"][0].confidence for r in found.readings} == {
        Source.PDF: UNSURE,
        Source.OCR: 0.99,
    }
    assert any(OTHER_NUMBER in r.notes for r in found.readings)


def test_text_that_picture_and_code_contradict_is_left_out() -> None:
    (found,) = group([reading(Source.PDF, A), reading(Source.OCR, B), reading(Source.QR, B)])
    assert [r.source for r in found.readings] == [Source.OCR, Source.QR]


def test_text_that_the_code_bears_out_is_believed() -> None:
    (found,) = group([reading(Source.PDF, A), reading(Source.OCR, B), reading(Source.QR, A)])
    assert [r.fields["invoice_number"][0].confidence for r in found.readings] == [0.99] * 3


def test_two_invoices_in_a_picture_are_two() -> None:
    assert len(group([reading(Source.PDF, A), reading(Source.OCR, A), reading(Source.OCR, B)])) == 2
    assert len(group([reading(Source.PDF, A, page=1), reading(Source.OCR, B, page=2)])) == 2


def parted(number: str | None, left: float, right: float) -> Reading:
    fields = reading(Source.OCR, number).fields if number else {}
    return Reading(source=Source.OCR, fields=fields, region=PageBox(1, left, 0.1, right, 0.9))


def code_at(x: float, number: str) -> Reading:
    box = PageBox(1, x, 0.15, x + 0.05, 0.25)
    item = Evidence(source=Source.QR, value=number, raw=number, confidence=0.999, box=box)
    return Reading(source=Source.QR, fields={"invoice_number": (item,)})


def test_a_code_belongs_to_the_part_of_the_page_in_which_it_stands() -> None:
    left, right = parted(None, 0.0, 0.48), parted(None, 0.52, 1.0)
    found = group([left, right, code_at(0.6, "24442000000012345678"), code_at(0.1, "24442000000087654321")])
    assert [[r.first("invoice_number") for r in g.readings] for g in found] == [
        [None, "24442000000087654321"],
        [None, "24442000000012345678"],
    ]


def test_a_code_joins_the_part_that_names_its_number_though_it_stands_in_another() -> None:
    left, right = parted("24442000000012345678", 0.0, 0.48), parted("24442000000087654321", 0.52, 1.0)
    found = group([left, right, code_at(0.1, "24442000000087654321")])
    assert [len(g.readings) for g in found] == [1, 2]


def digital_paper(source: Source, number: str) -> Reading:
    box = PageBox(1, 0.05, 0.05, 0.15, 0.15)
    evidence = Evidence(source=source, value=number, raw=number, confidence=0.99, box=box)
    return Reading(source=source, fields={"digital_invoice_number": (evidence,)})


def test_a_code_that_names_another_digital_number_is_of_another_sheet() -> None:
    face = digital_paper(Source.OCR, "24132000000056477174")
    beneath, own = (
        digital_paper(Source.QR, "25912000000417541492"), digital_paper(Source.QR, "24132000000056477114"),
    )  # fmt: skip
    assert [len(g.readings) for g in group([face, beneath])] == [1, 1]
    assert [len(g.readings) for g in group([face, own])] == [2]

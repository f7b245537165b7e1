"""What fusion promises: agreement raises, conflict sends to a person, one recognition alone is never accepted."""

from __future__ import annotations

from dataclasses import replace

from extraction.fusion import fuse
from extraction.reading import FROM_WORDS, Reading
from models.evidence import Evidence, FieldStatus, Source
from models.invoice import Line
from models.kinds import InvoiceKind
from models.pages import PageBox

VALID_ID = "91110108769914581E"
NUMBER = "24312000000136634917"


def said(source: Source, value: str, confidence: float = 0.99, y: float = 0.1) -> tuple[Evidence, ...]:
    box = PageBox(1, 0.1, y, 0.3, y + 0.05)
    return (Evidence(source=source, value=value, raw=value, confidence=confidence, box=box),)


def reading(source: Source, **fields: tuple[Evidence, ...]) -> Reading:
    return Reading(source=source, kind=InvoiceKind.DIGITAL_ORDINARY, fields=fields)


def test_an_exact_source_alone_is_accepted() -> None:
    invoice = fuse([reading(Source.XML, seller_name=said(Source.XML, "甲公司"))], source="a.xml")
    assert invoice.fields["seller_name"].status is FieldStatus.ACCEPTED


def test_one_recognition_alone_goes_to_a_person_however_sure_it_is() -> None:
    invoice = fuse([reading(Source.OCR, seller_name=said(Source.OCR, "甲公司", 1.0))], source="a.jpg")
    field = invoice.fields["seller_name"]
    assert (field.value, field.status) == ("甲公司", FieldStatus.REVIEW)
    assert "请人工核对" in field.why


def test_two_places_that_agree_are_two_voices() -> None:
    twice = (*said(Source.OCR, "03958011", y=0.1), *said(Source.OCR, "03958011", y=0.4))
    invoice = fuse(
        [Reading(source=Source.OCR, kind=InvoiceKind.SPECIAL_PAPER, fields={"invoice_number": twice})], source="a.jpg"
    )
    assert invoice.fields["invoice_number"].status is FieldStatus.ACCEPTED


def test_the_same_place_found_twice_is_one_voice() -> None:
    twice = said(Source.OCR, "03958011") * 2
    invoice = fuse(
        [Reading(source=Source.OCR, kind=InvoiceKind.SPECIAL_PAPER, fields={"invoice_number": twice})], source="a.jpg"
    )
    assert invoice.fields["invoice_number"].status is FieldStatus.REVIEW


def test_qr_outweighs_a_misread_number_and_the_misreading_is_kept_as_evidence() -> None:
    invoice = fuse(
        [
            reading(Source.OCR, invoice_number=said(Source.OCR, NUMBER.replace("7", "1"), 0.97)),
            reading(Source.QR, invoice_number=said(Source.QR, NUMBER)),
        ],
        source="a.jpg",
    )
    field = invoice.fields["invoice_number"]
    assert field.value == NUMBER
    assert {e.source for e in field.evidence} == {Source.OCR, Source.QR}
    assert "另有读数" in field.why


def test_two_exact_sources_that_disagree_go_to_a_person() -> None:
    invoice = fuse(
        [
            reading(Source.PDF, issue_date=said(Source.PDF, "2024-05-14")),
            reading(Source.QR, issue_date=said(Source.QR, "2024-05-15", 0.99)),
        ],
        source="a.pdf",
    )
    assert invoice.fields["issue_date"].status is FieldStatus.REVIEW


def test_a_recognised_credit_code_is_accepted_only_with_its_check_characters() -> None:
    right = fuse([reading(Source.OCR, seller_tax_id=said(Source.OCR, VALID_ID, 0.97))], source="a.jpg")
    wrong = fuse(
        [reading(Source.OCR, seller_tax_id=said(Source.OCR, VALID_ID.replace("76", "16"), 0.99))], source="a.jpg"
    )
    assert right.fields["seller_tax_id"].status is FieldStatus.ACCEPTED
    assert wrong.fields["seller_tax_id"].status is FieldStatus.REVIEW


def amounts(net: str, tax: str, gross: str, words: str | None = None) -> Reading:
    fields = {
        "total_excl_tax": said(Source.OCR, net, 0.97, 0.5),
        "total_tax": said(Source.OCR, tax, 0.97, 0.55),
        "total_incl_tax": said(Source.OCR, gross, 0.97, 0.6),
    }
    if words:
        fields["total_in_words"] = said(Source.OCR, words, 0.97, 0.6)
    return reading(Source.OCR, **fields)


def test_recognised_amounts_are_accepted_when_they_add_up() -> None:
    invoice = fuse([amounts("100.00", "13.00", "113.00", "壹佰壹拾叁圆整")], source="a.jpg")
    statuses = {invoice.fields[f].status for f in ("total_excl_tax", "total_tax", "total_incl_tax")}
    assert statuses == {FieldStatus.ACCEPTED}


def test_recognised_amounts_that_do_not_add_up_are_never_accepted() -> None:
    invoice = fuse([amounts("100.00", "18.00", "113.00")], source="a.jpg")
    statuses = {invoice.fields[f].status for f in ("total_excl_tax", "total_tax", "total_incl_tax")}
    assert FieldStatus.ACCEPTED not in statuses
    assert any(c.rule == "sum" and c.passed is False for c in invoice.checks)


def test_the_sum_chooses_between_two_readings_of_one_amount() -> None:
    one, two = amounts("100.00", "13.00", "113.00"), amounts("100.00", "18.00", "113.00")
    both = (*one.fields["total_tax"], *said(Source.OCR, "18.00", 0.98, 0.9))
    merged = Reading(source=Source.OCR, kind=one.kind, fields={**two.fields, "total_tax": both})
    assert fuse([merged], source="a.jpg").fields["total_tax"].value == "13.00"


def test_a_gross_smaller_than_its_net_is_another_amount_and_never_accepted() -> None:
    seen_twice = (*said(Source.OCR, "27.12", y=0.6), *said(Source.OCR, "27.12", y=0.8))
    readings = [
        reading(Source.QR, total_excl_tax=said(Source.QR, "212.00")),
        reading(Source.OCR, total_incl_tax=seen_twice),
    ]
    assert fuse(readings, source="a.jpg").fields["total_incl_tax"].status is FieldStatus.REVIEW


def test_a_tax_larger_than_its_net_is_another_amount_and_never_accepted() -> None:
    twice = (*said(Source.OCR, "239.12", y=0.6), *said(Source.OCR, "239.12", y=0.8))
    readings = [
        reading(Source.QR, total_excl_tax=said(Source.QR, "212.00", 0.999)),
        reading(Source.OCR, total_tax=twice),
    ]
    fields = fuse(readings, source="a.jpg").fields
    assert fields["total_tax"].status is FieldStatus.REVIEW


def test_what_a_vehicle_or_roll_invoice_always_prints_is_missing_and_not_absent() -> None:
    for kind, name in (
        (InvoiceKind.MOTOR_VEHICLE, "total_excl_tax"),
        (InvoiceKind.USED_VEHICLE, "buyer_name"),
        (InvoiceKind.ORDINARY_ROLL, "seller_tax_id"),
    ):
        invoice = fuse([Reading(source=Source.OCR, kind=kind)], source="a.jpg")
        assert invoice.fields[name].status is FieldStatus.REVIEW


def test_no_amount_is_ever_computed() -> None:
    only_two = amounts("100.00", "13.00", "113.00")
    fields = {k: v for k, v in only_two.fields.items() if k != "total_tax"}
    invoice = fuse([Reading(source=Source.OCR, kind=only_two.kind, fields=fields)], source="a.jpg")
    field = invoice.fields["total_tax"]
    assert (field.value, field.status) == (None, FieldStatus.REVIEW)


def test_a_field_that_the_kind_does_not_have_is_absent_not_missing() -> None:
    invoice = fuse([reading(Source.PDF, invoice_number=said(Source.PDF, NUMBER))], source="a.pdf")
    assert invoice.fields["check_code"].status is FieldStatus.ABSENT
    assert invoice.fields["seller_name"].status is FieldStatus.REVIEW


def test_rows_come_whole_from_the_source_whose_sum_fits() -> None:
    exact = Reading(source=Source.OFD, lines=(Line(item_name="甲", amount_excl_tax="60.00"),), fields={})
    full = Reading(
        source=Source.PDF,
        lines=(Line(item_name="甲", amount_excl_tax="60.00"), Line(item_name="乙", amount_excl_tax="40.00")),
        fields={"total_excl_tax": said(Source.PDF, "100.00")},
    )
    assert len(fuse([exact, full], source="a.ofd").lines) == 2


def test_toll_columns_keep_their_own_names() -> None:
    row = Line(
        item_name="*经营租赁*通行费",
        specification="浙A00001",
        unit="客车",
        quantity="20240502",
        unit_price="20240503",
        amount_excl_tax="9.71",
    )
    toll = Reading(source=Source.PDF, kind=InvoiceKind.TOLL_E, lines=(row,), fields={})
    (line,) = fuse([toll], source="a.pdf").lines
    assert (line.specification, line.quantity) == (None, None)
    assert line.export()["plate_number"] == "浙A00001"
    assert Line.restore(line.export()).extra == line.extra


def test_a_name_that_was_cut_off_goes_to_a_person_though_two_looks_agree() -> None:
    for cut in ("甲乙（武汉）餐饮管理有限公", "市甲乙印刷有限公司", "甲乙商贸有限公司东城分公"):
        twice = (*said(Source.OCR, cut, y=0.1), *said(Source.OCR, cut, y=0.4))
        (field,) = [fuse([reading(Source.OCR, seller_name=twice)], source="a.jpg").fields["seller_name"]]
        assert field.status is FieldStatus.REVIEW, cut


def test_recognised_words_that_say_another_amount_than_the_figures_go_to_a_person_however_often_seen() -> None:
    cut = (*said(Source.OCR, "陆圆肆角整", 0.99, 0.6), *said(Source.OCR, "陆圆肆角整", 0.99, 0.8))
    figures = said(Source.QR, "406.40", 0.99, 0.6)
    invoice = fuse(
        [reading(Source.OCR, total_in_words=cut), reading(Source.QR, total_incl_tax=figures)], source="a.jpg"
    )
    assert invoice.fields["total_in_words"].status is FieldStatus.REVIEW


def test_a_figure_made_from_words_is_not_borne_out_by_those_words() -> None:
    (spoken,) = said(Source.OCR, "伍拾元整")
    derived = replace(spoken, value="50.00", repaired=FROM_WORDS)
    paper = Reading(
        source=Source.OCR,
        kind=InvoiceKind.QUOTA,
        fields={"total_in_words": (spoken,), "total_incl_tax": (derived,)},
    )
    field = fuse([paper], source="a.jpg").fields["total_incl_tax"]
    assert (field.value, field.status) == ("50.00", FieldStatus.REVIEW)
    assert "按规则修正" in field.why

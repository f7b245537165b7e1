"""Inputs of the 查验 form per kind: what the platform asks for, in its shapes, from accepted values only."""

from __future__ import annotations

import pytest

from extraction.authenticity import inquiry_inputs
from models.authenticity import InquiryInputs
from models.evidence import Field, FieldStatus
from models.invoice import Invoice
from models.kinds import InvoiceKind

K = InvoiceKind
DIGITAL = "24312000000136634917"
VALUES = {
    "invoice_code": "031002200511",
    "invoice_number": "71683020",
    "issue_date": "2023-07-21",
    "check_code": "03677848839994463406",
    "total_excl_tax": "3.30",
    "total_incl_tax": "3.40",
}


def invoice(kind: InvoiceKind, *, review: tuple[str, ...] = (), **values: str | None) -> Invoice:
    given = {name: value for name, value in {**VALUES, **values}.items() if value is not None}
    fields = {
        name: Field(value=value, status=FieldStatus.REVIEW if name in review else FieldStatus.ACCEPTED)
        for name, value in given.items()
    }
    return Invoice(source="a.pdf", kind=kind, fields=fields)


def prepared(found: InquiryInputs | None) -> dict[str, str | None]:
    assert found is not None
    return {item.name: item.value for item in found.inputs}


CODE = {"code": "031002200511", "number": "71683020", "date": "20230721"}


@pytest.mark.parametrize(
    "kind",
    [
        K.SPECIAL_PAPER,
        K.SPECIAL_E,
        K.MOTOR_VEHICLE,
        K.FREIGHT_OLD,
        K.DIGITAL_PAPER_SPECIAL,
        K.DIGITAL_PAPER_VEHICLE,
    ],
)
def test_kinds_asked_for_by_the_net_amount(kind: InvoiceKind) -> None:
    assert prepared(inquiry_inputs(invoice(kind))) == {**CODE, "amount": "3.30"}


@pytest.mark.parametrize("kind", [K.ORDINARY_PAPER, K.ORDINARY_E, K.ORDINARY_ROLL, K.TOLL_E])
def test_kinds_asked_for_by_the_check_code(kind: InvoiceKind) -> None:
    assert prepared(inquiry_inputs(invoice(kind))) == {**CODE, "check_code": "463406"}


@pytest.mark.parametrize("kind", [K.DIGITAL_SPECIAL, K.DIGITAL_ORDINARY, K.RAIL_E, K.AIR_E, K.DIGITAL_VEHICLE])
def test_digital_kinds_have_no_code_and_are_asked_for_by_the_gross_amount(kind: InvoiceKind) -> None:
    found = inquiry_inputs(invoice(kind, invoice_number=DIGITAL, invoice_code=None))
    assert prepared(found) == {"number": DIGITAL, "date": "20230721", "amount": "3.40"}
    assert found is not None
    assert found.complete


def test_digital_paper_ordinary_is_asked_for_by_the_end_of_its_long_number() -> None:
    found = inquiry_inputs(invoice(K.DIGITAL_PAPER_ORDINARY, digital_invoice_number=DIGITAL))
    assert prepared(found) == {**CODE, "check_code": "634917"}
    other_way = invoice(K.DIGITAL_PAPER_ORDINARY, invoice_number=DIGITAL, digital_invoice_number="71683020")
    assert prepared(inquiry_inputs(other_way)) == {**CODE, "check_code": "634917"}


def test_used_vehicle_is_asked_for_by_code_and_number_or_by_the_long_number() -> None:
    assert prepared(inquiry_inputs(invoice(K.USED_VEHICLE))) == {**CODE, "amount": "3.40"}
    long = {"number": DIGITAL, "date": "20230721", "amount": "3.40"}
    for kind in (K.USED_VEHICLE, K.DIGITAL_USED_VEHICLE, K.DIGITAL_PAPER_USED_VEHICLE):
        assert prepared(inquiry_inputs(invoice(kind, digital_invoice_number=DIGITAL))) == long


def test_blockchain_has_a_check_code_of_five() -> None:
    found = inquiry_inputs(invoice(K.BLOCKCHAIN_SZ, check_code="0f3a9"))
    assert prepared(found) == {**CODE, "amount": "3.30", "check_code": "0f3a9"}


@pytest.mark.parametrize("field", ["invoice_number", "issue_date", "total_excl_tax"])
def test_a_value_under_review_is_missing_not_offered(field: str) -> None:
    found = inquiry_inputs(invoice(K.SPECIAL_PAPER, review=(field,)))
    assert found is not None
    assert [item.fields for item in found.inputs if item.value is None] and not found.complete
    assert all(field in item.fields for item in found.inputs if item.name in found.missing)


@pytest.mark.parametrize(
    "wrong",
    [{"check_code": "1234"}, {"invoice_number": "7168302"}, {"issue_date": "2023-07"}, {"invoice_code": "03100220051"}],
)
def test_a_value_in_another_shape_than_the_form_takes_is_missing(wrong: dict[str, str]) -> None:
    found = inquiry_inputs(invoice(K.ORDINARY_E, **wrong))
    assert found is not None
    assert len(found.missing) == 1


@pytest.mark.parametrize(
    ("amount", "typed"),
    [("-12.00", "-12.00"), ("1,234.50", "1234.50"), ("***", None), ("1.234", None), ("123456789012.00", None)],
)
def test_amounts_in_the_shape_of_the_form(amount: str, typed: str | None) -> None:
    assert prepared(inquiry_inputs(invoice(K.SPECIAL_E, total_excl_tax=amount)))["amount"] == typed


@pytest.mark.parametrize("kind", [K.TAXI, K.QUOTA, K.TOLL_PAPER, K.TRAIN_PAPER, K.BUS, K.SHIP, K.MACHINE])
def test_kinds_that_cannot_be_asked_for_say_so(kind: InvoiceKind) -> None:
    found = inquiry_inputs(invoice(kind))
    assert found is not None
    assert (found.verifiable, found.complete, found.inputs) == (False, False, ())
    assert found.note


def test_a_paper_of_no_kind_has_no_inputs() -> None:
    assert inquiry_inputs(invoice(K.OTHER)) is None


@pytest.mark.parametrize("kind", [k for k in K if k is not K.OTHER])
def test_every_kind_has_an_answer(kind: InvoiceKind) -> None:
    found = inquiry_inputs(invoice(kind))
    assert found is not None
    assert found.export()["kind"] == kind.value

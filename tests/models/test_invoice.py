"""An exported invoice can be taken up again: values, states and rows survive, whatever the kind."""

from __future__ import annotations

from models.evidence import Field, FieldStatus, Source
from models.invoice import Invoice, Line
from models.kinds import InvoiceKind


def invoice() -> Invoice:
    number = Field(value="24312000000136634917", confidence=0.999, source=Source.QR, status=FieldStatus.ACCEPTED)
    seller = Field(value="甲公司", confidence=0.6, source=Source.OCR, status=FieldStatus.REVIEW)
    line = Line(item_name="*餐饮服务*餐费", amount_excl_tax="0.01", extra={"plate_number": "浙A00001"})
    return Invoice(
        source="a.pdf",
        kind=InvoiceKind.DIGITAL_ORDINARY,
        fields={"invoice_number": number, "seller_name": seller},
        lines=(line,),
    )


def test_restoring_an_export_keeps_values_states_and_rows() -> None:
    again = Invoice.restore(invoice().export())
    assert again.accepted("invoice_number") == "24312000000136634917"
    assert again.value("seller_name") == "甲公司"
    assert again.accepted("seller_name") is None
    assert again.lines == invoice().lines
    assert again.identity_key == invoice().identity_key


def test_the_export_names_every_common_field_blank_ones_included() -> None:
    fields = invoice().export()["fields"]
    assert fields["check_code"]["value"] is None
    assert fields["check_code"]["status"] == "absent"


def test_a_field_under_review_makes_the_invoice_need_review() -> None:
    assert invoice().needs_review

"""Every variant of QR text found on invoices."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.checks.qr_crc import crc16
from extraction.qr_payload import QrVariant, parse
from models.kinds import InvoiceKind


def with_crc(body: str) -> str:
    return f"{body}{crc16(body.encode()):04X}"


def test_a_digital_invoice_carries_its_gross_amount() -> None:
    found = parse(with_crc("01,32,,24442000000012345678,113.00,20240514,,"))
    assert (found.variant, found.kind) == (QrVariant.TAX, InvoiceKind.DIGITAL_ORDINARY)
    assert (found.invoice_code, found.invoice_number) == (None, "24442000000012345678")
    assert (found.amount, found.amount_is_gross, found.issue_date) == ("113.00", True, "2024-05-14")
    assert (found.check_code, found.crc_fits) == (None, True)


def test_an_electronic_invoice_carries_its_net_amount_and_check_code() -> None:
    found = parse(with_crc("01,10,044001900111,12345678,33.27,20191102,01234567890123456789,") + ",")
    assert (found.kind, found.amount_is_gross) == (InvoiceKind.ORDINARY_E, False)
    assert found.check_code == "01234567890123456789"
    assert found.crc_fits


@pytest.mark.parametrize(
    ("payload", "amount"),
    [
        ("01,10,044001900111,12345678,124.8,20191102,,", "124.80"),
        ("01,10,044001900111,12345678,506,20191102,,", "506.00"),
        ("01,10,044001900111,12345678,-506.00,20191102,,", "-506.00"),
        ("01,10,044001900111,12345678, ,20191102,,", None),
        ("01,10,044001900111,12345678,1.234,20191102,,", None),
    ],
)
def test_amounts_of_every_form(payload: str, amount: str | None) -> None:
    assert parse(payload).amount == amount


def test_blanks_dashes_and_a_missing_crc_do_no_harm() -> None:
    found = parse("01, 10, 044001900111, 12345678, 33.27, 2019-11-02, 01234567890123456789")
    assert (found.invoice_code, found.invoice_number, found.issue_date) == ("044001900111", "12345678", "2019-11-02")
    assert (found.crc, found.crc_fits) == (None, None)


def test_implausible_parts_are_dropped_one_by_one() -> None:
    found = parse("01,10,0440019,1234,33.27,20191399,12,")
    assert found.variant is QrVariant.TAX
    assert (found.invoice_code, found.invoice_number, found.issue_date, found.check_code) == (None, None, None, None)
    assert found.amount == "33.27"
    assert not found.names_an_invoice


def test_the_loose_kind_20_yields_to_the_code() -> None:
    assert parse("01,20,051001900213,12345678,1.00,20220124,,").kind is InvoiceKind.SPECIAL_E
    assert parse("01,20,15100187Z005,12345678,1.00,20220124,,").kind is InvoiceKind.MACHINE


def test_a_blockchain_address_holds_number_and_total() -> None:
    digest = "01" + "ab" * 29 + "c0ffee"
    found = parse(
        f"https://bcfp.shenzhen.chinatax.gov.cn/verify/scan?hash={digest}&bill_num=01234567&total_amount=3720"
    )
    assert (found.variant, found.kind) == (QrVariant.BLOCKCHAIN, InvoiceKind.BLOCKCHAIN_SZ)
    assert (found.invoice_number, found.amount, found.amount_is_gross) == ("01234567", "37.20", True)
    assert found.check_code == "0ffee"


def test_a_toll_invoice_is_known_by_its_code_though_the_payload_says_10() -> None:
    assert parse("01,10,044001800212,12345678,36.42,20180323,,").kind is InvoiceKind.TOLL_E


def test_a_fiscal_receipt_is_read_and_named_for_what_it_is() -> None:
    found = parse("CZ-EI-00,1.1.0,00010199,0012345678,c3d9f1,20250318,45.00")
    assert (found.variant, found.kind) == (QrVariant.FISCAL, InvoiceKind.OTHER)
    assert (found.invoice_code, found.invoice_number, found.check_code) == ("00010199", "0012345678", "c3d9f1")
    assert (found.issue_date, found.amount, found.amount_is_gross) == ("2025-03-18", "45.00", True)


@pytest.mark.parametrize(
    ("payload", "variant"),
    [
        ("QRCODE_GEN_ERROR", QrVariant.ERROR),
        ("CZ-EI&p01=0123", QrVariant.FISCAL),
        ("https://example.com/fp?bill_num=01234567&total_amount=1", QrVariant.ADDRESS),
        ("https://shenzhen.chinatax.gov.cn.example.com/?bill_num=01234567&total_amount=1", QrVariant.ADDRESS),
        ("http://[::1", QrVariant.ADDRESS),
        ("6901234567892", QrVariant.OTHER),
        ("a,b,c,d,e,f,g,h", QrVariant.OTHER),
        ("", QrVariant.OTHER),
    ],
)
def test_everything_else_is_kept_for_what_it_is(payload: str, variant: QrVariant) -> None:
    found = parse(payload)
    assert (found.variant, found.raw, found.names_an_invoice) == (variant, payload, False)


@given(st.text())
def test_no_text_makes_the_parser_fail(text: str) -> None:
    assert parse(text).raw == text

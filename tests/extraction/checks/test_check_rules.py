"""The checks of one invoice together: what passes, what warns, what is not applied."""

from __future__ import annotations

import pytest

from extraction import qr_payload
from extraction.checks.rules import run_checks
from models.invoice import Check, Line
from models.kinds import InvoiceKind

VALUES: dict[str, str | None] = {
    "invoice_number": "24442000000012345678",
    "issue_date": "2024-05-14",
    "buyer_tax_id": "91330106MA2ABC125C",
    "seller_tax_id": "91440300586123453R",
    "total_excl_tax": "100.00",
    "total_tax": "13.00",
    "total_incl_tax": "113.00",
    "total_in_words": "壹佰壹拾叁圆整",
}
LINES = (
    Line(
        item_name="*文具*纸",
        quantity="3",
        unit_price="40.00",
        amount_excl_tax="120.00",
        tax_rate="13%",
        tax_amount="15.60",
    ),
    Line(item_name="*文具*纸", amount_excl_tax="-20.00", tax_rate="13%", tax_amount="-2.60"),
)
QR = qr_payload.parse("01,32,,24442000000012345678,113.00,20240514,,")


def checks(
    kind: InvoiceKind = InvoiceKind.DIGITAL_ORDINARY,
    lines: tuple[Line, ...] = LINES,
    qr: str | None = None,
    **changes: str | None,
) -> dict[str, Check]:
    payload = qr_payload.parse(qr) if qr else None
    return {check.rule: check for check in run_checks(kind, VALUES | changes, lines, payload)}


def test_a_right_invoice_passes_every_check() -> None:
    found = {check.rule: check.passed for check in run_checks(InvoiceKind.DIGITAL_ORDINARY, VALUES, LINES, QR)}
    assert found == dict.fromkeys(
        ["sum", "words", "lines_amount", "lines_tax", "line_price", "line_tax", "rated_total", "uscc_buyer",
         "uscc_seller", "number_year", "rates", "qr_kind", "qr_number", "qr_date", "qr_amount"], True
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "failing"),
    [
        ({"total_tax": "13.02"}, {"sum", "lines_tax"}),
        ({"total_in_words": "壹佰壹拾叁圆壹角"}, {"words"}),
        ({"total_in_words": "壹佰壹佰圆"}, {"words"}),
        ({"total_excl_tax": "100.01", "total_tax": "12.99"}, set()),
        ({"total_excl_tax": "100.02", "total_tax": "12.98"}, {"lines_amount", "lines_tax"}),
        ({"buyer_tax_id": "91330106MA2ABC125F"}, {"uscc_buyer"}),
        ({"seller_tax_id": "91440300586120453R"}, {"uscc_seller"}),
        ({"issue_date": "2023-05-14"}, {"number_year"}),
        ({"invoice_number": "24992000000012345678"}, {"number_year"}),
    ],
)
def test_each_wrong_value_fails_its_checks_and_no_others(changes: dict[str, str], failing: set[str]) -> None:
    assert {rule for rule, check in checks(**changes).items() if check.passed is False} == failing


def test_a_failed_check_shows_what_it_compared() -> None:
    assert checks(total_tax="14.00")["sum"].detail == "100.00 + 14.00 ≠ 113.00"
    assert checks(total_tax="14.00")["sum"].fields == ("total_excl_tax", "total_tax", "total_incl_tax")


def test_tax_in_asterisks_means_net_is_gross() -> None:
    exempt = (Line(quantity="1", unit_price="57", amount_excl_tax="57.00", tax_rate="免税", tax_amount="***"),)
    found = checks(
        lines=exempt, total_excl_tax="57.00", total_tax="***", total_incl_tax="57.00", total_in_words="伍拾柒圆整"
    )
    assert {rule for rule, check in found.items() if check.passed is False} == set()
    assert "line_tax" not in found


def test_rounded_unit_prices_are_not_errors() -> None:
    rounded = (Line(quantity="3", unit_price="33.33", amount_excl_tax="100.00", tax_rate="13%", tax_amount="13.00"),)
    assert checks(lines=rounded)["line_price"].passed
    wrong = (Line(quantity="3", unit_price="33.30", amount_excl_tax="100.00", tax_rate="13%", tax_amount="13.00"),)
    assert checks(lines=wrong)["line_price"].passed is False


def test_difference_taxation_and_toll_rows_are_not_multiplied() -> None:
    cells = {"specification": "粤A12345", "unit": "客车", "quantity": "20240501", "unit_price": "20240502"}
    row = (Line(**cells, amount_excl_tax="100.00", tax_rate="3%", tax_amount="3.00"),)
    assert "line_price" not in checks(kind=InvoiceKind.TOLL_E, lines=row)
    levied = (Line(amount_excl_tax="100.00", tax_rate="***", tax_amount="13.00"),)
    assert not {"line_tax", "rated_total"} & checks(lines=levied).keys()


def test_a_row_whose_amount_could_not_be_read_leaves_the_sum_open() -> None:
    assert checks(lines=(*LINES, Line(item_name="*文具*笔")))["lines_amount"].passed is None


def test_an_old_rate_is_information_and_an_impossible_one_a_warning() -> None:
    old = (Line(amount_excl_tax="100.00", tax_rate="16%", tax_amount="16.00"),)
    assert checks(lines=old)["rates"].passed is None
    never = (Line(amount_excl_tax="100.00", tax_rate="7%", tax_amount="7.00"),)
    assert checks(lines=never)["rates"].passed is False


def test_personal_and_older_numbers_are_left_alone() -> None:
    assert checks(buyer_tax_id="110108769914581")["uscc_buyer"].passed is None
    assert "uscc_buyer" not in checks(buyer_tax_id=None)


@pytest.mark.parametrize(
    ("code", "kind", "passed"),
    [
        ("044001900111", InvoiceKind.ORDINARY_E, True),
        ("4400184130", InvoiceKind.ORDINARY_E, False),
        ("15100187Z005", InvoiceKind.TAXI, None),
        ("12345", InvoiceKind.ORDINARY_E, False),
    ],
)
def test_the_code_must_be_one_of_the_kind(code: str, kind: InvoiceKind, passed: bool | None) -> None:
    assert checks(kind=kind, invoice_code=code)["code_kind"].passed is passed


def test_code_area_and_year() -> None:
    assert checks(invoice_code="044002300111")["code_area_year"].passed
    assert checks(invoice_code="044002500111")["code_area_year"].passed is False, "code is younger than the invoice"
    assert checks(invoice_code="099002300111")["code_area_year"].passed is False, "no such area"


@pytest.mark.parametrize(
    ("payload", "failing"),
    [
        ("01,32,,24442000000012345679,113.00,20240514,,", {"qr_number"}),
        ("01,32,,24442000000012345678,113.01,20240514,,", {"qr_amount"}),
        ("01,32,,24442000000012345678,100.00,20240514,,", {"qr_amount"}),
        ("01,32,,24442000000012345678,113,20240515,,", {"qr_date"}),
        ("01,31,,24442000000012345678,113,2024-05-14,,", {"qr_kind"}),
        ("QRCODE_GEN_ERROR", set()),
    ],
)
def test_the_qr_code_is_compared_with_the_face(payload: str, failing: set[str]) -> None:
    assert {rule for rule, check in checks(qr=payload).items() if check.passed is False} == failing


def test_net_and_gross_mixed_up_in_a_qr_code_is_named() -> None:
    assert "混淆" in checks(qr="01,32,,24442000000012345678,100.00,20240514,,")["qr_amount"].detail


def test_air_tickets_add_up_from_their_own_parts() -> None:
    parts = {"fare": "1000.00", "fuel_surcharge": "100.00", "total_tax": "99.00", "civil_aviation_fund": "50.00"}
    assert checks(kind=InvoiceKind.AIR_E, lines=(), total_incl_tax="1249.00", **parts)["sum"].passed
    assert checks(kind=InvoiceKind.AIR_E, lines=(), total_incl_tax="1199.00", **parts)["sum"].passed is False

"""Codes and numbers by structure."""

from __future__ import annotations

import pytest

from extraction.checks import codes
from models.kinds import InvoiceKind as K


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("4400184130", K.SPECIAL_PAPER),
        ("1100174320", K.ORDINARY_PAPER),
        ("1100152760", K.FREIGHT_OLD),
        ("044001900111", K.ORDINARY_E),
        ("144031539110", K.ORDINARY_E),
        ("051001900213", K.SPECIAL_E),
        ("044001900112", K.TOLL_E),
        ("044001900104", K.ORDINARY_PAPER),
        ("044001900107", K.ORDINARY_ROLL),
        ("044001900117", K.USED_VEHICLE),
        ("133011921234", K.MOTOR_VEHICLE),
        ("144032409110", None),
        ("15100187Z005", None),
        ("123", None),
        ("", None),
    ],
)
def test_the_kind_of_a_code(code: str, kind: K | None) -> None:
    assert codes.kind_from_code(code) is kind


@pytest.mark.parametrize(
    ("code", "area", "year"),
    [
        ("4403183130", "4403", 2018),
        ("4400184130", "4400", 2018),
        ("044031900111", "4403", 2019),
        ("3201154130", "3200", 2015),
    ],
)
def test_area_and_year(code: str, area: str, year: int) -> None:
    assert codes.area_of(code) == area
    assert codes.code_year(code) == year


def test_numbers_are_eight_digits_or_a_digital_number() -> None:
    assert codes.plausible_number("00015045")
    assert not codes.plausible_number("00000000")
    assert not codes.plausible_number("1234567")
    assert codes.plausible_number("25952000000012345678")
    assert not codes.plausible_number("25992000000012345678"), "no such area"
    assert not codes.plausible_number("17442000000012345678"), "before digital invoices"


def test_a_digital_number_carries_its_year() -> None:
    assert codes.plausible_digital_number("24442000000012345678", "2024-12-31")
    assert not codes.plausible_digital_number("24442000000012345678", "2025-01-01")


@pytest.mark.parametrize("code", ["4400184130", "044001900111", "15100187Z005", "13101200000X"])
def test_shapes_of_codes(code: str) -> None:
    assert codes.plausible_code(code)


@pytest.mark.parametrize("code", ["", "440018413", "04400190011", "A44001900111", "４４００１８４１３０"])
def test_what_is_no_code(code: str) -> None:
    assert not codes.plausible_code(code)

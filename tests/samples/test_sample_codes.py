"""Codes, check digits and capital numerals that samples are labelled with are right by independent reckoning."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from random import Random

import pytest

from models.kinds import KINDS, InvoiceKind
from samples.codes import AREAS, crc16, new_invoice_code, new_number, new_uscc
from samples.words import in_words

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def weighted(text: str, base: int, modulus: int) -> int:
    return sum(ALPHABET.index(c) * pow(base, i, modulus) for i, c in enumerate(text)) % modulus


@pytest.mark.parametrize("area", AREAS, ids=lambda a: a.name)
def test_a_new_tax_id_passes_both_its_check_digits(area: object) -> None:
    for seed in range(20):
        tax_id = new_uscc(Random(seed), area)  # type: ignore[arg-type]
        assert re.fullmatch(f"[{ALPHABET}]{{18}}", tax_id)
        assert (weighted(tax_id[:17], 3, 31) + ALPHABET.index(tax_id[17])) % 31 == 0
        values = [int(c, 36) for c in tax_id[8:16]]
        rest = 11 - sum(v * w for v, w in zip(values, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
        assert tax_id[16] == {10: "X", 11: "0"}.get(rest, str(rest))


@pytest.mark.parametrize(
    ("payload", "crc"),
    [
        ("01,32,,24312000000136634917,0.01,20240514,,", "1DD6"),
        ("01,31,,26442000004359167806,1705400.00,20260421,,", "8EEF"),
        ("01,01,4400184130,18532887,14208.32,20190219,,", "AD5D"),
    ],
)
def test_the_crc_is_the_one_printed_on_public_samples(payload: str, crc: str) -> None:
    assert crc16(payload) == crc


def kind_by_code(code: str) -> str | None:
    """The rule of the verification platform, written again."""
    if len(code) == 12 and code[0] == "0":
        return {"11": "10", "12": "14", "13": "08", "04": "04", "05": "04", "06": "11", "07": "11"}.get(code[10:])
    return {"1": "01", "5": "01", "3": "04", "6": "04"}.get(code[7])


@pytest.mark.parametrize(
    "kind",
    [
        InvoiceKind.SPECIAL_PAPER,
        InvoiceKind.ORDINARY_PAPER,
        InvoiceKind.ORDINARY_E,
        InvoiceKind.SPECIAL_E,
        InvoiceKind.TOLL_E,
        InvoiceKind.ORDINARY_ROLL,
    ],
)
def test_an_invoice_code_tells_its_kind_area_and_year(kind: InvoiceKind) -> None:
    for seed in range(30):
        rng = Random(seed)
        area = rng.choice(AREAS)
        code = new_invoice_code(rng, kind, area, date(2023, 5, 4))
        assert code is not None
        assert kind_by_code(code) == KINDS[kind].qr_code
        start = 1 if len(code) == 12 else 0
        assert code[start : start + 6] == f"{area.code}23"
        assert re.fullmatch(r"(?!0{8})\d{8}", new_number(rng, kind, area, date(2023, 5, 4)))


def test_a_digital_number_starts_with_year_and_area() -> None:
    area = next(a for a in AREAS if a.name == "深圳")
    number = new_number(Random(1), InvoiceKind.DIGITAL_ORDINARY, area, date(2025, 1, 2))
    assert re.fullmatch(r"2595\d{16}", number)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("10.00", "壹拾圆整"),
        ("200.50", "贰佰圆伍角整"),
        ("325.04", "叁佰贰拾伍圆零肆分"),
        ("6007.14", "陆仟零柒圆壹角肆分"),
        ("10005.00", "壹万零伍圆整"),
        ("107000.53", "壹拾万柒仟圆伍角叁分"),
        ("1000000.00", "壹佰万圆整"),
        ("100000001.01", "壹亿零壹圆零壹分"),
        ("205040300.00", "贰亿零伍佰零肆万零叁佰圆整"),
        ("-500.00", "（负数）伍佰圆整"),
    ],
)
def test_amounts_are_written_as_issuing_systems_write_them(amount: str, words: str) -> None:
    assert in_words(Decimal(amount)) == words

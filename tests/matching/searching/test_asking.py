"""What is typed into the search box, taken apart."""

from __future__ import annotations

from datetime import date

import pytest

from matching.searching import take_apart
from matching.searching.asking import FURTHEST, Amount, Days, Word

JUNE = Days(date(2024, 6, 1), date(2024, 6, 30))


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("2024-06", JUNE),
        ("2024年6月", JUNE),
        ("2024.6", JUNE),
        ("2024-06-03", Days(date(2024, 6, 3), date(2024, 6, 3))),
        ("2024/6/3", Days(date(2024, 6, 3), date(2024, 6, 3))),
        ("2024-05~2024-06-02", Days(date(2024, 5, 1), date(2024, 6, 2))),
        ("2024-06 .. 2024-05", Days(date(2024, 5, 1), date(2024, 6, 30))),
        ("100-200", Amount(10000, 20000)),
        ("200.5至100", Amount(10000, 20050)),
        (">500", Amount(50001, FURTHEST)),
        ("≥ 500", Amount(50000, FURTHEST)),
        ("<1,000.00", Amount(-FURTHEST, 99999)),
        ("1234.5", Amount(123450, 123450)),
        ("2024.50", Amount(202450, 202450)),
        ("¥1,234", Amount(123400, 123400)),
        ("-12", Amount(-1200, -1200)),
        ("１００元", Amount(10000, 10000)),
        ("500", Word("500", 50000)),
        ("25312000000123456789", Word("25312000000123456789")),
        ("2024-13", Word("2024-13")),
        ("苏州云杉", Word("苏州云杉")),
        ("BL20241216-000123-7", Word("BL20241216-000123-7")),
    ],
)
def test_a_term(typed: str, means: object) -> None:
    assert take_apart(typed) == (means,)


def test_terms_stand_beside_each_other() -> None:
    assert take_apart("  云杉　2024-06 100-200 ") == (Word("云杉"), JUNE, Amount(10000, 20000))
    assert take_apart("   ") == ()

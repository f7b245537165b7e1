"""Legal VAT rates by issue date (domain §2.4). A late invoice may keep an old rate: information, not an error."""

from __future__ import annotations

from decimal import Decimal

from models.money import parse_money

_SINCE: tuple[tuple[str, frozenset[str]], ...] = (
    ("2019-04-01", frozenset({"13", "9", "6"})),
    ("2018-05-01", frozenset({"16", "10", "6"})),
    ("2017-07-01", frozenset({"17", "11", "6"})),
    ("0000-00-00", frozenset({"17", "13", "11", "6"})),
)
_ALWAYS = frozenset({"0", "0.5", "1", "1.5", "2", "3", "5"})  #: levy rates and zero
_EVER = _ALWAYS.union(*(rates for _, rates in _SINCE))
WITHOUT_TAX = frozenset({"免税", "不征税", "***"})


def as_fraction(rate: str | None) -> Decimal | None:
    """`13%` → 0.13; None for 免税, 不征税, asterisks, blanks and what is no rate, on which no arithmetic is done."""
    percent = parse_money(rate[:-1]) if rate is not None and rate.endswith("%") else None
    return None if percent is None else percent / 100


def legal_on(rate: str, issue_date: str) -> bool:
    """Whether `rate` was in force on an ISO date."""
    if rate in WITHOUT_TAX:
        return True
    in_force = next(rates for since, rates in _SINCE if issue_date >= since)
    return rate.removesuffix("%") in in_force | _ALWAYS


def ever_legal(rate: str) -> bool:
    return rate in WITHOUT_TAX or rate.removesuffix("%") in _EVER

"""When two printed values are the same value. For comparison only: what is kept is always one value as printed."""

from __future__ import annotations

import re

from extraction.checks import words
from extraction.normalise import fold
from models.invoice import MONEY_FIELDS
from models.money import parse_money

_PUNCTUATION = str.maketrans("（）：，；、“”元", '():,;,""圆')


def comparable(field: str, value: str) -> str:
    """A form that is equal exactly where two readings of `field` say the same."""
    if field in MONEY_FIELDS:
        amount = parse_money(value)
        return value if amount is None else f"{amount:.2f}"
    if field == "total_in_words":
        spoken = words.parse(value)
        return value if spoken is None else f"{spoken:.2f}"
    return re.sub(r"\s", "", fold(value)).translate(_PUNCTUATION).upper()

"""When a value equals the hand-read or generated truth: by meaning for money, dates and rates, by text elsewhere."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation

AMOUNTS = frozenset(
    {"total_excl_tax", "total_tax", "total_incl_tax", "amount_excl_tax", "tax_amount", "unit_price", "quantity"}
)
_PUNCTUATION = str.maketrans("（）：，；￥﹡＊圓元正、“”—–－×", '():,;¥**圆圆整,""---x')
UNKNOWN = "?"  #: illegible or masked in the truth: not scored


def same(field: str, expected: str | None, found: str | None) -> bool:
    """True where `found` is right; a blank is right only for a blank."""
    if not expected or not found:
        return not expected and not found
    if field in AMOUNTS:
        return _amount(expected) == _amount(found)
    if field == "issue_date":
        return re.findall(r"\d+", expected) == re.findall(r"\d+", found)
    if field == "tax_rate":
        return plain_text(expected).removesuffix("%") == plain_text(found).removesuffix("%")
    return plain_text(expected) == plain_text(found)


def plain_text(value: str) -> str:
    folded = unicodedata.normalize("NFKC", value).translate(_PUNCTUATION)
    return re.sub(r"[\s¥⊗]", "", folded).upper()


def _amount(value: str) -> Decimal | str:
    try:
        return Decimal(re.sub(r"[^0-9.\-]", "", unicodedata.normalize("NFKC", value))).normalize()
    except InvalidOperation:
        return plain_text(value)

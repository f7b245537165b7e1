"""Money: `Decimal` yuan in code, integer 分 in the database, two-decimal strings at the edges."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

CENT = Decimal("0.01")
MOST_YUAN = Decimal(10) ** 13  #: beyond any invoice, and within what a column holds
_PLAIN = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")


@lru_cache(maxsize=4096)  # checks, fusion and rows ask for the same amounts
def parse_money(text: str | None) -> Decimal | None:
    """`¥-12.00`, `-¥12.00`, `￥ 1,234.50` → Decimal; None for what is not one plain amount, or far beyond any."""
    if text is None:
        return None
    cleaned = re.sub(r"[\s¥Y]", "", unicodedata.normalize("NFKC", text)).replace("−", "-")
    if not _PLAIN.fullmatch(cleaned):
        return None
    try:
        value = Decimal(cleaned.replace(",", ""))
    except InvalidOperation:
        return None
    return value if abs(value) < MOST_YUAN else None


def format_money(value: Decimal) -> str:
    """Two decimals, no separators, no sign of currency."""
    return str(value.quantize(CENT, ROUND_HALF_UP))


def to_fen(value: Decimal) -> int:
    """Yuan → 分. Raises ValueError for an amount finer than a 分, because rounding would hide it."""
    fen = value * 100
    if fen != fen.to_integral_value():
        raise ValueError(f"not a whole number of 分: {value}")
    return int(fen)


def from_fen(fen: int) -> Decimal:
    return (Decimal(fen) / 100).quantize(CENT)

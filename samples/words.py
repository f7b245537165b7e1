"""大写: an amount in the capital numerals of the face.

Never reads words back. Source: the grammar and examples of the domain reference §2.3.
"""

from __future__ import annotations

from decimal import Decimal

_NUMERALS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def in_words(amount: Decimal) -> str:
    """200.50 → 贰佰圆伍角整; −500 → （负数）伍佰圆整."""
    fen = int(abs(amount) * 100)
    yuan, jiao, cents = fen // 100, fen // 10 % 10, fen % 10
    text = "（负数）" if amount < 0 else ""
    if yuan:
        text += _whole(yuan) + "圆"
    if jiao:
        text += _NUMERALS[jiao] + "角"
    elif cents and yuan:
        text += "零"
    if cents:
        return text + _NUMERALS[cents] + "分"
    if not fen:
        text += "零圆"
    return text + "整"


def _whole(yuan: int) -> str:
    groups: list[int] = []
    while yuan:
        yuan, rest = divmod(yuan, 10_000)
        groups.append(rest)
    text = ""
    skipped = False
    for index in range(len(groups) - 1, -1, -1):
        group = groups[index]
        if not group:
            skipped = bool(text)
            continue
        if text and (skipped or group < 1000):
            text += "零"
        text += _group(group) + _GROUPS[index]
        skipped = False
    return text


def _group(value: int) -> str:
    text = ""
    for place in (3, 2, 1, 0):
        digit = value // 10**place % 10
        if digit:
            text += _NUMERALS[digit] + _PLACES[place]
        elif text and value % 10**place and not text.endswith("零"):
            text += "零"
    return text

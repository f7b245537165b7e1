"""Amounts in words (大写): parser and writer.

The parser takes every form that genuine invoices print (圆/元, 整/正, optional 零, 整 after 角) and returns the value;
words that break the grammar give None, because this is the strongest check of a total and must not be lenient.
"""

from __future__ import annotations

import re
from decimal import Decimal

from extraction.normalise import fold

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = "拾佰仟"
_SAME = str.maketrans("〇圓元正負萬億叄參貳陸兩弍", "零圆圆整负万亿叁叁贰陆贰贰")
_NEGATIVE = re.compile(r"[(]?负数?[)]?")
_LEADING = re.compile(r"^(?:人民币|[⊗ⓧ⊕◎○xX×])+")
_SHAPE = re.compile(
    r"(?:(?P<yuan>[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]+)圆)?"
    r"(?P<jiao>零?[零壹贰叁肆伍陆柒捌玖]角)?(?P<fen>零?[零壹贰叁肆伍陆柒捌玖]分)?整?"
)
_LARGEST = Decimal("1e12")


def parse(words: str | None) -> Decimal | None:
    """Value of an amount in words; None where the words break the grammar."""
    if not words:
        return None
    text = re.sub(r"\s", "", fold(words)).translate(_SAME)
    negative = False
    for _ in range(2):  # the sign stands before or after the ⊗
        text = _LEADING.sub("", text)
        sign = _NEGATIVE.match(text)
        if sign and not negative:
            negative, text = True, text[sign.end() :]
    shape = _SHAPE.fullmatch(text)
    if not shape or not any(shape.groupdict().values()):
        return None
    yuan = _whole(shape["yuan"]) if shape["yuan"] else 0
    if yuan is None:
        return None
    jiao = _DIGITS.index(shape["jiao"][-2]) if shape["jiao"] else 0
    fen = _DIGITS.index(shape["fen"][-2]) if shape["fen"] else 0
    value = Decimal(yuan * 100 + jiao * 10 + fen) / 100
    return -value if negative else value


def _whole(text: str) -> int | None:
    """Whole yuan: sections of 亿, 万 and ones, each at most 9999."""
    if text == "零":
        return 0
    total, rest, first = 0, text, True
    for unit, factor in (("亿", 10**8), ("万", 10**4), ("", 1)):
        if unit and unit not in rest:
            continue
        section, _, rest = rest.partition(unit) if unit else (rest, "", "")
        if not section:
            if unit:
                return None
            break
        value = _section(section, first)
        if value is None:
            return None
        total, first = total + value * factor, False
    return total or None


def _section(text: str, first: bool) -> int | None:
    """Up to 9999. A bare last digit must follow 拾 or 零: 壹仟伍 is not told from 1500."""
    if first and text.startswith("拾"):
        text = "壹" + text
    total, ceiling, place = 0, 4, 0
    zero = False
    while place < len(text):
        char = text[place]
        if char == "零":
            if zero or (first and place == 0):
                return None
            zero, place = True, place + 1
            continue
        if char not in _DIGITS:
            return None
        following = text[place + 1] if place + 1 < len(text) else ""
        if following in _UNITS and following:
            power = _UNITS.index(following) + 1
            place += 2
        elif not following:
            power, place = 0, place + 1
            alone = first and total == 0
            if not (alone or zero or ceiling == 1):
                return None
        else:
            return None
        if power >= ceiling:
            return None
        total += _DIGITS.index(char) * 10**power
        ceiling, zero = power, False
    return None if zero or total == 0 else total


def write(value: Decimal) -> str:
    """The words that an issuing system prints for `value`."""
    cents = int(value.copy_abs() * 100)
    if Decimal(cents) != value.copy_abs() * 100 or value.copy_abs() >= _LARGEST:
        raise ValueError(f"no words for {value}: whole 分 below {_LARGEST:f} only")
    sign = "（负数）" if value < 0 else ""
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    text = f"{_write_whole(yuan)}圆" if yuan else ""
    if not jiao and not fen:
        return f"{sign}{text or '零圆'}整"
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    elif yuan:
        text += "零"
    return sign + text + (f"{_DIGITS[fen]}分" if fen else "整")


def _write_whole(yuan: int) -> str:
    text, gap = "", False
    for unit, factor in (("亿", 10**8), ("万", 10**4), ("", 1)):
        section = yuan // factor % 10**4
        if not section:
            gap = gap or bool(text)
            continue
        if text and (gap or section < 1000):
            text += "零"
        text, gap = text + _write_section(section) + unit, False
    return text


def _write_section(section: int) -> str:
    text, gap = "", False
    for power in (3, 2, 1, 0):
        digit = section // 10**power % 10
        if not digit:
            gap = bool(text)
            continue
        text += ("零" if gap else "") + _DIGITS[digit] + (_UNITS[power - 1] if power else "")
        gap = False
    return text

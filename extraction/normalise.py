"""Printed text → the one form a value has in this house.

Each function takes text as printed and returns the normal form, or None where the text is not one plain value of
that type: never a guess, never a sum of two values, never another value that looks right.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation

from models.money import CENT, format_money, parse_money

# CJK Radicals Supplement (U+2E81–2EF3): NFKC leaves all but two of them.
# Source: Unicode EquivalentUnifiedIdeograph; NFKC itself covers the Kangxi block U+2F00–2FDF.
_RADICALS = (
    "⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨"
    "⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏"
    "⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳"
)
_IDEOGRAPHS = (
    "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑𫜹忄心扌攵旡日月歺母民氵氺灬爫爫丬牛犭"
    "王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑"
    "钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"
)
#: what printing programs write for a glyph that a font shares out to two characters, the lower one; NFKC leaves these
_SAME_GLYPH = {"戶": "户", "㬵": "胶"}
RADICAL_TO_IDEOGRAPH = str.maketrans(_RADICALS, _IDEOGRAPHS) | str.maketrans(_SAME_GLYPH)
_DASHES = str.maketrans("−–—‐‑‒﹣", "-------")
_KANGXI = re.compile("[\u2f00-\u2fdf\uf900-\ufaff]")  #: and the ideographs kept for other codes' sake
_ZERO_WIDTH = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")

#: letters that stand for a digit where only digits can stand (domain §7, safe rule)
LETTER_TO_DIGIT = str.maketrans({"I": "1", "l": "1", "|": "1", "O": "0", "o": "0", "D": "0"})

_ASTERISKS = re.compile(r"[¥\s]*\*{2,}")
_DATE = re.compile(r"(\d{4})[年\-/.](\d{1,2})[月\-/.](\d{1,2})日?(?:[T\s]?\d{1,2}:\d{2}.*)?")
_DATE_PLAIN = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{6})?")
_PERCENT = re.compile(r"(\d{1,2}(?:\.\d+)?)%")
_RATE_WORDS = {"免税": "免税", "不征税": "不征税", "零税率": "0%", "普通零税率": "0%", "出口零税率": "0%"}


def fold(text: str) -> str:
    """NFKC, and radicals to the ideographs they look like: 电⼦发票 → 电子发票, ⻓ → 长."""
    return _ZERO_WIDTH.sub("", unicodedata.normalize("NFKC", text).translate(RADICAL_TO_IDEOGRAPH))


def printed(raw: str | None) -> str | None:
    """Text as it is seen: look-alike radicals become characters, blanks collapse, widths stay. None: blank."""
    if raw is None:
        return None
    text = _KANGXI.sub(lambda found: unicodedata.normalize("NFKC", found[0]), raw).translate(RADICAL_TO_IDEOGRAPH)
    return re.sub(r"\s+", " ", _ZERO_WIDTH.sub("", text)).strip() or None


def money_text(raw: str | None) -> str | None:
    """`¥1,234.5` → `1234.50`, `-¥12` → `-12.00`, asterisks → `***`; None where finer than a 分 or not one amount."""
    if raw is None:
        return None
    text = fold(raw).translate(_DASHES).strip()
    if _ASTERISKS.fullmatch(text):
        return "***"
    text = re.sub(r"(?:元|圆)整?$", "", text)
    if _two_numbers(text):
        return None
    value = parse_money(text)
    if value is None or value != value.quantize(CENT):
        return None
    return format_money(value)


def number_text(raw: str | None) -> str | None:
    """Quantity or unit price: digits as printed, without separators, blanks and currency sign."""
    if raw is None:
        return None
    text = fold(raw).translate(_DASHES).strip()
    if _two_numbers(text) or parse_money(text) is None:
        return None
    return re.sub(r"[\s¥Y,+]", "", text)


def _two_numbers(text: str) -> bool:
    """Blanks between digits join what may be two cells, unless every character stands alone (letter-spaced)."""
    parts = text.replace("¥", " ").split()
    return re.search(r"\d\s+\d", text) is not None and any(len(part) > 1 for part in parts)


def date_iso(raw: str | None) -> str | None:
    """`2024年05月14日`, `2024/5/14`, `20240514`, `2024-05-14 11:37:34` → `2024-05-14`; None for no real date."""
    if raw is None:
        return None
    text = fold(raw).translate(_DASHES).strip().translate(LETTER_TO_DIGIT)
    with_time = re.fullmatch(r"(.*\d日?)[T\s]+(\d{1,2}:\d{2}.*)", text)
    compact = re.sub(r"\s", "", with_time[1] if with_time else text)
    found = _DATE.fullmatch(compact) or _DATE_PLAIN.fullmatch(compact)
    if not found:
        return None
    year, month, day = (int(part) for part in found.groups()[:3])
    if not 1994 <= year <= 2099:  # the tax reform that made these invoices
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def digits(raw: str | None) -> str | None:
    """A digit-only zone (number, code, check code, machine number): safe letter repairs, blanks out, else None."""
    if raw is None:
        return None
    text = re.sub(r"\s", "", fold(raw)).translate(LETTER_TO_DIGIT)
    return text if re.fullmatch(r"[0-9]+", text) else None


def tax_id(raw: str | None) -> str | None:
    """Taxpayer number: 15 to 20 digits and capitals. Letters are not repaired here: see `checks.uscc`."""
    if raw is None:
        return None
    text = re.sub(r"\s", "", fold(raw)).upper()
    return text if re.fullmatch(r"[0-9A-Z]{15,20}", text) else None


def rate(raw: str | None) -> str | None:
    """`13%`, `0.13`, `0.060000`, `13` → `13%`, `6%`; `免税`, `不征税`, `0%`, `***`; None for anything else."""
    if raw is None:
        return None
    text = re.sub(r"\s", "", fold(raw))
    if _ASTERISKS.fullmatch(text):
        return "***"
    if text in _RATE_WORDS or text == "免征增值税":
        return _RATE_WORDS.get(text, "免税")
    percent = _PERCENT.fullmatch(text)
    try:
        value = Decimal(percent[1] if percent else text)
    except InvalidOperation:
        return None
    if not percent and value <= Decimal("0.2"):  # a fraction: the highest rate ever was 17 %
        value *= 100
    if not 0 <= value <= 20:
        return None
    return f"{value.normalize():f}%"

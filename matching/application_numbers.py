"""Application numbers of supplement drafts: `BL<yyyymmdd>-<6 digits>-<check digit>`, as in BL20241216-000123-7.

The check digit is ISO 7064 MOD 11,10 over the 14 digits of date and sequence: it finds every single wrong digit and
nearly every exchange of neighbours when a number is told by telephone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.tables import DraftRow

LEAST_TYPED = 3  #: digits; fewer fit too many
MOST_MEANT = 5  #: more are no help
_WHOLE = 15  #: digits of a number
_SHAPE = re.compile(r"BL(\d{8})-(\d{6})-(\d)")


def check_digit(digits: str) -> str:
    """ISO 7064 MOD 11,10."""
    product = 10
    for digit in digits:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def application_number(day: date, sequence: int) -> str:
    if not 1 <= sequence <= 999_999:
        raise ValueError(f"sequence of a day out of range: {sequence}")
    stem = f"{day:%Y%m%d}{sequence:06d}"
    return f"BL{stem[:8]}-{stem[8:]}-{check_digit(stem)}"


def is_valid(number: str) -> bool:
    found = _SHAPE.fullmatch(number)
    return bool(found) and check_digit(found[1] + found[2]) == found[3] if found else False


def normalised(typed: str) -> str:
    """As people type or read it out: any width and case, spaces or other dashes, with or without `BL` and dashes."""
    text = re.sub(r"[\s\-‐-―－_./]+", "", unicodedata.normalize("NFKC", typed)).upper()
    found = re.fullmatch(r"(?:BL)?(\d{8})(\d{6})(\d)", text)
    return f"BL{found[1]}-{found[2]}-{found[3]}" if found else typed.strip().upper()


def part(typed: str) -> str | None:
    """A pattern for LIKE, where what was typed may be the end of a number, or one without its check digit."""
    text = re.sub(r"[\s‐-―－_./]+", "-", unicodedata.normalize("NFKC", typed).upper().strip()).removeprefix("BL")
    if (told := re.fullmatch(r"-?(\d{1,6})-(\d)", text)) is not None:  # 4-7, as it is read out: the zeros left out
        return f"%-{told[1]:0>6}-{told[2]}"
    digits = text.replace("-", "")
    if not digits.isdecimal() or not LEAST_TYPED <= len(digits) < _WHOLE:
        return None
    if len(digits) == _WHOLE - 1:
        return f"BL{digits[:8]}-{digits[8:]}-%"
    day, sequence, check = digits[:-7], digits[-7:-1], digits[-1]
    return f"%{day}-{sequence}-{check}" if day else f"%{sequence}-{check}"


def near(number: str) -> list[str]:
    """Valid numbers one slip away from one whose check digit is wrong: a digit, or two neighbours exchanged."""
    found = _SHAPE.fullmatch(number)
    if found is None:
        return []
    digits = "".join(found.groups())
    return sorted({n for n in (_joined(slip) for slip in _slips(digits)) if is_valid(n)})


def could_be(number: str) -> bool:
    """Whether it has the shape of a whole number, whatever its check digit says."""
    return _SHAPE.fullmatch(number) is not None


def _slips(digits: str) -> Iterator[str]:
    for place, digit in enumerate(digits):
        for other in "0123456789":
            if other != digit:
                yield digits[:place] + other + digits[place + 1 :]
        if place + 1 < len(digits):
            yield digits[:place] + digits[place + 1] + digit + digits[place + 2 :]


def _joined(digits: str) -> str:
    return f"BL{digits[:8]}-{digits[8:14]}-{digits[14]}"


def next_sequence(session: Session, day: date) -> int:
    """One more than the day's highest. Two sessions may be told the same; the unique constraint decides."""
    prefix = f"BL{day:%Y%m%d}-"
    highest = session.scalar(
        select(func.max(DraftRow.application_number)).where(DraftRow.application_number.between(prefix, prefix + "~"))
    )
    return int(highest.split("-")[1]) + 1 if highest else 1

"""What spreadsheets do to long numbers, told per cell and never repaired.

A damaged cell gives no key: the record is kept, found by its other cells, and offered to a person.
Source: the domain's list of damage (scientific notation, lost leading zeros, 15 significant digits, last 8 of 20).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Damage(StrEnum):
    SCIENTIFIC = "scientific_notation"  #: 2.5442E+19
    OVER_15_DIGITS = "over_15_digits"  #: a numeric cell cannot hold more
    ROUNDED = "rounded_to_15_digits"  #: 20 digits that end in 00000
    LEADING_ZERO_LOST = "leading_zero_lost"
    TRUNCATED = "truncated_to_8"  #: only the last 8 of 20
    WRONG_LENGTH = "wrong_length"
    UNREADABLE = "unreadable"  #: a date or amount cell that is neither


TEXT: dict[Damage, str] = {
    Damage.SCIENTIFIC: "长号码被表格软件改成了科学计数法",
    Damage.OVER_15_DIGITS: "长号码被存成数值，15 位以后的数字已丢失",
    Damage.ROUNDED: "20 位号码末 5 位为 00000，可能被表格软件按 15 位取整",
    Damage.LEADING_ZERO_LOST: "前导 0 已丢失",
    Damage.TRUNCATED: "数电票号码只剩末 8 位",
    Damage.WRONG_LENGTH: "位数不对",
    Damage.UNREADABLE: "内容无法识别",
}


#: damage that leaves digits to compare by
TELLING = frozenset(
    {Damage.SCIENTIFIC, Damage.OVER_15_DIGITS, Damage.ROUNDED, Damage.LEADING_ZERO_LOST, Damage.TRUNCATED}
)


@dataclass(frozen=True, slots=True)
class DamagedCell:
    problem: Damage
    raw: str

    def export(self) -> str:
        return f"{self.problem.value}:{self.raw}"

    @classmethod
    def parse(cls, text: str) -> DamagedCell:
        problem, _, raw = text.partition(":")
        return cls(Damage(problem), raw)


def compatible(cell: DamagedCell, number: str) -> bool:
    """Could the undamaged cell have been `number`? Says possible, never certain."""
    if cell.problem in (Damage.SCIENTIFIC, Damage.OVER_15_DIGITS, Damage.ROUNDED):
        return _agrees_with_leading_digits(cell.raw, number)
    digits = re.sub(r"\D", "", cell.raw)
    if cell.problem is Damage.LEADING_ZERO_LOST:
        return bool(digits) and number.lstrip("0") == digits.lstrip("0")
    if cell.problem is Damage.TRUNCATED:
        return len(digits) >= 6 and number.endswith(digits)
    return False


def _agrees_with_leading_digits(raw: str, number: str) -> bool:
    """Equal to the digits that the damaged form still shows; its last shown digit may have been rounded."""
    mantissa, _, exponent = raw.upper().partition("E")
    shown = re.sub(r"\D", "", mantissa)
    magnitude = int(exponent) + 1 if exponent else len(shown)
    shown = shown[:15].rstrip("0") or "0"
    if magnitude != len(number) or len(shown) > len(number):
        return False
    head = number[: len(shown)]
    rest = number[len(shown) : len(shown) + 1]
    rounded_up = str(int(head) + 1).zfill(len(head)) if rest >= "5" else head
    # a binary number has no room for 20 digits: rounding it may end one higher than rounding what was typed
    binary = re.sub(r"\D", "", format(float(number), f".{len(shown) - 1}E").partition("E")[0])
    return shown in (head, rounded_up, rounded_up.rstrip("0"), binary)

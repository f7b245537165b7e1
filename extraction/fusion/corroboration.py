"""Structure that bears a value out or speaks against it: check characters, area and year, shape for the kind.

Each finding multiplies the odds of a value. The factors are likelihood ratios: how much more often a right reading
passes than a wrong one does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from extraction.checks import codes, uscc
from models.kinds import KINDS, InvoiceKind


@dataclass(frozen=True, slots=True)
class Finding:
    """`ratio` > 1 speaks for the value. `redundant`: enough redundancy to accept an OCR value on."""

    ratio: float
    name: str
    redundant: bool = False


NEUTRAL = Finding(1.0, "")
#: one wrong character in 18 always breaks the check character; one arbitrary wrong string in 31 passes it
CODE_PASSES = Finding(30.0, "uscc", redundant=True)
CODE_FAILS = Finding(0.03, "uscc")
CUT_CODE = Finding(0.03, "cut_code")


def examine(field: str, value: str, kind: InvoiceKind, values: Mapping[str, str | None]) -> Finding:
    """What structure says about `value`, given the best values of the other fields."""
    if field in ("buyer_tax_id", "seller_tax_id"):
        return _tax_id(value)
    if field == "invoice_number":
        return _number(value, kind, values.get("issue_date"))
    if field == "digital_invoice_number":
        return _digital(value, values.get("issue_date"))
    if field == "invoice_code":
        return _code(value, kind, values.get("issue_date"))
    if field == "issue_date":
        return _date(value, values)
    if field in ("buyer_name", "seller_name"):
        return _name(value)
    if field in _SHAPES:
        return NEUTRAL if _SHAPES[field].fullmatch(value) else Finding(0.05, "style")
    return NEUTRAL


#: a syllable of pinyin
_SYLLABLE = (
    "(?![gk]i)(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?"
    "(?:iang|iong|uang|[aeio]ng|uai|uan|iao|ian|[aeiou]n|ai|ei|ao|ou|i[aeu]|u[aeio]|er|[aeiouv])"
)
#: a plate begins with its province; a vehicle's number has letters and ends in figures (GB 16735); O and I beside
#: figures are 0 and 1 more often than not, and nothing tells; an office or market whose name wrapped has lost its end
_SHAPES = {
    "plate": re.compile(r"[\u4e00-\u9fff]+[A-HJ-NP-Z][^OI]{5,8}"),
    "vin": re.compile(r"(?=.*[A-Z])[0-9A-HJ-NPR-Z]{13}[0-9]{4}"),
    "engine_number": re.compile(r"[^OIQ]+"),
    "certificate_number": re.compile(r"[^OIQ]+"),
    "departure_station_phonics": re.compile(f"(?:{_SYLLABLE}'?)+", re.IGNORECASE),
    "destination_station_phonics": re.compile(f"(?:{_SYLLABLE}'?)+", re.IGNORECASE),
    "transfer_office": re.compile(r".{3,}[所局队处站心部]"),
    "market_name": re.compile(r".{3,}[司场心厂店行部社城户]"),
}
#: how a company's name cannot end or begin: it wrapped, or a seal or the picture's edge cut it
_CUT_NAME = re.compile(r".*(有限|有限公|有限责|有限责任|有限责任公|股份|股份有|股份有限|分|分公)|[省市区县）)、].*")


#: the same name drawn twice, a little aside
_DOUBLED = re.compile(r"(?:(.)\1){3,}")


def _name(value: str) -> Finding:
    if _DOUBLED.fullmatch(value):
        return Finding(0.03, "style")
    return Finding(0.03, "cut_name") if _CUT_NAME.fullmatch(value) else NEUTRAL


def _tax_id(value: str) -> Finding:
    """Numbers of 15 to 17 characters begin with an area, and none with a 9: one that does is the beginning of a credit
    code, cut off where a narrow paper's line ends."""
    if len(value) < 18 and value.startswith("9"):
        return CUT_CODE
    if len(value) != 18:
        return NEUTRAL
    return CODE_PASSES if uscc.valid(value) and uscc.org_check_valid(value) else CODE_FAILS


def _number(value: str, kind: InvoiceKind, issued: str | None) -> Finding:
    if len(value) == 20:
        return _digital(value, issued)
    shape = KINDS[kind].number
    fits = shape == "free" or (shape != "20" and len(value) == 8)
    return NEUTRAL if fits else Finding(0.05, "shape")


def _digital(value: str, issued: str | None) -> Finding:
    return (
        Finding(3.0, "number_year") if codes.plausible_digital_number(value, issued) else Finding(0.05, "number_year")
    )


def _code(value: str, kind: InvoiceKind, issued: str | None) -> Finding:
    said = codes.kind_from_code(value)
    if said is None:
        return NEUTRAL
    if said is not kind:
        return Finding(0.2, "code_kind")
    year = codes.code_year(value)
    plausible = codes.area_of(value) in codes.AREAS and (issued is None or year <= int(issued[:4]) <= year + 10)
    return Finding(5.0, "code_kind") if plausible else Finding(0.1, "code_area_year")


def _date(value: str, values: Mapping[str, str | None]) -> Finding:
    number = values.get("invoice_number")
    if number and len(number) == 20 and number.isdigit():
        fits = codes.number_year(number) == int(value[:4])
        return Finding(3.0, "number_year") if fits else Finding(0.05, "number_year")
    return NEUTRAL

"""Folds names for comparison only: width, brackets, spaces, company-form suffixes. Never changes a stored value.

Two legally different names may fold to the same text (有限公司 and 有限责任公司), so an equal fold is evidence, not
identity: no link is ever made on a name alone.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_BRACKETS = str.maketrans("【】〔〕［］「」<>〈〉《》{}[]", "()" * 9)
_IGNORED = re.compile(r"[\s·•・.,，。、:：;；'\"“”‘’_\-—–]+")
#: longest first; the form is weak evidence, so it is set aside, not dropped from the stored name
COMPANY_FORMS = (
    "股份有限责任公司", "有限责任公司", "股份有限公司", "集团有限公司", "有限公司", "股份公司", "公司",
)  # fmt: skip


@lru_cache(maxsize=65536)
def fold_name(name: str | None) -> str:
    """`ＡＢＣ（北京） 有限公司` → `abc(北京)有限公司`."""
    if not name:
        return ""
    text = unicodedata.normalize("NFKC", name).translate(_BRACKETS)
    return _IGNORED.sub("", text).casefold()


@lru_cache(maxsize=65536)
def split_form(name: str | None) -> tuple[str, str]:
    """Folded name without its company form, and the form: (`abc(北京)`, `有限公司`)."""
    folded = fold_name(name)
    for form in COMPANY_FORMS:
        if folded.endswith(form) and len(folded) > len(form):
            return folded[: -len(form)], form
    return folded, ""


def same_name(one: str | None, other: str | None) -> bool:
    """Equal after folding of width, brackets and spaces; company forms differ legally, so they must be equal too."""
    return bool(one) and fold_name(one) == fold_name(other)


@lru_cache(maxsize=65536)
def fold_tax_id(tax_id: str | None) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", tax_id)).upper() if tax_id else ""

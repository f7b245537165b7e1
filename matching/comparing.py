"""Compares a captured invoice with the record that bears its key, field by field, each in its own way.

Only fields that the document has are compared; one that extraction itself doubts is a difference marked uncertain.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from matching.captured import Captured
from matching.folding import fold_tax_id, same_name
from matching.on_behalf import true_seller
from matching.stored import StoredRecord
from models.evidence import FieldStatus
from models.matching import Difference
from models.money import format_money, from_fen

_MONEY = {"total_excl_tax": "total_excl_fen", "total_tax": "total_tax_fen", "total_incl_tax": "total_incl_fen"}
_TEXTS = ("seller_tax_id", "buyer_tax_id", "seller_name", "buyer_name")
LABELS = {
    "invoice_code": "发票代码", "invoice_number": "发票号码", "issue_date": "开票日期",
    "seller_name": "销售方名称", "seller_tax_id": "销售方识别号",
    "buyer_name": "购买方名称", "buyer_tax_id": "购买方识别号", "total_excl_tax": "合计金额", "total_tax": "合计税额",
    "total_incl_tax": "价税合计",
}  # fmt: skip
UNCERTAIN = "（识别存疑）"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What agrees and what does not. `certain` differences are on accepted fields."""

    agreeing: tuple[str, ...]
    differences: tuple[Difference, ...]
    uncertain: frozenset[str]

    @property
    def certain(self) -> tuple[Difference, ...]:
        return tuple(d for d in self.differences if d.field not in self.uncertain)


def compare(invoice: Captured, record: StoredRecord) -> Comparison:
    """`***` and 免税 amounts, blank cells and damaged cells are not compared: they say nothing."""
    agreeing: list[str] = []
    differences: list[Difference] = []
    uncertain: set[str] = set()
    behalf = true_seller(invoice)
    for name in ("issue_date", *_MONEY, *_TEXTS):
        seen = invoice.field(name)
        stored = _stored(record, name)
        if seen.value is None or stored is None or seen.status is FieldStatus.ABSENT:
            continue
        same = _same(invoice, name, seen.value, stored)
        if same is None:
            continue
        if not same and behalf is not None and name in ("seller_tax_id", "seller_name"):
            # 代开: the record may bear the company of the remarks instead of the tax office on the face
            named = behalf.tax_id if name == "seller_tax_id" else behalf.name
            same = bool(named and _same(invoice, name, named, stored))
        if same:
            agreeing.append(name)
            continue
        doubtful = seen.status is FieldStatus.REVIEW
        if doubtful:
            uncertain.add(name)
        shown = f"{seen.value}{UNCERTAIN}" if doubtful else seen.value
        differences.append(Difference(field=name, document=shown, record=_shown(stored)))
    return Comparison(tuple(agreeing), tuple(differences), frozenset(uncertain))


def _stored(record: StoredRecord, name: str) -> date | int | str | None:
    found: date | int | str | None = getattr(record, _MONEY.get(name, name))
    return found


def _shown(stored: date | int | str) -> str:
    if isinstance(stored, int):
        return format_money(from_fen(stored))
    return stored.isoformat() if isinstance(stored, date) else stored


def _same(invoice: Captured, name: str, seen: str, stored: date | int | str) -> bool | None:
    """None: cannot be compared."""
    if isinstance(stored, int):
        fen = invoice.fen(name)
        return None if fen is None else fen == stored
    if isinstance(stored, date):
        return None if invoice.issue_date is None else invoice.issue_date == stored
    if name.endswith("tax_id"):
        return fold_tax_id(seen) == fold_tax_id(stored)
    return same_name(seen, stored)


def describe(names: tuple[str, ...]) -> str:
    return "、".join(LABELS.get(name, name) for name in names)

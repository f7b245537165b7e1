"""代开: the printed seller may be a tax office; the true seller stands in the remarks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from matching.captured import Captured

_TAX_ID = re.compile(r"代开企业(?:税号|纳税人识别号|统一社会信用代码)[:：]?\s*([0-9A-Z]{15,20})")
_NAME = re.compile(r"代开企业名称[:：]?\s*([^\s;；,，:：]{2,60})")


@dataclass(frozen=True, slots=True)
class TrueSeller:
    tax_id: str | None
    name: str | None

    @property
    def shown(self) -> str:
        return " ".join(part for part in (self.name, self.tax_id) if part)


def true_seller(invoice: Captured) -> TrueSeller | None:
    remarks = invoice.value("remarks") or ""
    tax_id, name = _TAX_ID.search(remarks), _NAME.search(remarks)
    if tax_id is None and name is None:
        return None
    return TrueSeller(tax_id[1] if tax_id else None, name[1] if name else None)

"""Proposes which column of an unknown table is which, from its header and from what stands below. A person confirms.

A header known from other tables outweighs content; content tells apart what headers leave open: twenty digits, a tax
id, a date, and among the amounts the one that is the sum of two others.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from matching.companies import OurCompanies
from matching.importing import cells, labels
from matching.importing.formats import FORMATS
from matching.importing.headers import fold_header
from matching.importing.mapping import INVOICE_FIELDS, LINE_FIELDS, LINE_TOTALS, Grain, Table
from models.ledger import Direction, RecordState

LEAST = 3.0  #: belief below which nothing is proposed
_ALIAS = 10.0
_WORD = 4.0
_SHAPE = 6.0
#: words that a header of the column holds where it is no known alias
_WORDS: dict[str, tuple[str, ...]] = {
    "invoice_code": ("代码",),
    "invoice_number": ("发票号", "票号", "invoiceno", "invoicenumber", "fphm"),
    "digital_invoice_number": ("数电", "全电"),
    "issue_date": ("日期", "开票时间", "date", "kprq"),
    "seller_name": ("供应商", "销方", "销货", "销售方", "vendor", "seller", "supplier"),
    "seller_tax_id": ("供应商税号", "销方税号", "纳税人识别号", "vendortax", "sellertax"),
    "buyer_name": ("购方", "购买方", "购货", "抬头", "本单位", "公司", "buyer", "company"),
    "buyer_tax_id": ("购方税号", "本单位税号", "公司税号", "buyertax"),
    "total_excl_tax": ("不含税", "未税", "净额", "net"),
    "total_tax": ("税额", "税金", "tax"),
    "total_incl_tax": ("含税", "价税", "总额", "总金额", "合计", "gross", "total"),
    "kind_label": ("票种", "发票类型", "发票种类", "票据类型"),
    "state_label": ("状态", "status"),
    "remarks": ("备注", "摘要", "说明", "remark", "memo"),
    "item_name": ("品名", "商品", "货物", "项目名称", "item"),
    "specification": ("规格", "型号"),
    "unit": ("单位",),
    "quantity": ("数量", "qty", "quantity"),
    "unit_price": ("单价", "price"),
    "tax_rate": ("税率", "rate"),
}
_MONEY = ("total_excl_tax", "total_tax", "total_incl_tax")
_OTHER_SIDE = ("往来", "客商", "对方", "客户")  #: whichever of the two is not us
_IDS = ("税号", "识别号", "信用代码")
_ENDS = ("公司", "事务所", "厂", "酒店", "中心", "商行", "经营部")
_NOT = {
    "total_incl_tax": ("不含税", "未税"),
    "total_tax": ("含税", "税率", "税号", "识别号"),
    "total_excl_tax": ("税率", "税额", "税号"),
    "buyer_name": ("税号", "识别号", "代码"),
    "seller_name": ("税号", "识别号", "代码", "编码"),
    "unit": ("单位名称", "往来单位", "购货单位", "销货单位", "本单位"),
    "remarks": ("票号",),
}


def guess(
    table: Table, ours: OurCompanies, *, grain: Grain = "invoice", direction: Direction | None = None
) -> dict[str, int]:
    """Our column → position in the table. Each column and each position at most once."""
    fields = (*INVOICE_FIELDS, *(LINE_FIELDS if grain == "line" else ()))
    beliefs: list[tuple[float, int, int, str]] = []
    looks = {column.at: _looks(table.values(column.at), ours) for column in table.columns}
    for column in table.columns:
        folded = fold_header(column.header)
        for rank, name in enumerate(fields):
            belief = _by_header(folded, name, direction) + _by_content(looks[column.at], name, direction)
            if belief >= LEAST:
                beliefs.append((-belief, column.at, rank, name))
    proposed: dict[str, int] = {}
    for _belief, at, _rank, name in sorted(beliefs):
        if name not in proposed and at not in proposed.values():
            proposed[name] = at
    _by_sums(table, looks, proposed)
    _one_number(proposed, looks)
    return proposed


@cache
def _aliases() -> dict[str, frozenset[str]]:
    """Folded header → every column that some known table gives it."""
    found: dict[str, set[str]] = {}
    back = {line: total for total, line in LINE_TOTALS.items()}
    for form in FORMATS:
        for column, headers in form.columns.items():
            for header in headers:
                found.setdefault(fold_header(header), set()).add(back.get(column, column))
    return {header: frozenset(columns) for header, columns in found.items()}


def _by_header(folded: str, name: str, direction: Direction | None) -> float:
    if not folded:
        return 0
    if any(word in folded for word in _OTHER_SIDE) and name.startswith(("seller_", "buyer_")):
        is_id = any(word in folded for word in _IDS)
        other = "buyer" if direction is Direction.OUTPUT else "seller"
        return _ALIAS if name == f"{other}_{'tax_id' if is_id else 'name'}" else -_WORD
    if name in _aliases().get(folded, ()):
        return _ALIAS
    if any(word in folded for word in _NOT.get(name, ())):
        return -_WORD
    longest = max((len(word) for word in _WORDS.get(name, ()) if word in folded), default=0)
    return _WORD + longest / 10 if longest else 0


def _looks(values: list[Any], ours: OurCompanies) -> dict[str, float]:
    """Shape → share of the cells that have it."""
    if not values:
        return {}
    found = {shape: sum(map(is_, values)) / len(values) for shape, is_ in _SHAPES.items()}
    texts = [cells.text(value) for value in values]
    return found | {"ours": sum(ours.owns_id(t) or ours.id_of_name(t) is not None for t in texts if t) / len(values)}


def _digits(cell: Any, *lengths: int) -> bool:
    found = cells.text(cell) or ""
    return found.isascii() and found.isdigit() and len(found) in lengths


def _tax_id(cell: Any) -> bool:
    found = (cells.text(cell) or "").upper()
    return len(found) in (15, 18) and found.isascii() and found.isalnum() and found[2:6].isdigit()


def _date(cell: Any) -> bool:
    if isinstance(cell, float | int):  # any amount could be a serial: only a header may say so
        return False
    return cells.issue_date(cell)[0] is not None


def _money(cell: Any) -> bool:
    found = cells.text(cell) or ""
    return cells.money(cell)[0] is not None and not (found.isdigit() and len(found) >= 8)


def _company(cell: Any) -> bool:
    return isinstance(cell, str) and any(end in cell for end in _ENDS)


def _twenty(cell: Any) -> bool:
    """Twenty digits, or what a spreadsheet has made of them."""
    return _digits(cell, 20) or "E+19" in (cells.text(cell) or "").upper()


_SHAPES: dict[str, Callable[[Any], bool]] = {
    "twenty": _twenty,
    "eight": lambda cell: _digits(cell, 8) and cells.issue_date(cell)[0] is None,
    "code": lambda cell: _digits(cell, 10, 12),
    "tax_id": _tax_id,
    "date": _date,
    "money": _money,
    "company": _company,
    "kind": lambda cell: labels.kind_of(cells.text(cell)) is not None and not _digits(cell, 1, 2),
    "state": lambda cell: labels.state_of(cells.text(cell)) is not RecordState.UNKNOWN and not _digits(cell, 1, 2),
    "rate": lambda cell: isinstance(cell, str) and cell.strip().endswith("%"),
}
_SHAPE_OF: dict[str, str] = {
    "invoice_code": "code", "digital_invoice_number": "twenty", "issue_date": "date", "seller_tax_id": "tax_id",
    "buyer_tax_id": "tax_id", "seller_name": "company", "buyer_name": "company", "kind_label": "kind",
    "state_label": "state", "tax_rate": "rate", **dict.fromkeys(_MONEY, "money"),
}  # fmt: skip


def _by_content(looks: Mapping[str, float], name: str, direction: Direction | None) -> float:
    if not looks:
        return 0
    if name == "invoice_number":
        share = max(looks["eight"], looks["twenty"])
        return _SHAPE * share if share > 0.5 else -_SHAPE
    shape = _SHAPE_OF.get(name)
    if shape is None:
        return 0
    share = looks[shape]
    if shape == "money":  # what an amount is of, only a header or the sums can say
        return 0 if share > 0.5 else -_ALIAS
    side = _side(looks, name, direction) if shape in ("tax_id", "company") else 0
    return side + (_SHAPE * share if share > 0.5 else -_SHAPE if shape != "company" else 0)


def _side(looks: Mapping[str, float], name: str, direction: Direction | None) -> float:
    """Our own name or id stands on the buyer's side, on the seller's in 销项; the other side is the other's."""
    our_side = "seller" if direction is Direction.OUTPUT else "buyer"
    is_ours = looks["ours"] > 0.5
    if is_ours:
        return _WORD if name.startswith(our_side) else -_ALIAS
    return 0 if name.startswith(our_side) else 1


def _by_sums(table: Table, looks: Mapping[int, Mapping[str, float]], proposed: dict[str, int]) -> None:
    """Among amount columns without a name of their own: net + tax = gross in nearly every row says which is which."""
    if all(name in proposed for name in _MONEY):
        return
    taken = {at for name, at in proposed.items() if name not in _MONEY}
    amounts = [at for at, seen in looks.items() if at not in taken and seen.get("money", 0) > 0.5]
    read = {at: [_amount(row, at) for row in table.rows] for at in amounts[:12]}
    for net, tax, gross in itertools.permutations(read, 3):
        found = {"total_excl_tax": net, "total_tax": tax, "total_incl_tax": gross}
        said = all(proposed.get(name) in (None, at) for name, at in found.items())
        if said and _adds_up(read[net], read[tax], read[gross]):
            proposed.update(found)
            return


def _amount(row: list[Any], at: int) -> Decimal | None:
    return cells.money(row[at])[0] if at < len(row) else None


def _adds_up(net: list[Decimal | None], tax: list[Decimal | None], gross: list[Decimal | None]) -> bool:
    whole = [(n, t, g) for n, t, g in zip(net, tax, gross, strict=True) if n is not None and t and g is not None]
    fits = sum(n + t == g and abs(t) < abs(n) for n, t, g in whole)
    return len(whole) >= 2 and fits >= 0.9 * len(whole)


def _one_number(proposed: dict[str, int], looks: Mapping[int, Mapping[str, float]]) -> None:
    """A single column of twenty digits is 发票号码, as the tables print it; two columns keep their names."""
    if "invoice_number" not in proposed and "digital_invoice_number" in proposed:
        at = proposed["digital_invoice_number"]
        if looks[at].get("twenty", 0) < 0.5:
            proposed["invoice_number"] = proposed.pop("digital_invoice_number")

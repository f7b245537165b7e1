"""Causes that lie in what was exported: kinds that are not in the feed, the other direction, another account."""

from __future__ import annotations

from matching.diagnosis import weights
from matching.diagnosis.case import Case, Finding
from matching.importing.coverage import UNKNOWN_KIND
from models.kinds import KINDS, InvoiceKind
from models.ledger import Direction
from models.matching import CauseCode

_K = InvoiceKind
#: local papers: no tax account lists them
NEVER_IN_FEED = frozenset({_K.TRAIN_PAPER, _K.TAXI, _K.TOLL_PAPER, _K.QUOTA, _K.MACHINE, _K.BUS, _K.SHIP, _K.OTHER})
RARELY_IN_FEED = frozenset({_K.ORDINARY_ROLL})
#: kinds that an 抵扣勾选 export never holds
NOT_DEDUCTIBLE = frozenset({_K.ORDINARY_PAPER, _K.ORDINARY_ROLL, _K.ORDINARY_E, _K.DIGITAL_ORDINARY,
                            _K.DIGITAL_PAPER_ORDINARY, _K.BLOCKCHAIN_SZ})  # fmt: skip
DEDUCTION = "bureau_deduction"


def kind_not_in_feed(case: Case) -> Finding | None:
    kind, title = case.invoice.kind, KINDS[case.invoice.kind].title
    manual = "不会出现在税务局导出中：按纸质凭证人工登记或补录"
    if kind in NEVER_IN_FEED:
        return _finding(weights.KIND_NEVER_IN_FEED, (f"{title}不在税务数字账户中",), manual)
    covering = case.covering
    if kind in NOT_DEDUCTIBLE and covering and all(i.format == DEDUCTION for i in covering):
        said = f"{title}不可抵扣，而覆盖该日期的导入只有抵扣勾选文件"
        return _finding(weights.ONLY_DEDUCTION_FEED, (said,), "改用“全量发票查询”导出该期间并导入")
    seen = {k for i in covering for k in i.kinds}
    if not covering or kind.value in seen:
        return None
    if kind in RARELY_IN_FEED:
        return _finding(weights.KIND_RARELY_IN_FEED, (f"{title}常无购方税号，已导入的记录中没有此票种",), manual)
    if UNKNOWN_KIND in seen:
        return None
    said = f"覆盖该日期的导入中没有任何{title}"
    return _finding(weights.KIND_NOT_SEEN, (said,), "检查导出条件是否限制了票种；用“全量发票查询”重新导出")


def _finding(odds: float, evidence: tuple[str, ...], action: str) -> Finding:
    return Finding(CauseCode.KIND_NOT_IN_FEED, odds, evidence, action)


def wrong_direction(case: Case) -> Finding | None:
    if not case.we_sell or any(i.direction == Direction.OUTPUT.value for i in case.covering):
        return None
    evidence: tuple[str, ...] = (f"票面销售方 {case.invoice.value('seller_name') or case.our_tax_id} 是本单位",)
    imported = {i.direction for i in case.imports}
    if imported == {Direction.INPUT.value}:
        evidence += ("已导入的只有进项记录",)
    return Finding(CauseCode.WRONG_DIRECTION, weights.WRONG_DIRECTION, evidence, "导出并导入销项（开具）发票记录")


def no_access(case: Case) -> Finding | None:
    ours = case.our_tax_id
    owners = {i.owner_tax_id for i in case.covering if i.owner_tax_id}
    if ours is None or not owners or ours in owners or any(i.owner_tax_id is None for i in case.covering):
        return None
    evidence = (f"票面本方税号 {ours}，而已导入记录属于 {'、'.join(sorted(owners))}",)
    return Finding(CauseCode.NO_ACCESS, weights.NO_ACCESS, evidence, f"以 {ours} 的身份登录税务数字账户导出并导入")


RULES = (kind_not_in_feed, wrong_direction, no_access)

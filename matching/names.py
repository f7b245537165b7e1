"""How people call what matching finds: statuses, classes of records, causes and ages, in Chinese and English.

One list for pages, workbooks and printed reports, so that a thing has the same name wherever it is met.
"""

from __future__ import annotations

from typing import NamedTuple

from matching.reconciliation.ageing import Age
from matching.reconciliation.totals import RecordClass
from models.matching import CauseCode, MatchStatus


class Named(NamedTuple):
    zh: str
    en: str


STATUSES: dict[MatchStatus, Named] = {
    MatchStatus.MATCHED: Named("已入账", "Matched"),
    MatchStatus.DIFFERS: Named("有差异", "Differs"),
    MatchStatus.PROBABLE: Named("疑似匹配", "Probable"),
    MatchStatus.ABSENT: Named("未入账", "Absent"),
    MatchStatus.DUPLICATE: Named("重复发票", "Duplicate"),
    MatchStatus.VOID: Named("已作废", "Void"),
    MatchStatus.RED_FLUSHED: Named("已红冲", "Red-flushed"),
    MatchStatus.NOT_OURS: Named("非本单位", "Not ours"),
    MatchStatus.NEEDS_REVIEW: Named("待复核", "To review"),
    MatchStatus.NO_DOCUMENT: Named("有记录无单据", "No document"),
}
RECORD_CLASSES: dict[RecordClass, Named] = {
    RecordClass.NOTHING_DUE: Named("作废或全额红冲，无须交单", "Void or reversed, nothing due"),
    RecordClass.OUTPUT: Named("销项（本单位开具）", "Output (issued by us)"),
}
CAUSES: dict[CauseCode, Named] = {
    CauseCode.MISREAD_OR_MISTYPED: Named("号码读错或录错", "Misread or mistyped"),
    CauseCode.CODE_NUMBER_SWAPPED: Named("代码与号码颠倒", "Code and number swapped"),
    CauseCode.NUMBER_TRUNCATED: Named("号码被截断", "Number cut short"),
    CauseCode.SPREADSHEET_DAMAGE: Named("表格软件损坏了号码", "Damaged by a spreadsheet"),
    CauseCode.NOT_SYNCED_YET: Named("尚未同步到记录", "Not synced yet"),
    CauseCode.PERIOD_NOT_IMPORTED: Named("该期间尚未导入", "Period not imported"),
    CauseCode.KIND_NOT_IN_FEED: Named("该票种不在导出范围", "Kind not in the export"),
    CauseCode.WRONG_DIRECTION: Named("进销项方向不对", "Wrong direction"),
    CauseCode.OTHER_ENTITY: Named("抬头是其他单位", "Another entity's"),
    CauseCode.BUYER_ID_MISSING: Named("没有购买方税号", "No buyer tax id"),
    CauseCode.VOIDED: Named("已作废", "Voided"),
    CauseCode.RED_FLUSHED: Named("已红冲", "Red-flushed"),
    CauseCode.IS_RED: Named("本身是红字发票", "A red invoice itself"),
    CauseCode.ISSUED_ON_BEHALF: Named("代开发票", "Issued on behalf"),
    CauseCode.DUPLICATE: Named("重复", "Duplicate"),
    CauseCode.STORED_UNDER_OTHER_KEY: Named("以另一号码入账", "Stored under another key"),
    CauseCode.NO_ACCESS: Named("没有该单位的数据权限", "No access to that entity"),
    CauseCode.SUSPICIOUS: Named("票面可疑，须核实", "Suspicious; verify"),
    CauseCode.NEVER_RECORDED: Named("从未入账", "Never recorded"),
}
AGES: dict[Age, Named] = {
    Age.WEEK: Named("0–7 天", "0–7 days"),
    Age.MONTH: Named("8–30 天", "8–30 days"),
    Age.QUARTER: Named("31–90 天", "31–90 days"),
    Age.OVERDUE: Named("90 天以上", "over 90 days"),
    Age.UNKNOWN: Named("日期不详", "no date"),
}


def class_name(name: str) -> Named:
    """Of a class of documents or of records, by its code."""
    return _BY_CODE[name]


_BY_CODE = {each.value: name for names in (STATUSES, RECORD_CLASSES) for each, name in names.items()}

# ruff: noqa: E501
"""Words of the workbook and the printed report, in the language of whoever asked for it.

The Chinese word is the key. Names of statuses, causes and ages are those of `matching.names`; names of fields and kinds
are the caller's, handed in as for `matching.wording`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matching.comparing import LABELS
from matching.names import Named as Name
from matching.wording import Named, in_language
from models.kinds import KINDS, InvoiceKind

ENGLISH: dict[str, str] = {
    # columns
    "文件": "Document", "票种": "Kind", "发票代码": "Code", "发票号码": "Number", "开票日期": "Issued", "销售方": "Seller",
    "销售方税号": "Seller tax id", "购买方": "Buyer", "金额": "Net", "税额": "Tax", "价税合计": "Total incl. tax",
    "结论": "Finding", "首要原因": "First cause", "可能性": "Likelihood", "证据": "Evidence", "建议": "What to do",
    "不一致之处": "Differences", "补录申请号": "Supplement", "账龄": "Age", "发票状态": "State",
    "最近交单人": "Last handed in by", "张数": "Invoices", "未入账张数": "Absent", "未入账价税合计": "Absent, incl. tax",
    "无单据张数": "Without document", "无单据价税合计": "Without document, incl. tax", "不一致的字段": "Field",
    "次数": "Times", "差额绝对值合计": "Sum of absolute differences", "原因或差异": "Cause or difference",
    # sheets and headings
    "汇总": "Summary", "单据": "Documents", "应交单据": "Documents due", "记录（台账）": "Records",
    "按导入文件": "By imported file", "补录": "Supplements", "与全部记录之差": "Difference from all records",
    "各次导入合计与全部记录之差": "Imports together less all records", "以上合计": "Sum of the above", "全部": "All",
    "差额": "Difference", "期间": "Period", "单位": "Company", "账龄截至": "Ageing as of",
    "发票核对报告": "Invoice reconciliation", "全部单位": "all companies", "全部期间": "all periods",
    "{company} · {period} · 账龄截至 {day}": "{company} · {period} · ageing as of {day}",
    "两侧及各次导入的合计均与明细相符，差额 0.00。": "Both sides and all imports add up; the difference is 0.00.",
    "合计与明细不符，请先查明差额。": "The totals do not add up: find the difference first.",
    "一、记录（台账）": "1. Records", "二、单据": "2. Documents", "三、账龄": "3. Ageing",
    "四、有差异的字段": "4. Fields that differ", "{name}（{count} 张）": "{name} ({count})",
    "有记录无单据（{count} 张，按销售方）": "Records without a document ({count}, by seller)",
    "此处列出前 {most} 张，其余见核对表。": "The first {most} are listed; the workbook has all.",
    "此处列出金额最大的 {most} 家，其余见核对表。": "The {most} with the largest amounts are listed; the workbook has all.",
    "{field}：票面 {document}，记录 {record}": "{field}: document {document}, record {record}",
}  # fmt: skip


class Words:
    """Says a word of the reports in one language."""

    def __init__(self, language: str = "zh", named: Named | None = None) -> None:
        self.english = language == "en" and named is not None
        self.named = named

    def __call__(self, chinese: str, **values: Any) -> str:
        said = ENGLISH[chinese] if self.english else chinese
        return said.format(**values) if values else said

    def name(self, name: Name) -> str:
        return name.en if self.english else name.zh

    def field(self, name: str) -> str:
        return self.named("field", name) if self.english and self.named else LABELS.get(name, name)

    def kind(self, kind: str | None) -> str | None:
        if kind is None:
            return None
        return self.named("kind", kind) if self.english and self.named else KINDS[InvoiceKind(kind)].title

    def semicolon(self, parts: list[str]) -> str:
        return ("; " if self.english else "；").join(parts)

    def finding(self, match: Mapping[str, Any]) -> Mapping[str, Any]:
        """A stored finding with its sentences in the language."""
        return in_language(match, "en", self.named) if self.english and self.named else match


CHINESE = Words()

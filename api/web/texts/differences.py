# ruff: noqa: E501
"""Texts of what is absent on either side."""

from __future__ import annotations

from api.web.texts.both import Both

# fmt: off
TEXTS: dict[str, Both] = {
    "absent.title": Both("未入账", "Absent"),
    "absent.hint": Both("有单据、无记录", "Document without record"),
    "absent.no_companies": Both("尚未登记本单位，无法判断发票抬头是否属于我们。", "No company is registered, so nobody can tell whether a buyer is us."),
    "absent.no_records": Both("还没有导入任何记录，所有发票都会显示为未入账。", "No records are imported yet, so every invoice shows as absent."),
    "absent.by_cause": Both("按首要原因", "By first cause"),
    "absent.sum": Both("{count} 张，价税合计 {total}", "{count} invoices, {total} incl. tax"),
    "absent.none_of_cause": Both("没有因此未入账的发票", "No invoice is absent for this cause"),
    "absent.period_hint": Both("只用于导出；留空为全部", "For the export only; blank means all"),
    "absent.export": Both("导出核对表", "Export reconciliation"),
    "absent.period": Both("导出期间", "Month to export"),
    "absent.nothing_yet": Both("还没有可以核对的记录", "No records to compare with yet"),
    "absent.nothing_yet_hint": Both("导入台账、上传单据后，查不到记录的发票会列在这里。", "Once records are imported and documents read, invoices without a record are listed here."),
    "absent.none": Both("没有未入账的发票", "No absent invoices"),
    "absent.none_hint": Both("已读完的发票没有一张查不到记录。", "No invoice read so far lacks its record."),
    "absent.no_draft": Both("不生成补录草稿：请按首要原因处理", "No draft: act on the first cause"),
    "absent.review_first": Both("核对后自动生成补录草稿", "Drafted once a person has reviewed it"),
    "no_document.title": Both("缺单据", "No document"),
    "no_document.hint": Both("有记录、无单据", "Record without document"),
    "no_document.none": Both("没有缺单据的记录。", "No record lacks its document."),
}
# fmt: on

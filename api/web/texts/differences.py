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
    "absent.export": Both("导出核对表", "Export reconciliation"),
    "absent.period": Both("期间", "Period"),
    "absent.none": Both("没有未入账的发票", "No absent invoices"),
    "absent.none_hint": Both("收到的发票都能在记录中找到。", "Every captured invoice is found in the records."),
    "absent.no_draft": Both("不生成补录草稿：请按首要原因处理", "No draft: act on the first cause"),
    "absent.review_first": Both("核对后自动生成补录草稿", "Drafted once a person has reviewed it"),
    "no_document.title": Both("缺单据", "No document"),
    "no_document.hint": Both("有记录、无单据", "Record without document"),
    "no_document.none": Both("每条记录都有单据。", "Every record has its document."),
}
# fmt: on

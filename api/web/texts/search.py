# ruff: noqa: E501
"""Texts of the search page and of saved searches."""

from __future__ import annotations

from api.web.texts.both import Both

# fmt: off
TEXTS: dict[str, Both] = {
    "nav.search": Both("查找", "Search"),
    "search.title": Both("查找", "Search"),
    "search.box": Both("查找单据、记录、补录", "Find documents, records, supplements"),
    "search.hint": Both("号码的任意一段、公司名或拼音首字母、金额、日期、税号、项目名称、备注，可用空格组合", "Any part of a number, a name or its pinyin initials, an amount, a day, a tax id, an item, a remark; combine with spaces"),
    "search.examples": Both("例如", "For example"),
    "search.example_number": Both("号码的一段", "part of a number"),
    "search.example_amount": Both("金额范围", "range of amounts"),
    "search.example_month": Both("一个月", "a month"),
    "search.example_more": Both("多于", "more than"),
    "search.example_sound": Both("拼音首字母", "pinyin initials"),
    "search.filters": Both("更多条件", "More filters"),
    "search.all": Both("全部", "All"),
    "search.document": Both("单据", "Documents"),
    "search.record": Both("记录", "Records"),
    "search.draft": Both("补录", "Supplements"),
    "search.status": Both("状态", "Status"),
    "search.kind": Both("票种", "Kind"),
    "search.direction": Both("进销", "Direction"),
    "search.since": Both("开票日期从", "Issued from"),
    "search.until": Both("到", "to"),
    "search.least": Both("金额从", "Amount from"),
    "search.most": Both("到", "to"),
    "search.tax_id": Both("税号", "Tax id"),
    "search.go": Both("查找", "Search"),
    "search.none": Both("没有找到", "Nothing found"),
    "search.none_hint": Both("少写几个字或去掉一些条件再试。差一位的号码、错一个字的名称已经一并找过。", "Try fewer words or fewer filters. Numbers with one digit wrong and names with one character wrong were looked for, too."),
    "search.nearly": Both("相近", "Approximate"),
    "search.nearly_title": Both("与所查差一位数字或一个字", "One digit or character differs"),
    "search.also_nearly": Both("再找差一位、错一字的", "Also look for one slip away"),
    "search.older": Both("更多", "More"),
    "search.every": Both("全部 {count} 条", "All {count}"),
    "search.reading": Both("索引正在读入：{read} / {expected} 条记录。结果可能还不全，读完后自动补上。", "The index is being read: {read} of {expected} records. Results may be incomplete until it is done."),
    "search.views": Both("常用查找", "Saved searches"),
    "search.save": Both("存为常用", "Save this search"),
    "search.view_name": Both("名称", "Name"),
    "search.shared": Both("与所有人共享", "Share with everybody"),
    "search.by": Both("{name} 共享", "shared by {name}"),
    "search.delete": Both("删除", "Delete"),
    "search.delete_ask": Both("删除“{name}”？", "Delete {name}?"),
    "found.application_number": Both("申请号", "Application number"),
    "found.document": Both("文件名", "File name"),
    "found.item_name": Both("项目", "Item"),
    "found.specification": Both("规格型号", "Specification"),
}
# fmt: on

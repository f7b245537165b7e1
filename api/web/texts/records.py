# ruff: noqa: E501
"""Texts of imports, records and our companies."""

from __future__ import annotations

from api.web.texts.both import Both

# fmt: off
TEXTS: dict[str, Both] = {
    "records.title": Both("记录", "Records"),
    "records.total": Both("共 {count} 条", "{count} in all"),
    "records.file": Both("文件", "File"),
    "records.rows": Both("行数", "Rows"),
    "records.outcome": Both("新增 {added}，更新 {updated}，未变 {unchanged}，未导入 {rejected}", "{added} added, {updated} updated, {unchanged} unchanged, {rejected} not imported"),
    "records.recent": Both("最近导入", "Recent imports"),
    "records.problems": Both("{count} 处问题", "{count} problems"),
    "records.state": Both("发票状态", "State"),
    "records.damaged": Both("数据受损", "Damaged"),
    "records.none": Both("没有记录", "No records"),
    "records.text_hint": Both("号码、销售方、购买方", "Number, seller, buyer"),
}
# fmt: on

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
    "records.outcome": Both("新增 {added}，更新 {updated}，未变 {unchanged}，拒绝 {rejected}", "{added} added, {updated} updated, {unchanged} unchanged, {rejected} refused"),
    "records.recent": Both("最近导入", "Recent imports"),
    "records.problems": Both("{count} 处问题", "{count} problems"),
    "records.state": Both("发票状态", "State"),
    "records.damaged": Both("数据受损", "Damaged"),
    "records.none": Both("没有记录", "No records"),
    "records.text_hint": Both("号码、销售方、购买方", "Number, seller, buyer"),
    "companies.title": Both("本单位", "Our companies"),
    "companies.hint": Both("发票抬头是这些单位之一，才算“我们的”发票。", "An invoice is ours when its buyer is one of these."),
    "companies.first": Both("请先登记本单位的名称和税号，然后导入税务局的发票记录，就可以上传发票了。", "Register your company first, then import the bureau's records, then upload invoices."),
    "companies.name": Both("单位名称", "Name"),
    "companies.tax_id": Both("统一社会信用代码 / 税号", "Tax id"),
    "companies.former": Both("曾用名", "Former names"),
    "companies.former_hint": Both("每行一个", "One per line"),
    "companies.add": Both("登记单位", "Register a company"),
    "companies.doubted": Both("税号的校验位不符，很可能有一位输错：税号错了，所有发票都会显示为“非本单位”。请对照营业执照。", "The check digit of the tax id does not fit, so that a character is probably wrong: every invoice would show as not ours. Compare it with the business licence."),
    "companies.perhaps": Both("可能是：", "Perhaps: "),
    "companies.sure": Both("已对照营业执照，税号确实如此", "I compared it; the tax id is right"),
    "companies.remove": Both("删除", "Remove"),
    "companies.remove_ask": Both("删除“{name}”？已收到的发票会重新核对。", "Remove {name}? Captured invoices are matched again."),
    "companies.save": Both("保存", "Save"),
}
# fmt: on

"""Texts around every page: brand, navigation, paging, errors."""

from __future__ import annotations

from api.web.texts.both import Both

# fmt: off
TEXTS: dict[str, Both] = {
    "list.comma": Both("、", ", "),
    "list.colon": Both("：", ": "),
    "list.pause": Both("，", ", "),
    "list.semicolon": Both("；", "; "),
    "brand": Both("查票", "Chapiao"),
    "other_language": Both("English", "中文"),
    "back": Both("返回", "Back"),
    "cancel": Both("取消", "Cancel"),
    "logout": Both("退出登录", "Log out"),
    "nav.label": Both("主导航", "Main navigation"),
    "nav.skip": Both("跳到正文", "Skip to content"),
    "nav.group_documents": Both("单据", "Documents"),
    "nav.group_checking": Both("对账", "Checking"),
    "nav.group_basis": Both("基础资料", "Basis"),
    "nav.upload": Both("上传", "Upload"),
    "nav.phone": Both("拍照", "Camera"),
    "nav.documents": Both("单据", "Documents"),
    "nav.absent": Both("未入账", "Absent"),
    "nav.drafts": Both("补录", "Supplements"),
    "nav.records": Both("记录", "Records"),
    "nav.companies": Both("本单位", "Companies"),
    "nav.users": Both("用户", "Users"),
    "nav.account": Both("我的账户", "My account"),
    "nav.more": Both("更多", "More"),
    "paging.newest": Both("回到最新", "Back to newest"),
    "paging.older": Both("更早的", "Older"),
    "error.title": Both("操作未完成", "Not done"),
    "error.code": Both("错误代码", "Error code"),
    "error.back": Both("返回单据列表", "Back to documents"),
}
# fmt: on

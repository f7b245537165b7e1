# ruff: noqa: E501
"""Texts of login, password, users, accounts and the trail of what people did."""

from __future__ import annotations

from api.web.texts.both import Both

# fmt: off
TEXTS: dict[str, Both] = {
    "login.title": Both("登录", "Log in"),
    "login.tagline": Both("发票采集 · 核对 · 补录", "Capture, match and supplement invoices"),
    "login.username": Both("用户名", "User name"),
    "login.password": Both("密码", "Password"),
    "login.enter": Both("登录", "Log in"),
    "login.first": Both("首次启动时，一次性密码显示在服务器控制台。", "On first start, the one-time password is on the server's console."),
    "password.title": Both("修改密码", "Change password"),
    "password.forced": Both("请先设置您自己的密码，再开始使用。", "Set your own password before you begin."),
    "password.hint": Both("修改后，其他设备上的登录会失效。", "Logins on other devices will end."),
    "password.current": Both("当前密码", "Current password"),
    "password.new": Both("新密码（至少 10 个字符）", "New password (at least 10 characters)"),
    "password.again": Both("再次输入新密码", "New password again"),
    "password.save": Both("保存", "Save"),
    "users.title": Both("用户", "Users"),
    "users.user": Both("用户", "User"),
    "users.role": Both("角色", "Role"),
    "users.change": Both("修改", "Change"),
    "users.display_name": Both("姓名", "Name"),
    "users.disable": Both("停用", "Disable"),
    "users.disabled": Both("已停用", "Disabled"),
    "users.must_change": Both("待改密码", "Must change password"),
    "users.reset": Both("重置密码", "Reset password"),
    "users.add": Both("新增用户", "Add a user"),
    "users.create": Both("新增", "Add"),
    "users.roles_hint": Both("员工：上传并查看自己的单据；会计：复核、导入、补录与审批；管理员：另可管理用户与单位。", "Staff: upload, see their own. Accountant: review, import, supplement, approve. Administrator: users and companies too."),
    "users.hand_over": Both("请把一次性密码交给 {name}，只显示这一次：", "Hand this one-time password to {name}; it is shown only now:"),
    "role.administrator": Both("管理员", "Administrator"),
    "role.accountant": Both("会计", "Accountant"),
    "role.staff": Both("员工", "Staff"),
    "account.title": Both("我的账户", "My account"),
    "account.tokens": Both("接口令牌", "API tokens"),
    "account.tokens_hint": Both("供其他系统以您的身份调用接口。", "Other systems act as you with these."),
    "account.token_name": Both("用途", "Purpose"),
    "account.create": Both("新建令牌", "Create"),
    "account.revoke": Both("作废", "Revoke"),
    "account.last_used": Both("最近使用", "last used"),
    "account.secret": Both("请立即保存，令牌只显示这一次：", "Keep it now; it is shown only once:"),
    "action.web:document:upload": Both("上传", "uploaded"),
    "action.rest:document:upload": Both("经接口上传", "uploaded through the API"),
    "action.web:document:download": Both("下载原件", "downloaded the original"),
    "action.rest:document:download": Both("经接口下载原件", "downloaded through the API"),
    "action.web:document:retry": Both("重新读取", "asked to read again"),
    "action.rest:invoice:correct": Both("经接口改正", "corrected through the API"),
    "action.rest:invoice:confirm": Both("经接口确认", "confirmed through the API"),
    "action.web:invoice:correct": Both("改正", "corrected"),
    "action.web:match:confirm": Both("确认与记录为同一张", "said invoice and record are one"),
    "action.web:match:reject": Both("否定了候选记录", "rejected the proposed record"),
    "action.web:invoice:confirm": Both("全部确认", "confirmed"),
}
# fmt: on

"""Errors a person can act on: a stable code, what is wrong, what to do, Chinese first.

    ChapiaoError
    ├── DocumentError      the file cannot be read (original kept)
    │   ├── empty_file, too_large, too_many_pages, too_many_pixels, unpacked_too_large, too_many_members
    │   ├── pdf_damaged, pdf_encrypted, pdf_xfa, ofd_damaged, xml_damaged, xml_forbidden, image_damaged, archive_damaged
    │   ├── unsupported_type, archive_encrypted, archive_unsafe, archive_nested, nothing_inside,
    │   └── mail_damaged, mail_without_files, reading_timeout, reading_crashed
    ├── RecordsError       an export cannot be imported
    └── RequestError       the person or program asked for something that cannot be done

The table below is the one home of codes and texts; a test checks that each is documented.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

_CHINESE = re.compile(r"[\u4e00-\u9fff]")


class Text(NamedTuple):
    zh: str
    en: str


MESSAGES: dict[str, Text] = {
    "empty_file": Text("文件是空的（0 字节）。请重新扫描或重新下载后再上传。", "The file is empty (0 bytes). Scan or download it again."),
    "too_large": Text("文件 {size} 超过上限 {limit}。请拆分或降低扫描分辨率后再上传。", "The file ({size}) is over the limit of {limit}. Split it or scan at a lower resolution."),
    "too_many_pages": Text("文件有 {pages} 页，超过上限 {limit} 页。请拆分后再上传。", "The file has {pages} pages, over the limit of {limit}. Split it."),
    "too_many_pixels": Text("图片有 {pixels} 像素，超过上限 {limit}。请缩小后再上传。", "The picture has {pixels} pixels, over the limit of {limit}. Make it smaller."),
    "unpacked_too_large": Text("压缩内容解开后超过上限 {limit}，已停止解压。请检查文件是否正常。", "Unpacked content exceeds {limit}; unpacking was stopped. Check the file."),
    "too_many_members": Text("压缩包内有 {members} 个文件，超过上限 {limit}。请拆分后再上传。", "The archive holds {members} files, over the limit of {limit}. Split it."),
    "pdf_damaged": Text("PDF 已损坏，无法打开。请重新下载原文件后再上传。", "The PDF is damaged and cannot be opened. Download the original again."),
    "pdf_encrypted": Text("PDF 有密码保护。请去掉密码（或另存为无密码的 PDF）后再上传。", "The PDF is password-protected. Remove the password and upload again."),
    "pdf_xfa": Text("PDF 是动态表单（XFA），只有 Adobe Reader 能显示其内容。请用 Adobe Reader 打开并“打印为 PDF”后再上传。", "The PDF is a dynamic form (XFA) that only Adobe Reader can show. Open it there, print it to PDF and upload that."),
    "ofd_damaged": Text("OFD 已损坏或缺少必要部分。请重新下载原文件后再上传。", "The OFD is damaged or incomplete. Download the original again."),
    "xml_damaged": Text("XML 格式不正确，无法解析。请重新下载原文件后再上传。", "The XML is not well-formed. Download the original again."),
    "xml_forbidden": Text("XML 含有 DOCTYPE 或 ENTITY 声明，出于安全已拒绝。正常的发票 XML 没有这些内容。", "The XML declares a DOCTYPE or ENTITY and was refused. Genuine invoice XML has neither."),
    "image_damaged": Text("图片已损坏或不完整，无法打开。请重新拍摄或重新扫描。", "The picture is damaged or truncated. Take or scan it again."),
    "archive_damaged": Text("压缩包已损坏，无法解压。请重新打包后再上传。", "The archive is damaged. Pack it again."),
    "archive_encrypted": Text("压缩包有密码。请用无密码方式重新打包后再上传。", "The archive is encrypted. Pack it again without a password."),
    "archive_unsafe": Text("压缩包内的文件名 {name} 不安全（指向包外），已拒绝。", "The archive member name {name} points outside the archive; refused."),
    "archive_nested": Text("压缩包内还有压缩包，只解一层。请把里面的压缩包解开后再上传。", "An archive inside an archive; only one level is unpacked. Unpack the inner one and upload its files."),
    "mail_damaged": Text("邮件文件已损坏，无法打开。请重新保存邮件，或直接上传其附件。", "The mail file is damaged. Save the mail again, or upload its attachments."),
    "mail_without_files": Text("邮件里没有附件。发票若以链接发送，请先打开链接下载，再上传下载的文件。", "The mail has no attachment. If the invoice was sent as a link, download it first and upload the file."),
    "nothing_inside": Text("压缩包内没有可识别的文件（PDF、OFD、XML、图片）。", "The archive holds no readable file (PDF, OFD, XML, picture)."),
    "unsupported_type": Text("不支持的文件类型（{found}）。可上传 PDF、OFD、XML、JPEG、PNG、TIFF、BMP、WebP、HEIC，或装有它们的 ZIP、邮件（EML）。", "Unsupported file type ({found}). Use PDF, OFD, XML, JPEG, PNG, TIFF, BMP, WebP, HEIC, or a ZIP or mail (EML) that holds them."),
    "no_invoice_found": Text("没有在文件中找到发票内容。若确为发票，请重新扫描或拍摄清晰后再上传。", "No invoice was found in the file. If it is one, scan or photograph it more clearly."),
    "reading_timeout": Text("读取超过 {seconds} 秒仍未完成，已停止。原件已保留，可稍后重试。", "Reading took over {seconds} s and was stopped. The original is kept; try again later."),
    "reading_crashed": Text("读取程序意外退出。原件已保留，可重试；若反复出现请联系管理员。", "The reader stopped unexpectedly. The original is kept; retry, or tell the administrator if it recurs."),
    "reading_failed": Text("读取时发生内部错误（{what}）。原件已保留，请把该文件和此信息交给管理员。", "Internal fault while reading ({what}). The original is kept; give the file and this message to the administrator."),
    "processing_failed": Text("核对或起草时发生内部错误（{what}）。原件和读取结果已保留，可重试。", "Internal fault while matching or drafting ({what}). Original and readings are kept; retry."),
    "not_found": Text("找不到文件或目录：{name}。", "No such file or folder: {name}."),
    "not_readable": Text("没有权限读取：{name}。", "No permission to read: {name}."),
    "storage_full": Text("磁盘空间不足，未能保存原件。请清理磁盘后重新上传。", "Disk is full; the original was not saved. Free space and upload again."),
    "records_unknown_headers": Text("无法识别表头（{found}）。请使用税务局导出的“发票基础信息”表，或含发票号码、开票日期、金额列的表格。", "The header row was not recognised ({found}). Use the bureau's export or a table with number, date and amount columns."),
    "mapping_incomplete": Text("列对应还不完整，缺少：{missing}。", "The column mapping is incomplete; missing: {missing}."),
    "mapping_does_not_fit": Text("列对应“{name}”与这个文件的表头不符（需要：{headers}）。请换一个，或在网页上为这个文件重新对应。", "The column mapping {name} does not fit the headers of this file (it needs: {headers}). Choose another or make one for this file on the page."),
    "mapping_name_taken": Text("已有名为“{name}”的列对应，请换一个名称。", "A column mapping named {name} exists. Choose another name."),
    "import_state": Text("这个文件当前状态为“{state}”，不能进行此操作。", "The file is {state}; this cannot be done now."),
    "import_file_gone": Text("待导入的文件已不在（备份不含待确认的导入），没有存入任何记录。请取消后重新上传。", "The file to be imported is gone (a backup leaves waiting imports out); nothing of it was stored. Cancel it and upload it again."),
    "import_interrupted": Text("导入未完成（{what}），没有存入任何记录。请重新导入；若反复出现请联系管理员。", "The import was not completed ({what}); nothing of it was stored. Import again; tell the administrator if it recurs."),
    "undo_interrupted": Text("撤销未完成（{what}），导入仍保持原样。请重试；若反复出现请联系管理员。", "The import was not taken back ({what}); it stands as before. Try again; tell the administrator if it recurs."),
    "matching_interrupted": Text("重新核对未完成（{what}），记录已存好。请重试；下次导入后也会再核对。", "Documents were not matched again ({what}); the records are stored. Try again; the next import matches them too."),
    "preview_stale": Text("预览之后又有导入、撤销或补录，已重新预览。请看过新的预览再导入。", "Records were imported, taken back or supplemented since the preview. It is being looked at again; see the new preview, then import."),
    "too_many_staged": Text("待确认的导入已有 {count} 个（或共 {size}），请先导入或取消其中一些。", "{count} files (or {size}) already wait to be imported. Import or cancel some first."),
    "records_damaged": Text("表格文件已损坏或不是 xlsx/xls/csv。请重新导出。", "The table file is damaged or not xlsx/xls/csv. Export it again."),
    "records_empty": Text("表格中没有数据行。请检查导出条件。", "The table has no data rows. Check the export's filter."),
    "model_missing": Text("找不到识别模型（{name}）。请运行 chapiao doctor 查看原因。", "The recognition model ({name}) is missing. Run chapiao doctor."),
    "model_changed": Text("识别模型（{name}）的校验和不符，已拒绝加载。请重新安装。", "The recognition model ({name}) fails its checksum and was refused. Reinstall it."),
    "port_in_use": Text("无法监听 {address}（{why}）。服务可能已在运行；否则请用 --port 或 CHAPIAO_PORT 换一个端口。", "Cannot listen on {address} ({why}). The service may be running already; else choose another port with --port or CHAPIAO_PORT."),
    "nothing_to_back_up": Text("{name} 中没有数据库，没有可备份的内容。请检查 CHAPIAO_DATA。", "There is no database in {name}. Check CHAPIAO_DATA."),
    "target_not_empty": Text("{name} 已存在且不为空。请换一个位置，以免覆盖数据。", "{name} exists and is not empty. Choose another place, so that nothing is overwritten."),
    "backup_damaged": Text("备份文件不完整或已被改动（{what}），未恢复任何内容。请换一份备份。", "The backup is incomplete or was changed ({what}); nothing was restored. Use another one."),
    "backup_needs_sqlite": Text("数据库是 PostgreSQL：请用 pg_dump 备份数据库，并另行复制 originals 目录。", "The database is PostgreSQL: back it up with pg_dump, and copy the originals folder."),
    "login_required": Text("请先登录。", "Please log in."),
    "login_failed": Text("用户名或密码不正确。", "Wrong user name or password."),
    "login_locked": Text("登录失败次数过多，请 {minutes} 分钟后再试。", "Too many failed logins. Try again in {minutes} minutes."),
    "password_weak": Text("密码太弱：至少 {length} 个字符，且不能与用户名相同或过于常见。", "Weak password: at least {length} characters, not the user name, not a common one."),
    "password_change_required": Text("首次登录须先修改密码。", "Change your password first."),
    "username_taken": Text("用户名“{name}”已被使用。", "The user name {name} is taken."),
    "last_administrator": Text("至少须保留一名可用的管理员。", "At least one active administrator must remain."),
    "forbidden": Text("没有权限进行此操作。", "You are not allowed to do this."),
    "cross_site": Text("请求来源不可信，已拒绝。请从本系统页面操作。", "The request came from another site and was refused."),
    "no_such_item": Text("找不到所请求的内容（{what}）。", "No such item ({what})."),
    "invalid_request": Text("请求内容不正确：{what}。", "Invalid request: {what}."),
    "busy": Text("另一项操作（例如大批导入或他人的审核）正在写入同样的数据，本次操作未做任何更改。请稍后重试。", "Another operation, such as a large import or a colleague's approval, is writing the same data; nothing was changed. Try again in a moment."),
    "internal_error": Text("系统内部错误，操作未完成。请稍后重试；若反复出现请联系管理员。", "Something went wrong inside the service and nothing was changed. Try again; tell the administrator if it recurs."),
    "draft_state": Text("草稿当前状态为“{state}”，不能进行此操作。", "The supplement is {state}; this cannot be done now."),
    "draft_not_possible": Text("现在不能为这张发票生成补录草稿：只有“未入账”且证据清楚的发票才可以。请先处理待复核的字段。", "No draft can be made for this invoice: it must be absent from the records and read beyond doubt. Review its fields first."),
    "draft_incomplete": Text("还有必填项未填写：{missing}。", "Required fields are missing: {missing}."),
    "same_person": Text("提交人不能审批自己的申请，请由另一位会计审批。", "The submitter may not approve their own application; another accountant must."),
    "same_editor": Text("最后修改内容的人不能审批。请由另一人审批，或退回后由修改人重新提交。", "Whoever changed the values last may not approve. Another person must, or return it so that the editor submits it."),
    "draft_taken": Text("{name} 正在审核这份申请。", "{name} is reviewing this application."),
    "draft_changed": Text("补录单 {number} 在您查看之后有改动，未执行操作。请刷新后重新核对。", "Draft {number} changed after you looked at it; nothing was done. Reload it and check again."),
    "draft_not_absent": Text("这张发票现在的核对结果不是“未入账”，不能补录。请先处理核对结果。", "The match no longer says that this invoice is absent; no supplement can be made. Settle the match first."),
    "draft_held": Text("补录单 {number} 暂缓中，批量提交不包括它。确需现在补录的，请打开它按“仍要补录”。", "Draft {number} is on hold and not submitted with others. If the supplement is wanted now all the same, open it and take it up."),
    "not_proposed": Text("记录 {record} 不是为这张发票提出的候选记录，不能确认或否定。请刷新后重试。", "Record {record} was not proposed for this invoice; it can neither be confirmed nor rejected. Reload and try again."),
    "suggestion_gone": Text("历史记录不再支持这个建议值（{field}），未采用。", "The records no longer support the suggested value ({field}); it was not adopted."),
    "application_number_wrong": Text("申请编号 {number} 的校验位不对，请检查是否输错。{meant}", "The check digit of application number {number} is wrong; look for a typing error. {meant}"),
    "application_number_part": Text("“{number}”不是完整的申请编号；编号形如 BL20240630-000001-0。{meant}", "“{number}” is not a whole application number, which looks like BL20240630-000001-0. {meant}"),
    "too_many_attachments": Text("一份补录单最多 {limit} 个附件。请先移除不需要的。", "A draft takes at most {limit} attachments. Detach what is not needed."),
    "form_font_missing": Text("缺少可嵌入 PDF 的中文字体。请运行 apt-get install fonts-arphic-uming 后重试；网页打印不受影响。", "No Chinese font that can be embedded in a PDF. Run apt-get install fonts-arphic-uming and try again; printing from the page still works."),
    "font_missing": Text("缺少字体 {font}。请运行 apt-get install {package} 后再生成样张。", "The font {font} is missing. Run apt-get install {package}, then generate the samples again."),
    "import_not_undoable": Text("这次导入不能撤销：{why}。", "This import cannot be undone: {why}."),
    "company_in_use": Text("{name} 还有分支机构，或有用户只能看它，不能移除或改为共用税号。已停业的单位请“停用”。", "{name} has branches, or users who see only it, so it cannot be removed or made to share a tax id. Close a company that has ended."),
    "company_unknown": Text("尚未登记本单位。请先运行 chapiao companies add --name … --tax-id …。", "No company is registered. Run chapiao companies add --name … --tax-id …."),
}  # fmt: skip


class ChapiaoError(Exception):
    """Base of every error that reaches a person. `code` is stable; the text may be reworded."""

    def __init__(self, code: str, /, **details: Any) -> None:
        if code not in MESSAGES:
            raise KeyError(f"error code without a text: {code}")
        self.code = code
        self.details = details
        super().__init__(self.message("zh"))

    def __reduce__(self) -> tuple[Any, ...]:  # crosses process boundaries
        return (_rebuild, (type(self), self.code, self.details))

    def message(self, language: str = "zh") -> str:
        details = {name: _in(language, value) for name, value in self.details.items()}
        text = MESSAGES[self.code]
        return (text.en if language == "en" else text.zh).format(**details)

    def export(self, language: str = "zh") -> dict[str, str]:
        return {"code": self.code, "message": self.message(language)}


def _in(language: str, value: Any) -> Any:
    """A detail may be in both languages: a `Text` (a pair, where JSON kept it), or short as `中文 / English`."""
    if isinstance(value, Text) or (isinstance(value, list) and len(value) == len(Text._fields)):
        return value[language == "en"]
    zh, apart, en = value.rpartition(" / ") if isinstance(value, str) else ("", "", "")
    if apart and _CHINESE.search(zh) and not _CHINESE.search(en):
        return en if language == "en" else zh
    return value


class DocumentError(ChapiaoError):
    """A document cannot be read. The original is kept."""


class RecordsError(ChapiaoError):
    """A record export cannot be imported."""


class RequestError(ChapiaoError):
    """Something was asked for that cannot be done."""


def _rebuild(kind: type[ChapiaoError], code: str, details: dict[str, Any]) -> ChapiaoError:
    return kind(code, **details)

# ruff: noqa: E501
"""What readers, checks and imports say in Chinese, in English: phrase by phrase, around the values they speak of.

The sentences are kept as they were said, in Chinese, on the documents and imports they belong to. A phrase that is not
here stays as it is: `tests/api/web/test_english.py` walks the pages and finds it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from api.web.texts import TEXTS
from models.kinds import KINDS

_AREAS = {
    "北京": "Beijing", "天津": "Tianjin", "河北": "Hebei", "山西": "Shanxi", "内蒙古": "Inner Mongolia", "辽宁": "Liaoning",
    "大连": "Dalian", "吉林": "Jilin", "黑龙江": "Heilongjiang", "上海": "Shanghai", "江苏": "Jiangsu", "浙江": "Zhejiang",
    "宁波": "Ningbo", "安徽": "Anhui", "福建": "Fujian", "厦门": "Xiamen", "江西": "Jiangxi", "山东": "Shandong",
    "青岛": "Qingdao", "河南": "Henan", "湖北": "Hubei", "湖南": "Hunan", "广东": "Guangdong", "深圳": "Shenzhen",
    "广西": "Guangxi", "海南": "Hainan", "重庆": "Chongqing", "四川": "Sichuan", "贵州": "Guizhou", "云南": "Yunnan",
    "西藏": "Tibet", "陕西": "Shaanxi", "甘肃": "Gansu", "青海": "Qinghai", "宁夏": "Ningxia", "新疆": "Xinjiang",
}  # fmt: skip
#: patterns; the longer ones first, because a phrase may hold a shorter one
# fmt: off
_PHRASES: tuple[tuple[str, str], ...] = (
    ("二维码混淆了含税与不含税金额", "the QR code takes net for gross, or gross for net"), ("金额不同", "the amounts differ"),
    # fields
    ("票面无此项", "not on the document"),
    ("该票种应有此项，但未能读出，请人工填写", "this kind always has it, but it could not be read: type it"),
    ("仅图像识别，佐证不足", "recognised from the picture only, not enough bears it out"),
    ("两处独立识别一致", "two independent readings agree"),
    ("与金额与税额之和、大写金额一致", "agrees with net + tax and with the amount in words"),
    ("与金额与税额之和一致", "agrees with net + tax"),
    ("与大写金额一致", "agrees with the amount in words"),
    ("与小写金额一致", "agrees with the amount in figures"),
    ("与小写金额不一致", "does not agree with the amount in figures"),
    ("税号校验位不符", "the check digit of the tax id does not fit"),
    ("校验位正确", "check digit is right"),
    ("名称似不完整", "the name seems incomplete"), ("不像此项应有的样式", "does not look like such a value"),
    ("与票种、年份或地区规则不符", "breaks a rule of kind, year or area"),
    ("含按规则修正的字符", "some characters were corrected by rule"),
    ("另有读数：", "other readings: "),
    ("。请人工核对", "; a person should check it"),
    ("PDF 文字层", "PDF text"), ("OFD 版式", "OFD layout"), ("XML 数据", "XML data"), ("图像识别", "recognition"),
    ("人工确认", "confirmed by a person"), ("二维码", "QR code"),
    # checks
    (r"Σ 金额×税率", "Σ net × rate"),
    (r"第 ([\d、]+) 行没有金额", r"row \1 has no amount"),
    (r"第 (\d+) 行", r"row \1"),
    (r"(?<!\d)1 行(?!明)", "1 row"), (r"(\d+) 行(?!明)", r"\1 rows"),
    (r"不是规范的大写金额：", "not an amount in words: "),
    (r"(\d+) 位，旧税号或个人证件号", r"\1 characters: an old tax id or a personal one"),
    ("校验位不符", "the check digit does not fit"), ("可能是 ", "perhaps "), (" 或 ", " or "),
    ("不是发票代码的样式", "is not shaped like an invoice code"),
    ("看不出票种", "does not tell the kind"),
    (r"(\d{10,12}) 是(.+?)的代码，不是(.+?)的$", r"\1 is a code of \2, not of \3"),
    (r"(\d{10,12}) 是(.+?)的代码$", r"\1 is a code of \2"),
    (r"没有地区 (\d+)", r"there is no area \1"),
    (r"(\d{4}) 年，地区 (\d+)", r"year \1, area \2"),
    (r"(\d{4}) 年", r"year \1"),
    (r"，但开票日期是 ", ", but issued "), (r"，开票日期 ", ", issued "),
    ("没有这样的税率：", "no such tax rate: "),
    (r" 在 ([\d-]+) 不是现行税率：补开或红字发票？", r" was not in force on \1: issued late, or red?"),
    ("；票面：", "; on the face: "),
    # signatures and seals
    ("PDF 没有数字签名，无法据此判断是否被改动（打印、另存或转换都会去掉签名）。", "The PDF has no digital signature, so that nothing can be said of changes by it (printing, saving anew or converting takes one away)."),
    ("OFD 没有电子签章，无法据此判断是否被改动。", "The OFD has no electronic seal, so that nothing can be said of changes by it."),
    ("证书链未验证（不代表查验结果）", "the chain of certificates was not verified (this is no result of the tax platform)"),
    ("签名完整性已验证，覆盖整个文件", "The signature is sound and covers the whole file"),
    ("签章完整性已验证", "The seal is sound"),
    ("被签部分的完整性已验证", "The signed part is sound"),
    ("签名已失效：", "The signature does not hold: "), ("签章已失效：", "The seal does not hold: "),
    (r"签名之后文件又追加了 (\d+) 字节", r"\1 bytes were added to the file after it was signed"),
    ("未改动页面内容和附件", "pages and attachments were not changed"), ("被签部分完整，但", "the signed part is whole, but "),
    ("改动了", "which changed "), ("涉及", "concerning "),
    ("内容的摘要与签名时不符：签名之后内容被改动", "the content differs from what was signed: it was changed afterwards"),
    ("签名值与证书的公钥不符：签名或证书被改动", "the signature does not fit the certificate: one of them was changed"),
    (r" 在签章之后被改动", " was changed after it was sealed"), ("缺少被签文件 ", "a signed file is missing: "),
    ("入口文件 OFD.xml（其中的自定义数据）不在签章范围内", "OFD.xml (with its custom data) is not covered by the seal"),
    (r"证书写明的签名者：(.*?)，颁发者：", r"signer by the certificate: \1, issuer: "),
    ("签名时间不在证书的有效期内", "the time of signing lies outside the certificate's validity"),
    ("签章时间不在印章的有效期内", "the time of sealing lies outside the seal's validity"),
    ("使用的 SHA-1 强度不足", "SHA-1 is too weak"), ("签名值不带证书，无法验证是谁签的", "the signature bears no certificate: who signed cannot be told"),
    ("签名中没有证书", "the signature holds no certificate"),
    # what the tax platform asks for
    ("查验平台每张发票每天限查 5 次，可查 5 年内开具的发票；开票次日起查询较稳妥。", "The tax platform answers 5 times a day for an invoice, for 5 years; ask from the day after issue."),
    ("查验平台不受理此票种。", "The tax platform does not take this kind."),
    ("此票种在查验平台的输入项尚未核实，请以平台页面为准。", "What the tax platform asks for this kind was not verified; follow its page."),
    ("开具金额\\(不含税\\)", "Net amount"), ("20 位发票号码后 6 位", "Last 6 of the 20-digit number"),
    ("校验码后 6 位", "Last 6 of the check code"), ("车价合计", "Price of the vehicle"), ("价税合计", "Total incl. tax"),
    ("开票日期", "Issue date"), ("发票代码", "Invoice code"), ("发票号码", "Invoice number"), ("校验码", "Check code"), ("票价", "Fare"),
)
_IMPORTS: tuple[tuple[str, str], ...] = (
    ("同一文件中该发票出现多次且金额或日期不同，只保留第一行，本行未导入：", "twice in one file with other amounts or dates; the first stays, this row was not imported: "),
    ("核对哪一行正确，删去另一行后重新导入。", "See which row is right, delete the other, import again."),
    ("没有发票号码", "no invoice number"), ("，本行未导入", "; the row was not imported"),
    ("补上发票号码后重新导入；若本行不是发票可以不管。", "Add the number and import again; nothing to do if the row is no invoice."),
    ("发票号码无法识别：", "not an invoice number: "),
    (r"对照原票更正发票号码（8 位或 20 位数字）后重新导入。", "Correct the number (8 or 20 digits) by the original and import again."),
    ("与税务局导出的记录不一致，保留税务局数据：", "differs from the tax account, whose data stay: "), ("（税务局：", " (tax account: "),
    ("以税务局数据为准；请更正 ERP 中的这一条，或核实是否录错了号码。", "The tax account counts: correct the ERP, or see whether the number was typed wrongly."),
    ("长号码被表格软件改成了科学计数法", "a spreadsheet turned the long number into scientific notation"),
    ("长号码被存成数值，15 位以后的数字已丢失", "the long number was stored as a figure; its digits after the 15th are lost"),
    ("20 位号码末 5 位为 00000，可能被表格软件按 15 位取整", "20 digits that end in 00000, perhaps rounded to 15 by a spreadsheet"),
    ("前导 0 已丢失", "leading zeros are lost"), ("数电票号码只剩末 8 位", "only the last 8 of 20 digits are left"),
    ("位数不对", "wrong number of digits"), ("内容无法识别", "cannot be read"),
    ("从税务局重新导出，不要用表格软件打开后另存；或把该列设为“文本”后重新填写完整号码。", "Export again from the tax account and do not save it in a spreadsheet; or format the column as text and type the whole number."),
    ("号码后几位已丢失，无法恢复：从税务局或 ERP 重新导出，号码列须为文本。", "The last digits are lost for good: export again with the number column as text."),
    ("核对原票号码；若被取整，请重新导出，号码列须为文本。", "Check the number against the original; if it was rounded, export again with the column as text."),
    ("把该列设为“文本”，补上前面的 0 后重新导入。", "Format the column as text, add the leading zeros, import again."),
    ("补全 20 位数电发票号码后重新导入。", "Complete the number to 20 digits and import again."),
    ("对照原票更正后重新导入。", "Correct it by the original and import again."),
    ("更正该单元格的日期或金额后重新导入；本条已存入，此项留空。", "Correct the date or amount of the cell and import again; the record is stored with this left blank."),
    ("工作表“(.*?)”不是发票基础信息或明细，已跳过", r"sheet “\1” holds neither invoices nor items; passed over"),
    ("文件只有明细行：发票合计由明细行相加得出", "the file has item rows only: totals are their sums"),
    (r"(\d+) 条此前号码受损或不全的记录已由完整记录替代", r"\1 records with damaged numbers gave way to whole ones"),
    (r"另有 (\d+) 个问题未逐条列出", r"\1 more problems are not listed"),
    (r"(\d+) 行明细找不到所属发票（号码缺失、受损或不在发票基础信息中），未导入", r"\1 item rows belong to no invoice of the file (number missing or damaged); not imported"),
)
# fmt: on
_KINDS = tuple(
    (re.escape(entry.title), TEXTS[f"kind.{kind.value}"].en)
    for kind, entry in sorted(KINDS.items(), key=lambda each: -len(each[1].title))
)
_MARKS = (("；", "; "), ("，", ", "), ("、", ", "), ("：", ": "), ("（", " ("), ("）", ")"), ("。", "."))
_TABLE = tuple((re.compile(pattern), english) for pattern, english in (*_IMPORTS, *_PHRASES, *_KINDS))
_PLACES = re.compile("|".join(f"(?<=：){name}(?=，)" for name in _AREAS))
_CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


@lru_cache(maxsize=2000)
def in_english(sentence: str) -> str:
    """The sentence with its phrases in English; values that it names stay as they are."""
    if not _CHINESE.search(sentence):
        return sentence
    said = _PLACES.sub(lambda found: _AREAS[found[0]], sentence)
    for pattern, english in _TABLE:
        said = pattern.sub(english, said)
    for mark, plain in _MARKS:
        said = said.replace(mark, plain)
    return said

"""Printed labels of the VAT family as patterns over a row's key.

A label may be letter-spaced (名 称), so a wide gap is allowed between its characters. Labels lie on real documents:
they say where to look first, never what a value is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extraction.layouts.rows import Row, Sheet, Span, search_rows

#: characters of labels that recognition gives in their traditional form, though the print is simplified
_TRADITIONAL = dict(
    zip(
        "时间填车号码发票开机动销购单价额税货进证产数纳银账电话称种类设备贸运输项目规费",
        "時間塡車號碼發票開機動銷購單價額稅貨進證產數納銀賬電話稱種類設備貿運輸項目規費",
        strict=True,
    )
)


def spaced(text: str) -> str:
    """Pattern of a label whose characters may stand apart."""
    return r"\|?".join(_either(char) for char in text)


def _either(char: str) -> str:
    other = _TRADITIONAL.get(char, char)
    return re.escape(char) if other == char else f"[{char}{other}]"


def label(*forms: str, colon: bool = False) -> re.Pattern[str]:
    """Pattern of any of these forms, longest first, with its colon if it has one."""
    body = "|".join(spaced(form) for form in sorted(forms, key=len, reverse=True))
    return re.compile(f"(?:{body})" + (r"\|?[:;]\|?" if colon else r"(?:\|?:)?"))


CODE = label("发票代码", "发票代吗", "发票代玛", "发粟代码", "票代码")
NUMBER = label("发票号码", "发票号吗", "发票号玛", "发粟号码", "票号码")
DATE = re.compile(r"(?:[开丹升][票粟].[期明朝]|填开日期|[票粟]日期|开[票粟]日)(?:\|?[:;.])?")
CHECK_CODE = re.compile(r"[校检]\|?[验駿骏险]?\|?[码吗玛](?:\|?[:;.])?")
MACHINE = re.compile(r"机\|?器\|?(?:编|号|骗)\|?[号码](?:\|?[:;.])?|税控盘号[:;]?")
NAME = re.compile(r"名\|?称(?:\|?[:;.])?")
TAX_ID = re.compile(
    r"(?:[统純纯].{0,9}代码/?)?(?:纳\|?税|纳|税人)[^0-9:|A-Z]{0,6}号(?:\|?[:;.])?|统一社会信用代码(?:/纳税人识别号)?:?"
)
#: slips and rolls say 税号 as well
TAX_ID_OF_SLIP = re.compile(f"{TAX_ID.pattern}|{label('税号').pattern}")
ADDRESS = re.compile(r"地[^0-9:]{0,6}[话舌](?:\|?[:;.])?|址、电\|?话(?:\|?[:;.])?|电子支付标识(?:\|?:)?")
BANK = re.compile(r"开[^0-9:]{0,3}行?及?[^0-9:]{0,2}[账帐]?号(?:\|?[:;.])?|户行及[账帐]号:?")
PAYEE = label("收款人", "收款员")
REVIEWER = label("复核人", "复核")
DRAWER = label("开票人", "开票员")
SELLER_STAMP = re.compile(spaced("销售方") + r"\|?:?\|?\(|" + spaced("销货单位") + r"\|?:?\|?\(")
TOTAL = re.compile(r"(?<!税)(?<!税\|)合\|?[计什汁叶牛](?!\|?\()")
SUBTOTAL = re.compile(r"小\|?计")
GROSS = re.compile(r"价\|?税\|?合\|?计|税\|?合\|?计\|?\(?\|?大|\(?大\|?写\)?")
IN_FIGURES = re.compile(r"\(?\|?小\|?写\|?\)?")
PAGE_OF = re.compile(r"共(\d+)页\|?第(\d+)页|第(\d+)/共?(\d+)页|第(\d+)页\|?/?共(\d+)页")


@dataclass(frozen=True, slots=True)
class Hit:
    """A label found: its glyphs, its row, and what follows it in the row."""

    span: Span
    row: Row
    end: int

    @property
    def rest(self) -> Span | None:
        return self.row.after(self.end)


def find(rows: list[Row], pattern: re.Pattern[str]) -> list[Hit]:
    return [Hit(found.span, row, found.end) for row, found in search_rows(rows, pattern)]


def find_on(sheet: Sheet, pattern: re.Pattern[str]) -> list[Hit]:
    return find(sheet.rows(), pattern)

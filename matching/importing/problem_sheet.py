"""The rows of an import that need a person, as a workbook: what stood in the file, what is wrong, what to do.

Every cell is text, so that a spreadsheet does not damage the numbers again; nothing is ever written as a formula.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from matching.importing.damage import TEXT, Damage

#: what the listed text begins with or holds → what to do about it
_ADVICE: tuple[tuple[str, str], ...] = (
    ("同一文件中该发票出现多次", "核对哪一行正确，删去另一行后重新导入。"),
    ("没有发票号码", "补上发票号码后重新导入；若本行不是发票可以不管。"),
    ("发票号码无法识别", "对照原票更正发票号码（8 位或 20 位数字）后重新导入。"),
    ("与税务局导出的记录不一致", "以税务局数据为准；请更正 ERP 中的这一条，或核实是否录错了号码。"),
    (TEXT[Damage.SCIENTIFIC], "从税务局重新导出，不要用表格软件打开后另存；或把该列设为“文本”后重新填写完整号码。"),
    (TEXT[Damage.OVER_15_DIGITS], "号码后几位已丢失，无法恢复：从税务局或 ERP 重新导出，号码列须为文本。"),
    (TEXT[Damage.ROUNDED], "核对原票号码；若被取整，请重新导出，号码列须为文本。"),
    (TEXT[Damage.LEADING_ZERO_LOST], "把该列设为“文本”，补上前面的 0 后重新导入。"),
    (TEXT[Damage.TRUNCATED], "补全 20 位数电发票号码后重新导入。"),
    (TEXT[Damage.WRONG_LENGTH], "对照原票更正后重新导入。"),
    (TEXT[Damage.UNREADABLE], "更正该单元格的日期或金额后重新导入；本条已存入，此项留空。"),
)
_WIDTHS = {"开票日期": 20, "销方名称": 32, "购买方名称": 32, "备注": 32, "发票号码": 24, "数电发票号码": 24}
_OWN = (("序号", 6), ("工作表", 16), ("行号", 7), ("列", 16), ("是否导入", 12), ("问题", 44), ("怎么办", 52))
NOT_IMPORTED = "未导入"
#: the sheet's own words in English
ENGLISH = {
    "序号": "No.", "工作表": "Sheet", "行号": "Row", "列": "Column", "是否导入": "Imported?", "问题": "Problem",
    "怎么办": "What to do", "问题行": "Problems", NOT_IMPORTED: "not imported", "已导入，须核对": "imported; check it",
    "说明": "note",
}  # fmt: skip


def is_refused(problem: Mapping[str, Any]) -> bool:
    return NOT_IMPORTED in str(problem.get("what") or "")


def severity(problem: Mapping[str, Any]) -> str:
    """Whether the row is in the records all the same."""
    if is_refused(problem):
        return NOT_IMPORTED
    return "已导入，须核对" if problem.get("row") else "说明"


def advice(problem: Mapping[str, Any]) -> str:
    what = str(problem.get("what") or "")
    return next((action for text, action in _ADVICE if text in what), "")


_DAMAGE = tuple(TEXT[kind] for kind in Damage if kind is not Damage.UNREADABLE)


def is_damage(problem: Mapping[str, Any]) -> bool:
    """A long number that a spreadsheet has spoilt."""
    what = str(problem.get("what") or "")
    return any(text in what for text in _DAMAGE)


def write_problem_sheet(
    problems: Sequence[Mapping[str, Any]], target: Path | BinaryIO, *, name: str,
    in_english: Callable[[str], str] | None = None,
) -> None:  # fmt: skip
    """Write `problems` of the file `name` as xlsx: one row each, with the row's cells as they stood in the file.

    With `in_english`, which translates what was said of a row, the sheet is English but for those cells.
    """

    def said(text: str) -> str:
        return text if in_english is None else ENGLISH.get(text) or in_english(text)

    headers = list(dict.fromkeys(header for problem in problems for header in problem.get("cells") or {}))
    columns = [*((said(own), width) for own, width in _OWN), *((header, _WIDTHS.get(header, 16)) for header in headers)]
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    if not isinstance(target, Path):
        options["in_memory"] = True
    with xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, options) as book:
        book.set_properties({"title": f"导入问题：{name}"})
        title = book.add_format({"bold": True, "bg_color": "#E4EEF5", "text_wrap": True, "valign": "top", "border": 1})
        original = book.add_format({"bold": True, "bg_color": "#EEF2F3", "valign": "top", "border": 1})
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        wrong = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top", "bg_color": "#FBE8E4"})
        number = book.add_format({"valign": "top"})
        sheet = book.add_worksheet(said("问题行"))
        for at, (header, width) in enumerate(columns):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, header, title if at < len(_OWN) else original)
        for line, problem in enumerate(problems, 1):
            row = problem.get("row")
            sheet.write_number(line, 0, line, number)
            sheet.write_string(line, 1, _plain(problem.get("sheet")), text)
            if isinstance(row, int):
                sheet.write_number(line, 2, row, number)
            own = (
                problem.get("column"), said(severity(problem)), said(str(problem.get("what") or "")),
                said(advice(problem)),
            )  # fmt: skip
            for at, value in enumerate(own, 3):
                sheet.write_string(line, at, _plain(value), text)
            cells = problem.get("cells") or {}
            for at, header in enumerate(headers, len(_OWN)):
                if header in cells:
                    sheet.write_string(
                        line, at, _plain(cells[header]), wrong if header == problem.get("column") else text
                    )
        sheet.autofilter(0, 0, max(len(problems), 1), len(columns) - 1)
        sheet.freeze_panes(1, 3)
        sheet.set_landscape()
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)


def _plain(value: Any) -> str:
    """Control characters, which a workbook cannot hold, as spaces; at most what a cell takes."""
    return re.sub(r"[\x00-\x08\x0b-\x1f]", " ", "" if value is None else str(value))[:32000]

"""Rows of the bureau's export, as a person downloads it: invented companies, headers of 全量发票查询."""

from __future__ import annotations

from typing import Any

BASIC_HEADERS = (
    "序号", "发票代码", "发票号码", "数电发票号码", "销方识别号", "销方名称", "购方识别号", "购买方名称", "开票日期",
    "金额", "税额", "价税合计", "发票来源", "发票票种", "发票状态", "是否正数发票", "发票风险等级", "开票人", "备注",
)  # fmt: skip
LINE_HEADERS = (
    *BASIC_HEADERS[:9], "税收分类编码", "特定业务类型", "货物或应税劳务名称", "规格型号", "单位", "数量", "单价",
    "金额", "税率", "税额", "价税合计", *BASIC_HEADERS[12:],
)  # fmt: skip


US = ("91310000MA1K4QWE5X", "上海青禾贸易有限公司")
SELLER = ("91320500MA2ABCDE3T", "苏州云杉科技有限公司")


def basic_row(number: str | None = "25312000000123456789", **changes: Any) -> list[Any]:
    """One row of 发票基础信息; `changes` are by header."""
    values: dict[str, Any] = dict.fromkeys(BASIC_HEADERS, "") | {
        "序号": "1", "数电发票号码": number, "销方识别号": SELLER[0], "销方名称": SELLER[1], "购方识别号": US[0],
        "购买方名称": US[1], "开票日期": "2025-03-14 10:20:30", "金额": 100.0, "税额": 13.0, "价税合计": 113.0,
        "发票来源": "电子发票服务平台", "发票票种": "数电发票（增值税专用发票）", "发票状态": "正常",
        "是否正数发票": "是", "发票风险等级": "正常", "开票人": "王芳",
    }  # fmt: skip
    assert changes.keys() <= values.keys(), changes.keys() - values.keys()
    return list((values | changes).values())


def line_row(number: str | None = "25312000000123456789", **changes: Any) -> list[Any]:
    """One row of 信息汇总表; the invoice's and the line's 金额 share a header only in the basic sheet."""
    head = dict(zip(BASIC_HEADERS, basic_row(number), strict=True))
    values: dict[str, Any] = {header: head.get(header, "") for header in LINE_HEADERS} | {
        "货物或应税劳务名称": "*办公用品*打印纸", "规格型号": "A4", "单位": "包", "数量": "2", "单价": "50",
        "金额": "100.00", "税率": "13%", "税额": "13.00", "价税合计": "113.00",
    }  # fmt: skip
    assert changes.keys() <= values.keys()
    return list((values | changes).values())


def month_ends() -> list[list[Any]]:
    """Another seller's invoices of the first and last day of March 2025: what makes the month an imported one."""
    other: dict[str, Any] = {"销方识别号": "91320500MA2ABCDE9X", "销方名称": "苏州红杉物业有限公司"}
    other |= {"金额": 50, "税额": 3, "价税合计": 53}
    return [basic_row(f"2544200000077000900{n}", 开票日期=f"2025-03-{n}1", **other) for n in (0, 3)]

"""Set phrases of the remarks become fields; half a phrase becomes nothing."""

from __future__ import annotations

import pytest

from extraction.remark_facts import facts_in_remarks


@pytest.mark.parametrize(
    ("remarks", "facts"),
    [
        (
            "被红冲蓝字数电发票号码：24337000000266152049 红字发票信息确认单编号：33012404404456547314",
            {
                "original_invoice_number": "24337000000266152049",
                "red_confirmation_number": "33012404404456547314",
            },
        ),
        (
            "对应正数发票代码:033002100411号码:20418837",
            {"original_invoice_code": "033002100411", "original_invoice_number": "20418837"},
        ),
        ("开具红字增值税专用发票信息表编号3301022203012345", {"red_info_form_number": "3301022203012345"}),
        ("差额征税：6012.50。合同编号：HT2024-0001", {"deduction_amount": "6012.50"}),
        (
            "不动产地址：浙江省杭州市西湖区云栖路1号\n租赁期起止：2024-01-01 2024-12-31\n跨地（市）标志：否",
            {
                "property_address": "浙江省杭州市西湖区云栖路1号",
                "lease_start": "2024-01-01",
                "lease_end": "2024-12-31",
                "cross_city": "否",
            },
        ),
        ("红字发票信息确认单编号：330124044044565\n47314", {"red_confirmation_number": "33012404404456547314"}),
        ("红字发票信息确认单编号：330124044044565\n4731420240501", {}),
        ("土地增值税项目编号：\n跨地（市）标志：是", {"cross_city": "是"}),
        ("订单号：24337000000266152049", {}),
        ("被红冲蓝字数电发票号码：2433700000026615204", {}),
        (None, {}),
    ],
)
def test_what_the_remarks_say(remarks: str | None, facts: dict[str, str]) -> None:
    assert facts_in_remarks(remarks) == facts

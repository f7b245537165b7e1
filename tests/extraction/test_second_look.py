"""A second look confirms a value only where it stands whole: a label beside it is fine, more of itself is not."""

from __future__ import annotations

import pytest

from extraction.second_look import holds


@pytest.mark.parametrize(
    ("field", "text", "value", "whole"),
    [
        ("seller_name", "称：厦门市澜衡信印刷有限公司", "厦门市澜衡信印刷有限公司", True),
        ("seller_name", "厦门市澜衡信印刷有限公司", "市澜衡信印刷有限公司", False),
        ("seller_name", "澜衡信印刷有限公司北城分公司", "澜衡信印刷有限公司", False),
        ("buyer_name", "澜衡信印刷有限公司密", "澜衡信印刷有限公司", True),
        ("drawer", "开票人：林毅伟", "林毅伟", True),
        ("invoice_number", "No 18532887", "18532887", True),
        ("invoice_number", "18532887", "18532887", True),
        ("invoice_number", "4185328871", "18532887", False),
        ("total_incl_tax", "（小写）¥1,234.50", "1234.50", True),
        ("total_incl_tax", "¥11234.50", "1234.50", False),
        ("issue_date", "2024年05月14日", "2024-05-14", True),
        ("issue_date", "开票日期：2024 05 14", "2024-05-14", True),
        ("issue_date", "2024年05月15日", "2024-05-14", False),
    ],
)
def test_a_value_must_stand_whole(field: str, text: str, value: str, whole: bool) -> None:
    assert holds(field, text, value) is whole

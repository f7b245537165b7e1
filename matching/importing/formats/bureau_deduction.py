"""抵扣勾选 export: deductible kinds only, always 进项; a plain 普票 is never in it."""

from matching.importing.formats.bureau_basic import HEAD
from matching.importing.formats.format import Authority, Format
from models.ledger import Direction

FORMAT = Format(
    name="bureau_deduction",
    grain="invoice",
    columns=HEAD | {
        "total_excl_tax": ("金额",),
        "total_tax": ("票面税额", "税额"),
        "deduction_mark": ("是否勾选", "勾选状态", "是否已勾选"),
        "effective_deductible_tax": ("有效抵扣税额", "有效税额"),
        "deduction_time": ("勾选时间", "勾选日期"),
    },
    marks=(
        ("digital_invoice_number", "invoice_number"),
        ("issue_date",), ("total_excl_tax",), ("total_tax",),
        ("deduction_mark", "deduction_time"),
        ("effective_deductible_tax", "deduction_time"),
    ),
    authority=Authority.BUREAU,
    direction=Direction.INPUT,
)  # fmt: skip

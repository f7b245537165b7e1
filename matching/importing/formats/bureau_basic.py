"""全量发票查询, sheet 发票基础信息: one row per invoice, authoritative for totals. Older exports lack columns."""

from matching.importing.formats.format import Authority, Format

HEAD: dict[str, tuple[str, ...]] = {
    "invoice_code": ("发票代码",),
    "invoice_number": ("发票号码",),
    "digital_invoice_number": (
        "数电发票号码", "数电票号码", "全电发票号码", "数电(发)票号码", "全电票号码", "数电号码",
    ),
    "seller_tax_id": ("销方识别号", "销方税号", "销售方识别号", "销售方纳税人识别号", "销方纳税人识别号"),
    "seller_name": ("销方名称", "销售方名称", "销售方纳税人名称", "销方纳税人名称"),
    "buyer_tax_id": ("购方识别号", "购方税号", "购买方识别号", "购买方纳税人识别号", "购方纳税人识别号"),
    "buyer_name": ("购买方名称", "购方名称", "购买方纳税人名称"),
    "issue_date": ("开票日期", "开票时间"),
    "invoice_source": ("发票来源",),
    "kind_label": ("发票票种", "票种", "发票类型", "票种标签"),
    "state_label": ("发票状态", "状态"),
    "is_positive": ("是否正数发票",),
    "risk_level": ("发票风险等级", "风险等级"),
    "issuer_clerk": ("开票人",),
    "remarks": ("备注",),
}  # fmt: skip

FORMAT = Format(
    name="bureau_basic",
    grain="invoice",
    columns=HEAD | {
        "total_excl_tax": ("金额", "合计金额"),
        "total_tax": ("税额", "合计税额"),
        "total_incl_tax": ("价税合计",),
    },
    marks=(
        ("digital_invoice_number", "invoice_number"),
        ("seller_tax_id",), ("issue_date",), ("total_excl_tax",), ("total_tax",),
        ("kind_label", "state_label"), ("invoice_source",),
    ),
    authority=Authority.BUREAU,
    sheet_prefixes=("发票基础信息",),
)  # fmt: skip

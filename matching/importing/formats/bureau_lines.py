"""全量发票查询, sheets 信息汇总表, 信息汇总表1, 货物清单: one row per item line, attached to the invoice by key."""

from matching.importing.formats.bureau_basic import HEAD
from matching.importing.formats.format import Authority, Format

LINE: dict[str, tuple[str, ...]] = {
    "tax_classification_code": ("税收分类编码", "商品编码", "税收编码"),
    "special_business_type": ("特定业务类型",),
    "item_name": ("货物或应税劳务名称", "货物或应税劳务、服务名称", "项目名称", "货物名称", "商品名称"),
    "specification": ("规格型号",),
    "unit": ("单位", "计量单位"),
    "quantity": ("数量",),
    "unit_price": ("单价",),
    "amount_excl_tax": ("金额",),
    "tax_rate": ("税率", "税率/征收率"),
    "tax_amount": ("税额",),
    "amount_incl_tax": ("价税合计",),
}

FORMAT = Format(
    name="bureau_lines",
    grain="line",
    columns=HEAD | LINE,
    marks=(
        ("digital_invoice_number", "invoice_number"),
        ("seller_tax_id",), ("issue_date",), ("item_name",), ("amount_excl_tax",), ("tax_rate",),
    ),
    authority=Authority.BUREAU,
    sheet_prefixes=("信息汇总表", "货物清单", "发票明细", "货物明细"),
    line_columns=tuple(LINE),
)  # fmt: skip

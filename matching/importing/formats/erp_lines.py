"""An ERP table with one row per item: rows of one invoice are added up, never de-duplicated."""

from matching.importing.formats.bureau_lines import LINE
from matching.importing.formats.erp import FORMAT as ERP
from matching.importing.formats.format import Authority, Format

_TOTALS = ("total_excl_tax", "total_tax", "total_incl_tax")
_LINE = LINE | {
    "item_name": (*LINE["item_name"], "货物或应税劳务服务名称", "货物名称", "商品", "品名", "item", "item name"),
    "amount_excl_tax": ERP.columns["total_excl_tax"],
    "tax_amount": ERP.columns["total_tax"],
    "amount_incl_tax": ERP.columns["total_incl_tax"],
}

FORMAT = Format(
    name="erp_lines",
    grain="line",
    columns={name: headers for name, headers in ERP.columns.items() if name not in _TOTALS} | _LINE,
    marks=(*ERP.marks[:1], ("issue_date",), ("item_name",), ("amount_excl_tax", "amount_incl_tax"),
           ("quantity", "unit_price", "tax_rate", "specification")),
    authority=Authority.TYPED,
    line_columns=tuple(_LINE),
)  # fmt: skip

"""A table from an ERP or kept by hand: whatever its headers, as long as number and date or amount are among them."""

from matching.importing.formats.bureau_basic import HEAD
from matching.importing.formats.format import Authority, Format

FORMAT = Format(
    name="erp",
    grain="invoice",
    columns={
        "invoice_code": (*HEAD["invoice_code"], "代码", "invoice code", "invoice_code", "fpdm"),
        "invoice_number": (
            *HEAD["invoice_number"], "发票号", "号码", "票号", "发票编号", "invoice no",
            "invoice no.", "invoice number", "invoice_number", "invoice_no", "fphm",
        ),
        "digital_invoice_number": (*HEAD["digital_invoice_number"], "digital_invoice_number"),
        "seller_tax_id": (
            *HEAD["seller_tax_id"], "供应商税号", "供应商纳税人识别号", "供应商统一社会信用代码", "销货方税号",
            "销货单位税号", "seller tax id", "seller_tax_id", "vendor tax id", "xsfnsrsbh",
        ),
        "seller_name": (
            *HEAD["seller_name"], "供应商", "供应商名称", "销货方", "销货方名称", "销货单位", "销售方", "销方",
            "往来单位", "开票单位", "seller", "seller_name", "vendor", "vendor name", "supplier", "xsfmc",
        ),
        "buyer_tax_id": (
            *HEAD["buyer_tax_id"], "购货方税号", "购货单位税号", "buyer tax id", "buyer_tax_id", "gmfnsrsbh",
        ),
        "buyer_name": (
            *HEAD["buyer_name"], "购货方", "购货方名称", "购货单位", "购买方", "购方", "公司", "公司名称", "账套",
            "抬头", "发票抬头", "buyer", "buyer_name", "company", "gmfmc",
        ),
        "issue_date": (
            *HEAD["issue_date"], "发票日期", "开具日期", "票据日期", "invoice date", "issue_date",
            "invoice_date", "kprq",
        ),
        "total_excl_tax": (
            "金额", "不含税金额", "不含税额", "未税金额", "合计金额", "发票金额(不含税)", "金额(不含税)", "不含税总额",
            "net amount", "net", "total_excl_tax", "hjje",
        ),
        "total_tax": ("税额", "合计税额", "税金", "发票税额", "进项税额", "tax", "tax amount", "total_tax", "hjse"),
        "total_incl_tax": (
            "价税合计", "含税金额", "含税总额", "含税额", "总金额", "金额(含税)", "发票金额(含税)", "价税合计金额",
            "发票总额", "gross amount", "gross", "total", "total_incl_tax", "jshj",
        ),
        "kind_label": (*HEAD["kind_label"], "发票种类", "票据类型", "种类", "invoice type", "invoice_kind"),
        "state_label": (*HEAD["state_label"], "invoice status", "invoice_status"),
        "is_positive": HEAD["is_positive"],
        "issuer_clerk": HEAD["issuer_clerk"],
        "remarks": (*HEAD["remarks"], "摘要", "说明", "remarks", "memo"),
    },
    marks=(
        ("digital_invoice_number", "invoice_number"),
        ("issue_date", "total_incl_tax", "total_excl_tax"),
        ("issue_date", "seller_name", "seller_tax_id"),
    ),
    authority=Authority.TYPED,
)  # fmt: skip

"""Names of the values in each dialect of invoice XML. A new dialect is one more table here.

Sources: public samples and parsers of 数电票 XML and of original_invoice.xml, the element names of the
电子凭证会计数据标准 (rai, atr, inv, einv), and the pinyin and Chinese names that invoicing services export.
A field lists the names that may hold it, the best first; `parent/name` binds a name to its parent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from extraction.xml.parsing import plain

Names = Mapping[str, tuple[str, ...]]


def _compared(names: dict[str, str]) -> Names:
    """Names as they are compared, blank-separated in the tables."""
    return {
        target: tuple("/".join(plain(part) for part in name.split("/")) for name in text.split())
        for target, text in names.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """`markers`: names one of which occurs. `never`: fields this dialect's documents lack."""

    name: str
    fields: Names
    cells: Names = field(default_factory=dict)
    markers: frozenset[str] = frozenset()
    namespace: str | None = None  #: last part of an XBRL taxonomy's namespace
    never: tuple[str, ...] = ()
    confidence: float = 0.999


_DIGITAL_LACKS = ("invoice_code", "check_code", "machine_number")

EINVOICE = Dialect(
    name="数电票 XML",
    markers=frozenset({"einvoicedata", "taxsupervisioninfo"}),
    never=_DIGITAL_LACKS,
    fields=_compared(
        {
            "invoice_number": "TaxSupervisionInfo/InvoiceNumber Header/EIid InvoiceNumber EIid",
            "issue_date": "TaxSupervisionInfo/IssueTime IssueTime BasicInformation/RequestTime RequestTime",
            "buyer_name": "BuyerInformation/BuyerName BuyerName",
            "buyer_tax_id": "BuyerInformation/BuyerIdNum BuyerIdNum",
            "seller_name": "SellerInformation/SellerName SellerName",
            "seller_tax_id": "SellerInformation/SellerIdNum SellerIdNum",
            "total_excl_tax": "BasicInformation/TotalAmWithoutTax",
            "total_tax": "BasicInformation/TotalTaxAm",
            "total_incl_tax": "BasicInformation/TotalTax-includedAmount",
            "total_in_words": "BasicInformation/TotalTax-includedAmountInChinese",
            "drawer": "BasicInformation/Drawer",
            "payee": "BasicInformation/Payee Payee",
            "reviewer": "BasicInformation/Reviewer Reviewer BasicInformation/Checker",
            "remarks": "AdditionalInformation/Remark AdditionalInformation",
            "original_invoice_number": "RedEInvoice/OriginalInvoiceCode",
            "red_confirmation_number": "RedEInvoice/CreditNoteNumber",
        }
    ),
    cells=_compared(
        {
            "item_name": "ItemName",
            "specification": "SpecMod",
            "unit": "MeaUnits",
            "quantity": "Quantity",
            "unit_price": "UnPrice UnitPrice",
            "amount_excl_tax": "Amount",
            "tax_rate": "TaxRate",
            "tax_amount": "ComTaxAm",
            "tax_classification_code": "TaxClassificationCode",
        }
    ),
)

ORIGINAL = Dialect(
    name="original_invoice.xml",
    markers=frozenset({"taxexclusivetotalamount", "taxinclusivetotalamount"}),
    fields=_compared(
        {
            "invoice_code": "InvoiceCode",
            "invoice_number": "InvoiceNo",
            "issue_date": "IssueDate",
            "check_code": "InvoiceCheckCode",
            "machine_number": "MachineNo",
            "cipher_area": "TaxControlCode",
            "buyer_name": "Buyer/BuyerName",
            "buyer_tax_id": "Buyer/BuyerTaxID",
            "buyer_address_phone": "Buyer/BuyerAddrTel",
            "buyer_bank_account": "Buyer/BuyerFinancialAccount",
            "seller_name": "Seller/SellerName",
            "seller_tax_id": "Seller/SellerTaxID",
            "seller_address_phone": "Seller/SellerAddrTel",
            "seller_bank_account": "Seller/SellerFinancialAccount",
            "total_excl_tax": "TaxExclusiveTotalAmount",
            "total_tax": "TaxTotalAmount",
            "total_incl_tax": "TaxInclusiveTotalAmount",
            "total_in_words": "TaxInclusiveTotalAmountWithWords",
            "remarks": "Note",
            "drawer": "InvoiceClerk",
            "payee": "Payee",
            "reviewer": "Checker",
            "original_invoice_code": "OriginalInvoiceCode",
            "original_invoice_number": "OriginalInvoiceNo",
        }
    ),
    cells=_compared(
        {
            "item_name": "Item",
            "specification": "Specification",
            "unit": "MeasurementDimension",
            "quantity": "Quantity",
            "unit_price": "Price",
            "amount_excl_tax": "Amount",
            "tax_rate": "TaxScheme",
            "tax_amount": "TaxAmount",
            "tax_classification_code": "Code",
        }
    ),
)

RAIL = Dialect(
    name="铁路电子客票 XBRL",
    namespace="rai",
    never=_DIGITAL_LACKS,
    fields=_compared(
        {
            "invoice_number": "ElectronicInvoiceRailwayETicketNumber InvoiceNumber",
            "issue_date": "DateOfIssue",
            "buyer_name": "NameOfPurchaser",
            "buyer_tax_id": "UnifiedSocialCreditCodeOfPurchaser",
            "seller_name": "NameOfSeller",
            "seller_tax_id": "UnifiedSocialCreditCodeOfSeller",
            "total_excl_tax": "TotalAmountExcludingTax",
            "total_tax": "TaxAmount",
            "total_incl_tax": "Fare",
            "tax_rate": "TaxRate",
            "remarks": "Remarks",
            "e_ticket_number": "ETicketNumber",
            "departure_station": "DepartureStation",
            "departure_station_phonics": "PhonicsOfDepartureStation",
            "destination_station": "DestinationStation",
            "destination_station_phonics": "PhonicsOfDestinationStation",
            "train_number": "TrainNumber",
            "travel_date": "TravelDate",
            "departure_time": "DepartureTime",
            "seat_class": "SeatLevel",
            "carriage": "Carriage",
            "seat": "Seat",
            "passenger_name": "Name",
            "passenger_id": "IdNumber",
            "business_type": "TypeOfBusiness",
            "original_invoice_number": "NumberOfOriginalInvoice",
        }
    ),
)

AIR = Dialect(
    name="航空行程单 XBRL",
    namespace="atr",
    never=("invoice_code", "machine_number"),
    fields=_compared(
        {
            "invoice_number": "ElectronicInvoiceAirTransportReceiptNumber InvoiceNumber",
            "issue_date": "IssueDate DateOfIssue",
            "buyer_name": "NameOfPurchaser",
            "buyer_tax_id": "UnifiedSocialCreditCodeOfPurchaser",
            "seller_name": "NameOfSeller",
            "seller_tax_id": "UnifiedSocialCreditCodeOfSeller",
            "fare": "Fare",
            "fuel_surcharge": "FuelSurcharge",
            "tax_rate": "VatRate TaxRate",
            "total_tax": "VatTaxAmount TaxAmount",
            "civil_aviation_fund": "CivilAviationDevelopmentFund",
            "other_taxes": "OtherTaxes",
            "total_incl_tax": "TotalAmount",
            "e_ticket_number": "ETicketNumber",
            "verification_code": "VerificationCode",
            "insurance": "Insurance",
            "passenger_name": "PassengerName",
            "passenger_id": "ValidIdNumber",
            "endorsement": "Endorsement",
            "issuing_party": "IssueParty",
            "original_invoice_number": "NumberOfOriginalInvoice",
        }
    ),
)

_STANDARD_CELLS = {
    "item_name": "NameOfTaxableGoodsOrServices",
    "specification": "Specification SpecificationAndModel SpecificationModel",
    "unit": "Unit UnitOfMeasurement",
    "quantity": "Quantity",
    "unit_price": "UnitPrice",
    "amount_excl_tax": "AmountExcludingTax Amount",
    "tax_rate": "TaxRate",
    "tax_amount": "TaxAmount",
    "tax_classification_code": "TaxClassificationCode",
}
_STANDARD_FIELDS = {
    "invoice_code": "CodeOfInvoice",
    "invoice_number": "NumberOfInvoice InvoiceNumber NumberOfElectronicInvoice",
    "issue_date": "DateOfIssue",
    "check_code": "IdentifyingCode",
    "machine_number": "NumberOfInvoiceMachine",
    "buyer_name": "NameOfPurchaser",
    "buyer_tax_id": "TaxpayerIdentificationNumberUnifiedSocialCreditCodeOfPurchaser "
    "UnifiedSocialCreditCodeTaxpayerIdentificationNumberOfPurchaser UnifiedSocialCreditCodeOfPurchaser",
    "buyer_address_phone": "AddressPhoneNumberOfPurchaser",
    "buyer_bank_account": "DepositBankAndAccountNumberOfPurchaser",
    "seller_name": "NameOfSeller",
    "seller_tax_id": "TaxpayerIdentificationNumberUnifiedSocialCreditCodeOfSeller "
    "UnifiedSocialCreditCodeTaxpayerIdentificationNumberOfSeller UnifiedSocialCreditCodeOfSeller",
    "seller_address_phone": "AddressPhoneNumberOfSeller",
    "seller_bank_account": "DepositBankAndAccountNumberOfSeller",
    "total_excl_tax": "TotalAmountExcludingTax",
    "total_tax": "TotalTaxAmount",
    "total_incl_tax": "TaxIncludedAmountInFigures",
    "total_in_words": "TaxIncludedAmountInWords",
    "remarks": "Remarks",
    "payee": "Payee",
    "reviewer": "Reviewer",
    "drawer": "Issuer",
}

STANDARD = Dialect(
    name="电子发票 XBRL", namespace="inv", fields=_compared(_STANDARD_FIELDS), cells=_compared(_STANDARD_CELLS)
)
STANDARD_DIGITAL = Dialect(
    name="数电票 XBRL",
    namespace="einv",
    never=_DIGITAL_LACKS,
    fields=_compared(_STANDARD_FIELDS),
    cells=_compared(_STANDARD_CELLS),
)

PLAIN = Dialect(
    name="中文或拼音标签 XML",
    confidence=0.98,
    fields=_compared(
        {
            "invoice_code": "发票代码 FPDM InvoiceCode",
            "invoice_number": "数电发票号码 数电票号码 全电发票号码 发票号码 FPHM FP_HM QDFPHM InvoiceNumber InvoiceNo",
            "issue_date": "开票日期 开具日期 KPRQ IssueDate IssueTime InvoiceDate",
            "check_code": "校验码 JYM CheckCode",
            "machine_number": "机器编号 JQBH MachineNo",
            "buyer_name": "购买方名称 购方名称 购买方信息/名称 购买方/名称 GMFMC GMF_MC GFMC BuyerName",
            "buyer_tax_id": "购买方纳税人识别号 购买方税号 购方税号 购方识别号 购买方识别号 购买方信息/纳税人识别号 "
            "购买方信息/统一社会信用代码 购买方/纳税人识别号 GMFNSRSBH GMF_NSRSBH GFSH "
            "BuyerTaxID BuyerTaxNo BuyerIdNum",
            "buyer_address_phone": "购买方地址电话 购方地址电话 GMFDZDH GMF_DZDH",
            "buyer_bank_account": "购买方开户行及账号 购方开户行及账号 购方银行账号 GMFYHZH GMF_YHZH",
            "seller_name": "销售方名称 销方名称 销售方信息/名称 销售方/名称 XSFMC XSF_MC XFMC SellerName",
            "seller_tax_id": "销售方纳税人识别号 销售方税号 销方税号 销方识别号 销售方识别号 销售方信息/纳税人识别号 "
            "销售方信息/统一社会信用代码 销售方/纳税人识别号 XSFNSRSBH XSF_NSRSBH XFSH "
            "SellerTaxID SellerTaxNo SellerIdNum",
            "seller_address_phone": "销售方地址电话 销方地址电话 XSFDZDH XSF_DZDH",
            "seller_bank_account": "销售方开户行及账号 销方开户行及账号 销方银行账号 XSFYHZH XSF_YHZH",
            "total_excl_tax": "合计金额 金额合计 不含税金额 HJJE TotalAmountWithoutTax 金额",
            "total_tax": "合计税额 税额合计 HJSE TotalTax 税额",
            "total_incl_tax": "价税合计小写 价税合计 JSHJ TotalAmountWithTax",
            "total_in_words": "价税合计大写 大写金额 JSHJDX",
            "remarks": "备注 BZ Remark Remarks",
            "payee": "收款人 SKR",
            "reviewer": "复核人 复核 FHR",
            "drawer": "开票人 KPR Drawer",
        }
    ),
    cells=_compared(
        {
            "item_name": "项目名称 货物或应税劳务名称 货物或应税劳务服务名称 货物或应税劳务、服务名称 商品名称 名称 "
            "XMMC SPMC HWMC ItemName",
            "specification": "规格型号 规格 GGXH",
            "unit": "单位 计量单位 DW",
            "quantity": "数量 XMSL SPSL Quantity",
            "unit_price": "单价 XMDJ DJ SPDJ UnitPrice",
            "amount_excl_tax": "金额 XMJE JE Amount",
            "tax_rate": "税率 税率征收率 SLV SL TaxRate",
            "tax_amount": "税额 SE TaxAmount",
            "tax_classification_code": "税收分类编码 SPBM SSFLBM",
        }
    ),
)

#: tried in this order
DIALECTS = (EINVOICE, ORIGINAL, RAIL, AIR, STANDARD_DIGITAL, STANDARD, PLAIN)

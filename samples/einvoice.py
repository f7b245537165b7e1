"""The two XML forms: 数电票 EInvoice and original_invoice.xml of the old e-invoices.

Never signs: the signature elements of genuine files are left out. Source: the domain reference §4.1–4.2.
"""

from __future__ import annotations

import base64
import io
from decimal import Decimal

from lxml import etree
from PIL import Image

from models.kinds import InvoiceKind
from models.money import format_money
from samples.pdf import qr_modules
from samples.truth import InvoiceTruth, TruthLine

#: 电子普票 and 电子专票: their OFDs carry original_invoice.xml, those of 数电票 do not
WITH_ORIGINAL = frozenset({InvoiceKind.ORDINARY_E, InvoiceKind.SPECIAL_E, InvoiceKind.TOLL_E})
_TOLL = ("PlateNumber", "VehicleType", "StartDatesOfPassage", "EndDatesOfPassage")
_FP = "http://www.edrm.org.cn/schema/e-invoice/2019"


def digital_invoice(invoice: InvoiceTruth) -> bytes:
    """EInvoice as the platform delivers it."""
    root = etree.Element("EInvoice")
    special = invoice.kind is InvoiceKind.DIGITAL_SPECIAL
    header = _child(root, "Header")
    _child(header, "EIid", invoice.invoice_number)
    _child(header, "EInvoiceTag", f"SWEI{invoice.area.code}")
    _child(header, "Version", "0.2")
    inherent = _child(header, "InherentLabel")
    red = invoice.total_incl_tax < 0
    for tag, code, name in (
        ("InIssuType", "N" if red else "Y", "红票" if red else "蓝票"),
        ("EInvoiceType", "01", "数电发票"),
        ("GeneralOrSpecialVAT", "01" if special else "02", "增值税专用发票" if special else "普通发票"),
    ):
        label = _child(inherent, tag)
        _child(label, "LabelCode", code)
        _child(label, "LabelName", name)
    _child(header, "UndefinedLabel")
    _digital_data(_child(root, "EInvoiceData"), invoice)
    supervision = _child(root, "TaxSupervisionInfo")
    _child(supervision, "InvoiceNumber", invoice.invoice_number)
    _child(supervision, "IssueTime", invoice.issue_date.isoformat())
    _child(supervision, "TaxBureauCode", f"1{invoice.area.district}0000")
    _child(supervision, "TaxBureauName", f"国家税务总局{invoice.area.bureau}")
    return _bytes(root)


def _digital_data(data: etree._Element, invoice: InvoiceTruth) -> None:
    for side, party in (("Seller", invoice.seller), ("Buyer", invoice.buyer)):
        block = _child(data, f"{side}Information")
        _child(block, f"{side}IdNum", party.tax_id)
        _child(block, f"{side}Name", party.name)
        for empty in ("Addr", "TelNum", "BankName", "BankAccNum"):
            _child(block, f"{side}{empty}", "")
    basic = _child(data, "BasicInformation")
    _child(basic, "TotalAmWithoutTax", format_money(invoice.total_excl_tax))
    _child(basic, "TotalTaxAm", invoice.printed_tax)
    _child(basic, "TotalTax-includedAmount", format_money(invoice.total_incl_tax))
    _child(basic, "TotalTax-includedAmountInChinese", invoice.total_in_words)
    _child(basic, "Drawer", invoice.drawer)
    _child(basic, "RequestTime", f"{invoice.issue_date} 10:12:38")
    for line in invoice.lines:
        item = _child(data, "IssuItemInformation")
        _child(item, "ItemName", line.item_name)
        _child(item, "SpecMod", line.specification)
        _child(item, "MeaUnits", line.unit)
        _child(item, "Quantity", line.quantity)
        _child(item, "UnPrice", line.unit_price)
        _child(item, "Amount", line.amount_excl_tax)
        _child(item, "TaxRate", _decimal_rate(line.tax_rate))
        _child(item, "ComTaxAm", line.tax_amount)
        _child(item, "TotaltaxIncludedAmount", _gross(line))
        _child(item, "TaxClassificationCode", line.tax_classification_code)
    passages = [line.toll for line in invoice.lines if line.toll]
    specific = _child(data, "SpecificInformation")
    for passage in passages:
        toll = _child(specific, "Toll")
        for tag, text in zip(_TOLL, passage, strict=True):
            _child(toll, tag, f"{text}094742000" if text.isdigit() else text)
    if "original_invoice_number" in invoice.extra:
        red = _child(specific, "RedEInvoice")
        _child(red, "OriginalInvoiceCode", invoice.extra["original_invoice_number"])
        _child(red, "CreditNoteNumber", invoice.extra.get("red_confirmation_number"))
    if invoice.remarks:
        _child(_child(data, "AdditionalInformation"), "Remark", invoice.remarks)


def _decimal_rate(rate: str | None) -> str | None:
    """13% → 0.130000; words such as 免税 stay."""
    if not rate or not rate.endswith("%"):
        return rate
    return f"{Decimal(rate[:-1]) / 100:.6f}"


def _gross(line: TruthLine) -> str:
    tax = Decimal() if line.tax_amount in (None, "***") else Decimal(line.tax_amount or "0")
    return format_money(Decimal(line.amount_excl_tax or "0") + tax)


def original_invoice(invoice: InvoiceTruth) -> bytes:
    """original_invoice.xml, namespace fp."""
    root = etree.Element("eInvoice", nsmap={"fp": _FP}, Version="1.0")
    _fp(root, "DocID", "03" if invoice.kind is InvoiceKind.SPECIAL_E else "02")
    _fp(root, "InvoiceCode", invoice.invoice_code)
    _fp(root, "InvoiceNo", invoice.invoice_number)
    _fp(root, "TypeCode", "1" if invoice.total_incl_tax < 0 else "0")
    _fp(root, "IssueDate", f"{invoice.issue_date:%Y年%m月%d日}")
    _fp(root, "InvoiceCheckCode", invoice.check_code)
    _fp(root, "MachineNo", invoice.machine_number)
    _fp(root, "TaxControlCode", "\n".join(invoice.cipher or ()))
    for side, party in (("Buyer", invoice.buyer), ("Seller", invoice.seller)):
        block = _fp(root, side)
        _fp(block, f"{side}Name", party.name)
        _fp(block, f"{side}TaxID", party.tax_id)
        _fp(block, f"{side}AddrTel", party.address_phone)
        _fp(block, f"{side}FinancialAccount", party.bank_account)
    _fp(root, "TaxInclusiveTotalAmount", format_money(invoice.total_incl_tax))
    _fp(root, "TaxInclusiveTotalAmountWithWords", invoice.total_in_words)
    _fp(root, "Note", invoice.remarks or "")
    _fp(root, "InvoiceClerk", invoice.drawer)
    _fp(root, "Payee", invoice.payee)
    _fp(root, "Checker", invoice.reviewer)
    _fp(root, "TaxTotalAmount", invoice.printed_tax)
    _fp(root, "TaxExclusiveTotalAmount", format_money(invoice.total_excl_tax))
    _fp(root, "OriginalInvoiceCode", invoice.extra.get("original_invoice_code"))
    _fp(root, "OriginalInvoiceNo", invoice.extra.get("original_invoice_number"))
    _fp(root, "GraphCode", _graph_code(invoice))
    goods = _fp(root, "GoodsInfos")
    for number, line in enumerate(invoice.lines, 1):
        plate, vehicle, start, end = line.toll or (line.specification, line.unit, line.quantity, line.unit_price)
        info = _fp(goods, "GoodsInfo")
        _fp(info, "LineNo", str(number))
        _fp(info, "LineNature", "1" if line.is_discount else "0")
        _fp(info, "Item", line.item_name)
        _fp(info, "Code", line.tax_classification_code)
        _fp(info, "Specification", plate or "")
        _fp(info, "MeasurementDimension", vehicle or "")
        _fp(info, "Price", end or "")
        _fp(info, "Quantity", start or "")
        _fp(info, "Amount", line.amount_excl_tax)
        _fp(info, "TaxScheme", line.tax_rate)
        _fp(info, "TaxAmount", line.tax_amount)
    return _bytes(root)


def _graph_code(invoice: InvoiceTruth) -> str:
    """Base64 picture of the QR code; blank where there is none."""
    if not invoice.qr:
        return ""
    out = io.BytesIO()
    Image.fromarray((~qr_modules(invoice.qr)).astype("uint8") * 255).convert("1").save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def _fp(parent: etree._Element, tag: str, text: str | None = None) -> etree._Element:
    return _child(parent, f"{{{_FP}}}{tag}", text)


def _child(parent: etree._Element, tag: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, tag)
    element.text = text
    return element


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")

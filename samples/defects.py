"""Defects of invoice and page that leave the truth as it is: odd QR texts, odd numbers, lying text layers.

Never changes an amount, name or date that is printed. Source: what real documents do, collected by the domain notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from samples.codes import crc16, digits
from samples.fonts import Font
from samples.sheet import Sheet, Step, Text
from samples.truth import Defect, InvoiceTruth

#: unified ideograph → radical that looks the same; the 宋体 and 楷体 have all of these
_RADICALS = str.maketrans("一方大金人工小日月山水土文用子电长", "⼀⽅⼤⾦⼈⼯⼩⽇⽉⼭⽔⼟⽂⽤⼦电长")
_SPLIT = {
    "名称：": "名 称：", "开票人：": "开 票 人：", "发票号码：": "发 票 号 码：", "开票日期：": "开 票 日 期：",
    "规格型号": "规 格 型 号", "项目名称": "项 目 名 称", "税率/征收率": "税 率 / 征 收 率",
}  # fmt: skip
_SPLIT_SIZE = 7.2  #: points, so that the blanks do not push the label over its value


def with_defects(invoice: InvoiceTruth, defects: frozenset[Defect], rng: Random) -> InvoiceTruth:
    """The same invoice with its odd QR text, remark or seller number."""
    invoice = replace(invoice, defects=defects)
    if Defect.ORDER_NUMBER in defects:
        number = f"{rng.randint(20, 26)}{digits(rng, 18)}"
        invoice = replace(invoice, remarks=f"订单号：{number};{invoice.remarks or ''}")
    if Defect.OLD_TAX_ID in defects or Defect.LONG_TAX_ID in defects:
        area = invoice.seller.area.district
        tax_id = f"{area}{digits(rng, 9)}" if Defect.OLD_TAX_ID in defects else f"{area}19{digits(rng, 10)}00"
        invoice = replace(invoice, seller=replace(invoice.seller, tax_id=tax_id))
    return replace(invoice, qr=_odd_qr(invoice, defects))


def _odd_qr(invoice: InvoiceTruth, defects: frozenset[Defect]) -> str | None:
    if Defect.QR_MISSING in defects or invoice.qr is None:
        return None
    if Defect.QR_ERROR in defects:
        return "QRCODE_GEN_ERROR"
    if not invoice.qr.startswith("01,"):  # an address, or a 财政票据: these have no such faults
        return invoice.qr
    parts = invoice.qr.split(",")
    if Defect.QR_GROSS in defects:
        parts[4] = f"{invoice.total_incl_tax}"
    if Defect.QR_KIND_20 in defects:
        parts[1] = "20"
    if Defect.QR_SHORT_AMOUNT in defects:
        parts[4] = parts[4].rstrip("0").rstrip(".")
    if Defect.QR_DASHED_DATE in defects:
        parts[5] = invoice.issue_date.isoformat()
    if Defect.QR_BLANKS in defects:
        parts = [part or " " for part in parts[:7]] + parts[7:]
    head = ",".join(parts[:7]) + ","
    tail = "" if Defect.QR_NO_CRC in defects else crc16(head)
    return head + tail + ("," if invoice.invoice_code else "")


def spoil(sheets: Sequence[Sheet], invoice: InvoiceTruth) -> None:
    """Apply what touches the page's text layer, in place."""
    for sheet in sheets:
        sheet.steps = [_spoiled(step, invoice.defects) for step in sheet.steps]
        if Defect.HIDDEN_HEADER in invoice.defects:
            _hidden_header(sheet, invoice)


def _spoiled(step: Step, defects: frozenset[Defect]) -> Step:
    if not isinstance(step, Text):
        return step
    text = step.text
    if Defect.KANGXI in defects and step.font is not Font.COURIER:
        text = text.translate(_RADICALS)
    if Defect.NO_YEN in defects and step.layer == "print":
        text = text.replace("¥", "")
    if not text:
        return step
    if Defect.SPLIT_LABELS in defects and step.layer == "form" and text in _SPLIT:
        return replace(step, text=_SPLIT[text], size=_SPLIT_SIZE)
    return replace(step, text=text)


def _hidden_header(sheet: Sheet, invoice: InvoiceTruth) -> None:
    """As browsers print it: above and below the visible page, another date and an address."""
    printed = invoice.issue_date.replace(year=invoice.issue_date.year + 1)
    for y, text in (
        (-4.0, f"{printed:%Y/%m/%d} 09:41 电子发票下载"),
        (sheet.height + 4.0, "https://fp.example.invalid/download?page=1 1/1"),
    ):
        sheet.steps.append(Text(x=8, y=y, text=text, font=Font.SONG, size=8, colour=sheet.print_ink, layer="print"))

"""Writes sheets as OFD: labels and rules in the template, values in the page, tags that point at them.

电子普票/电子专票 carry original_invoice.xml, 数电票 do not. No signature is made: samples are not genuine.
Source: the domain reference §4.1 (GB/T 33190).
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from PIL import Image

from models.money import format_money
from samples import fonts
from samples.einvoice import WITH_ORIGINAL, original_invoice
from samples.fonts import Font
from samples.pdf import qr_modules
from samples.sheet import MM_PER_POINT, Oval, QrCode, Rule, Sheet, Text
from samples.truth import Defect, InvoiceTruth

_NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_FONT_IDS = {Font.KAI: 5, Font.SONG: 6, Font.BRUSH: 7, Font.COURIER: 8, Font.SANS: 9}
_FONT_NAMES = {
    Font.KAI: "楷体",
    Font.SONG: "宋体",
    Font.BRUSH: "楷体_GB2312",
    Font.COURIER: "Courier New",
    Font.SANS: "Arial",
}
_FIRST_ID = 100
_ZIP_TIME = (2024, 1, 1, 0, 0, 0)


def to_ofd(invoice: InvoiceTruth, sheets: Sequence[Sheet]) -> bytes:
    writer = _Writer(invoice)
    for index, sheet in enumerate(sheets):
        writer.add_page(index, sheet)
    return writer.finish()


class _Writer:
    def __init__(self, invoice: InvoiceTruth) -> None:
        self._invoice = invoice
        self._next_id = _FIRST_ID
        self._parts: dict[str, bytes] = {}
        self._pictures: list[tuple[int, str]] = []
        self._tags: dict[str, list[tuple[int, int]]] = {}
        odd = Defect.OFD_ODD_FOLDERS in invoice.defects
        self._bare = odd  #: pages without PhysicalBox
        self._templates, self._holder, self._attachs = ("TPLS", "", "Attach") if odd else ("Tpls", "Pages/", "Attachs")
        self._pages: list[tuple[int, int, Sheet]] = []  # page id, template id, sheet

    def add_page(self, index: int, sheet: Sheet) -> None:
        page_id, template_id = self._new_id(), self._new_id()
        self._pages.append((page_id, template_id, sheet))
        form = "".join(self._object(s, page_id) for s in sheet.steps if s.layer == "form")
        values = "".join(self._object(s, page_id) for s in sheet.steps if s.layer == "print")
        area = f"<ofd:Area><ofd:PhysicalBox>0 0 {sheet.width} {sheet.height}</ofd:PhysicalBox></ofd:Area>"
        area = "" if self._bare else area
        layer = f'<ofd:Content><ofd:Layer ID="{self._new_id()}">{{}}</ofd:Layer></ofd:Content>'
        self._put(
            f"Doc_0/{self._templates}/Tpl_{index}/Content.xml", f"<ofd:Page {_NS}>{area}{layer.format(form)}</ofd:Page>"
        )
        used = f'<ofd:Template TemplateID="{template_id}" ZOrder="Background"/>'
        self._put(
            f"Doc_0/{self._holder}Page_{index}/Content.xml",
            f"<ofd:Page {_NS}>{area}{used}{layer.format(values)}</ofd:Page>",
        )
        seal = "".join(self._object(s, page_id) for s in sheet.steps if s.layer == "seal")
        box = f"0 0 {sheet.width} {sheet.height}"
        self._put(
            f"Doc_0/Annots/Page_{index}/Annotation.xml",
            f'<ofd:PageAnnot {_NS}><ofd:Annot ID="{self._new_id()}" Type="Stamp" Creator="chapiao" '
            f'LastModDate="{self._invoice.issue_date}"><ofd:Appearance Boundary="{box}">{seal}</ofd:Appearance>'
            f"</ofd:Annot></ofd:PageAnnot>",
        )

    def finish(self) -> bytes:
        attached = self._invoice.kind in WITH_ORIGINAL
        if attached:
            self._parts[f"Doc_0/{self._attachs}/original_invoice.xml"] = original_invoice(self._invoice)
            self._put(
                f"Doc_0/{self._attachs}/Attachments.xml",
                f'<ofd:Attachments {_NS}><ofd:Attachment ID="{self._new_id()}" Name="original_invoice" Format="xml" '
                f'CreationDate="{self._invoice.issue_date}T09:30:00" Visible="false">'
                f"<ofd:FileLoc>original_invoice.xml</ofd:FileLoc></ofd:Attachment></ofd:Attachments>",
            )
        self._put_tags()
        self._put_resources()
        self._put_document(attached)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self._parts.items():
                info = zipfile.ZipInfo(name, _ZIP_TIME)
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, data)
        return out.getvalue()

    def _put(self, name: str, xml: str) -> None:
        self._parts[name] = (_HEAD + xml).encode()

    def _new_id(self) -> int:
        self._next_id += 1
        return self._next_id

    def _object(self, step: Text | Rule | Oval | QrCode, page_id: int) -> str:
        if isinstance(step, Text):
            return self._text(step, page_id)
        if isinstance(step, QrCode):
            return self._picture(step)
        ink = " ".join(map(str, step.colour))
        if isinstance(step, Rule):
            box = (step.x1, step.y1, max(step.x2 - step.x1, 0.1), max(step.y2 - step.y1, 0.1))
            path = f"M 0 0 L {step.x2 - step.x1:.3f} {step.y2 - step.y1:.3f}"
        else:
            box = (step.x - step.rx, step.y - step.ry, 2 * step.rx, 2 * step.ry)
            path = _oval_path(step)
        return (
            f'<ofd:PathObject ID="{self._new_id()}" Boundary="{_numbers(*box)}" LineWidth="{step.width}">'
            f'<ofd:StrokeColor Value="{ink}"/><ofd:AbbreviatedData>{path}</ofd:AbbreviatedData></ofd:PathObject>'
        )

    def _text(self, step: Text, page_id: int) -> str:
        size = step.size * MM_PER_POINT
        advances = [fonts.width(letter, step.font, step.size) for letter in step.text]
        if step.spread and len(advances) > 1:
            gap = (step.spread - sum(advances)) / (len(advances) - 1)
            advances = [a + gap for a in advances]
        number = self._new_id()
        if step.tag:
            self._tags.setdefault(step.tag, []).append((page_id, number))
        box = _numbers(step.x, step.y - size * 0.75, max(sum(advances), size), size * 1.5)
        delta = f" DeltaX={quoteattr(_numbers(*advances[:-1]))}" if len(advances) > 1 else ""
        turn = ""
        if step.angle:
            angle = np.deg2rad(step.angle)
            cos, sin = float(np.cos(angle)), float(np.sin(angle))
            turn = f' CTM="{_numbers(cos, sin, -sin, cos, 0, 0)}"'
        ink = " ".join(map(str, step.colour))
        return (
            f'<ofd:TextObject ID="{number}" Boundary="{box}" Font="{_FONT_IDS[step.font]}" Size="{size:.4f}"{turn}>'
            f'<ofd:FillColor Value="{ink}"/><ofd:TextCode X="0" Y="{size * 1.11:.4f}"{delta}>{self._encoded(step.text)}'
            f"</ofd:TextCode></ofd:TextObject>"
        )

    def _encoded(self, text: str) -> str:
        return f"<![CDATA[{text}]]>" if Defect.OFD_CDATA in self._invoice.defects else escape(text)

    def _picture(self, step: QrCode) -> str:
        dark = np.kron(qr_modules(step.payload), np.ones((4, 4), dtype=bool))
        out = io.BytesIO()
        Image.fromarray(np.where(dark, 0, 255).astype(np.uint8)).convert("1").save(out, "PNG")
        media_id = self._new_id()
        name = f"image_{media_id}.png"
        self._parts[f"Doc_0/Res/{name}"] = out.getvalue()
        self._pictures.append((media_id, name))
        box = _numbers(step.x, step.y, step.size, step.size)
        return (
            f'<ofd:ImageObject ID="{self._new_id()}" Boundary="{box}" '
            f'CTM="{_numbers(step.size, 0, 0, step.size, 0, 0)}" ResourceID="{media_id}"/>'
        )

    def _put_tags(self) -> None:
        groups: dict[str, list[str]] = {}
        for tag, refs in self._tags.items():
            side = next((s for s in ("Buyer", "Seller") if tag.startswith(s)), "")
            links = "".join(f'<ofd:ObjectRef PageRef="{page}">{number}</ofd:ObjectRef>' for page, number in refs)
            groups.setdefault(side, []).append(f"<ofd:{tag}>{links}</ofd:{tag}>")
        inner = "".join(groups.pop("", []))
        inner += "".join(f"<ofd:{side}>{''.join(parts)}</ofd:{side}>" for side, parts in groups.items())
        self._put("Doc_0/Tags/CustomTag.xml", f'<ofd:root {_NS} version="1.0">{inner}</ofd:root>')
        self._put(
            "Doc_0/Tags/CustomTags.xml",
            f'<ofd:CustomTags {_NS}><ofd:CustomTag TypeID="root"><ofd:FileLoc>CustomTag.xml</ofd:FileLoc>'
            f"</ofd:CustomTag></ofd:CustomTags>",
        )

    def _put_resources(self) -> None:
        names = "".join(
            f'<ofd:Font ID="{number}" FontName="{_FONT_NAMES[font]}" FamilyName="{_FONT_NAMES[font]}"/>'
            for font, number in _FONT_IDS.items()
        )
        self._put("Doc_0/PublicRes.xml", f"<ofd:Res {_NS}><ofd:Fonts>{names}</ofd:Fonts></ofd:Res>")
        media = "".join(
            f'<ofd:MultiMedia ID="{number}" Type="Image" Format="PNG"><ofd:MediaFile>{name}</ofd:MediaFile>'
            "</ofd:MultiMedia>"
            for number, name in self._pictures
        )
        self._put(
            "Doc_0/DocumentRes.xml",
            f'<ofd:Res {_NS} BaseLoc="Res"><ofd:MultiMedias>{media}</ofd:MultiMedias></ofd:Res>',
        )

    def _put_document(self, attached: bool) -> None:
        templates = "".join(
            f'<ofd:TemplatePage ID="{template}" BaseLoc="{self._templates}/Tpl_{i}/Content.xml"/>'
            for i, (_, template, _) in enumerate(self._pages)
        )
        pages = "".join(
            f'<ofd:Page ID="{page}" BaseLoc="{self._holder}Page_{i}/Content.xml"/>'
            for i, (page, _, _) in enumerate(self._pages)
        )
        annots = "".join(
            f'<ofd:Page PageID="{page}"><ofd:FileLoc>Page_{i}/Annotation.xml</ofd:FileLoc></ofd:Page>'
            for i, (page, _, _) in enumerate(self._pages)
        )
        first = self._pages[0][2]
        self._put("Doc_0/Annots/Annotations.xml", f"<ofd:Annotations {_NS}>{annots}</ofd:Annotations>")
        self._put(
            "Doc_0/Document.xml",
            f"<ofd:Document {_NS}><ofd:CommonData><ofd:MaxUnitID>{self._next_id}</ofd:MaxUnitID><ofd:PageArea>"
            f"<ofd:PhysicalBox>0 0 {first.width} {first.height}</ofd:PhysicalBox></ofd:PageArea>"
            f"<ofd:PublicRes>PublicRes.xml</ofd:PublicRes><ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>{templates}"
            f"</ofd:CommonData><ofd:Pages>{pages}</ofd:Pages><ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>"
            + (f"<ofd:Attachments>{self._attachs}/Attachments.xml</ofd:Attachments>" if attached else "")
            + "<ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags></ofd:Document>",
        )
        self._put(
            "OFD.xml",
            f'<ofd:OFD {_NS} DocType="OFD" Version="1.1"><ofd:DocBody><ofd:DocInfo><ofd:DocID>{self._document_id()}'
            f"</ofd:DocID><ofd:Author>样张</ofd:Author><ofd:CreationDate>{self._invoice.issue_date}</ofd:CreationDate>"
            f"<ofd:CustomDatas>{self._custom_data()}</ofd:CustomDatas></ofd:DocInfo>"
            f"<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        )

    def _document_id(self) -> str:
        invoice = self._invoice
        return hashlib.md5(
            f"{invoice.invoice_code}{invoice.invoice_number}".encode(), usedforsecurity=False
        ).hexdigest()

    def _custom_data(self) -> str:
        invoice = self._invoice
        told = {name for name, value in invoice.fields().items() if value}
        values = {
            "template-version": "1.0.20.0422",
            "发票代码": invoice.invoice_code,
            "发票号码": invoice.invoice_number,
            "开票日期": f"{invoice.issue_date:%Y年%m月%d日}",
            "合计金额": format_money(invoice.total_excl_tax) if "total_excl_tax" in told else None,
            "合计税额": invoice.printed_tax if "total_tax" in told else None,
            "校验码": invoice.check_code,
            "购买方纳税人识别号": invoice.buyer.tax_id,
            "销售方纳税人识别号": invoice.seller.tax_id if "seller_tax_id" in told else None,
        }
        return "".join(
            f"<ofd:CustomData Name={quoteattr(name)}>{escape(value)}</ofd:CustomData>"
            for name, value in values.items()
            if value
        )


def _numbers(*values: float) -> str:
    return " ".join(f"{value:.4f}".rstrip("0").rstrip(".") for value in values)


def _oval_path(step: Oval) -> str:
    """Four Bézier arcs, and the cross of ⊗."""
    rx, ry, k = step.rx, step.ry, 0.5523
    x, y = rx, ry
    arcs = (
        (x + rx, y + ry * k, x + rx * k, y + ry, x, y + ry), (x - rx * k, y + ry, x - rx, y + ry * k, x - rx, y),
        (x - rx, y - ry * k, x - rx * k, y - ry, x, y - ry), (x + rx * k, y - ry, x + rx, y - ry * k, x + rx, y),
    )  # fmt: skip
    path = f"M {_numbers(x + rx, y)} " + " ".join(f"B {_numbers(*arc)}" for arc in arcs)
    if step.cross:
        r = rx * 0.7
        for tilt in (-1, 1):
            path += f" M {_numbers(x - r, y + tilt * r)} L {_numbers(x + r, y - tilt * r)}"
    return path

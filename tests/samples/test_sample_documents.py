"""What stands on a rendered document is the truth: in the text layer, in the QR code, in the parts of the container."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from random import Random

import numpy as np
import pdfplumber
import pytest
import zxingcpp
from lxml import etree
from PIL import Image, ImageOps

from models.errors import RequestError
from models.kinds import InvoiceKind
from models.money import format_money
from samples import fonts, wear
from samples.inventing import invent
from samples.outcomes import Outcome
from samples.pdf import to_pixels
from samples.planning import Plan
from samples.rendering import Handling, render
from samples.truth import InvoiceTruth, Medium, Trait
from samples.writing import write_set

ON_PDF = [
    (InvoiceKind.DIGITAL_ORDINARY, [Trait.DISCOUNT]),
    (InvoiceKind.DIGITAL_SPECIAL, [Trait.MULTI_PAGE]),
    (InvoiceKind.DIGITAL_SPECIAL, [Trait.RED]),
    (InvoiceKind.ORDINARY_E, [Trait.ON_BEHALF]),
    (InvoiceKind.ORDINARY_E, [Trait.GOODS_LIST]),
    (InvoiceKind.SPECIAL_E, []),
    (InvoiceKind.TOLL_E, []),
]
FP = "{http://www.edrm.org.cn/schema/e-invoice/2019}"


def made(kind: InvoiceKind, traits: list[Trait], medium: Medium, **handling: object) -> tuple[InvoiceTruth, bytes]:
    invoice = invent(Random(f"document/{kind}/{traits}"), kind, traits=traits)
    return invoice, render(invoice, medium, Random(1), Handling(**handling))  # type: ignore[arg-type]


def text_of(pdf: bytes) -> str:
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return "".join(char["text"] for page in document.pages for char in page.chars)


def qr_of(picture: np.ndarray) -> str:
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    return found[0].text if found else ""


@pytest.mark.parametrize(("kind", "traits"), ON_PDF)
def test_the_text_layer_holds_every_value(kind: InvoiceKind, traits: list[Trait]) -> None:
    invoice, pdf = made(kind, traits, Medium.PDF)
    text = text_of(pdf)
    wanted = [
        invoice.title,
        invoice.invoice_code,
        invoice.invoice_number,
        f"{invoice.issue_date:%Y年%m月%d日}",
        invoice.buyer.name,
        invoice.buyer.tax_id,
        invoice.seller.name,
        invoice.seller.tax_id,
        f"¥{format_money(invoice.total_excl_tax)}",
        f"¥{format_money(invoice.total_incl_tax)}",
        invoice.total_in_words,
        invoice.drawer,
        invoice.machine_number,
        *(line.amount_excl_tax for line in invoice.lines),
        *(line.quantity for line in invoice.lines),
        *(invoice.cipher or ()),
    ]
    assert [value for value in wanted if value and value not in text] == []


@pytest.mark.parametrize(("kind", "traits"), ON_PDF)
def test_the_qr_code_on_the_page_is_the_payload(kind: InvoiceKind, traits: list[Trait]) -> None:
    invoice, pdf = made(kind, traits, Medium.PDF)
    assert qr_of(to_pixels(pdf, 150)) == invoice.qr


def test_pages_of_a_long_digital_invoice_have_subtotals_and_only_the_last_the_total() -> None:
    invoice, pdf = made(InvoiceKind.DIGITAL_SPECIAL, [Trait.MULTI_PAGE], Medium.PDF)
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        pages = ["".join(char["text"] for char in page.chars) for page in document.pages]
    assert len(pages) > 1
    for index, page in enumerate(pages, 1):
        assert f"共{len(pages)}页第{index}页" in page.replace(" ", "")
        assert "小计" in page
        assert (invoice.total_in_words in page) == (index == len(pages))


def test_a_face_with_a_goods_list_refers_to_it_and_the_list_follows() -> None:
    invoice, pdf = made(InvoiceKind.ORDINARY_E, [Trait.GOODS_LIST], Medium.PDF)
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        face, listing = ("".join(char["text"] for char in page.chars) for page in document.pages[:2])
    assert "(详见销货清单)" in face
    assert invoice.lines[0].amount_excl_tax not in face.replace(format_money(invoice.total_excl_tax), "")
    assert "清单" in listing
    assert str(invoice.lines[0].amount_excl_tax) in listing


@pytest.mark.parametrize("kind", [InvoiceKind.SPECIAL_E, InvoiceKind.DIGITAL_SPECIAL])
def test_an_ofd_has_its_parts_and_tags_point_at_the_values(kind: InvoiceKind) -> None:
    invoice, ofd = made(kind, [], Medium.OFD)
    archive = zipfile.ZipFile(io.BytesIO(ofd))
    names = set(archive.namelist())
    assert {"OFD.xml", "Doc_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml", "Doc_0/Tags/CustomTag.xml"} <= names
    assert ("Doc_0/Attachs/original_invoice.xml" in names) == (kind is InvoiceKind.SPECIAL_E)
    for name in names:
        if name.endswith(".xml"):
            etree.fromstring(archive.read(name))
    page = etree.fromstring(archive.read("Doc_0/Pages/Page_0/Content.xml"))
    texts = {e.get("ID"): "".join(e.itertext()).strip() for e in page.iter("{*}TextObject")}
    tags = etree.fromstring(archive.read("Doc_0/Tags/CustomTag.xml"))
    for tag, value in (("InvoiceNo", invoice.invoice_number), ("SellerTaxID", invoice.seller.tax_id)):
        assert [texts[ref.text] for ref in tags.iterfind(f".//{{*}}{tag}/{{*}}ObjectRef")] == [value]
    picture = next(n for n in names if n.endswith(".png"))
    pixels = np.asarray(Image.open(io.BytesIO(archive.read(picture))).convert("L"))
    assert qr_of(np.pad(pixels, 24, constant_values=255)) == invoice.qr


def test_the_digital_xml_says_the_same_as_the_face() -> None:
    invoice, xml = made(InvoiceKind.DIGITAL_SPECIAL, [], Medium.XML)
    root = etree.fromstring(xml)
    assert root.findtext(".//TaxSupervisionInfo/InvoiceNumber") == invoice.invoice_number
    assert root.findtext(".//TotalTax-includedAmount") == format_money(invoice.total_incl_tax)
    assert [e.text for e in root.iter("Amount")] == [line.amount_excl_tax for line in invoice.lines]
    assert root.findtext(".//GeneralOrSpecialVAT/LabelCode") == "01"


def test_the_original_invoice_xml_says_the_same_as_the_face() -> None:
    invoice, xml = made(InvoiceKind.ORDINARY_E, [], Medium.XML)
    root = etree.fromstring(xml)
    assert root.findtext(f"{FP}InvoiceCode") == invoice.invoice_code
    assert root.findtext(f"{FP}InvoiceCheckCode") == invoice.check_code
    assert [e.text for e in root.iter(f"{FP}TaxAmount")] == [line.tax_amount for line in invoice.lines]


def test_a_clean_scan_keeps_the_qr_code_readable() -> None:
    invoice, scan = made(InvoiceKind.ORDINARY_PAPER, [], Medium.SCAN, level=wear.CLEAN)
    assert qr_of(np.asarray(Image.open(io.BytesIO(scan)))) == invoice.qr


def test_a_photo_marked_with_its_orientation_is_upright_after_following_the_mark() -> None:
    for turns in (1, 2, 3):
        _, photo = made(InvoiceKind.DIGITAL_ORDINARY, [], Medium.PHOTO, turns=turns, exif=True, width=1200, dpi=120)
        image = Image.open(io.BytesIO(photo))
        upright = ImageOps.exif_transpose(image)
        assert upright.width > upright.height
        code = zxingcpp.read_barcodes(np.asarray(upright), formats=zxingcpp.BarcodeFormat.QRCode)[0]
        assert code.position.top_left.x < upright.width / 3
        assert code.position.top_left.y < upright.height / 2


@pytest.mark.parametrize("medium", list(Medium))
def test_the_same_seed_gives_the_same_bytes(medium: Medium) -> None:
    first = made(InvoiceKind.DIGITAL_ORDINARY, [], medium, width=900, dpi=90)
    assert made(InvoiceKind.DIGITAL_ORDINARY, [], medium, width=900, dpi=90) == first


def test_a_missing_font_names_the_package_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    fonts.register.cache_clear()
    monkeypatch.setattr(fonts, "_FILES", {fonts.Font.KAI: (fonts._FOLDER / "none.ttc", "fonts-arphic-ukai")})
    with pytest.raises(RequestError, match="apt-get install fonts-arphic-ukai"):
        fonts.register()
    fonts.register.cache_clear()


def test_what_a_document_does_not_show_is_not_asked_of_it(tmp_path: Path) -> None:
    plans = [
        Plan(
            id="several",
            kind=InvoiceKind.DIGITAL_ORDINARY,
            medium=Medium.SCREENSHOT,
            traits=frozenset({Trait.MULTI_PAGE}),
        ),
        Plan(id="toll", kind=InvoiceKind.TOLL_E, medium=Medium.XML),
        Plan(id="rail", kind=InvoiceKind.RAIL_E, medium=Medium.XML, outcome=Outcome.NEVER_RECORDED),
    ]
    several, toll, rail = (truth.export()["truth"] for truth in write_set(tmp_path, plans, 7))
    assert (several["lines"], several["total_excl_tax"], several["drawer"]) == ("?", "?", "?")
    assert several["total_incl_tax"] != "?", "its QR code says it"
    assert toll["extra"]["corner_mark"] == "?"
    assert rail["extra"]["business_type"] in ("售", "退", "改")

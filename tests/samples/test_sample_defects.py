"""Each oddity of real documents is really there, and the truth is still what a person sees."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from random import Random

import numpy as np
import pdfplumber
import pikepdf
import pytest
import zxingcpp
from lxml import etree
from PIL import Image

from models.kinds import InvoiceKind
from samples.codes import crc16
from samples.defects import with_defects
from samples.fixed_sets import hard_plans
from samples.inventing import invent
from samples.outcomes import new_scene
from samples.pdf import to_pixels
from samples.pdf_defects import two_on_a4
from samples.rendering import Handling, render
from samples.truth import Defect, InvoiceTruth, Medium, Trait
from samples.writing import planned_invoice


def made(
    kind: InvoiceKind, medium: Medium, *defects: Defect, traits: tuple[Trait, ...] = ()
) -> tuple[InvoiceTruth, bytes]:
    invoice = with_defects(invent(Random(f"defect/{kind}"), kind, traits=traits), frozenset(defects), Random(2))
    return invoice, render(invoice, medium, Random(3), Handling(dpi=120, width=1100))


def text_of(pdf: bytes) -> str:
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return "".join(char["text"] for page in document.pages for char in page.chars)


def qr_on(pdf: bytes) -> str:
    found = zxingcpp.read_barcodes(to_pixels(pdf, 150), formats=zxingcpp.BarcodeFormat.QRCode)
    return found[0].text if found else ""


def test_kangxi_radicals_stand_in_the_text_layer_and_fold_back_to_the_truth() -> None:
    invoice, pdf = made(InvoiceKind.DIGITAL_ORDINARY, Medium.PDF, Defect.KANGXI)
    text = text_of(pdf)
    assert re.search("[\u2e80-\u2fdf]", text)
    assert "电子发票" not in text
    folded = unicodedata.normalize("NFKC", text)
    assert unicodedata.normalize("NFKC", invoice.seller.name) in folded


def test_a_hidden_header_is_in_the_text_but_off_the_page() -> None:
    invoice, pdf = made(InvoiceKind.DIGITAL_ORDINARY, Medium.PDF, Defect.HIDDEN_HEADER)
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        page = document.pages[0]
        off = "".join(c["text"] for c in page.chars if c["top"] < -1 or c["bottom"] > page.height + 1)
    assert f"{invoice.issue_date.year + 1}/" in off
    assert "https://" in off


def test_a_garbled_text_layer_lies_and_the_page_does_not() -> None:
    invoice, pdf = made(InvoiceKind.ORDINARY_E, Medium.PDF, Defect.GARBLED_TEXT)
    text = text_of(pdf)
    assert len(text) > 200
    assert invoice.seller.name not in text
    assert str(invoice.invoice_code) not in text
    assert qr_on(pdf) == invoice.qr


def test_a_picture_only_pdf_has_an_advertisement_as_its_only_text() -> None:
    invoice, pdf = made(InvoiceKind.ORDINARY_E, Medium.PDF, Defect.PICTURE_ONLY)
    assert "trial version" in text_of(pdf)
    assert invoice.invoice_number not in text_of(pdf)
    assert qr_on(pdf) == invoice.qr


def test_an_invoice_without_yen_signs_still_has_its_amounts() -> None:
    invoice, pdf = made(InvoiceKind.ORDINARY_E, Medium.PDF, Defect.NO_YEN)
    assert "¥" not in text_of(pdf)
    assert f"{invoice.total_incl_tax}" in text_of(pdf)


@pytest.mark.parametrize(
    ("defect", "pattern"),
    [
        (Defect.QR_NO_CRC, r"01,32,,\d{20},[\d.]+,\d{8},,"),
        (Defect.QR_BLANKS, r"01,32, ,\d{20},[\d.]+,\d{8}, ,[0-9A-F]{4}"),
        (Defect.QR_DASHED_DATE, r"01,32,,\d{20},[\d.]+,\d{4}-\d\d-\d\d,,[0-9A-F]{4}"),
        (Defect.QR_ERROR, r"QRCODE_GEN_ERROR"),
    ],
)
def test_an_odd_qr_text_is_what_the_page_shows(defect: Defect, pattern: str) -> None:
    invoice, pdf = made(InvoiceKind.DIGITAL_ORDINARY, Medium.PDF, defect)
    assert re.fullmatch(pattern, invoice.qr or "")
    assert qr_on(pdf) == invoice.qr


def test_a_gross_qr_amount_keeps_a_valid_crc() -> None:
    invoice, _ = made(InvoiceKind.ORDINARY_E, Medium.PDF, Defect.QR_GROSS)
    head, crc, _ = re.fullmatch(r"(.*,)([0-9A-F]{4})(,)", invoice.qr or "").groups()  # type: ignore[union-attr]
    assert crc == crc16(head)
    assert head.split(",")[4] == f"{invoice.total_incl_tax}" != f"{invoice.total_excl_tax}"


def test_a_missing_qr_is_missing() -> None:
    invoice, pdf = made(InvoiceKind.ORDINARY_E, Medium.PDF, Defect.QR_MISSING)
    assert invoice.qr is None
    assert qr_on(pdf) == ""


def test_an_odd_ofd_has_other_folders_and_cdata_and_still_parses() -> None:
    invoice, ofd = made(InvoiceKind.ORDINARY_E, Medium.OFD, Defect.OFD_ODD_FOLDERS, Defect.OFD_CDATA)
    archive = zipfile.ZipFile(io.BytesIO(ofd))
    assert {"Doc_0/TPLS/Tpl_0/Content.xml", "Doc_0/Page_0/Content.xml", "Doc_0/Attach/original_invoice.xml"} <= set(
        archive.namelist()
    )
    page = archive.read("Doc_0/Page_0/Content.xml")
    assert b"<![CDATA[" in page
    assert b"PhysicalBox" not in page
    assert invoice.seller.name in "".join(etree.fromstring(page).itertext())


def test_a_sideways_scan_is_portrait() -> None:
    _, scan = made(InvoiceKind.ORDINARY_PAPER, Medium.SCAN, Defect.SIDEWAYS)
    image = Image.open(io.BytesIO(scan))
    assert image.height > image.width


def test_a_photocopy_has_no_colour() -> None:
    _, scan = made(InvoiceKind.SPECIAL_PAPER, Medium.SCAN, Defect.PHOTOCOPY)
    pixels = np.asarray(Image.open(io.BytesIO(scan)).convert("HSV"))
    assert np.percentile(pixels[..., 1], 99) < 40


def test_the_pen_carries_an_ean_13_code() -> None:
    _, photo = made(InvoiceKind.ORDINARY_PAPER, Medium.PHOTO, Defect.PEN)
    assert Image.open(io.BytesIO(photo)).height > 0
    from samples.clutter import pen

    page = pen(np.full((900, 1500, 3), 255, np.uint8), Random(4))
    assert [c.format for c in zxingcpp.read_barcodes(page)] == [zxingcpp.BarcodeFormat.EAN13]


def test_two_invoices_on_one_page_are_both_whole() -> None:
    upper, first = made(InvoiceKind.ORDINARY_E, Medium.PDF)
    lower, second = made(InvoiceKind.TOLL_E, Medium.PDF)
    both = two_on_a4(first, second)
    text = text_of(both)
    assert upper.invoice_number in text
    assert lower.invoice_number in text
    codes = zxingcpp.read_barcodes(to_pixels(both, 200), formats=zxingcpp.BarcodeFormat.QRCode)
    assert {c.text for c in codes} == {upper.qr, lower.qr}


def test_a_rail_ticket_shows_the_fare_and_keeps_net_and_tax_in_its_attachment() -> None:
    invoice, pdf = made(InvoiceKind.RAIL_E, Medium.PDF, Defect.XBRL_ATTACHED)
    text = text_of(pdf)
    assert f"￥{invoice.total_incl_tax}" in text
    assert f"{invoice.total_excl_tax}" not in text
    with pikepdf.open(io.BytesIO(pdf)) as document:
        (spec,) = document.attachments.values()
        root = etree.fromstring(spec.get_file().read_bytes())
    assert root.findtext("{*}TotalAmountExcludingTax") == f"{invoice.total_excl_tax}"
    assert root.findtext("{*}TaxAmount") == f"{invoice.total_tax}"


def test_a_passenger_invoice_has_its_columns_in_another_order_and_a_traveller_table() -> None:
    invoice, pdf = made(InvoiceKind.DIGITAL_ORDINARY, Medium.PDF, traits=(Trait.PASSENGER,))
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        text = document.pages[0].extract_text()
    header = next(line for line in text.splitlines() if "项目名称" in line).replace(" ", "")
    assert header == "项目名称单价数量金额税率/征收率税额"
    assert invoice.extra["traveller"] in text


@pytest.mark.parametrize(
    ("trait", "rate", "tax"),
    [(Trait.NOT_TAXED, "不征税", "***"), (Trait.ZERO_RATE, "0%", "***"), (Trait.TOLL, "***", "***")],
)
def test_rates_without_tax_print_asterisks_and_total_them(trait: Trait, rate: str, tax: str) -> None:
    invoice, pdf = made(InvoiceKind.DIGITAL_ORDINARY, Medium.PDF, traits=(trait,))
    assert {(line.tax_rate, line.tax_amount) for line in invoice.lines} == {(rate, tax)}
    assert invoice.printed_tax == "***"
    assert invoice.total_incl_tax == invoice.total_excl_tax
    assert rate in text_of(pdf)


def test_the_hard_set_has_a_document_for_every_note_on_real_documents() -> None:
    plans = hard_plans()
    assert {int(plan.id[:2]) for plan in plans} == set(range(1, 19))
    scene = new_scene(Random("hard"))
    for plan in plans:
        if plan.of is None:
            assert planned_invoice(Random(plan.id), plan, scene).defects == plan.defects


def test_seal_letters_are_outlines_unless_the_issuer_left_them_as_text() -> None:
    invoice, drawn = made(InvoiceKind.DIGITAL_ORDINARY, Medium.PDF)
    _, written = made(InvoiceKind.DIGITAL_ORDINARY, Medium.PDF, Defect.SEAL_TEXT)
    assert "国家税务总局" not in text_of(drawn)
    assert "国家税务总局" in text_of(written)
    same = np.abs(to_pixels(drawn, 60).astype(int) - to_pixels(written, 60).astype(int))
    assert same.mean() < 0.5
    assert invoice.seller.name in text_of(drawn)

"""Codes in pages and embedded pictures, clean and spoiled, and what a document's codes say about its invoices."""

from __future__ import annotations

import base64
from dataclasses import replace

import cv2
import numpy as np
import pytest
import zxingcpp

from extraction import qr_search
from extraction.checks.qr_crc import crc16
from extraction.qr_reader import QrReader
from models.evidence import Source
from models.kinds import InvoiceKind
from models.pages import Box, Media, OpenedDocument, OpenedPage, Page, Picture, Pixels, Token
from tests.extraction.documents import opened

BODY = "01,10,044001900111,12345678,33.27,20191102,01234567890123456789,"
ELECTRONIC = f"{BODY}{crc16(BODY.encode()):04X},"
DIGITAL = "01,32,,24442000000012345678,113.00,20240514,,"
LATER = "01,32,,24442000000012345679,113.00,20240514,,"
VEHICLE = "01,83,,24442000000012345678,113000.00,20240514,,"


def code(text: str, scale: int = 4) -> Pixels:
    """The bare code, one module `scale` pixels wide, without a white border."""
    image = np.array(
        zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_image(scale=1, add_quiet_zones=False)
    )
    grey = np.repeat(np.repeat(image, scale, 0), scale, 1)
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), np.uint8)


def page_with(*placed: tuple[Pixels, int, int], width: int = 1600, height: int = 1000) -> Pixels:
    """A white page with lines of print, and the codes at their left and top."""
    page = np.full((height, width, 3), 255, np.uint8)
    for y in range(300, height - 50, 50):
        cv2.putText(page, "INVOICE 0123456789 " * 3, (60, y), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (90, 60, 20), 2)
    for image, left, top in placed:
        page[top : top + image.shape[0], left : left + image.shape[1]] = image
    return page


def document(*pages: OpenedPage, attachments: dict[str, bytes] | None = None) -> OpenedDocument:
    return replace(opened(Media.PDF, attachments=attachments), pages=pages)


def rendered(picture: Pixels, number: int = 1) -> OpenedPage:
    return OpenedPage(number, None, lambda: Picture(picture, picture))


def never_rendered() -> Picture:
    raise AssertionError("a page whose text can be trusted was rendered")


def test_a_scan_tells_where_its_codes_stand_though_its_picture_is_embedded_too() -> None:
    scan = page_with((code(DIGITAL), 80, 50), (code(LATER), 1200, 50))
    page = replace(
        rendered(scan), images=lambda: (scan,), straight=lambda: Picture(scan, scan), text=Page(1, 1600, 1000)
    )
    first, second = QrReader().read(document(page))
    places = [reading.fields["invoice_number"][0].box for reading in (first, second)]
    assert all(places), "two codes are two invoices, each at its place"


def test_a_code_on_a_page_and_where_it_stands() -> None:
    (reading,) = QrReader().read(document(rendered(page_with((code(ELECTRONIC), 80, 50)))))
    assert (reading.source, reading.kind) == (Source.QR, InvoiceKind.ORDINARY_E)
    assert {name: reading.first(name) for name in reading.fields} == {
        "invoice_code": "044001900111",
        "invoice_number": "12345678",
        "issue_date": "2019-11-02",
        "check_code": "01234567890123456789",
        "total_excl_tax": "33.27",
    }
    (number,) = reading.fields["invoice_number"]
    assert number.box is not None
    assert (number.box.x0, number.box.y0) == (pytest.approx(0.05, abs=0.01), pytest.approx(0.05, abs=0.01))
    assert number.raw == ELECTRONIC


def test_money_is_believed_less_than_the_number_and_a_fitting_crc_more() -> None:
    (with_crc,) = QrReader().read(document(rendered(page_with((code(ELECTRONIC), 80, 50)))))
    (without,) = QrReader().read(document(rendered(page_with((code(DIGITAL), 80, 50)))))
    number, amount = with_crc.fields["invoice_number"][0], with_crc.fields["total_excl_tax"][0]
    assert number.confidence > without.fields["invoice_number"][0].confidence > amount.confidence


def test_a_digital_invoice_has_no_code_and_a_gross_amount() -> None:
    (reading,) = QrReader().read(document(rendered(page_with((code(DIGITAL), 80, 50)))))
    assert reading.fields["invoice_code"] == reading.fields["check_code"] == ()
    assert reading.first("total_incl_tax") == "113.00"
    assert "total_excl_tax" not in reading.fields


def test_an_amount_of_unknown_basis_is_only_a_note() -> None:
    (reading,) = QrReader().read(document(rendered(page_with((code(VEHICLE), 80, 50)))))
    assert reading.kind is InvoiceKind.DIGITAL_VEHICLE
    assert not {"total_excl_tax", "total_incl_tax"} & reading.fields.keys()
    assert "113000.00" in reading.notes[0]


def test_two_invoices_on_one_page_give_two_readings_with_their_places() -> None:
    page = page_with((code(DIGITAL), 80, 50), (code(LATER), 80, 1300), width=1600, height=2300)
    upper, lower = QrReader().read(document(rendered(page)))
    boxes = [r.fields["invoice_number"][0].box for r in (upper, lower)]
    assert {r.first("invoice_number") for r in (upper, lower)} == {"24442000000012345678", "24442000000012345679"}
    assert all(boxes)
    assert sorted(round(box.y0, 1) for box in boxes if box) == [0.0, 0.6]


def test_a_code_repeated_on_every_page_is_one_reading_of_all_pages() -> None:
    page = page_with((code(DIGITAL), 80, 50))
    (reading,) = QrReader().read(document(rendered(page, 1), rendered(page, 2)))
    assert reading.pages == (1, 2)


def test_an_embedded_code_is_enough_and_the_page_is_not_rendered() -> None:
    seal = np.full((60, 90, 3), (60, 60, 220), np.uint8)
    page = OpenedPage(1, None, never_rendered, lambda: (seal, code(ELECTRONIC, scale=1)))
    (reading,) = QrReader().read(document(page))
    assert reading.first("invoice_number") == "12345678"
    assert reading.fields["invoice_number"][0].box is None


def test_a_page_with_good_text_is_never_rendered_for_its_code() -> None:
    words = (
        "电子发票（普通发票） 发票号码：24442000000012345678 开票日期：2024年05月14日 名称：广州示例有限公司 价税合计"
    )
    page = Page(1, 595, 397, (Token(words, Box(0, 0, 500, 10)),))
    assert QrReader().read(document(OpenedPage(1, page, never_rendered))) == []


@pytest.mark.parametrize("graph", [ELECTRONIC, "picture"])
def test_the_graph_code_of_an_attachment_serves_where_no_picture_does(graph: str) -> None:
    if graph == "picture":
        graph = base64.b64encode(cv2.imencode(".png", code(ELECTRONIC, scale=2))[1].tobytes()).decode()
    xml = f"<eInvoice><GraphCode>{graph}</GraphCode></eInvoice>".encode()
    blank = rendered(np.full((200, 300, 3), 255, np.uint8))
    (reading,) = QrReader().read(document(blank, attachments={"original_invoice.xml": xml}))
    assert reading.first("invoice_number") == "12345678"


@pytest.mark.parametrize("text", ["QRCODE_GEN_ERROR", "https://example.com/delivery/1", "6901234567892", "WIFI:S:x;;"])
def test_codes_that_name_no_invoice_give_no_reading(text: str) -> None:
    assert QrReader().read(document(rendered(page_with((code(text), 80, 50))))) == []


def blurred(page: Pixels) -> Pixels:
    return np.asarray(cv2.GaussianBlur(page, (7, 7), 0), np.uint8)


def turned(page: Pixels) -> Pixels:
    around = cv2.getRotationMatrix2D((800, 500), 17, 0.8)
    return np.asarray(cv2.warpAffine(page, around, (1600, 1000), borderValue=(200, 210, 215)), np.uint8)


def dots(page: Pixels) -> Pixels:
    """Dot-matrix print: every module a blue dot, on a grey sheet."""
    blue = np.where(page < 128, np.array([190, 60, 40], np.uint8), np.array([215, 215, 215], np.uint8))
    blue[::4] = blue[:, ::4] = (215, 215, 215)
    return np.asarray(cv2.GaussianBlur(blue.astype(np.uint8), (3, 3), 0), np.uint8)


def shaded(page: Pixels) -> Pixels:
    return np.asarray(page * np.linspace(0.35, 1.0, page.shape[1])[None, :, None], np.uint8)


@pytest.mark.parametrize("spoil", [blurred, turned, dots, shaded])
def test_spoiled_codes_are_still_read(spoil: object) -> None:
    assert callable(spoil)
    found = qr_search.in_page(spoil(page_with((code(ELECTRONIC), 80, 50))))
    assert [item.text for item in found] == [ELECTRONIC]


def test_a_code_under_the_red_seal_is_read() -> None:
    page, seal = page_with((code(ELECTRONIC), 80, 50)), np.full((1000, 1600, 3), 255, np.uint8)
    for radius in (20, 32, 44, 56):
        cv2.circle(seal, (150, 120), radius, (40, 40, 230), 7)
    inked = np.minimum(page, seal)  # ink darkens, it does not cover
    assert [item.text for item in qr_search.in_page(inked)] == [ELECTRONIC]


def test_a_page_without_a_code_has_none() -> None:
    assert qr_search.in_page(page_with()) == []
    assert qr_search.in_page(np.zeros((40, 40, 3), np.uint8)) == []


def test_paper_of_the_digital_platform_shows_the_digital_number_beside_its_own() -> None:
    payload = "01,88,044002400017,24442000000197083304,264000.00,20240415,,"
    (reading,) = QrReader().read(document(rendered(page_with((code(payload), 80, 50)))))
    assert reading.first("digital_invoice_number") == "24442000000197083304"
    assert reading.first("invoice_number") is None

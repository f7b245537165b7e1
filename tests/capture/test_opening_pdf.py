"""A PDF's tokens stand where its ink stands, however the page is turned and cropped."""

from __future__ import annotations

import io

import numpy as np
import pikepdf
import pytest

from capture.cleanup import CleanupOptions
from capture.limits import Limits
from capture.opening import open_document
from models.pages import OpenedDocument, OpenedPage
from tests.capture import files

PLAIN = CleanupOptions(orientation=False, page=False, deskew=False, light=False, seal=False, noise=False)


def opened(data: bytes) -> OpenedDocument:
    return open_document(data, "a.pdf", limits=Limits(), cleanup=PLAIN)


def ink_in_tokens(page: OpenedPage) -> float:
    """Part of the page's ink that lies inside its tokens' boxes ."""
    dark = page.picture().colour.max(axis=2) < 128
    height, width = dark.shape
    inside = np.zeros_like(dark)
    for token in page.text.tokens:
        box = page.text.fraction(token.box)
        inside[int(box.y0 * height) : int(box.y1 * height) + 2, int(box.x0 * width) : int(box.x1 * width) + 2] = True
    return float((dark & inside).sum() / dark.sum())


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, (30, 200, 560, 380)])
def test_a_page_that_is_shown_turned_is_turned_upright(rotate: int, crop: tuple[int, ...] | None) -> None:
    more = {"Rotate": rotate} | ({"CropBox": pikepdf.Array(crop)} if crop else {})
    (page,) = opened(files.pdf(text="INVOICE 25990000000000000123", rule=False, **more)).pages
    assert (page.text.width, page.text.height) == ((530, 180) if crop else (595, 397))
    assert [t.vertical for t in page.text.tokens] == [False, False]
    assert ink_in_tokens(page) > 0.97


@pytest.mark.parametrize("rotate", [90, 180, 270])
@pytest.mark.parametrize("crop", [None, (5, 10, 390, 385)])
def test_text_that_runs_askew_and_is_shown_upright_stays_as_it_is(rotate: int, crop: tuple[int, ...] | None) -> None:
    turn = {90: "0 1 -1 0 397 0", 180: "-1 0 0 -1 397 397", 270: "0 -1 1 0 0 397"}[rotate]
    box = pikepdf.Array(crop or (0, 0, 397, 397))
    data = files.pdf(text="INVOICE 123", rule=False, media_box=(0, 0, 397, 397), Rotate=rotate, CropBox=box)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.pages[0].contents_add(f"{turn} cm 1 0 0 1 0 -120 cm".encode(), prepend=True)
        buffer = io.BytesIO()
        pdf.save(buffer)
    (page,) = opened(buffer.getvalue()).pages
    width, height = (385, 375) if crop else (397, 397)
    assert (page.text.width, page.text.height) == ((width, height) if rotate == 180 else (height, width))
    assert not any(t.vertical for t in page.text.tokens)
    assert ink_in_tokens(page) > 0.9


def test_labels_down_a_side_do_not_turn_the_page() -> None:
    down = "BT /F1 12 Tf 0 1 -1 0 30 100 Tm (SELLER) Tj ET"
    with pikepdf.open(io.BytesIO(files.pdf(rule=False))) as pdf:
        pdf.pages[0].contents_add(down.encode())
        buffer = io.BytesIO()
        pdf.save(buffer)
    (page,) = opened(buffer.getvalue()).pages
    assert {t.text: t.vertical for t in page.text.tokens} == {
        "Invoice": False,
        "25990000000000000123": False,
        "RELLES": True,  # pdfplumber reads what runs down the page from top to bottom
    }


def test_a_media_box_that_does_not_start_at_nought() -> None:
    (page,) = opened(files.pdf(media_box=(20, 100, 595, 497), rule=False)).pages
    assert ink_in_tokens(page) > 0.97


def test_text_outside_the_crop_box_is_not_there() -> None:
    (page,) = opened(files.pdf(CropBox=pikepdf.Array((0, 0, 595, 200)))).pages
    assert page.text.tokens == ()


def test_each_character_has_its_edges() -> None:
    (page,) = opened(files.pdf(text="ABC 12345")).pages
    abc, digits = page.text.tokens
    assert (abc.text, digits.text) == ("ABC", "12345")
    assert len(digits.edges) == 6
    assert np.allclose(np.diff(digits.edges), 7.2)  # Courier at 12 points
    assert digits.edges[0] == pytest.approx(50 + 4 * 7.2)


def test_rules_are_segments() -> None:
    (page,) = opened(files.pdf()).pages
    (rule,) = page.text.segments
    assert rule.horizontal
    assert (rule.x0, rule.x1, rule.y0) == pytest.approx((40, 400, 397 - 290))


def test_attachments_and_metadata_come_along() -> None:
    with pikepdf.open(io.BytesIO(files.pdf())) as pdf:
        pdf.attachments["票.xml"] = pikepdf.AttachedFileSpec(pdf, b"<xbrl/>", filename="票.xml")
        pdf.docinfo["/InvoiceNumber"] = "25990000000000000123"
        buffer = io.BytesIO()
        pdf.save(buffer)
    document = opened(buffer.getvalue())
    assert [(a.name, a.data) for a in document.attachments] == [("票.xml", b"<xbrl/>")]
    assert document.metadata["InvoiceNumber"] == "25990000000000000123"


def test_embedded_pictures_come_at_their_own_resolution() -> None:
    with pikepdf.open(io.BytesIO(files.pdf())) as pdf:
        image = pdf.make_stream(
            files.encoded(".jpg", files.picture(300, 200)), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image,
            Width=300, Height=200, ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8, Filter=pikepdf.Name.DCTDecode,
        )  # fmt: skip
        pdf.pages[0].Resources.XObject = pikepdf.Dictionary(Im0=image)
        pdf.pages[0].Contents = pdf.make_stream(b"q 60 0 0 40 100 100 cm /Im0 Do Q")
        buffer = io.BytesIO()
        pdf.save(buffer)
    (picture,) = opened(buffer.getvalue()).pages[0].images()
    assert picture.shape == (200, 300, 3)


def test_a_damaged_cross_reference_table_is_repaired() -> None:
    data = files.pdf(pages=2).replace(b"startxref\n", b"startxref\n9")
    document = opened(data)
    assert len(document.pages) == 2
    assert document.data == data  # the original stays what it was
    assert "25990000000000000123" in [t.text for t in document.pages[1].text.tokens]


def form(kind: pikepdf.Name, value: str | None, *, drawn: bool = True) -> bytes:
    """A page with one field beside its text."""
    with pikepdf.open(io.BytesIO(files.pdf(rule=False))) as pdf:
        page = pdf.pages[0]
        field = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=kind,
            T="amount",
            F=4,
            Rect=pikepdf.Array([50, 200, 150, 220]),
            DA="/F1 12 Tf 0 g",
        )
        if value is not None:
            field.V = value
        if drawn:
            look = pdf.make_stream(f"BT /F1 12 Tf 2 4 Td ({value}) Tj ET".encode())
            look.Type, look.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
            look.BBox, look.Resources = pikepdf.Array([0, 0, 100, 20]), page.Resources
            field.AP = pikepdf.Dictionary(N=look)
        page.Annots = pikepdf.Array([pdf.make_indirect(field)])
        pdf.Root.AcroForm = pikepdf.Dictionary(
            Fields=page.Annots, NeedAppearances=not drawn, DR=page.Resources, DA="/F1 12 Tf 0 g"
        )
        buffer = io.BytesIO()
        pdf.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("drawn", [True, False])
def test_what_was_typed_into_a_field_is_part_of_the_page(drawn: bool) -> None:
    (page,) = opened(form(pikepdf.Name.Tx, "128.50", drawn=drawn)).pages
    assert [t.text for t in page.text.tokens] == ["Invoice", "25990000000000000123", "128.50"]
    assert ink_in_tokens(page) > 0.9


def test_a_signature_field_is_no_text() -> None:
    (page,) = opened(form(pikepdf.Name.Sig, "seal")).pages
    assert [t.text for t in page.text.tokens] == ["Invoice", "25990000000000000123"]


def test_blanks_that_take_no_room_do_not_part_a_word() -> None:
    with pikepdf.open(io.BytesIO(files.pdf(rule=False))) as pdf:
        spaced = "".join(f"1 0 0 1 {50 + 7.2 * i} 250 Tm ({c} ) Tj " for i, c in enumerate("25990"))
        pdf.pages[0].contents_add(f"BT /F1 12 Tf {spaced} 1 0 0 1 50 200 Tm (A B) Tj ET".encode())
        buffer = io.BytesIO()
        pdf.save(buffer)
    (page,) = opened(buffer.getvalue()).pages
    assert [t.text for t in page.text.tokens][2:] == ["25990", "A", "B"]

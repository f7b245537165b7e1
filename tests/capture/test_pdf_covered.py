"""What a clip cuts away, a box covers or an annotation hides is not read; a frame hides nothing."""

from __future__ import annotations

import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from capture.limits import Limits
from capture.opening import open_document
from models.pages import DISPLACED, DOUBTED
from tests.capture.test_pdf_seen import OTHER, PLAIN, SEEN, Prepare, texts, tokens

BOTH = SEEN + OTHER
ALL = ["SEEN", "123", "OTHER"]


def test_text_outside_the_clip_is_not_read() -> None:
    assert texts(SEEN + f"q 0 0 20 20 re W n {OTHER} Q") == ["SEEN", "123"]
    assert texts(SEEN + f"q 0 0 m 20 0 l 0 20 l h W* n {OTHER} Q") == ["SEEN", "123"]
    assert texts(SEEN + f"q 0 0 500 500 re W n 0 0 20 20 re W n {OTHER} Q") == ["SEEN", "123"]
    assert texts(f"q 0 0 20 20 re W n {OTHER} Q " + SEEN) == ["SEEN", "123"]


def test_text_inside_the_clip_is_read() -> None:
    assert texts(f"q 40 190 200 200 re W n {BOTH} Q") == ALL
    assert texts(f"q 0 0 20 20 re W n Q {BOTH}") == ALL


def test_a_clip_among_outlines_is_followed() -> None:
    squares = "1 1 2 2 re f " * 40
    assert texts(f"{SEEN} q {squares} 0 0 3 3 re W n {squares} {OTHER} Q") == ["SEEN", "123"]


def test_of_a_word_cut_in_the_middle_nothing_is_relied_on() -> None:
    cut = "q 0 0 71 397 re W n BT /F1 12 Tf 50 200 Td (OTHER) Tj ET Q"
    assert [(t.text, t.confidence) for t in tokens(cut)] == [("OTH", DISPLACED)]
    assert [(t.text, t.confidence) for t in tokens(SEEN + OTHER.replace("50 ", "566 "))][2:] == [("OTHE", DISPLACED)]


def test_text_outside_a_form_s_box_is_not_read() -> None:
    def prepare(document: Pdf, resources: Dictionary) -> None:
        form = document.make_stream(OTHER.encode(), Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 20, 20]))
        form.Resources = Dictionary(Font=resources.Font)
        resources.XObject = Dictionary(Fm=form)

    assert texts(SEEN + "/Fm Do ", prepare) == ["SEEN", "123"]


@pytest.mark.parametrize("colour", ["1 g", "0 g", "0.9 0.9 1 rg"])
def test_text_under_a_box_is_not_read(colour: str) -> None:
    assert texts(f"{BOTH} q {colour} 45 190 100 25 re f Q") == ["SEEN", "123"]


def test_what_was_printed_on_the_box_is_read() -> None:
    new = OTHER.replace("OTHER", "NEWER")
    assert texts(f"{BOTH} q 1 g 45 190 100 25 re f Q {new}") == ["SEEN", "123", "NEWER"]
    assert {t.confidence for t in tokens(f"{BOTH} q 1 g 45 190 100 25 re f Q {new}")} == {1.0}


def test_a_box_beneath_or_around_text_hides_nothing() -> None:
    assert texts(f"q 0.9 g 45 190 100 25 re f Q {BOTH}") == ALL
    assert texts(f"{BOTH} 45 190 100 25 re 47 192 96 21 re f*") == ALL
    assert texts(f"{BOTH} 45 190 100 25 re S") == ALL


def state(**terms: object) -> Prepare:
    def prepare(document: Pdf, resources: Dictionary) -> None:
        resources.ExtGState = Dictionary(G=Dictionary(**terms))

    return prepare


def test_a_box_that_lets_text_show_through_hides_nothing() -> None:
    marked = f"{BOTH} q /G gs 1 1 0 rg 45 190 100 25 re f Q"
    assert texts(marked, state(ca=0.4)) == ALL
    assert texts(marked, state(BM=Name.Multiply)) == ALL


def picture(document: Pdf, resources: Dictionary) -> None:
    image = document.make_stream(bytes(range(256)) * 4, Type=Name.XObject, Subtype=Name.Image)
    image.Width, image.Height, image.BitsPerComponent, image.ColorSpace = 32, 32, 8, Name.DeviceGray
    resources.XObject = Dictionary(Im=image)


def test_text_under_a_picture_is_not_relied_on() -> None:
    found = tokens(f"{BOTH} q 100 0 0 25 45 190 cm /Im Do Q", picture)
    assert [(t.text, t.confidence) for t in found] == [("SEEN", 1.0), ("123", 1.0), ("OTHER", DOUBTED)]


def annotated(drawn: str, flags: int = 4) -> list[tuple[str, float]]:
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(595, 397))
    font = document.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Courier))
    page.Resources = Dictionary(Font=Dictionary(F1=font))
    page.Contents = document.make_stream(BOTH.encode())
    look = document.make_stream(drawn.encode(), Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 100, 25]))
    look.Resources = Dictionary(Font=Dictionary(F1=font))
    note = Dictionary(Type=Name.Annot, Subtype=Name.FreeText, Rect=Array([45, 190, 145, 215]), F=flags)
    note.AP = Dictionary(N=look)
    page.Annots = Array([document.make_indirect(note)])
    buffer = io.BytesIO()
    document.save(buffer)
    text = open_document(buffer.getvalue(), "a.pdf", limits=Limits(), cleanup=PLAIN).pages[0].text
    assert text is not None
    return [(token.text, token.confidence) for token in text.tokens]


SURE = [("SEEN", 1.0), ("123", 1.0)]


def test_text_under_an_annotation_is_not_read() -> None:
    assert annotated("1 g 0 0 100 25 re f") == SURE
    assert annotated("0 g 0 0 100 25 re f") == SURE


def test_text_under_an_annotation_that_says_something_else_is_not_relied_on() -> None:
    assert annotated("1 g 0 0 100 25 re f 0 g BT /F1 14 Tf 3 8 Td (NEWER) Tj ET") == [*SURE, ("OTHER", DOUBTED)]


def test_a_stamp_beside_or_around_text_hides_nothing() -> None:
    assert annotated("1 0 0 RG 3 w 1 1 98 23 re S") == [*SURE, ("OTHER", 1.0)]
    assert annotated("1 g 0 0 100 25 re f", flags=2) == [*SURE, ("OTHER", 1.0)]


def test_a_stroke_of_a_stamp_through_one_character_makes_its_word_doubtful() -> None:
    assert annotated("0 g 10 5 8 20 re f") == [*SURE, ("OTHER", DOUBTED)]

"""What nobody sees on a PDF page is not read; what its font does not name is not relied on."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from capture.cleanup import CleanupOptions
from capture.limits import Limits
from capture.opening import open_document
from models.pages import DISPLACED, DOUBTED, Token

PLAIN = CleanupOptions(orientation=False, page=False, deskew=False, light=False, seal=False, noise=False)
SEEN = "BT /F1 12 Tf 50 300 Td (SEEN 123) Tj ET "
OTHER = "BT /F1 12 Tf 50 200 Td (OTHER) Tj ET "
SCAN = "q 595 0 0 397 0 0 cm /Im Do Q "

CODES = b"""begincmap 1 begincodespacerange <00> <FF> endcodespacerange
2 beginbfchar <31> <0031> <32> <00FF> endbfchar endcmap"""

Prepare = Callable[[Pdf, Dictionary], None]


def tokens(content: str, prepare: Prepare | None = None) -> tuple[Token, ...]:
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(595, 397))
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Courier)
    page.Resources = Dictionary(Font=Dictionary(F1=document.make_indirect(font)))
    if prepare:
        prepare(document, page.Resources)
    page.Contents = document.make_stream(content.encode())
    buffer = io.BytesIO()
    document.save(buffer)
    opened = open_document(buffer.getvalue(), "a.pdf", limits=Limits(), cleanup=PLAIN)
    text = opened.pages[0].text
    assert text is not None
    return text.tokens


def texts(content: str, prepare: Prepare | None = None) -> list[str]:
    return [token.text for token in tokens(content, prepare)]


@pytest.mark.parametrize("mode", [3, 7])
def test_text_that_is_not_painted_is_not_read(mode: int) -> None:
    assert texts(SEEN + f"q {mode} Tr {OTHER} Q " + SEEN.replace("300", "250")) == ["SEEN", "123"] * 2


@pytest.mark.parametrize("mode", [0, 1, 2])
def test_painted_text_is_read(mode: int) -> None:
    assert texts(f"{mode} Tr {OTHER}") == ["OTHER"]


def layers(*, off: bool = False, base: str = "ON", on: bool = False) -> Prepare:
    """One layer, named L in the resources; a choice of layers that holds only this one, named M."""

    def prepare(document: Pdf, resources: Dictionary) -> None:
        layer = document.make_indirect(Dictionary(Type=Name.OCG, Name="stamp"))
        terms = Dictionary(BaseState=Name("/" + base))
        terms.OFF = Array([layer] if off else [])
        terms.ON = Array([layer] if on else [])
        document.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=terms)
        form = document.make_stream(OTHER.encode(), Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 595, 397]))
        form.Resources = Dictionary(Font=resources.Font)
        form.OC = layer
        resources.XObject = Dictionary(Fm=form)
        resources.Properties = Dictionary(L=layer, M=Dictionary(Type=Name.OCMD, OCGs=layer))

    return prepare


@pytest.mark.parametrize("drawn", [f"/OC /L BDC {OTHER} EMC ", f"/OC /M BDC {OTHER} EMC ", "/Fm Do "])
def test_layers_that_are_off_are_not_read(drawn: str) -> None:
    assert texts(drawn + SEEN, layers(off=True)) == ["SEEN", "123"]
    assert texts(drawn + SEEN, layers(base="OFF")) == ["SEEN", "123"]
    assert "OTHER" in texts(drawn + SEEN, layers())
    assert "OTHER" in texts(drawn + SEEN, layers(base="OFF", on=True))


def test_marked_content_within_a_layer_that_is_off_ends_where_it_ends() -> None:
    inner = f"/OC /L BDC /Span BMC {OTHER} EMC {OTHER.replace('200', '150')} EMC "
    assert texts(inner + SEEN, layers(off=True)) == ["SEEN", "123"]


def picture(**more: object) -> Prepare:
    def prepare(document: Pdf, resources: Dictionary) -> None:
        terms = {"Width": 1, "Height": 1, "BitsPerComponent": 8, "ColorSpace": Name.DeviceGray} | more
        image = document.make_stream(b"\xff", Type=Name.XObject, Subtype=Name.Image)
        for name, value in terms.items():
            image["/" + name] = value
        resources.XObject = Dictionary(Im=image)

    return prepare


def test_text_beneath_a_scan_is_not_read() -> None:
    assert texts(OTHER + SCAN + SEEN, picture()) == ["SEEN", "123"]


def test_a_picture_that_shows_through_hides_nothing() -> None:
    mask = picture(ImageMask=True, BitsPerComponent=1)
    assert "OTHER" in texts(OTHER + SCAN + SEEN, mask)


@pytest.mark.parametrize("names", [{"Differences": Array([65, Name.g17])}, {}])
def test_all_words_in_a_font_that_does_not_name_its_glyphs_are_doubted(names: dict[str, object]) -> None:
    """Names of the maker's own, or a code table that leaves one out."""

    def prepare(document: Pdf, resources: Dictionary) -> None:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Times)
        if names:
            font.Encoding = Dictionary(Type=Name.Encoding, **names)
        else:
            font.ToUnicode = document.make_stream(CODES)
        resources.Font.F2 = document.make_indirect(font)

    found = tokens(SEEN + "BT /F2 12 Tf 50 200 Td (12 B) Tj ET ", prepare)
    assert [t.confidence for t in found] == [1.0, 1.0, DOUBTED, DOUBTED]


@pytest.mark.parametrize("white", ["1 g", "1 1 1 rg", "0 0 0 0 k"])
def test_white_text_is_read_only_where_it_stands_on_a_ground(white: str) -> None:
    hidden = f"q {white} {OTHER} Q "
    assert texts(hidden + SEEN) == ["SEEN", "123"]
    assert "OTHER" in texts(f"q .8 0 0 rg 40 190 100 30 re f Q {hidden}" + SEEN)
    assert texts(f"q 1 g 40 190 100 30 re f Q {hidden}" + SEEN) == ["SEEN", "123"]


def test_text_too_small_to_be_seen_is_not_read() -> None:
    assert texts(OTHER.replace("12 Tf", "0.3 Tf") + SEEN) == ["SEEN", "123"]


def test_text_without_opacity_is_not_read() -> None:
    def prepare(document: Pdf, resources: Dictionary) -> None:
        resources.ExtGState = Dictionary(Clear=Dictionary(ca=0), Half=Dictionary(ca=0.5))

    assert texts(f"q /Clear gs {OTHER} Q " + SEEN, prepare) == ["SEEN", "123"]
    assert "OTHER" in texts(f"q /Half gs {OTHER} Q " + SEEN, prepare)


def test_slanted_print_over_the_page_is_a_watermark() -> None:
    mark = "BT /F1 20 Tf .866 .5 -.5 .866 60 280 Tm (COPY) Tj ET "
    assert texts(SEEN + SEEN.replace("300", "250") + mark) == ["SEEN", "123"] * 2


def test_a_page_that_is_a_little_askew_is_read() -> None:
    assert "OTHER" in texts("q .999 .045 -.045 .999 0 0 cm " + OTHER + "Q")


def test_words_on_top_of_each_other_are_doubted() -> None:
    over = SEEN.replace("SEEN 123", "SEEN 456")
    found = {t.text: t.confidence for t in tokens(SEEN + "q 1 g 90 295 60 15 re f Q " + over + OTHER)}
    assert found.pop("OTHER") == 1.0
    assert max(confidence for text, confidence in found.items() if not text.isalpha()) == DOUBTED


def test_of_two_texts_on_top_of_each_other_none_is_relied_on() -> None:
    one, other = ("BT /F1 12 Tf 50 300 Td (ABCDEFGHIJKLM) Tj ET", "BT /F1 12 Tf 50 300 Td (NOPQRSTUVWXYZ) Tj ET ")
    assert {t.confidence for t in tokens(one + " " + other + OTHER)} == {DOUBTED}


def test_bold_print_that_is_struck_twice_is_read_once() -> None:
    again = SEEN.replace("50 300", "50.4 300.2")
    found = tokens(SEEN + again)
    assert [(t.text, t.confidence) for t in found] == [("SEEN", 1.0), ("123", 1.0)]


@pytest.mark.parametrize(
    ("widths", "expected"), [({}, DISPLACED), ({"DW": 500}, 1.0), ({"W": Array([0, Array([500])])}, 1.0)]
)
@pytest.mark.parametrize(("shown", "matters"), [("0031", True), ("4E00", False)])
def test_a_font_that_tells_no_widths_sets_what_is_half_as_wide_elsewhere(
    widths: dict[str, object], expected: float, shown: str, matters: bool
) -> None:
    def prepare(document: Pdf, resources: Dictionary) -> None:
        info = Dictionary(Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("GB1"), Supplement=5)
        inner = Dictionary(Type=Name.Font, Subtype=Name.CIDFontType0, BaseFont=Name.Song, CIDSystemInfo=info, **widths)
        inner.FontDescriptor = Dictionary(Type=Name.FontDescriptor, FontName=Name.Song, Flags=6)
        font = Dictionary(Type=Name.Font, Subtype=Name.Type0, BaseFont=Name.Song, Encoding=Name("/UniGB-UTF16-H"))
        font.DescendantFonts = Array([document.make_indirect(inner)])
        resources.Font.F2 = document.make_indirect(font)

    found = tokens(f"BT /F2 12 Tf 50 200 Td <{shown}4E8C> Tj ET ", prepare)
    assert {t.confidence for t in found} == {expected if matters else 1.0}


def test_large_print_over_small_is_apart_from_it() -> None:
    stamp = "BT /F1 30 Tf 40 195 Td (PAID) Tj ET "
    found = tokens(SEEN + OTHER + stamp)
    assert sorted((t.text, t.confidence) for t in found) == [("123", 1.0), ("OTHER", 1.0), ("PAID", 1.0), ("SEEN", 1.0)]

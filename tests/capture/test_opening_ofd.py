"""OFD as real producers write it: template and page, runs of glyphs, names in any case, missing parts."""

from __future__ import annotations

from xml.sax.saxutils import escape

import numpy as np
import pytest

from capture.cleanup import CleanupOptions
from capture.limits import Limits
from capture.ofd.geometry import numbers, offsets
from capture.opening import open_document
from models.pages import OpenedDocument, Token
from tests.capture import files

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
ROOT = f"""<ofd:OFD {NS}><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID><ofd:CustomDatas>
<ofd:CustomData Name="发票号码">25990000000000000123</ofd:CustomData></ofd:CustomDatas></ofd:DocInfo>
<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"""
DOCUMENT = f"""<ofd:Document {NS}><ofd:CommonData>
<ofd:PageArea><ofd:PhysicalBox>0 0 210 140</ofd:PhysicalBox></ofd:PageArea>
<ofd:TemplatePage ID="2" BaseLoc="TPLS/Tpl_0/Content.xml"/>
<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes></ofd:CommonData>
<ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages>
<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>
<ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags></ofd:Document>"""
TEMPLATE = f"""<ofd:Page {NS}><ofd:Content><ofd:Layer ID="5">
<ofd:TextObject ID="6" Boundary="10 10 40 5" Size="4">
<ofd:TextCode X="0" Y="4" DeltaX="g 4 4">发票号码：</ofd:TextCode></ofd:TextObject>
<ofd:PathObject ID="7" Boundary="5 30 200 0.4">
<ofd:AbbreviatedData>M 0 0.2 L 200 0.2</ofd:AbbreviatedData></ofd:PathObject>
</ofd:Layer></ofd:Content></ofd:Page>"""
CIPHER = "0*+<" * 7


def text(ident: str, code: str, boundary: str = "50 10 60 5", attributes: str = "") -> str:
    return f'<ofd:TextObject ID="{ident}" Boundary="{boundary}" Size="4" {attributes}>{code}</ofd:TextObject>'


def page(*objects: str) -> str:
    return (
        f'<ofd:Page {NS}><ofd:Template TemplateID="2"/><ofd:Content><ofd:Layer ID="9">'
        + "".join(objects)
        + "</ofd:Layer></ofd:Content></ofd:Page>"
    )


NUMBER = text("11", '<ofd:TextCode X="0" Y="4" DeltaX="g 7 2">12345678</ofd:TextCode>')


def ofd(*objects: str, **changes: str | bytes | None) -> bytes:
    """A small OFD; `changes` replaces parts by name with `__` for `/`, or removes them with None."""
    parts: dict[str, str | bytes | None] = {
        "OFD.xml": ROOT,
        "Doc_0/Document.xml": DOCUMENT,
        "Doc_0/Tpls/Tpl_0/Content.xml": TEMPLATE,  # the document says TPLS
        "Doc_0/Pages/Page_0/Content.xml": page(*(objects or (NUMBER,))),
    }
    parts |= {name.replace("__", "/").replace("_xml", ".xml"): value for name, value in changes.items()}
    return files.archive({n: v.encode() if isinstance(v, str) else v for n, v in parts.items() if v is not None})


def opened(data: bytes) -> OpenedDocument:
    return open_document(data, "a.ofd", limits=Limits(), cleanup=CleanupOptions())


def tokens(data: bytes) -> dict[str, Token]:
    return {token.text: token for p in opened(data).pages for token in p.text.tokens}


def test_template_and_page_are_one_page_in_millimetres() -> None:
    document = opened(ofd())
    (leaf,) = document.pages
    assert (leaf.text.width, leaf.text.height) == (210, 140)
    found = {t.text: t for t in leaf.text.tokens}
    assert set(found) == {"发票号码：", "12345678"}
    number = found["12345678"]
    assert number.edges == pytest.approx(tuple(50 + 2 * i for i in range(9)))
    assert 10 < number.box.y0 < number.box.y1 < 15
    (rule,) = leaf.text.segments
    assert (rule.x0, rule.x1, rule.y0) == pytest.approx((5, 205, 30.2))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0 0 210 140", [0, 0, 210, 140]),
        ("  -1.5\t.5 3. 1e2 ", [-1.5, 0.5, 3, 100]),
        ("0,0,210", [0, 0, 210]),
        ("12mm 3", [12, 3]),
        ("1_0", [1, 0]),
        ("nan inf 1e999 4", [4]),
        ("", []),
        (None, []),
    ],
)
def test_numbers_however_they_are_parted(text: str | None, found: list[float]) -> None:
    assert numbers(text) == found


def test_glyph_runs() -> None:
    assert offsets("1.5 g 3 2 4") == [1.5, 2, 2, 2, 4]
    assert offsets("g 2") == []
    assert len(offsets("g 999999999 1")) <= 100_000


def test_one_text_of_several_lines_is_cut_where_the_pen_goes_back() -> None:
    code = (
        f'<ofd:TextCode X="0" Y="4" DeltaX="g 13 2 -26 g 13 2" DeltaY="g 13 0 5 g 13 0">{escape(CIPHER)}</ofd:TextCode>'
    )
    lines = [t for t in opened(ofd(text("1", code))).pages[0].text.tokens if "*" in t.text]
    assert [t.text for t in lines] == [CIPHER[:14], CIPHER[14:]]
    first, second = lines
    assert second.box.y0 == pytest.approx(first.box.y0 + 5)
    assert second.box.x0 == pytest.approx(first.box.x0)


def test_characters_beneath_each_other_are_one_vertical_token() -> None:
    found = tokens(ofd(text("1", '<ofd:TextCode X="0" Y="4" DeltaY="g 2 5">购买方</ofd:TextCode>')))
    assert found["购买方"].vertical
    assert found["购买方"].box.height > 2 * found["购买方"].box.width


def test_a_turning_matrix_makes_text_vertical() -> None:
    turned = text(
        "1", '<ofd:TextCode X="0" Y="3" DeltaX="g 3 3">下载次数</ofd:TextCode>', "200 30 4 20", 'CTM="0 1 -1 0 4 0"'
    )
    token = tokens(ofd(turned))["下载次数"]
    assert token.vertical
    assert 200 <= token.box.x0 < token.box.x1 <= 205
    assert token.box.y0 == pytest.approx(30)


def test_a_scaling_matrix_scales_positions() -> None:
    scaled = text(
        "1", '<ofd:TextCode X="0" Y="8" DeltaX="g 1 8">甲乙</ofd:TextCode>', "10 20 20 20", 'CTM="0.5 0 0 0.5 0 0"'
    )
    assert tokens(ofd(scaled))["甲乙"].edges == pytest.approx((10, 14, 16))


def test_cdata_entities_and_indented_text() -> None:
    found = tokens(
        ofd(
            text("1", '<ofd:TextCode X="0" Y="4"><![CDATA[A<B]]></ofd:TextCode>'),
            text("2", '<ofd:TextCode X="0" Y="4">C&amp;D</ofd:TextCode>', "50 20 60 5"),
            text("3", '<ofd:TextCode X="0" Y="4" DeltaX="2">\n      EF\n    </ofd:TextCode>', "50 30 60 5"),
        )
    )
    assert {"A<B", "C&D", "EF"} <= set(found)


def test_what_stands_off_the_page_or_is_invisible_is_not_on_it() -> None:
    off = text("1", '<ofd:TextCode X="0" Y="4">OFF</ofd:TextCode>', "10 285 60 5")
    hidden = text("2", '<ofd:TextCode X="0" Y="4">HIDDEN</ofd:TextCode>', attributes='Visible="false"')
    assert set(tokens(ofd(off, hidden))) == {"发票号码："}


def test_tags_name_the_texts_they_point_to() -> None:
    index = (
        f"<ofd:CustomTags {NS}><ofd:CustomTag><ofd:FileLoc>CustomTag.xml</ofd:FileLoc></ofd:CustomTag></ofd:CustomTags>"
    )
    broken_prefix = (  # as found: a namespace that was lost on the way
        '<:eInvoice xmlns:=""><InvoiceNo><ofd:ObjectRef PageRef="1">11</ofd:ObjectRef></InvoiceNo>'
        '<Item><ofd:ObjectRef PageRef="1">12</ofd:ObjectRef><ofd:ObjectRef PageRef="1">99</ofd:ObjectRef></Item>'
        "</:eInvoice>"
    )
    rows = text("12", '<ofd:TextCode X="0" Y="4">*餐饮*餐费</ofd:TextCode>', "50 40 60 5")
    data = ofd(NUMBER, rows, Doc_0__Tags__CustomTags_xml=index, Doc_0__Tags__CustomTag_xml=broken_prefix)
    assert opened(data).tags == {"InvoiceNo": ("12345678",), "Item": ("*餐饮*餐费",)}


def test_custom_data_is_metadata() -> None:
    assert opened(ofd()).metadata["发票号码"] == "25990000000000000123"


@pytest.mark.parametrize("listed", [True, False])
def test_attachments_listed_or_lying_there(listed: bool) -> None:
    index = f"<ofd:Attachments {NS}><ofd:FileLoc>original_invoice.xml</ofd:FileLoc></ofd:Attachments>"
    data = ofd(
        Doc_0__Attachs__original_invoice_xml="<eInvoice/>", Doc_0__Attachs__Attachments_xml=index if listed else None
    )
    assert [(a.name, a.data) for a in opened(data).attachments] == [("original_invoice.xml", b"<eInvoice/>")]


class TestWhatIsMissing:
    def test_no_template(self) -> None:
        assert set(tokens(ofd(Doc_0__Tpls__Tpl_0__Content_xml=None))) == {"12345678"}

    def test_no_pages_container(self) -> None:
        flat = DOCUMENT.replace("<ofd:Pages>", "").replace("</ofd:Pages>", "")
        assert "12345678" in tokens(ofd(Doc_0__Document_xml=flat))

    def test_no_physical_box(self) -> None:
        bare = DOCUMENT.replace("<ofd:PhysicalBox>0 0 210 140</ofd:PhysicalBox>", "")
        assert "12345678" in tokens(ofd(Doc_0__Document_xml=bare))

    def test_a_document_root_that_is_not_there(self) -> None:
        assert "12345678" in tokens(ofd(OFD_xml=ROOT.replace("Doc_0/Document.xml", "Doc_9/Document.xml")))

    def test_a_broken_template_does_not_take_the_page_with_it(self) -> None:
        assert "12345678" in tokens(ofd(Doc_0__Tpls__Tpl_0__Content_xml="<ofd:Page><unclosed"))

    def test_a_picture_that_is_not_there(self) -> None:
        image = '<ofd:ImageObject ID="20" ResourceID="77" Boundary="10 100 20 20"/>'
        (leaf,) = opened(ofd(NUMBER, image)).pages
        assert leaf.images() == ()
        assert leaf.picture().colour.shape == (1102, 1654, 3)


def test_pictures_of_the_package_and_the_drawing_of_the_page() -> None:
    resources = f"""<ofd:Res {NS} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="77" Type="Image">
    <ofd:MediaFile>QR.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>"""
    black = np.zeros((50, 50, 3), np.uint8)
    image = '<ofd:ImageObject ID="20" CTM="20 0 0 20 0 0" ResourceID="77" Boundary="10 100 20 20"/>'
    data = ofd(NUMBER, image, Doc_0__DocumentRes_xml=resources, **{"Doc_0__res__qr.png": files.encoded(".png", black)})
    (leaf,) = opened(data).pages
    (picture,) = leaf.images()
    assert picture.shape == (50, 50, 3)
    drawn = leaf.picture().colour
    per_mm = drawn.shape[1] / 210
    assert drawn[round(110 * per_mm), round(20 * per_mm)].max() < 20  # the picture
    assert drawn[round(30.2 * per_mm), round(100 * per_mm)].min() < 100  # the rule
    assert drawn[round(80 * per_mm), round(100 * per_mm)].min() == 255  # paper

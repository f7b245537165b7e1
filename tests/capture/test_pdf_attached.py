"""PDFs inside a PDF are read with it; its other files are handed on."""

from __future__ import annotations

import io

import pikepdf
import pytest
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, Pdf

from capture.limits import Limits
from capture.opening import open_document
from models.errors import DocumentError
from models.pages import OpenedDocument
from tests.capture import files
from tests.capture.test_pdf_seen import PLAIN

INVOICE = files.pdf(text="INVOICE 42")


def opened(document: Pdf, limits: Limits | None = None) -> OpenedDocument:
    buffer = io.BytesIO()
    document.save(buffer)
    return open_document(buffer.getvalue(), "a.pdf", limits=limits or Limits(), cleanup=PLAIN)


def cover(**attached: bytes) -> Pdf:
    document = pikepdf.open(io.BytesIO(files.pdf(text="COVER")))
    for name, data in attached.items():
        document.attachments[name] = AttachedFileSpec(document, data, filename=name.replace("_", "."))
    return document


def words(document: OpenedDocument) -> list[list[str]]:
    return [[token.text for token in page.text.tokens] for page in document.pages if page.text]


def test_pages_of_attached_pdfs_follow_the_cover() -> None:
    found = opened(cover(a_pdf=INVOICE, b_xml=b"<a/>"))
    assert words(found) == [["COVER"], ["INVOICE", "42"]]
    assert [page.number for page in found.pages] == [1, 2]
    assert [attachment.name for attachment in found.attachments] == ["b.xml"]
    assert found.pages[1].picture().colour.min() < 100


def test_a_pdf_pinned_to_a_page() -> None:
    document = cover()
    spec = Dictionary(Type=Name.Filespec, F="a.pdf", EF=Dictionary(F=document.make_stream(INVOICE)))
    pin = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 9, 9]), FS=spec)
    document.pages[0].Annots = Array([document.make_indirect(pin)])
    assert words(opened(document)) == [["COVER"], ["INVOICE", "42"]]


def test_a_pdf_that_does_not_open_stays_a_file_inside() -> None:
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(INVOICE)) as inner:
        inner.save(locked, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    for data in (locked.getvalue(), b"%PDF-1.7 broken"):
        found = opened(cover(a_pdf=data))
        assert words(found) == [["COVER"]]
        assert [attachment.data for attachment in found.attachments] == [data]


def test_pages_inside_count() -> None:
    with pytest.raises(DocumentError) as caught:
        opened(cover(a_pdf=files.pdf(pages=3)), Limits(max_pages=3))
    assert caught.value.code == "too_many_pages"


@pytest.mark.parametrize("rendering", [True, False])
def test_a_form_that_only_its_maker_draws_is_told(rendering: bool) -> None:
    document = cover()
    document.Root.AcroForm = Dictionary(XFA=document.make_stream(b"<xdp/>"))
    if rendering:
        document.Root.NeedsRendering = True
        document.Root.AcroForm.Fields = Array([Dictionary(T="a")])
    with pytest.raises(DocumentError) as caught:
        opened(document)
    assert caught.value.code == "pdf_xfa"

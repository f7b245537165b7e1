"""One real file of each bad kind, made here. Each gives its stable code, quickly and in bounded memory."""

from __future__ import annotations

import io
import struct
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pikepdf
import pytest

from capture.archive import members
from capture.cleanup import CleanupOptions
from capture.limits import Limits
from capture.opening import open_document
from models.errors import DocumentError
from models.pages import OpenedDocument
from models.settings import MIB
from tests.capture import files

LIMITS = Limits()


SMALL = Limits(max_unpacked_bytes=20 * MIB)


def opened(data: bytes, name: str = "file", limits: Limits = LIMITS) -> OpenedDocument:
    return open_document(data, name, limits=limits, cleanup=CleanupOptions())


@contextmanager
def refused(code: str, *, seconds: float = 5.0, mebibytes: int = 60) -> Iterator[None]:
    tracemalloc.start()
    started = time.monotonic()
    try:
        with pytest.raises(DocumentError) as caught:
            yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert caught.value.code == code
    assert time.monotonic() - started < seconds
    assert peak < mebibytes * MIB
    for language in ("zh", "en"):
        assert "{" not in caught.value.message(language)


def pdf_with(change: Callable[[pikepdf.Pdf], None], **save: object) -> bytes:
    with pikepdf.open(io.BytesIO(files.pdf())) as document:
        change(document)
        buffer = io.BytesIO()
        document.save(buffer, **save)
        return buffer.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG whose header promises the size and whose data is a few bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def test_empty_file() -> None:
    with refused("empty_file"):
        opened(b"")


def test_file_over_the_size_limit() -> None:
    with refused("too_large"):
        opened(files.pdf(), limits=Limits(max_file_bytes=100))


class TestPdf:
    def test_cut_off_within_the_first_page(self) -> None:
        with refused("pdf_damaged"):
            opened(files.pdf()[:200])

    def test_header_and_rubbish(self) -> None:
        with refused("pdf_damaged"):
            opened(b"%PDF-1.7\n" + bytes(range(256)) * 40)

    def test_password(self) -> None:
        encryption = pikepdf.Encryption(owner="owner", user="secret")
        with refused("pdf_encrypted"):
            opened(pdf_with(lambda pdf: None, encryption=encryption))

    def test_owner_password_alone_does_not_keep_a_reader_out(self) -> None:
        document = opened(pdf_with(lambda pdf: None, encryption=pikepdf.Encryption(owner="owner", user="")))
        assert "25990000000000000123" in [t.text for t in document.pages[0].text.tokens]
        assert document.pages[0].picture().colour.min() < 100

    def test_two_hundred_pages(self) -> None:
        with refused("too_many_pages"):
            opened(files.pdf(pages=200))

    def test_stream_that_unpacks_to_gigabytes(self) -> None:
        packed = zlib.compress(zlib.compress(b" " * (100 * MIB), 9), 9)  # flate in flate

        def add(pdf: pikepdf.Pdf) -> None:
            stream = pikepdf.Stream(pdf, b"")
            stream.write(packed, filter=pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode]))
            pdf.pages[0].Contents = stream

        data = pdf_with(add, compress_streams=False)
        assert len(data) < 20_000
        with refused("unpacked_too_large"):
            opened(data, limits=SMALL)

    def test_picture_of_gigapixels(self) -> None:
        def add(pdf: pikepdf.Pdf) -> None:
            image = pdf.make_stream(
                zlib.compress(b"\0" * 1000), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=60_000,
                Height=60_000, ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8, Filter=pikepdf.Name.FlateDecode,
            )  # fmt: skip
            pdf.pages[0].Resources.XObject = pikepdf.Dictionary(Im0=image)

        with refused("too_many_pixels"):
            opened(pdf_with(add))

    def test_page_of_kilometres_is_drawn_small(self) -> None:
        started = time.monotonic()
        document = opened(files.pdf(media_box=(0, 0, 1_000_000, 1_000_000)))
        height, width = document.pages[0].picture().colour.shape[:2]
        assert width * height <= 6_500_000
        assert time.monotonic() - started < 5


class TestPictures:
    @pytest.mark.parametrize("extension", [".jpg", ".png", ".tiff", ".webp"])
    def test_cut_in_half(self, extension: str) -> None:
        data = files.encoded(extension)
        with refused("image_damaged"):
            opened(data[: len(data) // 2])

    def test_only_a_signature(self) -> None:
        with refused("image_damaged"):
            opened(b"\xff\xd8\xff\xe0")

    @pytest.mark.parametrize(("width", "height"), [(12_000, 12_000), (60_000, 60_000), (2_000_000_000, 2)])
    def test_gigapixels_promised_by_a_small_file(self, width: int, height: int) -> None:
        with refused("too_many_pixels"):
            opened(png_header(width, height))


class TestXml:
    def test_external_entity(self) -> None:
        with refused("xml_forbidden"):
            opened(b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>')

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "cp037"])
    def test_entities_hidden_by_an_encoding(self, encoding: str) -> None:
        text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
        data = text.encode(encoding)
        with pytest.raises(DocumentError) as caught:
            opened(data)
        assert caught.value.code in ("xml_forbidden", "unsupported_type")

    def test_billion_laughs(self) -> None:
        levels = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
        with refused("xml_forbidden"):
            opened(f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{levels}]><x>&l9;</x>'.encode())

    def test_over_two_megabytes(self) -> None:
        with refused("too_large"):
            opened(b"<x>" + b"<y/>" * 600_000 + b"</x>")

    def test_cut_off(self) -> None:
        with refused("xml_damaged"):
            opened(b'<?xml version="1.0" encoding="UTF-8"?><EInvoice><Header>')


class TestArchives:
    def test_bomb(self) -> None:
        data = files.archive({f"{i}.pdf": b"\0" * (6 * MIB) for i in range(20)})
        with refused("unpacked_too_large"):
            members(data, "bomb.zip", SMALL)

    def test_bomb_whose_headers_lie_about_its_size(self) -> None:
        data = bytearray(files.archive({"a.pdf": b"\0" * (20 * MIB)}))
        at = data.rindex(b"PK\x01\x02") + 24
        data[at : at + 4] = struct.pack("<I", 1000)  # "unpacks to 1000 bytes"
        with pytest.raises(DocumentError) as caught:
            members(bytes(data), "bomb.zip", Limits(max_unpacked_bytes=10 * MIB))
        assert caught.value.code in ("unpacked_too_large", "archive_damaged")

    @pytest.mark.parametrize(
        "name", ["../evil.pdf", "a/../../evil.pdf", "/etc/evil.pdf", "C:\\evil.pdf", "..\\evil.pdf"]
    )
    def test_names_that_point_outside(self, name: str) -> None:
        with refused("archive_unsafe"):
            members(files.archive({name: b"x"}), "x.zip", LIMITS)

    def test_too_many_members(self) -> None:
        with refused("too_many_members"):
            members(files.archive({f"{i}.pdf": b"x" for i in range(1001)}), "x.zip", LIMITS)

    def test_truncated(self) -> None:
        with refused("archive_damaged"):
            members(files.archive({"a.pdf": files.pdf()})[:-30], "x.zip", LIMITS)

    def test_member_with_broken_content(self) -> None:
        data = bytearray(files.archive({"a.pdf": files.pdf()}))
        data[60:80] = b"\xff" * 20
        with refused("archive_damaged"):
            members(bytes(data), "x.zip", LIMITS)

    def test_encrypted(self) -> None:
        data = bytearray(files.archive({"a.pdf": files.pdf()}))
        data[6] |= 1
        data[data.rindex(b"PK\x01\x02") + 8] |= 1
        with refused("archive_encrypted"):
            members(bytes(data), "x.zip", LIMITS)

    def test_nothing_but_clutter(self) -> None:
        with refused("nothing_inside"):
            members(files.archive({"__MACOSX/._a.pdf": b"x", ".DS_Store": b"x"}), "x.zip", LIMITS)

    def test_archive_in_an_archive_is_refused_when_opened(self) -> None:
        inner = files.archive({"a.pdf": files.pdf()})
        (member,) = members(files.archive({"in.zip": inner}), "x.zip", LIMITS)
        with refused("archive_nested"):
            opened(member.data)


class TestOfd:
    def test_bomb(self) -> None:
        data = files.archive({"OFD.xml": b" " * (80 * MIB)})
        with refused("too_large", mebibytes=150):
            opened(data)

    def test_many_parts_that_unpack_to_too_much(self) -> None:
        parts = {f"Doc_0/Pages/Page_{i}/Content.xml": b" " * (6 * MIB) for i in range(6)}
        pages = "".join(f'<Page ID="{i}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in range(6))
        root = {
            "OFD.xml": b"<OFD><DocBody><DocRoot>Doc_0/Document.xml</DocRoot></DocBody></OFD>",
            "Doc_0/Document.xml": f"<Document><Pages>{pages}</Pages></Document>".encode(),
        }
        data = files.archive(root | parts)
        with refused("unpacked_too_large"):
            opened(data, limits=SMALL)

    def test_entities_in_a_part(self) -> None:
        evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><OFD>&f;</OFD>'
        with refused("xml_forbidden"):
            opened(files.archive({"OFD.xml": evil}))

    def test_traversal(self) -> None:
        with refused("archive_unsafe"):
            opened(files.archive({"OFD.xml": b"<OFD/>", "../../etc/cron.d/x": b"x"}))

    def test_a_part_that_points_outside_finds_nothing(self) -> None:
        root = b"<OFD><DocBody><DocRoot>../../../etc/passwd</DocRoot></DocBody></OFD>"
        with refused("ofd_damaged"):
            opened(files.archive({"OFD.xml": root}))

    def test_truncated(self) -> None:
        data = files.archive({"OFD.xml": b"<OFD/>", "Doc_0/Document.xml": b"<Document/>" * 100})
        with refused("ofd_damaged"):
            opened(data[:-40])

    def test_empty(self) -> None:
        with refused("ofd_damaged"):
            opened(files.archive({"OFD.xml": b"<OFD/>"}))


class TestWrongExtension:
    def test_content_decides(self) -> None:
        assert opened(files.encoded(".jpg"), "a.pdf").media == "image"
        assert opened(files.pdf(), "a.jpg").media == "pdf"

    @pytest.mark.parametrize(
        ("data", "found"),
        [
            (b"MZ\x90\x00" + b"\0" * 100, "EXE"),
            (b"<!DOCTYPE html><html><body>invoice</body></html>", "HTML"),
            (b"a,b,c\n1,2,3\n", "TXT"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "Excel"),
            (b"\x00\x01\x02\x03" * 50, "?"),
            (b"GIF89a" + b"\0" * 100, "GIF"),
        ],
    )
    def test_what_is_not_a_document_is_named(self, data: bytes, found: str) -> None:
        with pytest.raises(DocumentError) as caught:
            opened(data, "invoice.pdf")
        assert caught.value.code == "unsupported_type"
        assert found in caught.value.message("en")

    def test_a_workbook_is_named_and_not_unpacked(self) -> None:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as workbook:
            workbook.writestr("[Content_Types].xml", "<Types/>")
            workbook.writestr("xl/workbook.xml", "<workbook/>")
        with pytest.raises(DocumentError) as caught:
            opened(buffer.getvalue(), "records.zip")
        assert caught.value.details["found"] == "Excel"

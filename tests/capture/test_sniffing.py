"""Content decides, never the name; a damaged file is named for what it was meant to be."""

from __future__ import annotations

import zipfile

import pytest

from capture.sniffing import sniff
from tests.capture import files

OFD = {"OFD.xml": b"<OFD/>", "Doc_0/Document.xml": b"<Document/>"}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (files.pdf(), "pdf"),
        (b"\x00\x00junk before\n" + files.pdf(), "pdf"),
        (files.archive(OFD), "ofd"),
        (files.archive(OFD)[:-30], "ofd"),
        (files.archive({"ofd.XML": b"<OFD/>"}), "ofd"),
        (files.archive({"a.pdf": b"x"}), "zip"),
        (files.archive({"a.pdf": b"%PDF-1.7"}, packing=zipfile.ZIP_STORED), "zip"),
        (files.archive({"a.pdf": b"x"})[:-30], "zip"),
        (b"<?xml version='1.0'?><EInvoice/>", "xml"),
        (b"\xef\xbb\xbf\r\n  <EInvoice/>", "xml"),
        ("<?xml version='1.0' encoding='utf-16'?><发票/>".encode("utf-16"), "xml"),
        ("<发票/>".encode("utf-16-le"), "xml"),
        (files.encoded(".jpg"), "jpeg"),
        (files.encoded(".png"), "png"),
        (files.encoded(".tiff"), "tiff"),
        (files.encoded(".bmp"), "bmp"),
        (files.encoded(".webp"), "webp"),
        (b"<html><body/></html>", "other"),
        (b"", "other"),
    ],
    ids=lambda given: given if isinstance(given, str) else f"{len(given)} bytes",
)
def test_formats(data: bytes, expected: str) -> None:
    assert sniff(data).format == expected

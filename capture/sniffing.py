"""What a file is, by its content. The extension and the sender's word are never looked at.

A damaged file is still named for what it was meant to be, so that its error says the useful thing.
"""

from __future__ import annotations

import codecs
import io
import re
import zipfile
from dataclasses import dataclass
from enum import StrEnum

from models.pages import Media


class Format(StrEnum):
    PDF = "pdf"
    OFD = "ofd"
    XML = "xml"
    JPEG = "jpeg"
    PNG = "png"
    TIFF = "tiff"
    BMP = "bmp"
    WEBP = "webp"
    HEIC = "heic"
    ZIP = "zip"
    MAIL = "eml"
    OTHER = "other"  #: known or unknown, not taken


_MEDIA = {
    Format.PDF: Media.PDF,
    Format.OFD: Media.OFD,
    Format.XML: Media.XML,
    **dict.fromkeys((Format.JPEG, Format.PNG, Format.TIFF, Format.BMP, Format.WEBP, Format.HEIC), Media.IMAGE),
}


@dataclass(frozen=True, slots=True)
class Sniffed:
    """`found` is a short name for people, above all for files that are not taken."""

    format: Format
    found: str

    @property
    def media(self) -> Media | None:
        return _MEDIA.get(self.format)

    @property
    def holds_files(self) -> bool:
        """Not a document itself: `capture.archive` hands its files out."""
        return self.format in (Format.ZIP, Format.MAIL)


_SIGNATURES: tuple[tuple[bytes, Format, str], ...] = (
    (b"\xff\xd8\xff", Format.JPEG, "JPEG"),
    (b"\x89PNG\r\n\x1a\n", Format.PNG, "PNG"),
    (b"II*\x00", Format.TIFF, "TIFF"),
    (b"MM\x00*", Format.TIFF, "TIFF"),
    (b"II+\x00", Format.TIFF, "TIFF"),
    (b"MM\x00+", Format.TIFF, "TIFF"),
    (b"BM", Format.BMP, "BMP"),
    (b"GIF8", Format.OTHER, "GIF"),
    (b"Rar!", Format.OTHER, "RAR"),
    (b"7z\xbc\xaf\x27\x1c", Format.OTHER, "7z"),
    (b"\x1f\x8b", Format.OTHER, "gzip"),
    (b"\xd0\xcf\x11\xe0", Format.OTHER, "Word/Excel 97-2003"),
    (b"MZ", Format.OTHER, "EXE"),
    (b"\x7fELF", Format.OTHER, "ELF"),
    (b"{\\rtf", Format.OTHER, "RTF"),
)
_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}
_OFFICE = (("xl/", "Excel"), ("word/", "Word"), ("ppt/", "PowerPoint"))
HEAD = 1024  #: readers accept a PDF whose header starts within this many bytes
#: a mail begins with its headers; these are the ones that nothing else begins with
_MAIL_HEADER = re.compile(
    rb"(?im)^(from|to|subject|date|mime-version|received|return-path|message-id|delivered-to|content-type|x-[a-z-]+):"
)
_LEAST_MAIL_HEADERS = 3


def sniff(data: bytes) -> Sniffed:
    """Name the format of `data`."""
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):  # before PDF: a stored PDF may be the first member
        return _sniff_zip(data)
    if b"%PDF-" in data[:HEAD] and not looks_like_mail(data):
        return Sniffed(Format.PDF, "PDF")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Sniffed(Format.WEBP, "WebP")
    if data[4:8] == b"ftyp":
        heif = bool({data[8:12], *(data[i : i + 4] for i in range(16, 40, 4))} & _HEIF_BRANDS)
        return Sniffed(Format.HEIC, "HEIC") if heif else Sniffed(Format.OTHER, "MP4/AVIF")
    for signature, kind, found in _SIGNATURES:
        if data.startswith(signature):
            return Sniffed(kind, found)
    return Sniffed(Format.MAIL, "EML") if looks_like_mail(data) else _sniff_text(data)


def looks_like_mail(data: bytes) -> bool:
    """Whether `data`, or its beginning, is that of a saved mail."""
    head = data[: 4 * HEAD].removeprefix(codecs.BOM_UTF8).lstrip(b"\r\n")
    first = head.split(b"\n", 1)[0]
    begins = first.startswith(b"From ") or re.match(rb"[A-Za-z][A-Za-z0-9-]*:", first) is not None
    headers = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    return begins and len({name.lower() for name in _MAIL_HEADER.findall(headers)}) >= _LEAST_MAIL_HEADERS


def _sniff_zip(data: bytes) -> Sniffed:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError):
        # the directory at the end is lost; the names before each member are still there
        return Sniffed(Format.OFD, "OFD") if re.search(rb"(?i)OFD\.xml", data) else Sniffed(Format.ZIP, "ZIP")
    if any(name.lower().strip("/\\") == "ofd.xml" for name in names):
        return Sniffed(Format.OFD, "OFD")
    if "[Content_Types].xml" in names:
        found = next((title for prefix, title in _OFFICE if any(n.startswith(prefix) for n in names)), "Office")
        return Sniffed(Format.OTHER, found)
    return Sniffed(Format.ZIP, "ZIP")


def _sniff_text(data: bytes) -> Sniffed:
    head = text_head(data).lstrip("\ufeff \t\r\n\x00").lower()
    if head.startswith(("<!doctype html", "<html")):
        return Sniffed(Format.OTHER, "HTML")
    if re.match(r"<(\?xml|!--|!doctype|!entity|[a-z_\u4e00-\u9fff])", head):
        return Sniffed(Format.XML, "XML")
    printable = sum(c.isprintable() or c.isspace() for c in head)
    if head and printable > 0.95 * len(head):
        return Sniffed(Format.OTHER, "TXT/CSV")
    return Sniffed(Format.OTHER, "?")


def text_head(data: bytes) -> str:
    """The first kilobyte as text: UTF-16 by its mark or its zero bytes, else UTF-8."""
    head = data[:HEAD]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", "replace")
    if head[1:2] == b"\x00":
        return head.decode("utf-16-le", "replace")
    if head[:1] == b"\x00":
        return head.decode("utf-16-be", "replace")
    return head.decode("utf-8", "replace")

"""Takes a document apart into pages, whatever its medium. Knows nothing of invoices."""

from __future__ import annotations

import hashlib

from capture.cleanup import CleanupOptions, Upright
from capture.hardened_xml import check_xml
from capture.images import open_image
from capture.limits import Limits
from capture.ofd import open_ofd
from capture.sniffing import sniff
from models.errors import DocumentError
from models.pages import Media, OpenedDocument


def open_document(
    data: bytes, name: str, *, limits: Limits, cleanup: CleanupOptions, upright: Upright | None = None
) -> OpenedDocument:
    """Open a PDF, OFD, XML or picture. Raises DocumentError; archives are for `capture.archive`."""
    limits.check_size(len(data))
    sniffed = sniff(data)
    sha256 = hashlib.sha256(data).hexdigest()
    match sniffed.media:
        case Media.PDF:
            from capture.pdf import open_pdf  # its libraries take longer to load than an OFD to be read

            pages, attachments, metadata = open_pdf(data, limits=limits, cleanup=cleanup, upright=upright)
            return OpenedDocument(name, Media.PDF, sha256, data, pages, attachments, metadata)
        case Media.IMAGE:
            pages = open_image(data, limits=limits, cleanup=cleanup, upright=upright)
            return OpenedDocument(name, Media.IMAGE, sha256, data, pages)
        case Media.OFD:
            pages, attachments, metadata, tags = open_ofd(data, limits=limits, cleanup=cleanup)
            return OpenedDocument(name, Media.OFD, sha256, data, pages, attachments, metadata, tags)
        case Media.XML:
            check_xml(data)
            return OpenedDocument(name, Media.XML, sha256, data)
        case _:
            if sniffed.holds_files:
                raise DocumentError("archive_nested")
            raise DocumentError("unsupported_type", found=sniffed.found)

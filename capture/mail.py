"""Files attached to a saved mail (.eml): what travelling staff are sent.

Reads with the standard library, bounded in parts and bytes. The mail's own text is no document, and neither are the
small pictures that dress it. Never follows a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import Message

from capture.limits import Limits
from models.errors import DocumentError

_SEPARATOR = re.compile(rb"^--[^\r\n]", re.MULTILINE)
_SEPARATORS_PER_FILE = 4  #: a file's own, those of the mail's text and of the wrappings around them
_DRESS = 20 * 1024  #: bytes; a picture that the mail's text shows and that is smaller is a logo
_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")


def attached(data: bytes, limits: Limits) -> Iterator[tuple[str, bytes]]:
    """Name and content of every file of the mail, those of forwarded mails inside it too."""
    limits.check_members(len(_SEPARATOR.findall(data)) // _SEPARATORS_PER_FILE)
    try:
        parts = [part for part in message_from_bytes(data).walk() if not part.is_multipart()]
    except (MessageError, RecursionError, ValueError) as error:
        raise DocumentError("mail_damaged") from error
    size = 0
    for number, part in enumerate(parts, start=1):
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes) or not content or not _is_file(part, content):
            continue
        size += len(content)
        limits.check_unpacked(size)
        yield _name(part) or f"附件{number}", content


def _is_file(part: Message, content: bytes) -> bool:
    kind = part.get_content_type()
    if kind in _SIGNATURES or kind == "text/calendar":
        return False
    if part.get_content_maintype() == "image" and part.get("Content-ID") and len(content) < _DRESS:
        return False
    named = part.get_filename() is not None or part.get_content_disposition() == "attachment"
    return named or part.get_content_maintype() != "text"


def _name(part: Message) -> str:
    """The file's name as its sender wrote it: encoded words, or bytes of UTF-8 or GBK that say nothing of it."""
    for header, value in list(part.raw_items()):
        if not value.isascii() and header.lower() in ("content-disposition", "content-type"):
            part.replace_header(header, _decoded(value.encode("utf-8", "surrogateescape"), None))
    written = part.get_filename() or ""
    try:
        pieces = decode_header(written)
    except HeaderParseError:
        pieces = [(written, None)]
    return "".join(p if isinstance(p, str) else _decoded(p, charset) for p, charset in pieces).strip()


def _decoded(raw: bytes, charset: str | None) -> str:
    for encoding in (charset or "utf-8", "utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return raw.decode("latin-1")

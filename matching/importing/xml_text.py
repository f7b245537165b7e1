"""XML of table files: small pieces by a parser without entities and network, plain text by unescaping."""

from __future__ import annotations

import re

from lxml import etree

from models.errors import RecordsError

_ESCAPED = re.compile(r"&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w+));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def small_part(data: bytes) -> etree._Element:
    """Root of a small document. Entities are not expanded: no type declaration is obeyed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise RecordsError("records_damaged") from error


def decoded(xml: bytes) -> str:
    """UTF-8 without the NUL that XML forbids."""
    try:
        text = xml.decode()
    except UnicodeDecodeError as error:
        raise RecordsError("records_damaged") from error
    if "\0" in text:
        raise RecordsError("records_damaged")
    return text


def plain(text: str) -> str:
    """Text between two tags, as meant."""
    return _ESCAPED.sub(_meant, text) if "&" in text else text


def _meant(escaped: re.Match[str]) -> str:
    decimal, hexadecimal, name = escaped.groups()
    try:
        found = chr(int(decimal)) if decimal else chr(int(hexadecimal, 16)) if hexadecimal else _NAMED[name]
    except (KeyError, ValueError, OverflowError) as error:
        raise RecordsError("records_damaged") from error
    if found == "\0" or "\ud800" <= found <= "\udfff":  # no characters of XML, nor of a database
        raise RecordsError("records_damaged")
    return found

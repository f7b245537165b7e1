"""Parses XML that came from outside: no DTD, no entities, no network, bounded size.

An invoice never declares a DOCTYPE; one that does is refused in every encoding, before anything is resolved.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from lxml import etree

from capture.limits import readable
from models.errors import DocumentError
from models.settings import MIB

XML_LIMIT = 2 * MIB  #: the largest genuine invoice XML seen is some tens of kilobytes
_FORBIDDEN = re.compile(
    b"|".join(
        re.escape(word.encode(encoding))
        for word in ("<!DOCTYPE", "<!ENTITY")
        for encoding in ("ascii", "utf-16-le", "utf-16-be")
    ),
    re.IGNORECASE,
)

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
Element = Any  #: lxml element


def parse(data: bytes, *, recover: bool = False) -> Element:
    """Root element. `recover` keeps what can be kept of a part that is not well-formed."""
    if _FORBIDDEN.search(data):
        raise DocumentError("xml_forbidden")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        recover=recover, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DocumentError("xml_damaged") from error
    if root is None:
        raise DocumentError("xml_damaged")
    if root.getroottree().docinfo.internalDTD is not None:  # an encoding that the search above cannot see through
        raise DocumentError("xml_forbidden")
    return root


def check_xml(data: bytes) -> None:
    """Refuse what no reader should see."""
    if len(data) > XML_LIMIT:
        raise DocumentError("too_large", size=readable(len(data)), limit=readable(XML_LIMIT))
    try:
        parse(data)
    except DocumentError as error:
        if error.code != "xml_damaged":
            raise
        parse(_recoded(data, error))


def _recoded(data: bytes, error: DocumentError) -> bytes:
    """The document as UTF-8 where it is GBK and does not say so, or says another code: many exports are like that."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        raise error from None
    return _DECLARATION.sub("", text, count=1).encode()


def local_name(element: Element) -> str:
    """Name without namespace or a prefix that was never declared."""
    return _local_name(str(element.tag))


@lru_cache(maxsize=1024)  # a document has thousands of elements of a few dozen names
def _local_name(tag: str) -> str:
    return re.split(r"[}:]", tag)[-1]


def descendants(root: Element, name: str) -> list[Element]:
    """Elements of this local name, in document order, whatever the namespace."""
    return [e for e in root.iter() if isinstance(e.tag, str) and local_name(e) == name]


def child(element: Element, name: str) -> Element | None:
    return next((e for e in element if isinstance(e.tag, str) and local_name(e) == name), None)


def child_text(element: Element, name: str) -> str | None:
    found = child(element, name)
    text = "".join(found.itertext()).strip() if found is not None else ""
    return text or None

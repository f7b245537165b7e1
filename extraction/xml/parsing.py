"""Parses XML that came inside a document. No DTD, no entities, no network, bounded size; signatures are left out.

Names are compared without namespace, prefix, case, `_` and `-`: issuers write the same element in many ways, and some
never declare the prefix they use. `TotalTax-includedAmount` and the row's `TotaltaxIncludedAmount` then look alike;
rows are therefore told from the head by structure, never by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from lxml import etree

from models.settings import MIB

LIMIT = 2 * MIB  #: genuine invoice XML has tens of kilobytes
Element = Any  #: lxml element

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_FORBIDDEN = re.compile(r"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODINGS = ("utf-8-sig", "utf-16", "gb18030")


def looks_like_xml(data: bytes) -> bool:
    head = data[:200].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return head.startswith(b"<")


def parse(data: bytes) -> Element | None:
    """Root element; None for what is not well-formed, too large, or declares a DOCTYPE."""
    if len(data) > LIMIT or not looks_like_xml(data):
        return None
    for candidate in _texts(data):
        if isinstance(candidate, str) and _FORBIDDEN.search(candidate):
            return None
        root = _well_formed(candidate)
        if root is not None:
            return None if root.getroottree().docinfo.doctype else root
    return None


def _well_formed(text: bytes | str) -> Element | None:
    """Recovery is only for prefixes that were never declared; anything else wrong, and it is not this text."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True, recover=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(text, parser)
    except (etree.XMLSyntaxError, ValueError):  # nothing to recover: wrong encoding, no element
        return None
    errors: Any = parser.error_log
    return root if all(error.domain_name == "NAMESPACE" for error in errors) else None


def _texts(data: bytes) -> Iterator[bytes | str]:
    """As declared, then decoded by hand: files are often re-encoded without changing the declaration."""
    if not _FORBIDDEN.search(data.replace(b"\0", b"").decode("latin-1")):
        yield data
        for encoding in _ENCODINGS:
            try:
                yield _DECLARATION.sub("", data.decode(encoding))
            except UnicodeDecodeError:
                continue


@lru_cache(maxsize=2048)
def plain(name: str) -> str:
    """A name as it is compared."""
    return re.sub(r"[_\-\s（）()]", "", re.split(r"[}:]", name)[-1]).casefold()


def name_of(element: Element) -> str:
    """Compared name of an element; empty for what is no element."""
    return plain(element.tag) if isinstance(element.tag, str) else ""


def text_of(element: Element) -> str | None:
    """Text of a leaf; None where blank or `xsi:nil`."""
    return (element.text or "").strip() or None


def is_signature(element: Element) -> bool:
    return "signature" in name_of(element) or "签名" in name_of(element)


def leaves(root: Element, skip: frozenset[Element] = frozenset()) -> Iterator[tuple[tuple[str, ...], str | None]]:
    """(compared names from root to leaf, text) of elements without children, and of attributes that hold values."""
    stack: list[tuple[Element, tuple[str, ...]]] = [(root, ())]
    while stack:
        element, above = stack.pop()
        if not isinstance(element.tag, str) or element in skip or is_signature(element):
            continue
        path = (*above, name_of(element))
        for name, value in element.attrib.items():
            yield (*path, plain(str(name))), str(value).strip() or None
        if len(element) == 0 or (element.text or "").strip():
            yield path, text_of(element)
        stack.extend((child, path) for child in reversed(element))

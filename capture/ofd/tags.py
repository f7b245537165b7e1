"""What an OFD says about itself beside its pages: CustomDatas, CustomTag files, attachments."""

from __future__ import annotations

import posixpath
import re

from capture.hardened_xml import Element, child_text, descendants, local_name
from capture.ofd.package import Package
from capture.ofd.pages import Leaf
from capture.ofd.text import text_of
from models.pages import Attachment

_LOOSE = re.compile(
    r"(?i)(^|/)attach[^/]*/(?!attachments\.xml$)[^/]+$|original_invoice[^/]*\.xml$|_issuer_[^/]*\.xml$|\.xbrl$"
)


def read_metadata(root: Element) -> dict[str, str]:
    """DocInfo of OFD.xml: plain entries by element name, CustomData by its Name."""
    found: dict[str, str] = {}
    for info in descendants(root, "DocInfo"):
        for entry in info:
            if isinstance(entry.tag, str) and len(entry) == 0 and (text := "".join(entry.itertext()).strip()):
                found.setdefault(local_name(entry), text)
    for entry in descendants(root, "CustomData"):
        if name := entry.get("Name"):
            found.setdefault(name, "".join(entry.itertext()).strip())
    return found


def read_tags(package: Package, document: str, root: Element, leaves: list[Leaf]) -> dict[str, list[str]]:
    """Field name → texts of the objects it points to, in the order of the file."""
    index_name = package.find(child_text(root, "CustomTags") or "Tags/CustomTags.xml", document)
    index = package.xml(index_name)
    tags: dict[str, list[str]] = {}
    if index is None:
        return tags
    for location in descendants(index, "FileLoc"):
        content = package.xml(package.find("".join(location.itertext()), index_name or ""))
        for reference in descendants(content, "ObjectRef") if content is not None else []:
            text = _referenced("".join(reference.itertext()).strip(), reference.get("PageRef", ""), leaves)
            if text is not None:
                tags.setdefault(local_name(reference.getparent()), []).append(text)
    return tags


def _referenced(ident: str, page: str, leaves: list[Leaf]) -> str | None:
    for leaf in sorted(leaves, key=lambda leaf: leaf.id != page):  # the page it names, then any other
        if ident in leaf.text_objects:
            return text_of(leaf.text_objects[ident])
    return None


def read_attachments(package: Package, document: str, root: Element) -> list[Attachment]:
    """Listed attachments, then files that lie where attachments lie without being listed, then the tag files."""
    index_name = package.find(child_text(root, "Attachments") or "Attachs/Attachments.xml", document)
    index = package.xml(index_name)
    names: list[str] = []
    for location in descendants(index, "FileLoc") if index is not None else []:
        if name := package.find("".join(location.itertext()), index_name or ""):
            names.append(name)
    folder = posixpath.dirname(document)
    names += [n for n in package.names.values() if n.strip("/").startswith(folder.strip("/")) and _LOOSE.search(n)]
    return [Attachment(posixpath.basename(name), package.read(name)) for name in dict.fromkeys(names)]

"""Opens an OFD (GB/T 33190): page and template text, rules, pictures, tags, attachments. Signatures are not judged."""

from __future__ import annotations

from functools import lru_cache, partial

from capture.cleanup import CleanupOptions, clean
from capture.hardened_xml import child_text, descendants
from capture.limits import Limits
from capture.ofd.drawing import draw
from capture.ofd.package import Package
from capture.ofd.pages import Leaf, read_leaves
from capture.ofd.resources import Resources
from capture.ofd.tags import read_attachments, read_metadata, read_tags
from models.errors import DocumentError
from models.pages import Attachment, OpenedPage, Picture

KEPT_PICTURES = 3

Opened = tuple[tuple[OpenedPage, ...], tuple[Attachment, ...], dict[str, str], dict[str, tuple[str, ...]]]


def open_ofd(data: bytes, *, limits: Limits, cleanup: CleanupOptions) -> Opened:
    """Pages, attachments, metadata, tags."""
    package = Package(data, limits)
    root = package.xml(package.find("OFD.xml"))
    leaves: list[tuple[Leaf, Resources]] = []
    attachments: list[Attachment] = []
    tags: dict[str, list[str]] = {}
    for document in _documents(package, root):
        part = package.xml(document)
        if part is None:
            continue
        own = read_leaves(package, document)
        resources = Resources(package, document, part, limits)
        leaves += [(leaf, resources) for leaf in own]
        attachments += read_attachments(package, document, part)
        for name, texts in read_tags(package, document, part, own).items():
            tags.setdefault(name, []).extend(texts)
    limits.check_pages(len(leaves))
    if not attachments and not any(leaf.tokens or leaf.images for leaf, _ in leaves):
        raise DocumentError("ofd_damaged")
    metadata = read_metadata(root) if root is not None else {}
    return _pages(leaves, cleanup), tuple(attachments), metadata, {k: tuple(v) for k, v in tags.items()}


def _documents(package: Package, root: object) -> list[str]:
    """Document parts that OFD.xml names; where it names none that exists, those that lie in the package."""
    bodies = descendants(root, "DocBody") if root is not None else []
    named = [package.find(child_text(body, "DocRoot") or "") for body in bodies]
    found = [name for name in named if name]
    return found or sorted(name for key, name in package.names.items() if key.rsplit("/", 1)[-1] == "document.xml")


def _pages(leaves: list[tuple[Leaf, Resources]], cleanup: CleanupOptions) -> tuple[OpenedPage, ...]:
    @lru_cache(maxsize=KEPT_PICTURES)
    def picture(index: int) -> Picture:
        leaf, resources = leaves[index]
        return clean(draw(leaf, resources), cleanup.of_typeset_page())

    return tuple(
        OpenedPage(
            index + 1,
            leaf.page(index + 1),
            partial(picture, index),
            partial(resources.pictures, [r for r, _ in leaf.images]),
        )
        for index, (leaf, resources) in enumerate(leaves)
    )

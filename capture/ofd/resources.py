"""Pictures of an OFD by resource id."""

from __future__ import annotations

from functools import lru_cache

from capture.hardened_xml import Element, child_text, descendants
from capture.images import decode
from capture.limits import Limits
from capture.ofd.package import Package
from models.errors import DocumentError
from models.pages import Pixels

MOST_IMAGES = 40
_JBIG2 = b"\x97JB2\r\n\x1a\n"


class Resources:
    """MultiMedia entries of DocumentRes and PublicRes."""

    def __init__(self, package: Package, document: str, root: Element, limits: Limits) -> None:
        self._package = package
        self._limits = limits
        self._files: dict[str, str] = {}
        for kind in ("DocumentRes", "PublicRes"):
            for element in descendants(root, kind) or [None]:
                location = "".join(element.itertext()) if element is not None else f"{kind}.xml"
                self._collect(package.find(location, document))
        self.picture = lru_cache(maxsize=8)(self._picture)

    def _collect(self, part: str | None) -> None:
        root = self._package.xml(part)
        if root is None or part is None:
            return
        base = root.get("BaseLoc") or ""
        for media in descendants(root, "MultiMedia"):
            location = child_text(media, "MediaFile")
            if location is None:
                continue
            name = self._package.find(f"{base}/{location}" if base else location, part) or self._package.find(
                location, part
            )
            if name:
                self._files.setdefault(media.get("ID", ""), name)

    def pictures(self, idents: list[str]) -> tuple[Pixels, ...]:
        found = [self.picture(ident) for ident in dict.fromkeys(idents[:MOST_IMAGES])]
        return tuple(pixels for pixels in found if pixels is not None)

    def _picture(self, ident: str) -> Pixels | None:
        """None where the resource is missing or broken: the page is read without it."""
        if ident not in self._files:
            return None
        try:
            data = self._package.read(self._files[ident])
            if data.startswith(_JBIG2):
                from capture.ofd.jbig2 import decode_jbig2  # takes PDF libraries, and is seldom there

                return decode_jbig2(data, self._limits)
            return decode(data, 0, limits=self._limits)
        except DocumentError:
            return None

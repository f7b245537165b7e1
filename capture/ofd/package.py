"""The parts of an OFD package by the names that its files use for each other.

Producers write the same folder as `Tpls`, `TPLS` and `tpls`, with and without a leading slash: names are compared
without case, and a part that is missing or broken is an absent part, not an error.
"""

from __future__ import annotations

import posixpath

from capture.hardened_xml import Element, parse
from capture.limits import Limits
from capture.unpacking import Container
from models.errors import DocumentError
from models.settings import MIB

PART_LIMIT = 64 * MIB


class Package:
    def __init__(self, data: bytes, limits: Limits) -> None:
        self._container = Container(data, limits, damaged="ofd_damaged")
        if self._container.encrypted:
            raise DocumentError("archive_encrypted")
        self.names = {name.strip("/").lower(): name for name in self._container.members}
        self._parsed: dict[str, Element | None] = {}

    def find(self, location: str, base: str = "") -> str | None:
        """Full name of the part at `location`, seen from the part `base`; tried from the root as well."""
        location = location.strip().replace("\\", "/")
        near = posixpath.join(posixpath.dirname(base), location) if not location.startswith("/") else location
        for candidate in (near, location):
            key = posixpath.normpath("/" + candidate).strip("/").lower()
            if key in self.names:
                return self.names[key]
        return None

    def read(self, name: str) -> bytes:
        return self._container.read(name, most=PART_LIMIT)

    def xml(self, name: str | None) -> Element | None:
        """Root of an XML part, recovered as far as possible; None where there is nothing to recover."""
        if name is None:
            return None
        if name not in self._parsed:
            self._parsed[name] = self._parse(name)
        return self._parsed[name]

    def _parse(self, name: str) -> Element | None:
        try:
            return parse(self.read(name), recover=True)
        except DocumentError as error:
            if error.code in ("xml_damaged", "ofd_damaged"):
                return None
            raise

"""Walks DER whose schema is only loosely kept to: seal makers add and omit optional members without tags."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from asn1crypto import core, parser

SEQUENCE, SET, OCTETS, BITS, OID = 16, 17, 4, 3, 6
_INTEGER, _UTC_TIME, _GENERALIZED_TIME = 2, 23, 24
_STRINGS = {12: "utf-8", 19: "ascii", 22: "ascii", 26: "ascii", 30: "utf-16-be"}
_BEIJING = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Node:
    tag: int  #: of the universal class; −1 for any other class
    content: bytes
    raw: bytes

    @property
    def children(self) -> list[Node]:
        """Members of a constructed value. Raises ValueError where the content is not a row of DER values."""
        found: list[Node] = []
        rest = self.content
        while rest:
            node = load(rest)
            found.append(node)
            rest = rest[len(node.raw) :]
        return found

    @property
    def bits(self) -> bytes:
        if self.tag != BITS or self.content[:1] != b"\0":
            raise ValueError("not a BIT STRING of whole bytes")
        return self.content[1:]

    @property
    def octets(self) -> bytes:
        if self.tag != OCTETS:
            raise ValueError("not an OCTET STRING")
        return self.content

    @property
    def oid(self) -> str:
        return str(core.ObjectIdentifier.load(self.raw).dotted)

    @property
    def text(self) -> str:
        return self.content.decode(_STRINGS[self.tag]).strip()

    @property
    def moment(self) -> datetime:
        """Also as GM/T 0031 has it, where a time may stand in a BIT STRING."""
        if self.tag == _UTC_TIME:
            value = core.UTCTime.load(self.raw).native
        elif self.tag == _GENERALIZED_TIME:
            value = core.GeneralizedTime.load(self.raw).native
        else:
            value = written_moment((self.bits if self.tag == BITS else self.content).decode("ascii"))
        return placed(value)


def load(data: bytes) -> Node:
    """The DER value that `data` begins with; what follows is not looked at."""
    group, _, tag, header, content, trailer = parser.parse(data, strict=False)
    return Node(tag if group == 0 else -1, content, header + content + trailer)


def placed(moment: datetime) -> datetime:
    """A time without zone is China's: none may be compared with one that has a zone."""
    if not isinstance(moment, datetime):  # asn1crypto has a type of its own for years beyond 9999
        raise TypeError("not a time")
    return moment if moment.tzinfo else moment.replace(tzinfo=_BEIJING)


def written_moment(text: str) -> datetime:
    """A time written as digits: `20220124060837.228Z` is universal, without Z it is China's."""
    digits, zulu = "".join(c for c in text.partition(".")[0] if c.isdigit()), text.strip().endswith("Z")
    return datetime.strptime(digits[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC if zulu else _BEIJING)

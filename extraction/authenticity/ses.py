"""Electronic seal signatures: SES_Signature of GB/T 38540-2020, and the older form of GM/T 0031-2014.

Checked: the digest of what was stamped, the stamper's signature over it, the seal maker's signature over the seal, and
that the seal names the stamper's certificate. Layouts (DER):

    GB/T 38540  {toSign {version, seal, time, hash, properties…}, cert, algorithm, signature, …}
                seal {info, cert, algorithm, signature}
    GM/T 0031   {toSign {version, seal, time, hash, properties, cert, algorithm}, signature}
                seal {info, {cert, algorithm, signature}}
    info        {header, id, {type, name, [kind of list,] list of certificates, created, from, to}, picture, …}
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from asn1crypto import core
from cryptography.hazmat.primitives import hashes

from extraction.authenticity import der
from extraction.authenticity.certificates import certificate
from extraction.authenticity.cms import ALTERED, FOREIGN
from extraction.authenticity.digests import algorithm as digest_algorithm
from extraction.authenticity.digests import digest
from extraction.authenticity.judging import Content, Statement, Undecided, damaged_if_malformed

_SM2_WITH_SM3 = {"1.2.156.10197.1.501", "1.2.156.10197.1.301", "1.2.156.10197.1.301.1"}
_BY_SIGNATURE = {
    "1.2.840.113549.1.1.5": "sha1",
    "1.2.840.113549.1.1.11": "sha256",
    "1.2.840.113549.1.1.12": "sha384",
    "1.2.840.113549.1.1.13": "sha512",
}


@dataclass(frozen=True, slots=True)
class Seal:
    """The seal itself, as its maker signed it."""

    raw: bytes
    name: str | None
    signed: tuple[bytes, ...]  #: what the maker may have signed: producers differ
    maker: bytes
    algorithm: str
    signature: bytes
    holders: tuple[bytes, ...]  #: certificates that may use the seal, or digests of them
    valid_from: datetime
    valid_to: datetime

    def admits(self, certificate: bytes) -> bool:
        known = {certificate, digest(hashes.SM3(), (certificate,)), digest(hashes.SHA256(), (certificate,))}
        return any(holder in known for holder in self.holders)


def looks_like_ses(data: bytes) -> bool:
    """A SEQUENCE that begins with a SEQUENCE."""
    try:
        outer = der.load(data)
        members = outer.children
    except ValueError:  # no DER: whatever it is, it is not this
        return False
    return outer.tag == der.SEQUENCE and len(members) >= 2 and members[0].tag == der.SEQUENCE


def verify(data: bytes, content: Content, seal_file: bytes | None = None) -> Statement:
    """`content` is what the seal was put on; `seal_file` the seal as it lies beside, which must be the same seal."""
    with damaged_if_malformed("签章数据（SES）无法解析"):
        members = der.load(data).children
        signed = members[0].children
        if members[1].tag == der.OCTETS:  # GB/T 38540
            certificate_der, name, signature = members[1].octets, members[2].oid, members[3].bits
        else:  # GM/T 0031
            certificate_der, name, signature = signed[5].octets, signed[6].oid, members[1].bits
        seal = _seal(signed[1])
        signed_at, stamped = signed[2].moment, signed[3].bits
    stamper = certificate(certificate_der)
    chosen = _digest_of(name)
    faults: list[str] = []
    if content.digest(chosen) != stamped:
        faults.append(ALTERED)
    if not stamper.signed(Content((members[0].raw,)), signature, chosen):
        faults.append(FOREIGN)
    if not _made(seal):
        faults.append("印章本身的签名不符：印章被改动")
    if not seal.admits(certificate_der):
        faults.append("签章所用证书不在印章的持有人名单内")
    if seal_file is not None and seal_file.rstrip(b"\0") != seal.raw:
        faults.append("包内的印章文件与签章中的印章不是同一枚")
    notes = () if seal.valid_from <= signed_at <= seal.valid_to else ("签章时间不在印章的有效期内",)
    return Statement(
        faults=tuple(faults),
        signer=stamper.signer,
        signed_at=signed_at,
        seal_name=seal.name,
        algorithm=f"{stamper.key_name} / {chosen.name.upper()}",
        notes=notes,
    )


@lru_cache(maxsize=64)  # the same seal is on every invoice of an office
def _made(seal: Seal) -> bool:
    maker, chosen = certificate(seal.maker), _digest_of(seal.algorithm)
    return any(maker.signed(Content((signed,)), seal.signature, chosen) for signed in seal.signed)


def _seal(node: der.Node) -> Seal:
    members = node.children
    info = members[0]
    maker, algorithm, signature = (members[1:4] if members[1].tag == der.OCTETS else members[1].children)[:3]
    properties = info.children[2].children
    listed = next(n for n in properties[2:] if n.tag == der.SEQUENCE)
    moments = properties[properties.index(listed) + 1 :]
    return Seal(
        raw=node.raw,
        name=properties[1].text or None,
        signed=(info.raw, _sequence((info, maker, algorithm))),
        maker=maker.octets,
        algorithm=algorithm.oid,
        signature=signature.bits,
        holders=tuple(_holder(n) for n in listed.children),
        valid_from=moments[1].moment,
        valid_to=moments[2].moment,
    )


def _holder(node: der.Node) -> bytes:
    """A certificate, or {kind, digest}."""
    return node.octets if node.tag == der.OCTETS else node.children[1].octets


def _sequence(members: Sequence[der.Node]) -> bytes:
    return bytes(core.Sequence(contents=b"".join(m.raw for m in members)).dump())


def _digest_of(name: str) -> hashes.HashAlgorithm:
    found = hashes.SM3() if name in _SM2_WITH_SM3 else digest_algorithm(_BY_SIGNATURE.get(name, name))
    if found is None:
        raise Undecided(f"签名算法不支持（{name}）")
    return found

"""CMS SignedData (RFC 5652) and its SM2 form (GM/T 0010): the content's digest, then the signature over both.

Follows RFC 5652 §5.4; used for PDF signatures and for OFD signatures without a seal.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from asn1crypto import cms, core
from cryptography.hazmat.primitives import hashes

from extraction.authenticity.certificates import Certificate
from extraction.authenticity.der import placed
from extraction.authenticity.digests import algorithm as digest_algorithm
from extraction.authenticity.judging import MALFORMED, Content, Damaged, Statement, Undecided, damaged_if_malformed

_SIGNED_DATA, _SM2_SIGNED_DATA = "1.2.840.113549.1.7.2", "1.2.156.10197.6.1.4.2.2"
_OF_ENCAPSULATED = hashes.SHA1()  # noqa: S303  # adbe.pkcs7.sha1 signs this digest, whatever its own algorithm
ALTERED = "内容的摘要与签名时不符：签名之后内容被改动"
FOREIGN = "签名值与证书的公钥不符：签名或证书被改动"


class _ContentInfo(core.Sequence):  # type: ignore[misc]
    """As CMS has it, but the content type may be one of GM/T 0010."""

    _fields = [  # noqa: RUF012
        ("content_type", core.ObjectIdentifier),
        ("content", core.Any, {"explicit": 0, "optional": True}),
    ]


def looks_like_cms(der: bytes) -> bool:
    """A SEQUENCE that begins with an object identifier."""
    header = 2 + (der[1] & 0x7F) if len(der) > 1 and der[1] & 0x80 else 2
    return der[:1] == b"\x30" and der[header : header + 1] == b"\x06"


def verify(der: bytes, content: Content) -> Statement:
    with damaged_if_malformed("签名数据（CMS）无法解析"):
        outer = _ContentInfo.load(der)
        data = _signed_data(outer["content_type"].dotted, outer["content"])
        signers = data["signer_infos"]
        if len(signers) != 1:
            raise Undecided(f"一个签名内有 {len(signers)} 个签名者，不支持")
        signer = signers[0]
        certificate = _certificate_of(signer, data["certificates"])
        name = signer["digest_algorithm"]["algorithm"].dotted
        encapsulated = data["encap_content_info"]["content"].native
        content_type = data["encap_content_info"]["content_type"].dotted
        attributes = _attributes(signer)
        signature = signer["signature"].native
    chosen = digest_algorithm(name)
    if chosen is None:
        raise Undecided(f"摘要算法不支持或已不安全（{name}）")
    declared = str(signer["signature_algorithm"]["algorithm"].native).partition("_")[0]
    if declared.startswith(("sha", "md")) and declared != chosen.name:
        raise Undecided(f"签名算法与摘要算法不一致（{declared} / {chosen.name}）")
    faults: list[str] = []
    if encapsulated:
        if bytes(encapsulated) not in (content.joined(), content.digest(chosen), content.digest(_OF_ENCAPSULATED)):
            faults.append(ALTERED)
        content = Content((bytes(encapsulated),))
    if attributes:
        if attributes.get("1.2.840.113549.1.9.3") != [content_type]:
            raise Damaged("签名属性中的内容类型缺失或不一致")
        if attributes.get("1.2.840.113549.1.9.4") != [content.digest(chosen)]:
            faults.append(ALTERED)
        with damaged_if_malformed("签名属性无法解析"):
            content = Content((signer["signed_attrs"].untag().dump(),))
    if not certificate.signed(content, signature, chosen, signer["signature_algorithm"]):
        # without attributes the signature is over the content itself: then it cannot be told which of both changed
        faults.append(FOREIGN if attributes or encapsulated else ALTERED)
    return Statement(
        faults=tuple(dict.fromkeys(faults)),
        signer=certificate.signer,
        signed_at=_signing_time(attributes),
        algorithm=f"{certificate.key_name} / {chosen.name.upper()}",
    )


def _signed_data(content_type: str, content: Any) -> Any:
    if content_type == _SIGNED_DATA:
        return content.parse(cms.SignedData)
    if content_type != _SM2_SIGNED_DATA:
        raise Undecided(f"签名数据的类型不支持（{content_type}）")
    try:
        data = content.parse(cms.SignedData)
        len(data["signer_infos"])  # members are parsed when first looked at
        return data
    except MALFORMED as error:  # issuers of fiscal receipts put a structure of their own under this type
        raise Undecided("签名数据的结构不是 GM/T 0010 的签名，无法识别") from error


def _certificate_of(signer: Any, certificates: Any) -> Certificate:
    """By issuer and serial number, or key identifier; the only certificate where there is but one."""
    found = [c.chosen for c in certificates if c.name == "certificate"]
    if not found:
        raise Undecided("签名中没有证书")
    wanted = signer["sid"].chosen
    for certificate in found:
        if signer["sid"].name == "subject_key_identifier":
            if certificate.key_identifier == wanted.native:
                return Certificate(certificate.dump())
        elif certificate.serial_number == wanted["serial_number"].native and certificate.issuer == wanted["issuer"]:
            return Certificate(certificate.dump())
    if len(found) == 1:
        return Certificate(found[0].dump())
    raise Undecided("签名中没有签名者的证书")


def _attributes(signer: Any) -> dict[str, list[Any]]:
    """Signed attributes by OID. One that stands twice is ambiguous and refused."""
    if not isinstance(signer["signed_attrs"], cms.CMSAttributes):
        return {}
    found: dict[str, list[Any]] = {}
    for attribute in signer["signed_attrs"]:
        oid = attribute["type"].dotted
        if oid in found:
            raise Damaged("签名属性重复")
        found[oid] = [getattr(v, "dotted", None) or v.native for v in attribute["values"]]
    return found


def _signing_time(attributes: dict[str, list[Any]]) -> datetime | None:
    values = attributes.get("1.2.840.113549.1.9.5", [])
    return placed(values[0]) if values and isinstance(values[0], datetime) else None

"""Signs with SM2 for the tests: keys, certificates that name anybody, seals, CMS. Another library does the signing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import gmalg
from asn1crypto import algos, cms, core, keys, parser, x509
from asn1crypto import tsp as _tsp  # noqa: F401  # adds attribute types to cms, before their names are first used

SM2_CURVE, SM2_WITH_SM3, SM3 = "1.2.156.10197.1.301", "1.2.156.10197.1.501", "1.2.156.10197.1.401"
IDENTITY = b"1234567812345678"
STAMPED = datetime(2024, 5, 14, 3, 0, tzinfo=UTC)
SINCE, UNTIL = datetime(2023, 1, 1, tzinfo=UTC), datetime(2033, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Key:
    secret: bytes
    public: bytes  #: 04 ‖ x ‖ y

    @classmethod
    def made(cls) -> Key:
        return cls(*gmalg.SM2().generate_keypair())

    def sign(self, message: bytes) -> bytes:
        r, s = gmalg.SM2(self.secret, IDENTITY, self.public).sign(message)
        return seq(integer(int.from_bytes(r, "big")), integer(int.from_bytes(s, "big")))


@dataclass(frozen=True)
class Holder:
    """A key with the certificate that goes with it."""

    key: Key
    certificate: bytes

    @classmethod
    def named(cls, name: str, key: Key) -> Holder:
        subject = x509.Name.build({"common_name": name, "organization_name": f"{name}办公室"})
        tbs = x509.TbsCertificate(
            {
                "version": "v3",
                "serial_number": 7,
                "signature": {"algorithm": SM2_WITH_SM3},
                "issuer": x509.Name.build({"common_name": "测试CA"}),
                "validity": {"not_before": x509.Time("utc_time", SINCE), "not_after": x509.Time("utc_time", UNTIL)},
                "subject": subject,
                "subject_public_key_info": public_key_info(key.public),
            }
        )
        signed = seq(tbs.dump(), seq(oid(SM2_WITH_SM3)), bits(key.sign(tbs.dump())))
        return cls(key, signed)


def public_key_info(point: bytes) -> keys.PublicKeyInfo:
    return keys.PublicKeyInfo.load(seq(seq(oid("1.2.840.10045.2.1"), oid(SM2_CURVE)), bits(point)))


def ses_signature(stamped: bytes, holder: Holder, maker: Holder, **changed: Any) -> bytes:
    """SES_Signature of GB/T 38540 over `stamped`."""
    to_sign = seq(
        integer(4),
        changed.get("seal") or seal(holder, maker),
        time(STAMPED),
        bits(gmalg_sm3(stamped)),
        ia5("/Doc_0/Signs/Sign_0/Signature.xml"),
    )
    return seq(to_sign, octets(holder.certificate), oid(SM2_WITH_SM3), bits(holder.key.sign(to_sign)))


def seal(holder: Holder, maker: Holder, name: str = "测试发票监制章") -> bytes:
    info = _seal_info(name, integer(1), holder)
    return seq(info, octets(maker.certificate), oid(SM2_WITH_SM3), bits(maker.key.sign(info)))


def older_ses_signature(stamped: bytes, holder: Holder, maker: Holder) -> bytes:
    """SES_Signature of GM/T 0031 over `stamped`."""
    info = _seal_info("测试发票监制章", b"", holder)
    algorithm = oid(SM2_WITH_SM3)
    by_maker = maker.key.sign(seq(info, octets(maker.certificate), algorithm))
    older_seal = seq(info, seq(octets(maker.certificate), algorithm, bits(by_maker)))
    to_sign = seq(
        integer(1), older_seal, bits(b"20240514110000"), bits(gmalg_sm3(stamped)), ia5("x"),
        octets(holder.certificate), algorithm,
    )  # fmt: skip
    return seq(to_sign, bits(holder.key.sign(to_sign)))


def _seal_info(name: str, kind_of_list: bytes, holder: Holder) -> bytes:
    header = seq(ia5("ES"), integer(4), ia5("TEST"))
    properties = seq(
        integer(3), utf8(name), kind_of_list, seq(octets(holder.certificate)), time(SINCE), time(SINCE), time(UNTIL)
    )
    return seq(header, ia5("50000000000001"), properties, seq(ia5("png"), octets(b"picture"), integer(30), integer(20)))


def cms_signature(content: bytes, holder: Holder) -> bytes:
    """Detached CMS with SM2 and SM3, under the content types of GM/T 0010."""
    certificate = x509.Certificate.load(holder.certificate)
    data = "1.2.156.10197.6.1.4.2.1"
    attributes = cms.CMSAttributes(
        [
            {"type": "content_type", "values": [data]},
            {"type": "message_digest", "values": [gmalg_sm3(content)]},
            {"type": "signing_time", "values": [cms.Time("utc_time", STAMPED)]},
        ]
    )
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                "issuer_and_serial_number",
                {"issuer": certificate.issuer, "serial_number": certificate.serial_number},
            ),
            "digest_algorithm": algos.DigestAlgorithm({"algorithm": SM3}),
            "signed_attrs": attributes,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": SM2_WITH_SM3}),
            "signature": holder.key.sign(attributes.dump()),
        }
    )
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [algos.DigestAlgorithm({"algorithm": SM3})],
            "encap_content_info": {"content_type": data},
            "certificates": [cms.CertificateChoices("certificate", certificate)],
            "signer_infos": [signer],
        }
    )
    return seq(oid("1.2.156.10197.6.1.4.2.2"), parser.emit(2, 1, 0, signed.dump()))


def gmalg_sm3(data: bytes) -> bytes:
    digest = gmalg.SM3()
    digest.update(data)
    return bytes(digest.value())


def seq(*members: bytes) -> bytes:
    return bytes(core.Sequence(contents=b"".join(members)).dump())


def integer(value: int) -> bytes:
    return bytes(core.Integer(value).dump())


def octets(value: bytes) -> bytes:
    return bytes(core.OctetString(value).dump())


def bits(value: bytes) -> bytes:
    return bytes(core.OctetBitString(value).dump())


def oid(value: str) -> bytes:
    return bytes(core.ObjectIdentifier(value).dump())


def ia5(value: str) -> bytes:
    return bytes(core.IA5String(value).dump())


def utf8(value: str) -> bytes:
    return bytes(core.UTF8String(value).dump())


def time(value: datetime) -> bytes:
    return bytes(core.GeneralizedTime(value).dump())

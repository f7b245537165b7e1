"""The certificate that came with a signature: whom it names, and whether its key made the signature.

Never judges the certificate itself: roots and revocation lists are not at hand, so anybody can have issued it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from asn1crypto import core, x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from extraction.authenticity import sm2
from extraction.authenticity.der import placed
from extraction.authenticity.judging import Content, Damaged, Undecided, damaged_if_malformed
from models.authenticity import Signer

SM2_CURVE = "1.2.156.10197.1.301"


class Certificate:
    """Taken apart, never changed."""

    def __init__(self, der: bytes) -> None:
        with damaged_if_malformed("证书无法解析"):
            self.parsed = x509.Certificate.load(der)
            self.der = der
            self._key = self.parsed.public_key
            self.is_sm2 = _is_sm2(self._key)
            self.signer = _signer(self.parsed)

    @property
    def key_name(self) -> str:
        return "SM2" if self.is_sm2 else str(self._key.algorithm).upper()

    def signed(
        self,
        content: Content,
        signature: bytes,
        algorithm: hashes.HashAlgorithm,
        scheme: Any = None,
    ) -> bool:
        """Whether this certificate's key made `signature`. `scheme` is the CMS signature algorithm, for its padding."""
        if self.is_sm2:
            return self._sm2(content, signature, algorithm)
        key = self._standard_key()
        hashed = content.digest(algorithm)
        try:
            if isinstance(key, rsa.RSAPublicKey):
                key.verify(signature, hashed, *_rsa(scheme, algorithm))
            elif isinstance(key, ec.EllipticCurvePublicKey):
                key.verify(signature, hashed, ec.ECDSA(Prehashed(algorithm)))
            else:
                raise Undecided(f"不支持的公钥算法（{self.key_name}）")
        except InvalidSignature:
            return False
        except UnsupportedAlgorithm as error:
            raise Undecided(f"不支持的签名算法（{self.key_name} / {algorithm.name}）") from error
        return True

    def recovered_digest(self, signature: bytes) -> tuple[str, bytes] | None:
        """Digest (OID, value) inside a bare PKCS#1 signature; None where the signature is not of this key."""
        key = self._standard_key()
        if not isinstance(key, rsa.RSAPublicKey):
            raise Undecided(f"该签名格式只用于 RSA 证书（{self.key_name}）")
        try:
            info = key.recover_data_from_signature(signature, padding.PKCS1v15(), None)
        except InvalidSignature:
            return None
        with damaged_if_malformed("签名内的摘要无法解析"):
            inner = _DigestInfo.load(info, strict=True)
            return inner["algorithm"]["algorithm"].dotted, inner["digest"].native

    def _standard_key(self) -> Any:
        try:
            return serialization.load_der_public_key(self._key.dump())
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise Undecided(f"证书的公钥无法使用（{self.key_name}）") from error

    def _sm2(self, content: Content, signature: bytes, algorithm: hashes.HashAlgorithm) -> bool:
        if not isinstance(algorithm, hashes.SM3):
            raise Undecided(f"SM2 签名配用 {algorithm.name}，不支持")
        with damaged_if_malformed("SM2 公钥或签名值无法解析"):
            r, s = _r_and_s(signature)
            return sm2.verify(bytes(self._key["public_key"]), content.joined(), r, s)


@lru_cache(maxsize=64)  # a few makers and offices seal all that a house receives
def certificate(der: bytes) -> Certificate:
    return Certificate(der)


class _AlgorithmIdentifier(core.Sequence):  # type: ignore[misc]
    _fields = [("algorithm", core.ObjectIdentifier), ("parameters", core.Any, {"optional": True})]  # noqa: RUF012


class _DigestInfo(core.Sequence):  # type: ignore[misc]
    _fields = [("algorithm", _AlgorithmIdentifier), ("digest", core.OctetString)]  # noqa: RUF012


class _Pair(core.Sequence):  # type: ignore[misc]
    _fields = [("r", core.Integer), ("s", core.Integer)]  # noqa: RUF012


def _r_and_s(signature: bytes) -> tuple[int, int]:
    if len(signature) == 64:  # a DER pair of this length would need an r or s of 29 bytes: chance 2⁻²⁴
        return int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    pair = _Pair.load(signature)
    return pair["r"].native, pair["s"].native


def _rsa(scheme: Any, algorithm: hashes.HashAlgorithm) -> tuple[padding.AsymmetricPadding, Prehashed]:
    if scheme is None or scheme["algorithm"].native != "rsassa_pss":
        return padding.PKCS1v15(), Prehashed(algorithm)
    with damaged_if_malformed("PSS 参数无法解析"):
        parameters = scheme["parameters"]
        mask = str(parameters["mask_gen_algorithm"]["parameters"]["algorithm"].native)
        salt = int(parameters["salt_length"].native)
    if mask != algorithm.name:
        raise Damaged("PSS 参数与摘要算法不一致")
    return padding.PSS(padding.MGF1(algorithm), salt), Prehashed(algorithm)


def _is_sm2(key: Any) -> bool:
    identifier = key["algorithm"]
    if identifier["algorithm"].dotted == SM2_CURVE:
        return True
    if identifier["algorithm"].native != "ec":
        return False
    parameters = identifier["parameters"].chosen
    return isinstance(parameters, core.ObjectIdentifier) and parameters.dotted == SM2_CURVE


def _signer(certificate: x509.Certificate) -> Signer:
    subject, issuer = certificate.subject.native, certificate.issuer.native
    validity = certificate["tbs_certificate"]["validity"]
    return Signer(
        common_name=_first(subject, "common_name"),
        organization=_first(subject, "organization_name") or _first(subject, "organizational_unit_name"),
        issuer=_first(issuer, "common_name") or _first(issuer, "organization_name"),
        valid_from=placed(validity["not_before"].native),
        valid_to=placed(validity["not_after"].native),
    )


def _first(name: Any, attribute: str) -> str | None:
    value = name.get(attribute)
    if isinstance(value, list):
        value = value[0] if value else None
    return str(value).strip() or None if value is not None else None

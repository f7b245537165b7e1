"""Digests by the names that documents give them: dotted OIDs, and in OFD plain names as well."""

from __future__ import annotations

from collections.abc import Iterable

from cryptography.hazmat.primitives import hashes

_BY_OID: dict[str, hashes.HashAlgorithm] = {
    "1.2.156.10197.1.401": hashes.SM3(),
    "1.2.156.10197.1.401.1": hashes.SM3(),
    "1.3.14.3.2.26": hashes.SHA1(),  # noqa: S303  # old invoices; named in the finding
    "2.16.840.1.101.3.4.2.4": hashes.SHA224(),
    "2.16.840.1.101.3.4.2.1": hashes.SHA256(),
    "2.16.840.1.101.3.4.2.2": hashes.SHA384(),
    "2.16.840.1.101.3.4.2.3": hashes.SHA512(),
}
_BY_NAME = {algorithm.name.replace("-", ""): algorithm for algorithm in _BY_OID.values()}


def algorithm(name: str) -> hashes.HashAlgorithm | None:
    """None for what is unknown or proves nothing any more (MD5)."""
    name = name.strip()
    return _BY_OID.get(name) or _BY_NAME.get(name.lower().replace("-", ""))


def digest(chosen: hashes.HashAlgorithm, pieces: Iterable[bytes | memoryview]) -> bytes:
    state = hashes.Hash(chosen)
    for piece in pieces:
        state.update(piece)
    return state.finalize()

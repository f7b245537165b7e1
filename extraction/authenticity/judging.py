"""How a signature's examination ends: a statement, or one of two exceptions that carry verdict and reason.

The exceptions stay inside this package: `examine` turns each into a finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives import hashes

from extraction.authenticity.digests import digest
from models.authenticity import Signer, Verdict

#: what parsers of ASN.1, PDF and ZIP raise on bytes that are not what they claim to be
MALFORMED = (
    ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError, NotImplementedError, OSError,
)  # fmt: skip


class Undecided(Exception):
    """The examination stopped before the signature was checked."""

    verdict = Verdict.UNVERIFIABLE

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Damaged(Undecided):
    """The structure itself is broken."""

    verdict = Verdict.BROKEN


@contextmanager
def damaged_if_malformed(reason: str) -> Iterator[None]:
    try:
        yield
    except Undecided:
        raise
    except MALFORMED as error:
        raise Damaged(f"{reason}（{type(error).__name__}）") from error


@dataclass(frozen=True, slots=True)
class Content:
    """Signed bytes, in pieces so that a large file is not copied."""

    pieces: tuple[bytes | memoryview, ...]

    def digest(self, algorithm: hashes.HashAlgorithm) -> bytes:
        return digest(algorithm, self.pieces)

    def joined(self) -> bytes:
        return b"".join(self.pieces)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What one signature says of its content. `faults` empty: it holds."""

    faults: tuple[str, ...] = ()
    signer: Signer | None = None
    signed_at: datetime | None = None
    seal_name: str | None = None
    algorithm: str | None = None
    notes: tuple[str, ...] = field(default=())

"""Sentences that findings share, so that what was not verified is always said in the same words."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.authenticity.judging import Statement, Undecided
from models.authenticity import SealFinding, SealKind

CHAIN = "证书链未验证（不代表查验结果）"
_MOST_NAMED = 5


def listing(names: Sequence[str]) -> str:
    """
    >>> listing(["a", "b"])
    'a、b'
    """
    named = "、".join(names[:_MOST_NAMED])
    return named if len(names) <= _MOST_NAMED else f"{named} 等 {len(names)} 项"


def said(first: str, statement: Statement, notes: Sequence[str]) -> str:
    """The verdict's sentence, who the certificate names, and what a person should know beside."""
    sentences = [first]
    signer = statement.signer
    if signer:
        sentences.append(f"证书写明的签名者：{signer.name}，颁发者：{signer.issuer or '（未写明）'}")
        at, since, until = statement.signed_at, signer.valid_from, signer.valid_to
        if at and since and until and not since <= at <= until:
            sentences.append("签名时间不在证书的有效期内")
    if statement.algorithm and "SHA1" in statement.algorithm:
        sentences.append("使用的 SHA-1 强度不足")
    return "。".join([*sentences, *notes]) + "。"


def stopped(kind: SealKind, undecided: Undecided, place: str | None = None) -> SealFinding:
    """The finding where the examination could not go on."""
    return SealFinding(kind=kind, verdict=undecided.verdict, detail=f"{undecided.reason}。", place=place)

"""Digital signatures of a PDF (ISO 32000-1 §12.8): integrity, what they cover, and what was appended afterwards.

Forms seen on invoices: CMS (detached, RSA or SM2, sometimes base64 inside the hexadecimal string), a bare PKCS#1
signature with the certificate beside it, and an electronic seal. A signature covers everything of the file but the
string that holds it; anything else left out is refused, because text can be hidden there.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pikepdf
from asn1crypto import core

from extraction.authenticity import cms, der, ses
from extraction.authenticity.certificates import Certificate
from extraction.authenticity.digests import algorithm as digest_algorithm
from extraction.authenticity.judging import Content, Damaged, Statement, Undecided, damaged_if_malformed
from extraction.authenticity.pdf_bombs import refuse_bombs
from extraction.authenticity.pdf_changes import changes
from extraction.authenticity.wording import CHAIN, listing, said, stopped
from models.authenticity import Coverage, SealFinding, SealKind, Verdict

MOST_SIGNATURES = 16
_MOST_FIELDS = 2000
_GAP = re.compile(rb"\s*<?[0-9A-Fa-f\s\x00]*>?\s*")
_BLANK = b" \t\r\n\f\0"
_REVISION_END = b"%%EOF"
_PDF_DATE = re.compile(r"D:(\d{14})(?:([+-])(\d{2})'?(\d{2})?|Z)?")


def signatures(data: bytes) -> tuple[SealFinding, ...]:
    """A finding for each signature; none where the file holds no byte range, which every signature needs."""
    if b"/ByteRange" not in data:
        return ()
    refuse_bombs(data)
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            found = list(_signed_fields(pdf))
            if not found:
                raise Undecided("文件中留有签名的字节范围，但没有相应的签名域：签名可能被去掉或损坏")
            if len(found) > MOST_SIGNATURES:
                raise Undecided(f"有 {len(found)} 个签名，超过上限 {MOST_SIGNATURES}")
            return tuple(_finding(data, pdf, name, value) for name, value in found)
    except pikepdf.PasswordError as error:
        raise Undecided("PDF 有密码保护，无法验证签名") from error
    except pikepdf.PdfError as error:
        raise Damaged("PDF 已损坏，无法打开") from error


def _signed_fields(pdf: Any) -> Iterator[tuple[str, Any]]:
    """Name and signature of each filled signature field, in the order of the form."""
    waiting = list(pdf.Root.get("/AcroForm", {}).get("/Fields", []))[::-1]
    seen = 0
    while waiting:
        seen += 1
        if seen > _MOST_FIELDS:
            raise Undecided(f"表单域超过上限 {_MOST_FIELDS}")
        field = waiting.pop()
        if not isinstance(field, pikepdf.Dictionary):
            continue
        waiting += list(field.get("/Kids", []))[::-1]
        value = field.get("/V")
        if isinstance(value, pikepdf.Dictionary) and "/ByteRange" in value:
            yield str(field.get("/T", "")), value


def _finding(data: bytes, pdf: Any, name: str, value: Any) -> SealFinding:
    place = name or None
    try:
        with damaged_if_malformed("签名字典无法解析"):
            stamp, subfilter = bytes(value["/Contents"]), str(value.get("/SubFilter", ""))
            certificates = _certificates(value.get("/Cert"))
            written = _date(value.get("/M"))
            content, end = _covered(data, [int(n) for n in value["/ByteRange"]], stamp)
        statement = _statement(stamp, subfilter, certificates, content)
    except Undecided as undecided:
        return stopped(SealKind.PDF_SIGNATURE, undecided, place)
    statement = statement if statement.signed_at else replace(statement, signed_at=written)
    whole = not data[end:].strip(_BLANK)
    verdict, first, outside = _judged(data, pdf, statement, end, whole)
    return SealFinding(
        kind=SealKind.PDF_SIGNATURE,
        verdict=verdict,
        detail=said(first, statement, statement.notes),
        place=place,
        seal_name=statement.seal_name,
        signer=statement.signer,
        signed_at=statement.signed_at,
        covers=Coverage.WHOLE if whole else Coverage.PART,
        outside=outside,
        algorithm=statement.algorithm,
    )


def _judged(data: bytes, pdf: Any, statement: Statement, end: int, whole: bool) -> tuple[Verdict, str, tuple[str, ...]]:
    if statement.faults:
        return Verdict.BROKEN, "签名已失效：" + "；".join(statement.faults), ()
    if whole:
        return Verdict.VALID, f"签名完整性已验证，覆盖整个文件，{CHAIN}", ()
    added = f"签名之后文件又追加了 {len(data) - end} 字节"
    if not data[:end].rstrip().endswith(_REVISION_END):
        return Verdict.UNVERIFIABLE, f"签名只覆盖文件的一部分，且不在修订边界上；{added}", (added,)
    try:
        altered, harmless = changes(data[:end], pdf)
    except Undecided as undecided:
        return undecided.verdict, f"被签部分完整，但{added}；{undecided.reason}", (added,)
    if altered:
        return Verdict.BROKEN, f"被签部分完整，但{added}，改动了{listing(altered)}", (*altered, *harmless)
    told = f"，涉及{listing(harmless)}" if harmless else ""
    return (
        Verdict.VALID,
        f"被签部分的完整性已验证；{added}{told}，未改动页面内容和附件；{CHAIN}",
        harmless or (added,),
    )


def _covered(data: bytes, numbers: list[int], stamp: bytes) -> tuple[Content, int]:
    """The signed bytes and where they end. What is left out must be the signature's own string and nothing else."""
    if len(numbers) != 4 or min(numbers) < 0:
        raise Damaged("签名的字节范围不是两段")
    first, until, after, length = numbers
    end = after + length
    if first != 0 or until > after or end > len(data):
        raise Damaged("签名的字节范围不从文件头开始，或超出文件：文件被截短或改动")
    gap = data[until:after]
    if not _GAP.fullmatch(gap) or bytes.fromhex(_hexadecimal(gap)) != stamp:
        raise Damaged("签名的字节范围之外还有别的内容")
    view = memoryview(data)
    return Content((view[:until], view[after:end])), end


def _hexadecimal(gap: bytes) -> str:
    digits = "".join(c for c in gap.decode("latin-1") if c not in "<> \t\r\n\f\0")
    return digits + "0" * (len(digits) % 2)


def _statement(stamp: bytes, subfilter: str, certificates: list[bytes], content: Content) -> Statement:
    if subfilter == "/ETSI.RFC3161":
        raise Undecided("这是文档时间戳，不是开票方的签名，未验证")
    if subfilter == "/adbe.x509.rsa_sha1":
        return _bare(stamp, certificates, content)
    value = _without_base64(stamp)
    if cms.looks_like_cms(value):
        return cms.verify(value, content)
    if ses.looks_like_ses(value):
        return ses.verify(value, content)
    raise Undecided(f"签名格式不支持（{subfilter or '未写明'}）")


def _bare(stamp: bytes, certificates: list[bytes], content: Content) -> Statement:
    """PKCS#1 signature in an OCTET STRING; the signer's certificate is the first of /Cert."""
    if not certificates:
        raise Undecided("签名中没有证书")
    certificate = Certificate(certificates[0])
    with damaged_if_malformed("签名值无法解析"):
        signature = core.OctetString.load(stamp).native
    recovered = certificate.recovered_digest(signature)
    faults: tuple[str, ...] = ()
    name = None
    if recovered is None:
        faults = (cms.FOREIGN,)
    else:
        chosen = digest_algorithm(recovered[0])
        if chosen is None:
            raise Undecided(f"摘要算法不支持或已不安全（{recovered[0]}）")
        name = f"{certificate.key_name} / {chosen.name.upper()}"
        if content.digest(chosen) != recovered[1]:
            faults = (cms.ALTERED,)
    return Statement(faults=faults, signer=certificate.signer, algorithm=name)


def _certificates(value: Any) -> list[bytes]:
    if value is None:
        return []
    return [bytes(item) for item in value] if isinstance(value, pikepdf.Array) else [bytes(value)]


def _without_base64(stamp: bytes) -> bytes:
    """Some signers write base64 where the bytes should stand."""
    text = stamp.rstrip(b"\0")
    if not text.startswith(b"MI"):
        return stamp
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return stamp


def _date(value: Any) -> datetime | None:
    """The time that the signing software wrote beside the signature."""
    match = _PDF_DATE.match(str(value)) if value is not None else None
    if match is None:
        return None
    if match[2]:
        zone = f"{match[2]}{match[3]}{match[4] or '00'}"
        return datetime.strptime(match[1] + zone, "%Y%m%d%H%M%S%z")
    return der.written_moment(match[1] + ("Z" if match[0].endswith("Z") else ""))

"""Seals of an OFD (GB/T 33190 chapter 18): the list of parts that each vouches for, and its signature over that list.

A signature names every part with its digest and is itself signed as one file. A part that it does not name may be
exchanged unseen, so that it is always reported; one that a reader shows makes the finding unverifiable.
"""

from __future__ import annotations

import base64
import binascii
import posixpath
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from extraction.authenticity import cms, der, ses
from extraction.authenticity.digests import algorithm as digest_algorithm
from extraction.authenticity.judging import Content, Damaged, Statement, Undecided, damaged_if_malformed
from extraction.authenticity.package import Package
from extraction.authenticity.wording import CHAIN, listing, said, stopped
from extraction.xml.parsing import Element, name_of, parse, text_of
from models.authenticity import Coverage, SealFinding, SealKind, Verdict

MOST_SIGNATURES = 16
_ENTRY = "ofd.xml"


def seals(data: bytes) -> tuple[SealFinding, ...]:
    """A finding for each signature of the package; none where it has no signatures."""
    package = Package(data)
    lists = _lists(package)
    places = [place for part in lists for place in _signatures(package, part)]
    if len(places) > MOST_SIGNATURES:
        raise Undecided(f"有 {len(places)} 个签名，超过上限 {MOST_SIGNATURES}")
    own = {*lists, *(part for place in places for part in _own_parts(package, place))}
    return tuple(_finding(package, place, own) for place in places)


def _lists(package: Package) -> list[str]:
    """Parts that list signatures: where OFD.xml points, and where they lie even if it does not point there."""
    found: dict[str, None] = {}
    root = parse(package.read(_ENTRY)) if _ENTRY in package.parts else None
    for element in _named(root, "signatures"):
        location = text_of(element)
        part = package.find(location) if location else None
        if location and part is None:
            raise Damaged(f"缺少签名列表 {location}")
        if part:
            found[part] = None
    for part in package.parts:
        if posixpath.basename(part) == "signatures.xml":
            found[part] = None
    return list(found)


def _signatures(package: Package, part: str) -> Iterator[str]:
    root = parse(package.read(part))
    if root is None:
        raise Damaged(f"签名列表 {package.name(part)} 无法解析")
    for element in _named(root, "signature"):
        location = element.get("BaseLoc") or ""
        place = package.find(location, part)
        if place is None:
            raise Damaged(f"缺少签名文件 {location}")
        yield place


def _own_parts(package: Package, place: str) -> Iterator[str]:
    """The signature's own files, which it cannot vouch for itself: they hold its value."""
    yield place
    root = parse(package.read(place))
    for location in (*(text_of(e) for e in _named(root, "signedvalue")), *_seal_locations(root)):
        part = package.find(location, place) if location else None
        if part:
            yield part


def _seal_locations(root: Element | None) -> Iterator[str | None]:
    for seal in _named(root, "seal"):
        yield from (text_of(e) for e in _named(seal, "baseloc"))


def _finding(package: Package, place: str, own: set[str]) -> SealFinding:
    try:
        root = parse(package.read(place))
        if root is None:
            raise Damaged(f"签名文件 {package.name(place)} 无法解析")
        faults, covered = _references(package, root, place)
        statement = _statement(package, root, place)
    except Undecided as undecided:
        return stopped(SealKind.OFD_SEAL, undecided, package.name(place))
    return _judged(package, place, statement, faults, set(package.parts) - covered - own)


def _judged(package: Package, place: str, statement: Statement, faults: list[str], left_out: set[str]) -> SealFinding:
    faults = [*faults, *statement.faults]
    notes = list(statement.notes)
    outside = tuple(sorted(package.name(part) for part in left_out))
    if faults:
        verdict, first = Verdict.BROKEN, "签章已失效：" + "；".join(faults)
    elif left_out - {_ENTRY}:
        verdict = Verdict.UNVERIFIABLE
        first = f"签章本身完整，但不含 {listing(outside)}：这些内容是否被改动无法判断"
    else:
        verdict, first = Verdict.VALID, f"签章完整性已验证，{CHAIN}"
        if left_out:
            notes.append("入口文件 OFD.xml（其中的自定义数据）不在签章范围内")
    return SealFinding(
        kind=SealKind.OFD_SEAL,
        verdict=verdict,
        detail=said(first, statement, notes),
        place=package.name(place),
        seal_name=statement.seal_name,
        signer=statement.signer,
        signed_at=statement.signed_at,
        covers=Coverage.PART if left_out else Coverage.WHOLE,
        outside=outside,
        algorithm=statement.algorithm,
    )


def _references(package: Package, root: Element, place: str) -> tuple[list[str], set[str]]:
    """What is wrong with the parts that the signature names, and which they are."""
    faults: list[str] = []
    covered: set[str] = set()
    for group in _named(root, "references"):
        method = group.get("CheckMethod") or "MD5"  # the standard's own default
        chosen = digest_algorithm(method)
        if chosen is None:
            raise Undecided(f"摘要算法不支持或已不安全（{method}）")
        for reference in _named(group, "reference"):
            location = reference.get("FileRef") or ""
            part = package.find(location, place)
            if part is None:
                faults.append(f"缺少被签文件 {location}")
                continue
            covered.add(part)
            written = next((text_of(e) for e in _named(reference, "checkvalue")), None)
            if _decoded(written) != package.digest(part, chosen):
                faults.append(f"{package.name(part)} 在签章之后被改动")
    if not covered and not faults:
        raise Undecided("签名没有列出任何被签文件")
    return faults, covered


def _decoded(written: str | None) -> bytes | None:
    try:
        return base64.b64decode("".join((written or "").split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _statement(package: Package, root: Element, place: str) -> Statement:
    location = next((text_of(e) for e in _named(root, "signedvalue")), None)
    part = package.find(location, place) if location else None
    if part is None:
        raise Damaged(f"缺少签名值 {location or ''}".rstrip())
    value = package.read(part)
    content = Content((package.read(place),))
    if cms.looks_like_cms(value):
        statement = cms.verify(value, content)
    elif ses.looks_like_ses(value):
        statement = ses.verify(value, content, _seal_file(package, root, place))
    else:
        raise Undecided("签名值不带证书，无法验证是谁签的")
    return statement if statement.signed_at else replace(statement, signed_at=_written_time(root))


def _seal_file(package: Package, root: Element, place: str) -> bytes | None:
    location = next(_seal_locations(root), None)
    if not location:
        return None
    part = package.find(location, place)
    if part is None:
        raise Damaged(f"缺少印章文件 {location}")
    return package.read(part)


def _written_time(root: Element) -> datetime | None:
    text = next((text_of(e) for e in _named(root, "signaturedatetime")), None)
    if text is None:
        return None
    with damaged_if_malformed("签名时间无法解析"):
        return der.written_moment(text)


def _named(root: Element | None, name: str) -> Iterator[Element]:
    """Elements below `root` of this name, compared without prefix and case."""
    if root is not None:
        yield from (e for e in root.iter() if e is not root and name_of(e) == name)

"""OFD seals: packages stamped with a key made here, then altered part by part."""

from __future__ import annotations

import hashlib

import pytest

from extraction.authenticity import examine
from models.authenticity import Coverage, SealFinding, SealKind, Verdict
from models.pages import Media
from tests.extraction.authenticity import sm2_signing
from tests.extraction.authenticity.sm2_signing import STAMPED, Holder
from tests.extraction.authenticity.stamped_ofd import CONTENT, LIST, PAGE, SIGNATURE, VALUE, packed, stamped
from tests.extraction.documents import opened


def only(data: bytes) -> SealFinding:
    (finding,) = examine(opened(Media.OFD, data))
    return finding


@pytest.fixture(scope="module")
def parts(holder: Holder, maker: Holder) -> dict[str, bytes]:
    return stamped(lambda signature: sm2_signing.ses_signature(signature, holder, maker))


def test_an_ofd_without_signatures_is_absent() -> None:
    plain = CONTENT["OFD.xml"].replace(b"<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures>", b"")
    finding = only(packed({**CONTENT, "OFD.xml": plain}))
    assert (finding.kind, finding.verdict) == (SealKind.OFD_SEAL, Verdict.ABSENT)


def test_a_signature_list_that_is_gone_is_broken_not_absent() -> None:
    finding = only(packed(CONTENT))
    assert finding.verdict is Verdict.BROKEN
    assert "缺少签名列表" in finding.detail


def test_an_untouched_seal_is_valid_and_says_what_was_not_verified(parts: dict[str, bytes]) -> None:
    finding = only(packed(parts))
    assert (finding.verdict, finding.covers, finding.outside) == (Verdict.VALID, Coverage.WHOLE, ())
    assert (finding.place, finding.seal_name, finding.algorithm) == (SIGNATURE, "测试发票监制章", "SM2 / SM3")
    assert finding.signed_at == STAMPED
    assert finding.signer is not None
    assert (finding.signer.common_name, finding.signer.issuer) == ("某市税务局", "测试CA")
    assert "签章完整性已验证，证书链未验证" in finding.detail


@pytest.mark.parametrize("name", CONTENT)
def test_any_altered_part_breaks_it_and_is_named(parts: dict[str, bytes], name: str) -> None:
    finding = only(packed({**parts, name: parts[name] + b" "}))
    assert finding.verdict is Verdict.BROKEN
    assert f"{name} 在签章之后被改动" in finding.detail


def test_a_missing_part_breaks_it(parts: dict[str, bytes]) -> None:
    finding = only(packed({name: data for name, data in parts.items() if name != PAGE}))
    assert finding.verdict is Verdict.BROKEN
    assert f"缺少被签文件 /{PAGE}" in finding.detail


def test_a_list_of_digests_made_to_fit_the_altered_part_breaks_the_signature(
    parts: dict[str, bytes], holder: Holder, maker: Holder
) -> None:
    altered = CONTENT[PAGE].replace(b"113.00", b"913.00")
    refitted = stamped(
        lambda _: parts[VALUE], digest=lambda d: sm2_signing.gmalg_sm3(altered if d == CONTENT[PAGE] else d)
    )
    finding = only(packed({**refitted, PAGE: altered}))
    assert finding.verdict is Verdict.BROKEN
    assert "摘要与签名时不符" in finding.detail


def test_a_part_that_no_signature_names_leaves_it_undecided(parts: dict[str, bytes]) -> None:
    finding = only(packed({**parts, "Doc_0/Pages/Page_1/Content.xml": b"<Page/>"}))
    assert (finding.verdict, finding.covers) == (Verdict.UNVERIFIABLE, Coverage.PART)
    assert finding.outside == ("Doc_0/Pages/Page_1/Content.xml",)


def test_the_entry_file_alone_outside_is_told_but_valid(holder: Holder, maker: Holder) -> None:
    named = [name for name in CONTENT if name != "OFD.xml"]
    finding = only(packed(stamped(lambda s: sm2_signing.ses_signature(s, holder, maker), named=named)))
    assert (finding.verdict, finding.covers, finding.outside) == (Verdict.VALID, Coverage.PART, ("OFD.xml",))
    assert "OFD.xml" in finding.detail


def test_two_parts_of_one_name_are_broken(parts: dict[str, bytes]) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        same = packed(parts, twice={PAGE: b"<Page>913.00</Page>"})
    other_case = packed(parts, twice={PAGE.upper(): b"<Page>913.00</Page>"})
    for data in (same, other_case):
        assert only(data).verdict is Verdict.BROKEN
        assert "重名" in only(data).detail


def test_a_stamper_with_another_key_than_his_certificate(holder: Holder, maker: Holder) -> None:
    false = Holder(maker.key, holder.certificate)
    finding = only(packed(stamped(lambda s: sm2_signing.ses_signature(s, false, maker))))
    assert finding.verdict is Verdict.BROKEN
    assert "公钥不符" in finding.detail


def test_a_seal_of_somebody_else(holder: Holder, maker: Holder) -> None:
    not_his = sm2_signing.seal(maker, maker)
    finding = only(packed(stamped(lambda s: sm2_signing.ses_signature(s, holder, maker, seal=not_his))))
    assert finding.verdict is Verdict.BROKEN
    assert "持有人名单" in finding.detail


def test_a_seal_renamed_after_it_was_made(holder: Holder, maker: Holder) -> None:
    genuine = sm2_signing.seal(holder, maker, name="甲省税务局")
    renamed = genuine.replace("甲省".encode(), "乙省".encode())
    finding = only(packed(stamped(lambda s: sm2_signing.ses_signature(s, holder, maker, seal=renamed))))
    assert finding.verdict is Verdict.BROKEN
    assert "印章被改动" in finding.detail


def test_the_seal_lying_beside_must_be_the_seal_that_was_used(holder: Holder, maker: Holder) -> None:
    genuine = sm2_signing.seal(holder, maker)
    other = sm2_signing.seal(holder, maker, name="另一枚印章")

    def value(signature: bytes) -> bytes:
        return sm2_signing.ses_signature(signature, holder, maker, seal=genuine)

    assert only(packed(stamped(value, seal=genuine))).verdict is Verdict.VALID
    assert "不是同一枚" in only(packed(stamped(value, seal=other))).detail


def test_the_older_seal_structure(holder: Holder, maker: Holder) -> None:
    parts = stamped(lambda signature: sm2_signing.older_ses_signature(signature, holder, maker))
    finding = only(packed(parts))
    assert (finding.verdict, finding.seal_name, finding.signed_at) == (Verdict.VALID, "测试发票监制章", STAMPED)
    assert only(packed({**parts, PAGE: b"<Page/>"})).verdict is Verdict.BROKEN


def test_a_signature_without_seal(holder: Holder) -> None:
    parts = stamped(lambda signature: sm2_signing.cms_signature(signature, holder))
    finding = only(packed(parts))
    assert (finding.verdict, finding.seal_name, finding.signed_at) == (Verdict.VALID, None, STAMPED)
    assert only(packed({**parts, SIGNATURE: parts[SIGNATURE] + b"\n"})).verdict is Verdict.BROKEN


def test_other_digests_of_parts(holder: Holder, maker: Holder) -> None:
    def finding(method: str, digest: str) -> SealFinding:
        return only(
            packed(
                stamped(
                    lambda s: sm2_signing.ses_signature(s, holder, maker),
                    method=method,
                    digest=lambda data: hashlib.new(digest, data).digest(),
                )
            )
        )

    assert finding("2.16.840.1.101.3.4.2.1", "sha256").verdict is Verdict.VALID
    assert finding("SHA1", "sha1").verdict is Verdict.VALID
    weak = finding("MD5", "md5")
    assert weak.verdict is Verdict.UNVERIFIABLE
    assert "MD5" in weak.detail


@pytest.mark.parametrize(
    ("name", "content", "verdict"),
    [
        (VALUE, b"", Verdict.UNVERIFIABLE),
        (VALUE, b"\x01" * 64, Verdict.UNVERIFIABLE),
        (VALUE, b"\x30\x80\x30", Verdict.UNVERIFIABLE),
        (VALUE, sm2_signing.seq(sm2_signing.seq(), sm2_signing.bits(b"")), Verdict.BROKEN),
        (SIGNATURE, b"<broken", Verdict.BROKEN),
        (SIGNATURE, b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///x">]><Signature>&e;</Signature>', Verdict.BROKEN),
        (SIGNATURE, b"<Signature/>", Verdict.UNVERIFIABLE),
        (LIST, b"\0\1", Verdict.BROKEN),
        (LIST, b'<Signatures><Signature BaseLoc="../../../etc/passwd"/></Signatures>', Verdict.BROKEN),
    ],
    ids=["empty", "bare value", "cut", "hollow", "no xml", "doctype", "no references", "list no xml", "list outside"],
)  # fmt: skip
def test_a_broken_signature_says_so_and_never_raises(
    parts: dict[str, bytes], name: str, content: bytes, verdict: Verdict
) -> None:
    finding = only(packed({**parts, name: content}))
    assert finding.verdict is verdict
    assert finding.detail.endswith("。")

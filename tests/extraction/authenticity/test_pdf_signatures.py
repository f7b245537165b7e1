"""PDF signatures: made by pyHanko and by hand, then altered as a forger or a harmless tool would."""

from __future__ import annotations

import base64
import io

import pikepdf
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import SimpleSigner

from extraction.authenticity import examine
from models.authenticity import Coverage, SealFinding, SealKind, Verdict
from models.pages import Media
from tests.extraction.authenticity import sm2_signing
from tests.extraction.authenticity.pdf_signing import appended, plain_pdf, rsa_identity, sign, signed_by_hand
from tests.extraction.authenticity.sm2_signing import Holder
from tests.extraction.documents import opened

DETACHED = "/adbe.pkcs7.detached"


def examined(data: bytes) -> tuple[SealFinding, ...]:
    return examine(opened(Media.PDF, data))


def only(data: bytes) -> SealFinding:
    (finding,) = examined(data)
    return finding


@pytest.fixture(scope="module")
def signed(signer: SimpleSigner) -> bytes:
    return sign(plain_pdf(), signer, "Seal")


def replaced(data: bytes, old: bytes, new: bytes) -> bytes:
    assert data.count(old) == 1
    assert len(old) == len(new)
    return data.replace(old, new)


def test_a_pdf_without_signature_is_absent() -> None:
    finding = only(plain_pdf())
    assert (finding.kind, finding.verdict, finding.signer) == (SealKind.PDF_SIGNATURE, Verdict.ABSENT, None)


def test_an_untouched_signature_is_valid_and_says_what_was_not_verified(signed: bytes) -> None:
    finding = only(signed)
    assert (finding.verdict, finding.covers, finding.outside) == (Verdict.VALID, Coverage.WHOLE, ())
    assert finding.signer is not None
    assert (finding.signer.common_name, finding.signer.organization) == ("某某商贸有限公司", "某某有限公司")
    assert finding.signer.issuer == "自制CA"
    assert finding.signed_at is not None
    assert finding.algorithm == "RSA / SHA256"
    assert "证书链未验证" in finding.detail
    assert "不代表查验结果" in finding.detail
    assert finding.export()["chain_verified"] is False


def test_one_altered_figure_breaks_it(signed: bytes) -> None:
    finding = only(replaced(signed, b"Total 113.00", b"Total 913.00"))
    assert finding.verdict is Verdict.BROKEN
    assert "内容被改动" in finding.detail
    assert finding.signer is not None


def test_an_altered_signature_value_breaks_it(signed: bytes) -> None:
    at = signed.index(b"/Contents <") + len(b"/Contents <")
    end = signed.index(b">", at)
    value = bytearray.fromhex(signed[at:end].decode())
    last = len(bytes(value).rstrip(b"\0")) - 20  # inside the RSA value, which stands last
    value[last] ^= 1
    assert only(signed[:at] + value.hex().encode() + signed[end:]).verdict is Verdict.BROKEN


def test_a_truncated_file_is_not_valid(signed: bytes) -> None:
    assert only(signed[:-200]).verdict in (Verdict.BROKEN, Verdict.UNVERIFIABLE)


def test_text_hidden_in_the_gap_of_the_byte_range_breaks_it(signed: bytes) -> None:
    at = signed.index(b"/Contents <") + len(b"/Contents ")
    end = signed.index(b">", at)
    hidden = b"00> /X (Total 1.00"
    data = signed[: end - len(hidden)] + hidden + b")" + signed[end + 1 :]
    assert len(data) == len(signed)
    assert only(data).verdict in (Verdict.BROKEN, Verdict.UNVERIFIABLE)


def test_a_replaced_page_appended_afterwards_breaks_it(signed: bytes) -> None:
    def alter(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT (Total 913.00) Tj ET"))
        writer.update_container(page)

    finding = only(appended(signed, alter))
    assert (finding.verdict, finding.covers) == (Verdict.BROKEN, Coverage.PART)
    assert "第 1 页的内容" in finding.outside
    assert "签名之后文件又追加了" in finding.detail


def test_an_annotation_laid_over_the_page_breaks_it(signed: bytes) -> None:
    def alter(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        box = generic.ArrayObject(map(generic.NumberObject, (90, 190, 200, 220)))
        note = generic.DictionaryObject(
            {
                generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
                generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
                generic.pdf_name("/Rect"): box,
                generic.pdf_name("/Contents"): generic.pdf_string("Total 913.00"),
            }
        )
        page["/Annots"].append(writer.add_object(note))
        writer.update_container(page)
        writer.update_container(page["/Annots"])

    finding = only(appended(signed, alter))
    assert (finding.verdict, finding.outside) == (Verdict.BROKEN, ("第 1 页的批注",))


def test_an_attachment_added_afterwards_breaks_it(signed: bytes) -> None:
    def alter(writer: IncrementalPdfFileWriter) -> None:
        writer.root["/Names"] = generic.DictionaryObject({generic.pdf_name("/EmbeddedFiles"): generic.NullObject()})
        writer.update_root()

    assert only(appended(signed, alter)).outside == ("附件或名称表",)


def test_a_page_written_anew_without_change_leaves_it_valid_in_part(signed: bytes) -> None:
    def touch(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        writer.update_container(page)
        writer.set_info(generic.DictionaryObject({generic.pdf_name("/Keywords"): generic.pdf_string("archived")}))

    finding = only(appended(signed, touch))
    assert (finding.verdict, finding.covers) == (Verdict.VALID, Coverage.PART)
    assert finding.outside == ("文档属性",)
    assert "未改动页面内容" in finding.detail


def test_a_second_signature_leaves_the_first_valid_in_part_and_is_judged_itself(
    signed: bytes, signer: SimpleSigner
) -> None:
    first, second = examined(sign(signed, signer, "Other", box=(10, 10, 60, 60)))
    assert (first.verdict, first.covers) == (Verdict.VALID, Coverage.PART)
    assert "后加的签名（带可见图样" in first.outside[0]
    assert (second.verdict, second.covers, second.place) == (Verdict.VALID, Coverage.WHOLE, "Other")


def test_bytes_appended_without_being_a_revision_are_told(signed: bytes) -> None:
    finding = only(signed + b"% nothing but a comment\n")
    assert (finding.verdict, finding.covers) == (Verdict.VALID, Coverage.PART)
    assert only(signed + b"\r\n\0").covers is Coverage.WHOLE


def test_a_signature_cut_out_of_the_form_is_not_absent(signed: bytes) -> None:
    data = replaced(signed, b"/AcroForm", b"/AcroGone")
    assert only(data).verdict is Verdict.UNVERIFIABLE


def test_sm2_signature_in_cms(holder: Holder) -> None:
    data = signed_by_hand(lambda content: sm2_signing.cms_signature(content, holder), DETACHED)
    finding = only(data)
    assert (finding.verdict, finding.algorithm, finding.covers) == (Verdict.VALID, "SM2 / SM3", Coverage.WHOLE)
    assert finding.signer is not None
    assert finding.signer.common_name == "某市税务局"
    assert finding.signed_at == sm2_signing.STAMPED
    assert only(replaced(data, b"Total 113.00", b"Total 113.01")).verdict is Verdict.BROKEN


def test_sm2_signature_by_another_key_than_the_certificate_names(holder: Holder, maker: Holder) -> None:
    false = Holder(maker.key, holder.certificate)
    finding = only(signed_by_hand(lambda content: sm2_signing.cms_signature(content, false), DETACHED))
    assert finding.verdict is Verdict.BROKEN
    assert "公钥不符" in finding.detail


def test_base64_inside_the_hexadecimal_string(holder: Holder) -> None:
    data = signed_by_hand(lambda c: base64.b64encode(sm2_signing.cms_signature(c, holder)), DETACHED)
    assert only(data).verdict is Verdict.VALID


def test_seal_structure_in_a_pdf(holder: Holder, maker: Holder) -> None:
    data = signed_by_hand(lambda content: sm2_signing.ses_signature(content, holder, maker), "/GM.SESeal")
    assert (only(data).verdict, only(data).seal_name) == (Verdict.VALID, "测试发票监制章")
    assert only(replaced(data, b"Total 113.00", b"Total 213.00")).verdict is Verdict.BROKEN


def test_bare_rsa_signature_with_its_certificate_beside() -> None:
    key, certificate = rsa_identity("某某公路公司")
    der = certificate.public_bytes(serialization.Encoding.DER)

    def bare(content: bytes) -> bytes:
        return sm2_signing.octets(key.sign(content, padding.PKCS1v15(), hashes.SHA1()))

    data = signed_by_hand(bare, "/adbe.x509.rsa_sha1", certificate=der, date="D:20201223122138+08'00'")
    finding = only(data)
    assert (finding.verdict, finding.covers, finding.algorithm) == (Verdict.VALID, Coverage.WHOLE, "RSA / SHA1")
    assert finding.export()["signed_at"] == "2020-12-23T12:21:38+08:00"
    assert "SHA-1 强度不足" in finding.detail
    assert "签名时间不在证书的有效期内" in finding.detail
    assert only(replaced(data, b"Total 113.00", b"Total 113.10")).verdict is Verdict.BROKEN


@pytest.mark.parametrize(
    ("stamp", "subfilter"),
    [
        (b"no structure at all", DETACHED),
        (sm2_signing.seq(sm2_signing.oid("1.2.3.4")), DETACHED),
        (sm2_signing.seq(sm2_signing.oid("1.2.156.10197.6.1.4.2.2"), b"\xa0\x03\x02\x01\x00"), DETACHED),
        (b"whatever", "/ETSI.RFC3161"),
        (sm2_signing.octets(b"whatever"), "/adbe.x509.rsa_sha1"),
    ],
    ids=["noise", "unknown type", "own structure", "time stamp", "no certificate"],
)
def test_what_is_not_understood_is_unverifiable_never_broken_or_valid(stamp: bytes, subfilter: str) -> None:
    finding = only(signed_by_hand(lambda _: stamp, subfilter))
    assert finding.verdict is Verdict.UNVERIFIABLE
    assert finding.detail.endswith("。")


def test_a_password_protected_pdf_is_unverifiable(signed: bytes) -> None:
    pdf = pikepdf.open(io.BytesIO(signed))
    out = io.BytesIO()
    pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert only(out.getvalue() + b"/ByteRange").verdict is Verdict.UNVERIFIABLE

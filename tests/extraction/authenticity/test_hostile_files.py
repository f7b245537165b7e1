"""Whatever a file does, `examine` ends in bounded time and memory, raises nothing, and vouches for nothing altered."""

from __future__ import annotations

import io
import random
import time
import zipfile
import zlib

import pikepdf
import pytest
from pyhanko.sign.signers import SimpleSigner

from extraction.authenticity import examine
from models.authenticity import Coverage, Verdict
from models.pages import Media
from tests.extraction.authenticity import sm2_signing
from tests.extraction.authenticity.pdf_signing import plain_pdf, sign
from tests.extraction.authenticity.sm2_signing import Holder
from tests.extraction.authenticity.stamped_ofd import PAGE, packed, stamped
from tests.extraction.documents import opened


@pytest.mark.parametrize("media", [Media.XML, Media.IMAGE])
def test_other_media_carry_nothing_to_examine(media: Media) -> None:
    assert examine(opened(media, b"<x/>")) == ()


@pytest.mark.parametrize("media", [Media.PDF, Media.OFD])
@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"%PDF-1.7 /ByteRange", b"\0" * 1000, b"/ByteRange [0 1 2 3]"])
def test_rubbish_gives_a_finding(media: Media, data: bytes) -> None:
    (finding,) = examine(opened(media, data))
    assert finding.verdict is not Verdict.VALID


def test_a_pdf_altered_anywhere_is_never_valid_as_a_whole(signer: SimpleSigner) -> None:
    data = sign(plain_pdf(), signer, "Seal")
    hole = range(data.index(b"/Contents <"), data.index(b">", data.index(b"/Contents <")) + 1)
    chance = random.Random(20240514)
    places = chance.sample([at for at in range(len(data)) if at not in hole], 120)
    for at in places:
        altered = bytearray(data)
        altered[at] ^= 1 << chance.randrange(8)
        for finding in examine(opened(Media.PDF, bytes(altered))):
            assert finding.verdict is not Verdict.VALID, at


def test_a_damaged_signature_never_raises(signer: SimpleSigner, holder: Holder, maker: Holder) -> None:
    pdf = sign(plain_pdf(), signer, "Seal")
    start, end = pdf.index(b"/Contents <") + 11, pdf.index(b"00000000", pdf.index(b"/Contents <"))
    chance = random.Random(20240515)
    for _ in range(150):
        at = chance.randrange(start, end)
        altered = pdf[:at] + b"%x" % chance.randrange(16) + pdf[at + 1 :]
        assert examine(opened(Media.PDF, altered))
    parts = stamped(lambda signature: sm2_signing.ses_signature(signature, holder, maker))
    name = "Doc_0/Signs/Sign_0/SignedValue.dat"
    for _ in range(150):
        value = bytearray(parts[name])
        at = chance.randrange(len(value))
        value[at] ^= 1 << chance.randrange(8)
        (finding,) = examine(opened(Media.OFD, packed({**parts, name: bytes(value)})))
        assert finding.verdict is not Verdict.VALID, at


def test_an_ofd_bomb_is_stopped_at_the_limit(holder: Holder, maker: Holder) -> None:
    parts = stamped(lambda signature: sm2_signing.ses_signature(signature, holder, maker))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for part, data in parts.items():
            if part != PAGE:
                archive.writestr(part, data)
        with archive.open(PAGE, "w", force_zip64=True) as page:
            for _ in range(310):
                page.write(bytes(1024 * 1024))
    (finding,) = examine(opened(Media.OFD, out.getvalue()))
    assert finding.verdict is Verdict.UNVERIFIABLE
    assert "300 MB" in finding.detail


def test_a_pdf_bomb_is_stopped_at_the_limit(signer: SimpleSigner) -> None:
    once = zlib.compress(bytes(310 * 1024 * 1024), 1)
    for bomb in (once, zlib.compress(once, 9)):  # one filter, and one within another
        data = (
            sign(plain_pdf(), signer, "Seal") + b"9 0 obj <</Type/ObjStm>> stream\r\n" + bomb + b"\nendstream endobj\n"
        )
        (finding,) = examine(opened(Media.PDF, data))
        assert finding.verdict is Verdict.UNVERIFIABLE
        assert "300 MB" in finding.detail


def test_many_small_streams_are_no_bomb(signer: SimpleSigner) -> None:
    pdf = pikepdf.open(io.BytesIO(plain_pdf()))
    pdf.Root["/Extra"] = pikepdf.Array([pdf.make_stream(b"text %d" % n * 50) for n in range(3000)])
    out = io.BytesIO()
    pdf.save(out)
    (finding,) = examine(opened(Media.PDF, sign(out.getvalue(), signer, "Seal")))
    assert finding.verdict is Verdict.VALID


def test_streams_that_never_end_are_stopped(signer: SimpleSigner) -> None:
    endless = (b"stream\n\x78\x9c" + b"\x00\x00\x00\xff\xff" * 3) * 400_000
    begun = time.process_time()
    (finding,) = examine(opened(Media.PDF, sign(plain_pdf(), signer, "Seal") + endless))
    assert finding.verdict is Verdict.UNVERIFIABLE
    assert time.process_time() - begun < 10


def test_too_many_members_are_refused() -> None:
    (finding,) = examine(opened(Media.OFD, packed({f"part{n}": b"" for n in range(1001)})))
    assert finding.verdict is Verdict.UNVERIFIABLE


def test_der_nested_without_end_gives_a_finding(holder: Holder, maker: Holder) -> None:
    nested = b""
    for _ in range(3000):
        nested = sm2_signing.seq(nested)
    parts = stamped(lambda _: sm2_signing.seq(sm2_signing.seq(nested), nested))
    (finding,) = examine(opened(Media.OFD, packed(parts)))
    assert finding.verdict in (Verdict.BROKEN, Verdict.UNVERIFIABLE)


def test_an_ordinary_file_takes_little_time(signer: SimpleSigner, holder: Holder, maker: Holder) -> None:
    pdf = opened(Media.PDF, sign(plain_pdf(), signer, "Seal"))
    ofd = opened(Media.OFD, packed(stamped(lambda s: sm2_signing.ses_signature(s, holder, maker))))
    for document in (pdf, ofd):
        examine(document)
        begun = time.process_time()
        (finding,) = examine(document)
        assert time.process_time() - begun < 0.2
        assert finding.covers is Coverage.WHOLE

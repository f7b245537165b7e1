"""Small signed PDFs: by pyHanko with a certificate of its own, and by hand in the forms that pyHanko does not write."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pikepdf
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore
from reportlab.pdfgen.canvas import Canvas

_ROOM = 6000  #: bytes kept for a signature written by hand


def plain_pdf(text: str = "Total 113.00") -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 397), pageCompression=0)
    canvas.drawString(100, 200, text)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def rsa_identity(name: str) -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    named = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, name), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "某某有限公司")]
    )
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "自制CA")]))
        .public_key(key.public_key())
        .serial_number(42)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return key, certificate


def pyhanko_signer(name: str) -> signers.SimpleSigner:
    key, certificate = rsa_identity(name)
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
        signing_key=asn1_keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore(),
    )


def sign(
    data: bytes, signer: signers.SimpleSigner, field: str, *, box: tuple[int, int, int, int] | None = None
) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    if box:
        fields.append_signature_field(writer, fields.SigFieldSpec(field, box=box))
    out = signers.sign_pdf(writer, signers.PdfSignatureMetadata(field_name=field, md_algorithm="sha256"), signer=signer)
    return bytes(out.getvalue())


def appended(data: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """`data` with a change appended as a further revision; what stood there stays byte for byte."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(data)
    return out.getvalue()


def signed_by_hand(
    make: Callable[[bytes], bytes], subfilter: str, *, certificate: bytes | None = None, date: str = "D:20240514110000"
) -> bytes:
    """A PDF whose signature is what `make` makes of the signed bytes."""
    pdf = pikepdf.open(io.BytesIO(plain_pdf()))
    value = pikepdf.Dictionary(
        Type=pikepdf.Name("/Sig"), Filter=pikepdf.Name("/Adobe.PPKLite"), SubFilter=pikepdf.Name(subfilter),
        M=pikepdf.String(date), ByteRange=[0, 1111111111, 1111111111, 1111111111],
        Contents=pikepdf.String(b"\xff" * _ROOM),
    )  # fmt: skip
    if certificate:
        value["/Cert"] = pikepdf.String(certificate)
    field = pikepdf.Dictionary(
        Type=pikepdf.Name("/Annot"), Subtype=pikepdf.Name("/Widget"), FT=pikepdf.Name("/Sig"), T="seal",
        Rect=[0, 0, 0, 0], V=pdf.make_indirect(value),
    )  # fmt: skip
    pdf.Root["/AcroForm"] = pikepdf.Dictionary(Fields=[pdf.make_indirect(field)], SigFlags=3)
    out = io.BytesIO()
    pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)
    data = bytearray(out.getvalue())
    hole = re.search(rb"<(?:ff){%d}>" % _ROOM, bytes(data))
    assert hole
    numbers = f"0 {hole.start()} {hole.end()} {len(data) - hole.end()}".encode()
    old = b"0 1111111111 1111111111 1111111111"
    at = data.index(old)
    data[at : at + len(old)] = numbers.ljust(len(old))
    signed = bytes(data[: hole.start()] + data[hole.end() :])
    stamp = make(signed).ljust(_ROOM, b"\0").hex().encode()
    data[hole.start() + 1 : hole.end() - 1] = stamp
    return bytes(data)

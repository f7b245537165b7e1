"""A small OFD with a seal over its parts, made part by part so that a test can leave one out or alter one."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable, Iterable, Mapping

from tests.extraction.authenticity.sm2_signing import SM2_WITH_SM3, SM3, gmalg_sm3

_NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
LIST = "Doc_0/Signs/Signatures.xml"
SIGNATURE = "Doc_0/Signs/Sign_0/Signature.xml"
VALUE = "Doc_0/Signs/Sign_0/SignedValue.dat"
PAGE = "Doc_0/Pages/Page_0/Content.xml"
CONTENT: dict[str, bytes] = {
    "OFD.xml": f'<ofd:OFD {_NS}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>'
    "<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures></ofd:DocBody></ofd:OFD>".encode(),
    "Doc_0/Document.xml": f"<ofd:Document {_NS}/>".encode(),
    PAGE: f"<ofd:Page {_NS}><ofd:TextCode>价税合计 113.00</ofd:TextCode></ofd:Page>".encode(),
    "Doc_0/Attachs/original_invoice.xml": b"<eInvoice/>",
}  # fmt: skip


def stamped(
    value: Callable[[bytes], bytes],
    *,
    named: Iterable[str] | None = None,
    method: str = SM3,
    digest: Callable[[bytes], bytes] = gmalg_sm3,
    seal: bytes | None = None,
) -> dict[str, bytes]:
    """Parts of a package whose signature names `named` (default: all), and is what `value` makes of Signature.xml."""
    references = "".join(
        f'<ofd:Reference FileRef="/{name}"><ofd:CheckValue>{base64.b64encode(digest(CONTENT[name])).decode()}'
        "</ofd:CheckValue></ofd:Reference>"
        for name in (CONTENT if named is None else named)
    )
    seal_location = "<ofd:Seal><ofd:BaseLoc>Seal.esl</ofd:BaseLoc></ofd:Seal>" if seal else ""
    signature = (
        f'<ofd:Signature {_NS} ID="1" Type="Seal"><ofd:SignedInfo><ofd:Provider ProviderName="test"/>'
        f"<ofd:SignatureMethod>{SM2_WITH_SM3}</ofd:SignatureMethod>"
        "<ofd:SignatureDateTime>20240514110000</ofd:SignatureDateTime>"
        f'<ofd:References CheckMethod="{method}">{references}</ofd:References>{seal_location}'
        f"</ofd:SignedInfo><ofd:SignedValue>/{VALUE}</ofd:SignedValue></ofd:Signature>"
    ).encode()
    listed = f'<ofd:Signatures {_NS}><ofd:Signature ID="1" BaseLoc="/{SIGNATURE}"/></ofd:Signatures>'
    parts = {
        **CONTENT,
        LIST: listed.encode(),
        SIGNATURE: signature,
        VALUE: value(signature),
    }
    if seal:
        parts["Doc_0/Signs/Sign_0/Seal.esl"] = seal
    return parts


def packed(parts: Mapping[str, bytes], *, twice: Mapping[str, bytes] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in [*parts.items(), *(twice or {}).items()]:
            archive.writestr(name, data)
    return out.getvalue()

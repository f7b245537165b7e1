"""What a document itself proves: every signature and seal of a PDF or OFD, examined without network.

Never raises on a broken document and never a claim of 查验. XML and pictures carry nothing that is examined here.
"""

from __future__ import annotations

from collections.abc import Callable

from extraction.authenticity.judging import MALFORMED, Undecided
from extraction.authenticity.wording import stopped
from models.authenticity import SealFinding, SealKind, Verdict
from models.pages import Media, OpenedDocument

_KINDS = {Media.PDF: SealKind.PDF_SIGNATURE, Media.OFD: SealKind.OFD_SEAL}
_ABSENT = {
    SealKind.PDF_SIGNATURE: "PDF 没有数字签名，无法据此判断是否被改动（打印、另存或转换都会去掉签名）。",
    SealKind.OFD_SEAL: "OFD 没有电子签章，无法据此判断是否被改动。",
}


def examine(document: OpenedDocument) -> tuple[SealFinding, ...]:
    """A finding for each signature; one that says `absent` where there is none; none for other media."""
    kind = _KINDS.get(document.media)
    if kind is None:
        return ()
    try:
        found = _examiner(kind)(document.data)
    except Undecided as undecided:
        return (stopped(kind, undecided),)
    except MALFORMED as error:
        reason = f"签名结构无法读取（{type(error).__name__}）。"
        return (SealFinding(kind=kind, verdict=Verdict.UNVERIFIABLE, detail=reason),)
    return found or (SealFinding(kind=kind, verdict=Verdict.ABSENT, detail=_ABSENT[kind]),)


def _examiner(kind: SealKind) -> Callable[[bytes], tuple[SealFinding, ...]]:
    """Loaded when asked for: one of them takes PDF libraries, both take those of certificates."""
    if kind is SealKind.PDF_SIGNATURE:
        from extraction.authenticity.pdf_signatures import signatures

        return signatures
    from extraction.authenticity.ofd_seals import seals

    return seals

"""The way of one document through the readers: exact sources first, recognition only where they leave a gap."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from extraction.authenticity import examine
from extraction.fusion import fuse
from extraction.fusion.calibration import CURVES, Curves
from extraction.fusion.fusing import ACCEPT_THRESHOLD
from extraction.grouping import Group, group
from extraction.ocr.engine import OcrEngine
from extraction.ocr_reader import OcrReader
from extraction.ofd_reader import OfdReader
from extraction.parting import in_doubt
from extraction.pdf_info_reader import beside, read_info
from extraction.qr_reader import QrReader
from extraction.reading import Reader, Reading
from extraction.second_look import look_again
from extraction.text_reader import TextReader, less_sure, unread_files, where_displaced
from extraction.xml_reader import XmlReader
from models.errors import DocumentError
from models.evidence import Field, FieldStatus, Source
from models.invoice import KEY_FIELDS, Invoice
from models.kinds import InvoiceKind
from models.pages import Media, OpenedDocument, Page

MOST_GAPS = 3  #: key fields an exact text may leave open before the page is recognised as well


@dataclass(frozen=True, slots=True, kw_only=True)
class _Terms:
    """On what terms values are read and accepted."""

    threshold: float
    curves: Curves
    without: frozenset[Source]
    constrained: bool


def extract(
    document: OpenedDocument,
    engine: OcrEngine | None,
    *,
    accept_threshold: float = ACCEPT_THRESHOLD,
    without: frozenset[Source] = frozenset(),
    constrained: bool = True,
    curves: Curves = CURVES,
) -> list[Invoice]:
    """Every invoice in the document. Without an engine pictures yield only what their QR codes say.

    The last three serve measuring: `without` leaves sources out, `constrained=False` every reading under a field's own
    constraints (blank cells, second looks), and `curves` says how stated confidences are calibrated.

    Raises DocumentError no_invoice_found where the document holds no readable text at all.
    """
    seals = examine(document)
    terms = _Terms(threshold=accept_threshold, curves=curves, without=without, constrained=constrained)
    found = _read(document, engine, terms)
    distrust, unread = TextReader(), unread_files(document)
    return [
        replace(invoice, seals=seals, notes=invoice.notes + distrust.notes(document, invoice.pages) + unread)
        for invoice in found
    ]


def _read(document: OpenedDocument, engine: OcrEngine | None, terms: _Terms) -> list[Invoice]:
    if engine is not None and _one_picture(document) and terms.without.isdisjoint((Source.QR, Source.OCR)):
        return _read_picture(document, engine, terms)
    readers: tuple[Reader, ...] = (XmlReader(), OfdReader(), TextReader())
    exact = [r for reader in readers for r in reader.read(document) if r.source not in terms.without]
    codes = QrReader().read(document) if Source.QR not in terms.without else []
    info = read_info(document) if Source.PDF not in terms.without else None
    groups = group([*exact, *codes])
    invoices = _fuse_all(document, groups, terms)
    pages = _pages_to_recognise(document, exact, invoices)  # before the information, which no page shows
    if not pages or engine is None or Source.OCR in terms.without:
        informed = _fuse_all(document, _informed(groups, info), terms) if info else invoices
        return informed or [_unknown(document, {})]
    reader = OcrReader(engine, pages, codes=lambda: codes, constrained=terms.constrained)
    groups = _informed(group([*exact, *reader.read(document), *codes]), info)
    return _concluded(document, groups, engine, terms) or [_unknown(document, reader.texts)]


def _one_picture(document: OpenedDocument) -> bool:
    return document.media is Media.IMAGE and len(document.pages) == 1


def _read_picture(document: OpenedDocument, engine: OcrEngine, terms: _Terms) -> list[Invoice]:
    """A photo or scan of one page, which nothing but its code and its print can tell: the code is hunted for while the
    print is cleaned and recognised."""
    document.pages[0].colour()  # straightened before two threads ask for it
    with ThreadPoolExecutor(1, thread_name_prefix="codes") as aside:
        hunt = aside.submit(QrReader().read, document)
        reader = OcrReader(engine, codes=hunt.result, constrained=terms.constrained)
        groups = group([*reader.read(document), *hunt.result()])
    return _concluded(document, groups, engine, terms) or [_unknown(document, reader.texts)]


def _concluded(document: OpenedDocument, groups: Sequence[Group], engine: OcrEngine, terms: _Terms) -> list[Invoice]:
    if not terms.constrained:
        return _fuse_all(document, groups, terms)
    return [_look(document, g, i, engine, terms) for i, g in enumerate(groups)]


def _informed(groups: list[Group], info: Reading | None) -> list[Group]:
    """The same groups, the PDF's own information with the invoice it speaks of."""
    home = beside(info, [g.number for g in groups]) if info else None
    if home:
        index, told = home
        groups[index].readings.append(told)
    return groups


def _fuse_all(document: OpenedDocument, groups: Sequence[Group], terms: _Terms) -> list[Invoice]:
    return [_fuse(document, g.readings, g, i, terms) for i, g in enumerate(groups)]


def _fuse(document: OpenedDocument, readings: Sequence[Reading], g: Group, index: int, terms: _Terms) -> Invoice:
    places = where_displaced(document)
    invoice = fuse(
        [less_sure(reading, places) for reading in readings],
        source=document.name,
        index=index,
        qr=g.qr,
        threshold=terms.threshold,
        curves=terms.curves,
        has_face=bool(document.pages),
    )
    return in_doubt(invoice) if any(r.mixed for r in readings) else invoice


def _look(document: OpenedDocument, g: Group, index: int, engine: OcrEngine, terms: _Terms) -> Invoice:
    """Fuse, look again at what stands on one recognition alone, fuse with what was seen."""
    first = _fuse(document, g.readings, g, index, terms)
    if any(r.mixed for r in g.readings):
        return first
    pictures = {p.number: p.picture() for p in document.pages if p.number in first.pages}
    again = look_again(first, pictures, engine)
    if again is None:
        return first
    return _fuse(document, [*g.readings, again], g, index, terms)


def _pages_to_recognise(
    document: OpenedDocument, exact: Sequence[Reading], invoices: Sequence[Invoice]
) -> frozenset[int]:
    """Pages that no exact source accounts for, and pages whose exact text leaves too much open."""
    if any(r.source is Source.XML for r in exact) and not any(p.text is None for p in document.pages):
        return frozenset()
    told = {page for r in exact for page in r.pages if r.source is not Source.XML}
    silent = {p.number for p in document.pages if p.number not in told}
    doubtful = {page for invoice in invoices if _doubtful(invoice) for page in invoice.pages}
    torn = {page for r in exact if r.torn for page in r.pages}
    return frozenset(silent | torn | (doubtful & {p.number for p in document.pages}))


def _doubtful(invoice: Invoice) -> bool:
    gaps = sum(invoice.fields.get(name, Field()).status is FieldStatus.REVIEW for name in KEY_FIELDS)
    return gaps > MOST_GAPS


def _unknown(document: OpenedDocument, texts: dict[int, Page]) -> Invoice:
    """A paper that is none of ours: kept and named for what it says at its head."""
    tokens = [t for p in texts.values() for t in p.tokens] or [
        t for p in document.pages if p.text for t in p.text.tokens
    ]
    if not tokens:
        raise DocumentError("no_invoice_found")
    head = max(tokens, key=lambda t: t.box.height * t.confidence)
    return Invoice(
        source=document.name,
        pages=tuple(p.number for p in document.pages) or (1,),
        kind=InvoiceKind.OTHER,
        title=head.text,
        notes=("不是可识别的发票种类，原件已保留，请人工处理",),
    )

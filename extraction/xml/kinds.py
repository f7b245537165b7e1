"""Kind of an invoice by what its XML says: labels of the e-invoice, type of voucher, or the structure of the code."""

from __future__ import annotations

from extraction.checks import codes
from extraction.normalise import fold
from extraction.xml.dialects import AIR, EINVOICE, RAIL, Dialect
from models.kinds import KINDS, InvoiceKind

Leaf = tuple[tuple[str, ...], str | None]

_LABELS = (
    "invoicetype", "typeofinvoice", "typeofvoucher", "specialinvoicetype",
    "发票类型", "发票票种", "票种", "fplx", "fpzl",
)  # fmt: skip

#: words that decide, the most particular first; each with the kind of a 20-digit invoice
_DIGITAL = (
    (("铁路", "客票"), InvoiceKind.RAIL_E),
    (("航空", "行程单"), InvoiceKind.AIR_E),
    (("二手车",), InvoiceKind.DIGITAL_USED_VEHICLE),
    (("机动车",), InvoiceKind.DIGITAL_VEHICLE),
    (("专用",), InvoiceKind.DIGITAL_SPECIAL),
    (("普通",), InvoiceKind.DIGITAL_ORDINARY),
)
_BY_VAT_CODE = {"01": InvoiceKind.DIGITAL_SPECIAL, "02": InvoiceKind.DIGITAL_ORDINARY}


def kind_of(dialect: Dialect, leaves: list[Leaf], code: str | None, number: str | None) -> InvoiceKind | None:
    """None where nothing tells: the title on the page decides then."""
    if dialect is RAIL:
        return InvoiceKind.RAIL_E
    if dialect is AIR:
        return InvoiceKind.AIR_E
    if code and number and len(number) == 8:
        return codes.kind_from_code(code)
    if number is None or len(number) != 20 or code:  # a digital number with a code is printed on paper
        return None
    named = _named(_label_texts(dialect, leaves))
    if named is None and dialect is EINVOICE:
        vat = next((text for path, text in leaves if path[-2:] == ("generalorspecialvat", "labelcode")), None)
        return _BY_VAT_CODE.get(vat or "")
    return named


def _label_texts(dialect: Dialect, leaves: list[Leaf]) -> str:
    if dialect is EINVOICE:
        wanted = [text for path, text in leaves if path[-1] == "labelname" and "inherentlabel" in path]
    else:
        wanted = [text for path, text in leaves if path[-1] in _LABELS]
    return fold(" ".join(text for text in wanted if text))


def _named(texts: str) -> InvoiceKind | None:
    return next((kind for words, kind in _DIGITAL if any(word in texts for word in words)), None)


def titled(kind: InvoiceKind | None) -> str | None:
    return KINDS[kind].title if kind else None

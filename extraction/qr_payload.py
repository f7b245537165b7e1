"""Text of a QR code on an invoice → its parts. Never fetches an address; unknown text is kept raw.

Source: domain §3. Fields: 01, kind, code, number, amount, date, check code, CRC, tail. Real payloads have blanks,
dates with dashes, amounts without decimals, no CRC, or are an address or an error text of the issuing client.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qs, urlsplit

from extraction.checks import codes, qr_crc
from extraction.normalise import date_iso, fold, money_text
from models.kinds import KIND_BY_QR_CODE, KINDS, InvoiceKind
from models.money import format_money, from_fen


class QrVariant(StrEnum):
    """What a payload is."""

    TAX = "tax"  #: the tax administration's comma-separated text
    BLOCKCHAIN = "blockchain"  #: address of the Shenzhen blockchain invoice
    FISCAL = "fiscal"  #: CZ-EI: 财政票据, not a VAT invoice
    ADDRESS = "address"  #: some other address: delivery page, verification page
    ERROR = "error"  #: the issuing client failed to make a code
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class QrPayload:
    """Parts of one QR code; None where a part is blank or not plausible."""

    raw: str
    variant: QrVariant
    kind_code: str | None = None
    kind: InvoiceKind | None = None
    invoice_code: str | None = None
    invoice_number: str | None = None
    amount: str | None = None  #: two decimals
    amount_is_gross: bool | None = None  #: None: not established for this kind
    issue_date: str | None = None  #: ISO
    check_code: str | None = None
    crc: str | None = None
    crc_fits: bool | None = None  #: None: no CRC; False proves nothing

    @property
    def names_an_invoice(self) -> bool:
        """Whether the payload is an invoice's own: an address or an error text is not."""
        return self.invoice_number is not None


_BLOCKCHAIN_HOST = re.compile(r"(^|\.)shenzhen\.chinatax\.gov\.cn$")
_CHECK_CODE = re.compile(r"[0-9]{20}|[0-9A-Fa-f]{5}|[0-9]{6}")


def parse(raw: str) -> QrPayload:
    """Never fails: text that fits nothing is `QrVariant.OTHER`."""
    text = fold(raw).strip()
    if "QRCODE_GEN_ERROR" in text:
        return QrPayload(raw=raw, variant=QrVariant.ERROR)
    if text.upper().startswith("CZ-EI"):
        return _fiscal(raw, text)
    if re.match(r"https?://", text, re.IGNORECASE):
        return _address(raw, text)
    return _tax(raw, text)


def _tax(raw: str, text: str) -> QrPayload:
    parts = [re.sub(r"\s", "", part) for part in re.split(r"[,，]", text)]
    if len(parts) < 7 or not re.fullmatch(r"[0-9]{2}", parts[0]) or not re.fullmatch(r"[0-9]{2}", parts[1]):
        return QrPayload(raw=raw, variant=QrVariant.OTHER)
    kind_code, code, number, amount, issued, check = parts[1:7]
    kind = _kind(kind_code, code)
    crc = qr_crc.printed_crc(text)
    return QrPayload(
        raw=raw,
        variant=QrVariant.TAX,
        kind_code=kind_code,
        kind=kind,
        invoice_code=code if codes.plausible_code(code) else None,
        invoice_number=number if re.fullmatch(r"[0-9]{8}|[0-9]{20}", number) else None,
        amount=_plain_money(amount),
        amount_is_gross=KINDS[kind].qr_amount_is_gross if kind else None,
        issue_date=date_iso(issued),
        check_code=check if _CHECK_CODE.fullmatch(check) else None,
        crc=crc,
        crc_fits=None if crc is None else qr_crc.variant(text) is not None,
    )


def _kind(kind_code: str, code: str) -> InvoiceKind | None:
    """The code's structure is finer than the kind field: toll invoices say 10, some 电子专票 say 20 (通用机打)."""
    named = KIND_BY_QR_CODE.get(kind_code)
    if kind_code == "20" and not code:
        return None  # 通用机打 always has a code
    by_code = codes.kind_from_code(code)
    if by_code is not None and (named is None or kind_code == "20" or code.startswith("0")):
        return by_code
    return named


def _fiscal(raw: str, text: str) -> QrPayload:
    """CZ-EI-00,version,code,number,check code,date,amount."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) < 7 or not re.fullmatch(r"[0-9]{8,12}", parts[2]) or not re.fullmatch(r"[0-9]{8,12}", parts[3]):
        return QrPayload(raw=raw, variant=QrVariant.FISCAL, kind=InvoiceKind.OTHER)
    return QrPayload(
        raw=raw,
        variant=QrVariant.FISCAL,
        kind=InvoiceKind.OTHER,
        invoice_code=parts[2],
        invoice_number=parts[3],
        check_code=parts[4] if re.fullmatch(r"[0-9A-Za-z]{6}", parts[4]) else None,
        issue_date=date_iso(parts[5]),
        amount=_plain_money(parts[6]),
        amount_is_gross=True,
    )


def _plain_money(text: str) -> str | None:
    found = money_text(text)
    return None if found == "***" else found


def _address(raw: str, text: str) -> QrPayload:
    try:
        address = urlsplit(text)
    except ValueError:  # e.g. a broken IPv6 bracket: still only an address
        return QrPayload(raw=raw, variant=QrVariant.ADDRESS)
    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    number, fen = query.get("bill_num", ""), query.get("total_amount", "")
    if not _BLOCKCHAIN_HOST.search(address.hostname or "") or not re.fullmatch(r"[0-9]{8}", number):
        return QrPayload(raw=raw, variant=QrVariant.ADDRESS)
    digest = query.get("hash", "")
    return QrPayload(
        raw=raw,
        variant=QrVariant.BLOCKCHAIN,
        kind=InvoiceKind.BLOCKCHAIN_SZ,
        invoice_number=number,
        amount=format_money(from_fen(int(fen))) if re.fullmatch(r"-?[0-9]{1,13}", fen) else None,
        amount_is_gross=True,
        # the printed check code is the end of the hash
        check_code=digest[-5:] if re.fullmatch(r"[0-9a-f]{64,}", digest) else None,
    )

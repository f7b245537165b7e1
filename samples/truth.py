"""What is printed on an invented invoice, and the manifest line that says so.

`InvoiceTruth` is made once from a seed; every renderer prints it and none changes it.
`Truth` is one document: an invoice, the file it was rendered to, and what the ledger should say of it.
Field names follow the glossary of the domain reference; values are strings as printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from models.kinds import InvoiceKind
from models.matching import CauseCode, MatchStatus
from models.money import format_money
from samples.codes import Area


class Medium(StrEnum):
    PDF = "pdf-text"
    OFD = "ofd"
    XML = "xml"
    SCAN = "scan"
    PHOTO = "photo"
    SCREENSHOT = "screenshot"


class Trait(StrEnum):
    """Something out of the ordinary on the face."""

    MULTI_PAGE = "multi_page"
    DISCOUNT = "discount"
    TAX_FREE = "tax_free"
    ON_BEHALF = "on_behalf"  #: 代开
    RED = "red"
    GOODS_LIST = "goods_list"  #: 清单
    PERSONAL = "personal"  #: buyer without a number
    NOT_TAXED = "not_taxed"  #: 不征税, tax `***`
    ZERO_RATE = "zero_rate"  #: 0%, tax `***`
    DIFFERENCE = "difference"  #: 差额征税, rate `***`
    PASSENGER = "passenger"  #: 旅客运输服务: other columns and a traveller table
    TOLL = "toll"  #: 数电 toll: plate and times in the remarks, rate and tax `***`
    TOLL_COLUMNS = "toll_columns"  #: 数电 toll whose table has plate, type and dates
    CONSTRUCTION = "construction"  #: 建筑服务: place and project in the table
    FREIGHT = "freight"  #: 货物运输服务: a table of vehicle and route below the totals
    PROPERTY_LEASE = "property_lease"  #: 不动产经营租赁服务: certificate in the table, address and term in the remarks
    PROPERTY_SALE = "property_sale"  #: 不动产销售
    OIL = "oil"  #: 成品油
    FARM_PURCHASE = "farm_purchase"  #: 农产品收购: the buyer issues it, the seller is a farmer
    OWN_PRODUCE = "own_produce"  #: 自产农产品销售, 免税
    VEHICLE_GOODS = "vehicle_goods"  #: 机动车: the VIN in the column of the specification
    VESSEL_TAX = "vessel_tax"  #: 代收车船税: policy and tax in the remarks
    SOLAR = "solar"  #: 光伏收购
    NARROW_ROLL = "narrow_roll"  #: 卷票 of 57 mm


class Defect(StrEnum):
    """What goes wrong with real documents without making them less genuine. Each needs no other truth."""

    KANGXI = "kangxi"  #: radicals ⼀⽅⼤⾦ for 一方大金 in the text layer
    HIDDEN_HEADER = "hidden_header"  #: a clipped print header with another date in the text layer
    GARBLED_TEXT = "garbled_text"  #: mojibake in the text layer, the page itself is right
    NO_YEN = "no_yen"
    JUNK_LABELS = "junk_labels"  #: the labels are wrong letters in the text layer, the values are right
    SPLIT_LABELS = "split_labels"  #: 名 称
    SEAL_TEXT = "seal_text"  #: the letters of the seals are text too, and fall between label and value
    PICTURE_ONLY = "picture_only"  #: a PDF holding one picture and its producer's advertisement
    QR_SHORT_AMOUNT = "qr_short_amount"  #: 124.8 for 124.80
    QR_NO_CRC = "qr_no_crc"
    QR_BLANKS = "qr_blanks"  #: blanks in place of empty fields
    QR_DASHED_DATE = "qr_dashed_date"
    QR_ERROR = "qr_error"  #: QRCODE_GEN_ERROR
    QR_MISSING = "qr_missing"
    QR_GROSS = "qr_gross"  #: gross where the kind has the net
    QR_KIND_20 = "qr_kind_20"  #: kind 20, 通用机打(电子), whatever the kind
    ORDER_NUMBER = "order_number"  #: 20 digits in the remarks that are no invoice number
    LONG_TAX_ID = "long_tax_id"  #: seller with 20 characters
    OLD_TAX_ID = "old_tax_id"  #: seller with 15 digits
    CHECK_CODE_IN_REMARKS = "check_code_in_remarks"
    CHECK_CODE_CLOSED = "check_code_closed"  #: 20 digits without blanks
    OFD_ODD_FOLDERS = "ofd_odd_folders"  #: TPLS/, Attach/, page without a container or PhysicalBox
    OFD_CDATA = "ofd_cdata"
    FALSE_EXTENSION = "false_extension"  #: .png that is a JPEG
    SIDEWAYS = "sideways"  #: landscape invoice in a portrait scan
    GHOST = "ghost"  #: the sheet beneath shows through
    SECOND_HEAD = "second_head"  #: another invoice looks out from under this one
    PHOTOCOPY = "photocopy"  #: black and white
    PEN = "pen"  #: a pen with an EAN-13 code beside the invoice
    XBRL_ATTACHED = "xbrl_attached"  #: net and tax of a rail ticket are in the attachment only


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A company as it stands on the face. `area` is where it is registered."""

    name: str
    tax_id: str | None
    address_phone: str | None = None
    bank_account: str | None = None
    area: Area


@dataclass(frozen=True, slots=True, kw_only=True)
class TruthLine:
    """One item row as printed; None where the cell is blank."""

    item_name: str
    specification: str | None = None
    unit: str | None = None
    quantity: str | None = None
    unit_price: str | None = None
    amount_excl_tax: str | None = None
    tax_rate: str | None = None
    tax_amount: str | None = None
    tax_classification_code: str = ""
    is_discount: bool = False
    amount_incl_tax: str | None = None  #: roll tickets print the gross
    deduction: str | None = None  #: 差额征税 deduction, printed in the remarks
    toll: tuple[str, str, str, str] | None = None  #: plate, vehicle type, from, to
    special: Mapping[str, str] = field(default_factory=dict)  #: columns of a special business

    def export(self) -> dict[str, Any]:
        cells: dict[str, Any] = {
            name: getattr(self, name) for name in ("item_name", "specification", "unit", "quantity", "unit_price")
        }
        if self.amount_incl_tax is not None:
            return {**cells, "amount_incl_tax": self.amount_incl_tax}
        cells |= {name: getattr(self, name) for name in ("amount_excl_tax", "tax_rate", "tax_amount")}
        if self.toll:
            cells |= dict(zip(("plate", "vehicle_type", "pass_from", "pass_to"), self.toll, strict=True))
        return cells | dict(self.special)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceTruth:
    """The invoice, exact. Money as Decimal; `total_tax` None prints as `***`."""

    kind: InvoiceKind
    title: str
    area: Area  #: where it was issued
    invoice_code: str | None
    invoice_number: str
    issue_date: date
    check_code: str | None = None
    machine_number: str | None = None
    cipher: tuple[str, str, str, str] | None = None
    buyer: Party
    seller: Party
    lines: tuple[TruthLine, ...]
    total_excl_tax: Decimal
    total_tax: Decimal | None
    total_incl_tax: Decimal
    total_in_words: str
    remarks: str | None = None
    payee: str | None = None
    reviewer: str | None = None
    drawer: str
    qr: str | None = None
    corner_mark: str | None = None
    traits: frozenset[Trait] = frozenset()
    extra: dict[str, str] = field(default_factory=dict)
    without: frozenset[str] = frozenset()  #: fields this kind of paper does not carry
    defects: frozenset[Defect] = frozenset()

    @property
    def printed_number(self) -> str | None:
        """Paper railway tickets have none."""
        return self.invoice_number or None

    @property
    def printed_tax(self) -> str:
        return "***" if self.total_tax is None else format_money(self.total_tax)

    def fields(self) -> dict[str, str | None]:
        return self._printed() | dict.fromkeys(self.without)

    def _printed(self) -> dict[str, str | None]:
        return {
            "invoice_type": self.title,
            "title": self.title,
            "invoice_code": self.invoice_code,
            "invoice_number": self.printed_number,
            "issue_date": self.issue_date.isoformat(),
            "check_code": self.check_code,
            "machine_number": self.machine_number,
            "buyer_name": self.buyer.name,
            "buyer_tax_id": self.buyer.tax_id,
            "seller_name": self.seller.name,
            "seller_tax_id": self.seller.tax_id,
            "total_excl_tax": format_money(self.total_excl_tax),
            "total_tax": self.printed_tax,
            "total_incl_tax": format_money(self.total_incl_tax),
            "total_in_words": self.total_in_words,
            "remarks": self.remarks,
            "payee": self.payee,
            "reviewer": self.reviewer,
            "drawer": self.drawer,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """One rendered document. `export` is a line of manifest.jsonl."""

    id: str
    file: str
    medium: Medium
    quality: str
    invoice: InvoiceTruth
    seed: str
    index: int = 0  #: place among the invoices of one file
    sha256: str = ""
    same_as: str | None = None
    expect_status: MatchStatus | None = None
    expect_cause: CauseCode | None = None
    unscored: tuple[str, ...] = ()  #: on the invoice, but not on this document

    def export(self) -> dict[str, Any]:
        truth: dict[str, Any] = dict(self.invoice.fields())
        truth["lines"] = [line.export() for line in self.invoice.lines] or None
        truth |= dict.fromkeys(truth.keys() & set(self.unscored), "?")
        extra = dict(self.invoice.extra)
        if self.invoice.corner_mark:
            extra["corner_mark"] = self.invoice.corner_mark
        extra |= dict.fromkeys(extra.keys() & set(self.unscored), "?")
        if extra:
            truth["extra"] = extra
        return {
            "id": self.id,
            "file": self.file,
            "index": self.index,
            "kind": self.invoice.kind.value,
            "medium": self.medium.value,
            "quality": self.quality,
            "masked": False,
            "specimen": False,
            "same_as": self.same_as,
            "qr": None if self.medium is Medium.XML else self.invoice.qr,
            "sha256": self.sha256,
            "seed": self.seed,
            "expect_status": self.expect_status.value if self.expect_status else None,
            "expect_cause": self.expect_cause.value if self.expect_cause else None,
            "traits": sorted(self.invoice.traits),
            "defects": sorted(self.invoice.defects),
            "truth": truth,
        }

"""The stored side: what the tax account or ERP knows of an invoice, and what an import covered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from models.invoice import identity_key
from models.kinds import InvoiceKind


class RecordState(StrEnum):
    """发票状态, normalised; the printed text is kept beside it."""

    NORMAL = "normal"
    VOID = "void"
    RED_FULL = "red_full"  #: 已红冲-全额
    RED_PARTIAL = "red_partial"
    LOST_CONTROL = "lost_control"  #: 失控
    ABNORMAL = "abnormal"
    UNKNOWN = "unknown"


class Direction(StrEnum):
    INPUT = "input"  #: 进项
    OUTPUT = "output"  #: 销项
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLine:
    """A row of 信息汇总表. Identical rows may be genuine: never de-duplicated."""

    item_name: str | None = None
    specification: str | None = None
    unit: str | None = None
    quantity: str | None = None
    unit_price: str | None = None
    amount_excl_tax: str | None = None
    tax_rate: str | None = None
    tax_amount: str | None = None
    tax_classification_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One invoice as the ledger knows it. Amounts in yuan; blank cells None; `damaged` names suspect cells."""

    invoice_code: str | None = None
    invoice_number: str | None = None  #: 8 digits, or the 20 of a 数电票
    digital_invoice_number: str | None = None
    issue_date: date | None = None
    seller_name: str | None = None
    seller_tax_id: str | None = None
    buyer_name: str | None = None
    buyer_tax_id: str | None = None
    total_excl_tax: Decimal | None = None
    total_tax: Decimal | None = None
    total_incl_tax: Decimal | None = None
    kind: InvoiceKind | None = None
    kind_label: str | None = None
    state: RecordState = RecordState.UNKNOWN
    state_label: str | None = None
    is_positive: bool | None = None
    direction: Direction = Direction.UNKNOWN
    invoice_source: str | None = None
    risk_level: str | None = None
    issuer_clerk: str | None = None
    remarks: str | None = None
    damaged: Mapping[str, str] = field(default_factory=dict)  #: column → what is wrong with the cell
    lines: tuple[RecordLine, ...] = ()
    row: int | None = None  #: 1-based row in the sheet, for the error report

    @property
    def keys(self) -> tuple[str, ...]:
        """Every identity key this record answers to (数电纸票 has two)."""
        found = [
            identity_key(None, self.digital_invoice_number),
            identity_key(self.invoice_code, self.invoice_number),
        ]
        return tuple(dict.fromkeys(k for k in found if k))

"""Captured invoices as extraction stores them, with fields accepted unless a test says otherwise."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from models.authenticity import SealFinding, SealKind, Verdict
from models.evidence import Field, FieldStatus, Source
from models.invoice import COMMON_FIELDS, Check, Invoice, Line
from models.kinds import InvoiceKind
from models.money import parse_money, to_fen
from models.tables import DocumentRow, InvoiceRow
from tests.matching.ledger_rows import SELLER, US

TODAY = date(2025, 4, 20)
NUMBER = "25312000000123456789"
PLAIN: dict[str, str | None] = {
    "invoice_code": None, "invoice_number": NUMBER, "issue_date": "2025-03-14", "buyer_name": US[1],
    "buyer_tax_id": US[0], "seller_name": SELLER[1], "seller_tax_id": SELLER[0], "total_excl_tax": "100.00",
    "total_tax": "13.00", "total_incl_tax": "113.00",
}  # fmt: skip


def capture(
    session: Session,
    *,
    kind: InvoiceKind = InvoiceKind.DIGITAL_SPECIAL,
    source: Source = Source.QR,
    review: Collection[str] = (),
    failed: Collection[str] = (),
    broken_seal: str | None = None,
    name: str = "a.pdf",
    **changes: str | None,
) -> InvoiceRow:
    """The invoice of the first row of `ledger_rows.basic_row`, with `changes` by field and `review` in doubt."""
    values = dict.fromkeys(COMMON_FIELDS) | PLAIN | changes
    fields = {
        field: Field(
            value=value,
            confidence=0.6 if field in review else 0.99,
            source=source if value else None,
            status=FieldStatus.REVIEW if field in review else FieldStatus.ACCEPTED if value else FieldStatus.ABSENT,
            raw=value,
        )
        for field, value in values.items()
    }
    invoice = Invoice(
        source=name,
        kind=kind,
        fields=fields,
        lines=(Line(item_name="*办公用品*打印纸", amount_excl_tax="100.00", tax_rate="13%", tax_amount="13.00"),),
        checks=tuple(Check(rule=rule, passed=False, detail="与票面不同") for rule in failed),
        seals=(SealFinding(kind=SealKind.PDF_SIGNATURE, verdict=Verdict.BROKEN, detail=broken_seal),)
        if broken_seal
        else (),
    )
    document = DocumentRow(id=str(uuid.uuid4()), sha256=uuid.uuid4().hex * 2, name=name, size=1, channel="cli")
    session.add(document)
    session.flush()
    row = InvoiceRow(
        document_id=document.id, index=0, kind=kind.value, identity_key=invoice.identity_key,
        invoice_code=values["invoice_code"], invoice_number=values["invoice_number"],
        issue_date=date.fromisoformat(values["issue_date"]) if values["issue_date"] else None,
        seller_name=values["seller_name"], seller_tax_id=values["seller_tax_id"],
        buyer_name=values["buyer_name"], buyer_tax_id=values["buyer_tax_id"],
        total_excl_fen=_fen(values["total_excl_tax"]), total_tax_fen=_fen(values["total_tax"]),
        total_incl_fen=_fen(values["total_incl_tax"]), needs_review=invoice.needs_review, data=invoice.export(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _fen(text: str | None) -> int | None:
    amount = parse_money(text)
    return None if amount is None else to_fen(amount)

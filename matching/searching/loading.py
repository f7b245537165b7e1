"""Reads what is searchable out of the database: everything, what one import brought, or single things."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from matching.searching.shelf import Entry
from models.money import parse_money
from models.tables import DocumentRow, DraftRow, InvoiceRow, RecordLineRow, RecordRow

FETCH = 5000
#: fields of an invoice that people remember it by
_SAID = ("remarks", "drawer", "payee", "vin", "plate", "train_number", "passenger_name", "e_ticket_number")
_PARTY_FIELDS = ("seller_name", "seller_tax_id", "buyer_name", "buyer_tax_id")

_RECORDS = select(
    RecordRow.id, RecordRow.digital_invoice_number, RecordRow.invoice_code, RecordRow.invoice_number,
    RecordRow.issue_date, RecordRow.total_incl_fen, RecordRow.total_excl_fen, RecordRow.seller_name,
    RecordRow.seller_tax_id, RecordRow.buyer_name, RecordRow.buyer_tax_id, RecordRow.state, RecordRow.kind,
    RecordRow.direction, RecordRow.remarks, RecordRow.import_id,
)  # fmt: skip
_LINES = select(
    RecordLineRow.record_id,
    RecordLineRow.data["item_name"].as_string(),
    RecordLineRow.data["specification"].as_string(),
)
_INVOICES = select(
    InvoiceRow.id, InvoiceRow.invoice_code, InvoiceRow.invoice_number, InvoiceRow.issue_date,
    InvoiceRow.total_incl_fen, InvoiceRow.total_excl_fen, InvoiceRow.seller_name, InvoiceRow.seller_tax_id,
    InvoiceRow.buyer_name, InvoiceRow.buyer_tax_id, InvoiceRow.match_status, InvoiceRow.kind,
    InvoiceRow.needs_review, DocumentRow.name, DocumentRow.uploaded_by,
    InvoiceRow.data["fields"]["digital_invoice_number"]["value"].as_string().label("digital"),
    InvoiceRow.data["lines"].label("lines"),
    *(InvoiceRow.data["fields"][name]["value"].as_string().label(name) for name in _SAID),
).join(DocumentRow, DocumentRow.id == InvoiceRow.document_id)  # fmt: skip
_DRAFTS = (
    select(
        DraftRow.id, DraftRow.application_number, DraftRow.state, DraftRow.fields, DraftRow.lines, InvoiceRow.kind,
        DocumentRow.uploaded_by,
    )
    .join(InvoiceRow, InvoiceRow.id == DraftRow.invoice_id)
    .join(DocumentRow, DocumentRow.id == InvoiceRow.document_id)
)  # fmt: skip


def records(session: Session, *narrowed: ColumnElement[bool]) -> Iterator[list[Entry]]:
    """Batches, in the order of ids."""
    query = _RECORDS.where(*narrowed).order_by(RecordRow.id).execution_options(yield_per=FETCH)
    for rows in session.execute(query).partitions():
        yield [_of_record(*tuple(row)) for row in rows]


def records_by_id(session: Session, ids: Iterable[int]) -> Iterator[list[Entry]]:
    for some in _some(ids):
        yield [_of_record(*tuple(row)) for row in session.execute(_RECORDS.where(RecordRow.id.in_(some)))]


def lines(session: Session, *narrowed: ColumnElement[bool]) -> Iterator[list[tuple[int, str]]]:
    """Item texts of records, in batches: record id and text."""
    query = _LINES.where(*narrowed).order_by(RecordLineRow.id).execution_options(yield_per=FETCH)
    for rows in session.execute(query).partitions():
        yield [(record, " ".join(filter(None, said))) for record, *said in rows]


def lines_of(session: Session, ids: Iterable[int]) -> Iterator[list[tuple[int, str]]]:
    for some in _some(ids):
        yield from lines(session, RecordLineRow.record_id.in_(some))


def invoices(session: Session, ids: Iterable[int] | None = None) -> Iterator[list[Entry]]:
    if ids is None:
        for rows in session.execute(_INVOICES.order_by(InvoiceRow.id).execution_options(yield_per=FETCH)).partitions():
            yield [_of_invoice(row._mapping) for row in rows]
        return
    for some in _some(ids):
        yield [_of_invoice(row._mapping) for row in session.execute(_INVOICES.where(InvoiceRow.id.in_(some)))]


def drafts(session: Session, ids: Iterable[int] | None = None) -> Iterator[list[Entry]]:
    if ids is None:
        for rows in session.execute(_DRAFTS.order_by(DraftRow.id).execution_options(yield_per=FETCH)).partitions():
            yield [_of_draft(row._mapping) for row in rows]
        return
    for some in _some(ids):
        yield [_of_draft(row._mapping) for row in session.execute(_DRAFTS.where(DraftRow.id.in_(some)))]


def _some(ids: Iterable[int], size: int = 500) -> Iterator[Sequence[int]]:
    ordered = sorted(ids)
    for begin in range(0, len(ordered), size):
        yield ordered[begin : begin + size]


def _of_record(  # noqa: PLR0917 — a row of _RECORDS; naming its columns a million times costs seconds
    id_: int, digital: str | None, code: str | None, number: str | None, day: date | None, gross: int | None,
    net: int | None, seller: str | None, seller_id: str | None, buyer: str | None, buyer_id: str | None, state: str,
    kind: str | None, direction: str, remarks: str | None, import_id: int | None,
) -> Entry:  # fmt: skip
    first, second = _numbers(digital, code, number)
    return Entry(
        id_, first, second, day.toordinal() if day else 0, gross, net, (seller, seller_id), (buyer, buyer_id), state,
        kind or "", direction, 0, (remarks,) if remarks else (), import_id or 0,
    )  # fmt: skip


def _of_invoice(row: Any) -> Entry:
    first, second = _numbers(row["digital"], row["invoice_code"], row["invoice_number"])
    day = row["issue_date"]
    items = row["lines"] or []
    items = json.loads(items) if isinstance(items, str) else items
    texts = (row["name"], *(row[name] for name in _SAID), *(_item(line) for line in items))
    status = row["match_status"] or ""
    return Entry(
        row["id"], first, second, day.toordinal() if day else 0, row["total_incl_fen"], row["total_excl_fen"],
        (row["seller_name"], row["seller_tax_id"]), (row["buyer_name"], row["buyer_tax_id"]),
        "needs_review" if row["needs_review"] and status in ("", "absent") else status, row["kind"], "",
        row["uploaded_by"] or 0, tuple(text for text in texts if text),
    )  # fmt: skip


def _of_draft(row: Any) -> Entry:
    said = {name: (field or {}).get("value") for name, field in row["fields"].items()}
    first, second = _numbers(said.get("digital_invoice_number"), said.get("invoice_code"), said.get("invoice_number"))
    try:
        day = date.fromisoformat(said.get("issue_date") or "").toordinal()
    except ValueError:
        day = 0
    texts = (row["application_number"], said.get("remarks"), *(_item(line) for line in row["lines"]))
    return Entry(
        row["id"], first, second, day, _fen(said.get("total_incl_tax")), _fen(said.get("total_excl_tax")),
        (said.get("seller_name"), said.get("seller_tax_id")), (said.get("buyer_name"), said.get("buyer_tax_id")),
        row["state"], row["kind"], "", row["uploaded_by"] or 0, tuple(text for text in texts if text),
    )  # fmt: skip


def _numbers(digital: str | None, code: str | None, number: str | None) -> tuple[str, str]:
    """The 20 digits, and code with number as one row of digits."""
    if number and len(number) == 20:
        digital = digital or number
        number = None
    return digital or "", f"{code or '':>12}{number or ''}" if code or number else ""


def _item(line: Any) -> str:
    """An item row of a capture (cells by name, plain or with evidence) as one text."""
    cells = line.get("cells", line) if isinstance(line, dict) else {}
    said = (cells.get(name) for name in ("item_name", "specification"))
    return " ".join(str(v.get("value") or "") if isinstance(v, dict) else str(v) for v in said if v)


def _fen(text: str | None) -> int | None:
    value = parse_money(text)
    return None if value is None else int(value * 100)

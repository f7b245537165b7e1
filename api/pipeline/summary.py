"""One flat row per invoice of some documents, for tables on the command line. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from api.pipeline.documents import Sessions
from matching.captured import read_captured
from models.database import transaction
from models.errors import MESSAGES, ChapiaoError
from models.money import format_money, from_fen
from models.tables import DocumentRow, DraftRow, InvoiceRow
from models.tables.documents import DocumentState


def summarise(sessions: Sessions, document_ids: Iterable[str], language: str = "zh") -> list[dict[str, Any]]:
    """Rows in the order of the documents; a document without invoices has one row, an opened archive none."""
    rows: list[dict[str, Any]] = []
    with transaction(sessions) as session:
        for document_id in document_ids:
            document = session.get(DocumentRow, document_id, options=[selectinload(DocumentRow.invoices)])
            if document is None:
                continue
            original = session.get(DocumentRow, document.duplicate_of) if document.duplicate_of else None
            if document.invoices:
                rows += [_row(session, document, invoice) for invoice in document.invoices]
            elif document.state != DocumentState.DONE.value or not _is_archive(session, document):
                rows.append(_bare_row(document, original, language))
    return rows


def _row(session: Session, document: DocumentRow, invoice: InvoiceRow) -> dict[str, Any]:
    causes = (invoice.match or {}).get("causes") or []
    draft = session.scalar(
        select(DraftRow.application_number).where(DraftRow.identity_key.in_(read_captured(invoice).keys))
    )
    return {
        "document": document.name,
        "document_id": document.id,
        "state": document.state,
        "media": document.media,
        "kind": invoice.kind,
        "code": invoice.invoice_code,
        "number": invoice.invoice_number,
        "total": format_money(from_fen(invoice.total_incl_fen)) if invoice.total_incl_fen is not None else None,
        "status": invoice.match_status or document.state,
        "cause": causes[0]["code"] if causes else None,
        "draft": draft,
        "error": None,
    }


def _bare_row(document: DocumentRow, original: DocumentRow | None, language: str) -> dict[str, Any]:
    return {
        "document": document.name,
        "document_id": document.id,
        "state": document.state,
        "media": document.media,
        "kind": None,
        "code": None,
        "number": None,
        "total": None,
        "status": document.state,
        "cause": document.error_code or (f"= {original.name}" if original is not None else None),
        "draft": None,
        "error": _message(document, language),
    }


def _message(document: DocumentRow, language: str) -> str | None:
    if document.error_code is None:
        return None
    if document.error_code not in MESSAGES:  # written by another version
        return document.error_code
    return ChapiaoError(document.error_code, **(document.error_details or {})).message(language)


def _is_archive(session: Session, document: DocumentRow) -> bool:
    return session.scalar(select(DocumentRow.id).where(DocumentRow.member_of == document.id).limit(1)) is not None

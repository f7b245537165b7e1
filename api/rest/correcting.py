"""Correcting what was read over REST: fields, kind and item rows, by the rules of the page.

Each answer is the invoice anew, checked and matched again. What the readers said stays beside a person's word.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api import audit
from api.audit import Action
from api.correcting import confirm_fields, correct_field, correct_kind
from api.correcting_lines import cells_of, correct_line, line_at, remove_line, version_of
from api.gate.database import Database
from api.gate.visitor import RestAccountant, RestUser
from api.queries.documents import find_invoice, hold_invoice
from api.rematching import match_again
from api.rest.shapes import InvoiceShape
from models.errors import RequestError
from models.tables import InvoiceRow, User

router = APIRouter(tags=["invoices"])


class FieldChange(BaseModel):
    """Everything is a string as printed: a JSON number is refused, because it has lost its zeros already."""

    model_config = ConfigDict(extra="forbid", strict=True)

    value: str | None = Field(description="As the document has it; null or blank: it is not on the document.")


class KindChange(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    kind: str = Field(description="As in `kind` of an invoice.", max_length=60)


class LineChange(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    cells: dict[str, str | None] = Field(description="Only what changes; null or blank empties a cell.", max_length=100)
    version: str = Field("", description="Of the row as you saw it; blank for a new row after the last.")


class LineShape(BaseModel):
    number: int = Field(description="Place on the invoice, from 0.")
    version: str = Field(description="Send it with a change: a row that somebody changed meanwhile is refused.")
    cells: dict[str, Any]


class LineList(BaseModel):
    items: list[LineShape]


@router.put("/invoices/{invoice_id}/fields/{name}", summary="Correct one field")
def change_field(
    *, request: Request, session: Database, user: RestAccountant, invoice_id: int, name: str, change: FieldChange
) -> InvoiceShape:
    invoice = hold_invoice(session, user, invoice_id)
    done = correct_field(session, invoice, name, change.value or "", user=user)
    return _settled(request, session, invoice, user, action=Action.REST_INVOICE_CORRECT, detail=done)


@router.put("/invoices/{invoice_id}/kind", summary="Correct the kind")
def change_kind(
    request: Request, session: Database, user: RestAccountant, invoice_id: int, change: KindChange
) -> InvoiceShape:
    """Which checks apply follows from it."""
    invoice = hold_invoice(session, user, invoice_id)
    done = correct_kind(session, invoice, change.kind, user=user)
    return _settled(request, session, invoice, user, action=Action.REST_INVOICE_CORRECT, detail=done)


@router.post("/invoices/{invoice_id}/confirm", summary="Say that every field under review is right")
def confirm(request: Request, session: Database, user: RestAccountant, invoice_id: int) -> InvoiceShape:
    """A failed check stays visible as it is."""
    invoice = hold_invoice(session, user, invoice_id)
    done = confirm_fields(session, invoice, user=user)
    return _settled(request, session, invoice, user, action=Action.REST_INVOICE_CONFIRM, detail=done)


@router.get("/invoices/{invoice_id}/lines", summary="The item rows with their versions")
def lines(session: Database, user: RestUser, invoice_id: int) -> LineList:
    rows = find_invoice(session, user, invoice_id).data["lines"]
    return LineList(items=[LineShape(number=n, version=version_of(row), cells=row) for n, row in enumerate(rows)])


@router.put("/invoices/{invoice_id}/lines/{number}", summary="Correct an item row, or add one after the last")
def change_line(
    *, request: Request, session: Database, user: RestAccountant, invoice_id: int, number: int, change: LineChange
) -> InvoiceShape:
    invoice = hold_invoice(session, user, invoice_id)
    if unknown := change.cells.keys() - set(cells_of(line_at(invoice, number))):
        raise RequestError("invalid_request", what=", ".join(sorted(unknown))[:200])
    typed = {name: value or "" for name, value in change.cells.items()}
    done = correct_line(session, invoice, number, typed, seen=change.version, user=user)
    return _settled(request, session, invoice, user, action=Action.REST_INVOICE_CORRECT, detail=done)


@router.delete("/invoices/{invoice_id}/lines/{number}", summary="Take away a row that is not on the document")
def take_line_away(
    *, request: Request, session: Database, user: RestAccountant, invoice_id: int, number: int,
    version: Annotated[str, Query(description="Of the row as you saw it.")],
) -> InvoiceShape:  # fmt: skip
    invoice = hold_invoice(session, user, invoice_id)
    done = remove_line(session, invoice, number, seen=version, user=user)
    return _settled(request, session, invoice, user, action=Action.REST_INVOICE_CORRECT, detail=done)


def _settled(
    request: Request, session: Session, invoice: InvoiceRow, user: User, *, action: Action, detail: dict[str, Any]
) -> InvoiceShape:
    match_again(session, invoice, settings=request.app.state.settings, user=user)
    audit.record(session, user.id, action, f"invoice:{invoice.id}", detail)
    return InvoiceShape.of(invoice, whole=True)

"""Correcting what was read from a document, beside its picture: fields, item rows, the kind, the record it belongs to.

Each answer is the panel anew, checked and matched again; item rows are put in place beside it.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api import audit
from api.audit import Action
from api.correcting import confirm_fields, correct_field, correct_kind
from api.correcting_lines import cells_of, correct_line, line_at, remove_line, version_of
from api.gate.database import Database
from api.gate.visitor import PageAccountant, PageUser
from api.queries.documents import find_invoice, hold_invoice
from api.rematching import match_again
from api.settling import Decision, settle_record
from api.web.pages.document import findings
from api.web.rendering import render
from models.errors import RequestError
from models.kinds import InvoiceKind
from models.tables import DocumentRow, InvoiceRow, User

router = APIRouter(include_in_schema=False)
_DECISIONS = {
    "confirm": Action.WEB_MATCH_CONFIRM, "reject": Action.WEB_MATCH_REJECT, "unsay": Action.WEB_MATCH_UNSAY,
}  # fmt: skip


@router.get("/invoices/{invoice_id}/fields/{name}")
def field_form(request: Request, session: Database, user: PageAccountant, invoice_id: int, name: str) -> Response:
    invoice = find_invoice(session, user, invoice_id)
    if name not in invoice.data["fields"]:
        raise RequestError("no_such_item", what=name)
    return render(request, "field_form.html", invoice=invoice, name=name, field=invoice.data["fields"][name])


@router.get("/invoices/{invoice_id}/panel")
def panel(request: Request, session: Database, user: PageUser, invoice_id: int) -> Response:
    return _panel(request, session, user, find_invoice(session, user, invoice_id))


@router.post("/invoices/{invoice_id}/fields/{name}")
def correct(
    *, request: Request, session: Database, user: PageAccountant, invoice_id: int, name: str,
    value: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    invoice = hold_invoice(session, user, invoice_id)
    change = correct_field(session, invoice, name, value, user=user)
    _settled(request, session, invoice, user, action=Action.WEB_INVOICE_CORRECT, detail=change)
    return _panel(request, session, user, invoice)


@router.post("/invoices/{invoice_id}/confirm")
def confirm(request: Request, session: Database, user: PageAccountant, invoice_id: int) -> Response:
    invoice = hold_invoice(session, user, invoice_id)
    confirmed = confirm_fields(session, invoice, user=user)
    _settled(request, session, invoice, user, action=Action.WEB_INVOICE_CONFIRM, detail=confirmed)
    return _panel(request, session, user, invoice)


def _settled(
    request: Request, session: Session, invoice: InvoiceRow, user: User, *, action: Action, detail: dict[str, Any]
) -> None:
    match_again(session, invoice, settings=request.app.state.settings, user=user)
    audit.record(session, user.id, action, f"invoice:{invoice.id}", detail)


def _panel(request: Request, session: Session, user: User, invoice: InvoiceRow) -> Response:
    row = session.get_one(DocumentRow, invoice.document_id)
    return render(request, "document_panel.html", **findings(session, user, row, invoice))


@router.get("/invoices/{invoice_id}/kind")
def kind_form(request: Request, session: Database, user: PageAccountant, invoice_id: int) -> Response:
    invoice = find_invoice(session, user, invoice_id)
    return render(request, "kind_form.html", invoice=invoice, kinds=[k.value for k in InvoiceKind])


@router.post("/invoices/{invoice_id}/kind")
def change_kind(
    request: Request, session: Database, user: PageAccountant, invoice_id: int, kind: Annotated[str, Form()]
) -> Response:
    invoice = hold_invoice(session, user, invoice_id)
    change = correct_kind(session, invoice, kind, user=user)
    _settled(request, session, invoice, user, action=Action.WEB_INVOICE_CORRECT, detail=change)
    return _panel(request, session, user, invoice)


@router.get("/invoices/{invoice_id}/lines")
def lines(request: Request, session: Database, user: PageUser, invoice_id: int) -> Response:
    invoice = find_invoice(session, user, invoice_id)
    return render(request, "lines.html", invoice=invoice, again=False)


@router.get("/invoices/{invoice_id}/lines/{number}")
def line_form(request: Request, session: Database, user: PageAccountant, invoice_id: int, number: int) -> Response:
    """The form of row `number` from 0; of the place after the last row, an empty one."""
    invoice = find_invoice(session, user, invoice_id)
    line = line_at(invoice, number)
    return render(
        request, "line_form.html", invoice=invoice, number=number, line=line, cells=cells_of(line),
        seen=version_of(line),
    )  # fmt: skip


async def typed_cells(request: Request) -> dict[str, str]:
    """Inputs named `cell.<name>` of the form."""
    form = await request.form(max_files=0, max_fields=100)
    return {
        name.removeprefix("cell."): value
        for name, value in form.items()
        if name.startswith("cell.") and isinstance(value, str)
    }


@router.post("/invoices/{invoice_id}/lines/{number}")
def change_line(
    *, request: Request, session: Database, user: PageAccountant, invoice_id: int, number: int,
    typed: Annotated[dict[str, str], Depends(typed_cells)], seen: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    invoice = hold_invoice(session, user, invoice_id)
    change = correct_line(session, invoice, number, typed, seen=seen, user=user)
    _settled(request, session, invoice, user, action=Action.WEB_INVOICE_CORRECT, detail=change)
    return _panel_and_lines(request, session, user, invoice)


@router.post("/invoices/{invoice_id}/lines/{number}/remove")
def take_line_away(
    *, request: Request, session: Database, user: PageAccountant, invoice_id: int, number: int,
    seen: Annotated[str, Form()],
) -> Response:  # fmt: skip
    invoice = hold_invoice(session, user, invoice_id)
    change = remove_line(session, invoice, number, seen=seen, user=user)
    _settled(request, session, invoice, user, action=Action.WEB_INVOICE_CORRECT, detail=change)
    return _panel_and_lines(request, session, user, invoice)


@router.post("/invoices/{invoice_id}/record")
def settle_match(
    *, request: Request, session: Database, user: PageAccountant, invoice_id: int,
    record_id: Annotated[int, Form()], decision: Annotated[Decision, Form()],
) -> Response:  # fmt: skip
    """A person says whether an invoice and the record proposed for it are one, or takes back what was said."""
    invoice = hold_invoice(session, user, invoice_id)
    settings = request.app.state.settings
    settle_record(session, invoice, record_id, decision, user=user, settings=settings, action=_DECISIONS[decision])
    return _panel(request, session, user, invoice)


def _panel_and_lines(request: Request, session: Session, user: User, invoice: InvoiceRow) -> Response:
    row = session.get_one(DocumentRow, invoice.document_id)
    return render(request, "document_corrected.html", **{**findings(session, user, row, invoice), "again": True})

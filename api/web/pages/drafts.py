"""补录: the list of supplement drafts, one draft with its fields, and the steps submitter and approver take."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from api import audit
from api.audit import Action
from api.draft_steps import take_step
from api.gate.database import Database
from api.gate.refusal import status_of
from api.gate.visitor import PageAccountant, PageUser
from api.queries.findings import find_draft, list_drafts
from api.queries.histories import people
from api.web.rendering import render
from matching import draft_fields, drafts
from models.errors import RequestError
from models.evidence import Source
from models.matching import DraftState
from models.tables import DraftRow, InvoiceRow, User

router = APIRouter(include_in_schema=False)

#: states in which fields may be changed; the first two may also be submitted
EDITABLE = (DraftState.DRAFT.value, DraftState.RETURNED.value, DraftState.WITHDRAWN.value)


@router.get("/drafts")
def drafts_page(
    *,
    request: Request,
    session: Database,
    user: PageUser,
    state: str = "",
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> Response:
    found = list_drafts(session, user, state=state, cursor=cursor)
    return render(
        request, "drafts.html", rows=found.rows, older=found.next_cursor, cursor=cursor, state=state,
        states=[s.value for s in DraftState], people=people(session),
    )  # fmt: skip


@router.get("/drafts/{number}")
def draft_page(request: Request, session: Database, user: PageUser, number: str) -> Response:
    return _page(request, session, find_draft(session, user, number), user)


@router.get("/drafts/{number}/print")
def printable(request: Request, session: Database, user: PageUser, number: str) -> Response:
    draft = find_draft(session, user, number)
    invoice = session.get_one(InvoiceRow, draft.invoice_id)
    return render(request, "draft_print.html", draft=draft, invoice=invoice, people=people(session))


async def changed_fields(request: Request) -> dict[str, str | None]:
    """Inputs named `field.<name>` of the form; a blank one means: not filled."""
    form = await request.form(max_files=0, max_fields=200)
    return {
        name.removeprefix("field."): value.strip() or None
        for name, value in form.items()
        if name.startswith("field.") and isinstance(value, str)
    }


Changes = Annotated[dict[str, str | None], Depends(changed_fields)]


@router.post("/drafts/{number}/edit")
def edit(request: Request, session: Database, user: PageAccountant, number: str, typed: Changes) -> Response:
    draft = find_draft(session, user, number)
    changes = _really_changed(draft, typed)
    try:
        if changes:
            drafts.edit(session, draft, changes, user_id=user.id)
    except RequestError as error:
        return _page(request, session, draft, user, error)
    audit.record(session, user.id, Action.WEB_DRAFT_EDIT, f"draft:{number}", {"changes": changes})
    return RedirectResponse(f"/drafts/{number}", 303)


def _really_changed(draft: DraftRow, typed: dict[str, str | None]) -> dict[str, str | None]:
    """Only what differs: an untouched value keeps the source it came from."""
    return {
        name: value
        for name, value in typed.items()
        if name in draft_fields.EDITABLE and name in draft.fields and value != (draft.fields[name]["value"] or None)
    }


@router.post("/drafts/{number}/submit")
def submit(request: Request, session: Database, user: PageAccountant, number: str) -> Response:
    return _act(request, session, user, number, Action.WEB_DRAFT_SUBMIT)


@router.post("/drafts/{number}/approve")
def approve(request: Request, session: Database, user: PageAccountant, number: str) -> Response:
    return _act(request, session, user, number, Action.WEB_DRAFT_APPROVE)


@router.post("/drafts/{number}/send-back")
def send_back(
    request: Request, session: Database, user: PageAccountant, number: str,
    reason: Annotated[str, Form(max_length=1000)] = "",
) -> Response:  # fmt: skip
    return _act(request, session, user, number, Action.WEB_DRAFT_SEND_BACK, reason=reason)


@router.post("/drafts/{number}/withdraw")
def withdraw(request: Request, session: Database, user: PageAccountant, number: str) -> Response:
    return _act(request, session, user, number, Action.WEB_DRAFT_WITHDRAW)


def _act(
    request: Request, session: Session, user: User, number: str, action: Action, *, reason: str | None = None
) -> Response:
    draft = find_draft(session, user, number)
    try:
        take_step(session, draft, action.rpartition(":")[2], user=user, reason=reason)
    except RequestError as error:
        return _page(request, session, draft, user, error)
    audit.record(session, user.id, action, f"draft:{number}", {"reason": reason} if reason else {})
    return RedirectResponse(f"/drafts/{number}", 303)


def _changed_since(draft: DraftRow, invoice: InvoiceRow) -> list[tuple[str, str]]:
    """Fields that the document now says otherwise than the draft took from it, with what it says now."""
    now = {name: field["value"] for name, field in invoice.data["fields"].items() if field["status"] == "accepted"}
    now["kind"] = invoice.kind
    taken = {n: f["value"] for n, f in draft.fields.items() if f["value"] and f["source"] != Source.USER.value}
    return [(name, now[name]) for name, value in taken.items() if now.get(name) and now[name] != value]


def _page(
    request: Request, session: Session, draft: DraftRow, user: User, error: RequestError | None = None
) -> Response:
    invoice = session.get_one(InvoiceRow, draft.invoice_id)
    return render(
        request,
        "draft.html",
        status_of(error) if error else 200,
        draft=draft,
        invoice=invoice,
        changed=_changed_since(draft, invoice),
        editable=draft.state in EDITABLE,
        submittable=draft.state in EDITABLE[:2],
        typed_fields=draft_fields.EDITABLE,
        own=draft.submitted_by == user.id,
        people=people(session),
        error=error,
    )

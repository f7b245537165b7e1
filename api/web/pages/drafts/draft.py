"""One supplement draft: its fields with suggestions from history, its thread, who completes it by when."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from api import audit
from api.audit import Action
from api.gate.database import Database
from api.gate.refusal import language_of, status_of
from api.gate.visitor import PageAccountant, PageUser, has_role
from api.queries.findings import find_draft
from api.queries.histories import people
from api.queries.imports import seen_record
from api.queries.supplements import reviewers
from api.supplement.telling import Words, told, told_support
from api.web.pages.drafts.listing import today
from api.web.rendering import render
from matching import draft_fields, drafts
from matching.supplement.attaching import attached
from matching.supplement.history import HISTORY, suggestions
from matching.supplement.tasks import days_late
from matching.supplement.workflow import Step, allowed
from models.errors import ChapiaoError, RequestError
from models.evidence import Source
from models.tables import DraftRow, InvoiceRow, User
from models.tables.accounts import Role

router = APIRouter()


@router.get("/drafts/{number}")
def draft_page(request: Request, session: Database, user: PageUser, number: str) -> Response:
    return show(request, session, find_draft(session, user, number), user)


async def changed_fields(request: Request) -> dict[str, str | None]:
    """Inputs named `field.<name>` of the form; a blank one means: not filled."""
    form = await request.form(max_files=0, max_fields=200)
    return {
        name.removeprefix("field."): value.strip() or None
        for name, value in form.items()
        if name.startswith("field.") and isinstance(value, str)
    }


Changes = Annotated[dict[str, str | None], Depends(changed_fields)]
Seen = Annotated[int | None, Form(alias="version")]


@router.post("/drafts/{number}/edit")
def edit(
    *, request: Request, session: Database, user: PageAccountant, number: str, typed: Changes, seen: Seen = None
) -> Response:
    draft = find_draft(session, user, number)
    try:
        _save(session, draft, typed, user, seen)
    except RequestError as error:
        return show(request, session, draft, user, error)
    return RedirectResponse(f"/drafts/{number}", 303)


@router.post("/drafts/{number}/adopt/{name}")
def adopt(
    *, request: Request, session: Database, user: PageAccountant, number: str, name: str, typed: Changes,
    value: Annotated[str, Form(max_length=300)], seen: Seen = None,
) -> Response:  # fmt: skip
    """What was typed beside the button is saved with it, not lost."""
    draft = find_draft(session, user, number)
    typed.pop(name, None)
    try:
        _save(session, draft, typed, user, seen)
        drafts.adopt(session, draft, name, value, user_id=user.id)
    except RequestError as error:
        return show(request, session, draft, user, error)
    audit.record(session, user.id, Action.WEB_DRAFT_ADOPT, f"draft:{number}", {"name": name, "value": value})
    return RedirectResponse(f"/drafts/{number}", 303)


@router.post("/drafts/{number}/drop/{name}")
def drop(session: Database, user: PageAccountant, number: str, name: str) -> Response:
    draft = find_draft(session, user, number)
    drafts.drop_adopted(session, draft, name, user_id=user.id)
    audit.record(session, user.id, Action.WEB_DRAFT_DROP, f"draft:{number}", {"name": name})
    return RedirectResponse(f"/drafts/{number}", 303)


@router.post("/drafts/{number}/comment")
def comment(
    request: Request, session: Database, user: PageUser, number: str, text: Annotated[str, Form(max_length=4000)] = ""
) -> Response:
    draft = find_draft(session, user, number)
    try:
        drafts.comment(session, draft, text, user_id=user.id)
    except RequestError as error:
        return show(request, session, draft, user, error)
    audit.record(session, user.id, Action.WEB_DRAFT_COMMENT, f"draft:{number}")
    return RedirectResponse(f"/drafts/{number}#comments", 303)


@router.post("/drafts/{number}/plan")
def plan(
    *, request: Request, session: Database, user: PageAccountant, number: str,
    assignee: Annotated[str, Form(max_length=20)] = "", due: Annotated[str, Form(max_length=10)] = "",
) -> Response:  # fmt: skip
    """Who completes it, by when."""
    draft = find_draft(session, user, number)
    try:
        day = _day(due)
        with session.begin_nested():  # what is refused leaves nothing behind
            drafts.assign(session, draft, int(assignee) if assignee.isdecimal() else None, user_id=user.id)
            if day is not None:
                drafts.set_due(session, draft, day, user_id=user.id)
    except RequestError as error:
        return show(request, session, draft, user, error)
    audit.record(session, user.id, Action.WEB_DRAFT_ASSIGN, f"draft:{number}", {"assignee": assignee, "due": due})
    return RedirectResponse(f"/drafts/{number}", 303)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise RequestError("invalid_request", what=text) from error


def _save(session: Session, draft: DraftRow, typed: dict[str, str | None], user: User, seen: int | None) -> None:
    """Only what differs: an untouched value keeps the source it came from."""
    changes = {
        name: value
        for name, value in typed.items()
        if name in draft_fields.EDITABLE and name in draft.fields and value != (draft.fields[name]["value"] or None)
    }
    if changes:
        drafts.edit(session, draft, changes, user_id=user.id, seen_version=seen)
        audit.record(session, user.id, Action.WEB_DRAFT_EDIT, f"draft:{draft.application_number}", {"changes": changes})


def _changed_since(draft: DraftRow, invoice: InvoiceRow) -> list[tuple[str, str]]:
    """Fields that the document now says otherwise than the draft took from it, with what it says now."""
    now = {name: field["value"] for name, field in invoice.data["fields"].items() if field["status"] == "accepted"}
    now["kind"] = invoice.kind
    own = (Source.USER.value, HISTORY)
    taken = {n: f["value"] for n, f in draft.fields.items() if f["value"] and f["source"] not in own}
    return [(name, now[name]) for name, value in taken.items() if now.get(name) and now[name] != value]


def show(
    request: Request, session: Session, draft: DraftRow, user: User, error: ChapiaoError | None = None
) -> Response:
    """The page of a draft; with an error, what was refused and why."""
    invoice = session.get_one(InvoiceRow, draft.invoice_id)
    names, words = people(session), Words(language_of(request))
    editable = allowed(draft, Step.EDIT) and has_role(user, Role.ACCOUNTANT)
    return render(
        request,
        "draft.html",
        status_of(error) if error else 200,
        draft=draft,
        invoice=invoice,
        record=seen_record(session, user, draft.record_id),
        changed=_changed_since(draft, invoice),
        editable=editable,
        submittable=allowed(draft, Step.SUBMIT),
        typed_fields=draft_fields.EDITABLE,
        suggestions={each.name: each for each in suggestions(session, draft)} if editable else {},
        told_support=lambda support: told_support(support, words),
        told=lambda event: told(event, words, names),
        attachments=attached(session, draft),
        reviewers=reviewers(session),
        late=days_late(draft, today()),
        people=names,
        error=error,
        **_standing(draft, user),
    )


def _standing(draft: DraftRow, user: User) -> dict[str, Any]:
    """What this person is to the draft."""
    return {
        "own": draft.submitted_by == user.id,
        "edited": draft.edited_by == user.id,
        "mine": draft.reviewer_id == user.id,
        "others": draft.reviewer_id is not None and draft.reviewer_id != user.id,
    }

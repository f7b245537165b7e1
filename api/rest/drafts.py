"""Supplement drafts over REST: the same steps as on the page, by the same rules."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api import audit
from api.audit import Action
from api.draft_steps import take_step
from api.gate.database import Database
from api.gate.visitor import RestAccountant, RestUser
from api.queries.documents import find_invoice
from api.queries.findings import find_draft, list_drafts
from api.rest.documents import Cursor, Limit
from api.rest.shapes import DraftShape
from matching import drafts
from models.errors import RequestError

router = APIRouter(tags=["drafts"])


class DraftPage(BaseModel):
    items: list[DraftShape]
    next_cursor: str | None


class NewDraft(BaseModel):
    invoice_id: int = Field(description="An invoice with status absent.")


class DraftChanges(BaseModel):
    fields: dict[str, str | None] = Field(description="Field → new value; null empties it.", max_length=100)


class StepDetails(BaseModel):
    reason: str | None = Field(None, max_length=1000, description="Needed to send back.")


@router.get("/drafts", summary="Drafts, newest first")
def all_drafts(
    session: Database,
    user: RestUser,
    state: Annotated[str, Query(max_length=20)] = "",
    cursor: Cursor = None,
    limit: Limit = 30,
) -> DraftPage:
    found = list_drafts(session, user, state=state, cursor=cursor, limit=limit)
    return DraftPage(items=[DraftShape.of(row) for row in found.rows], next_cursor=found.next_cursor)


@router.post("/drafts", status_code=201, summary="Draft the supplement of an absent invoice")
def create(session: Database, user: RestAccountant, wanted: NewDraft) -> DraftShape:
    """Gives the existing draft where the invoice already has one."""
    draft = drafts.draft_for(session, find_invoice(session, user, wanted.invoice_id), user_id=user.id)
    if draft is None:
        raise RequestError("draft_not_possible")
    audit.record(session, user.id, Action.REST_DRAFT_CREATE, f"draft:{draft.application_number}")
    return DraftShape.of(draft)


@router.get("/drafts/{application_number}", summary="One draft")
def one(session: Database, user: RestUser, application_number: str) -> DraftShape:
    return DraftShape.of(find_draft(session, user, application_number))


@router.patch("/drafts/{application_number}", summary="Change fields of a draft")
def edit(session: Database, user: RestAccountant, application_number: str, changes: DraftChanges) -> DraftShape:
    draft = find_draft(session, user, application_number)
    drafts.edit(session, draft, changes.fields, user_id=user.id)
    audit.record(session, user.id, Action.REST_DRAFT_EDIT, f"draft:{application_number}", {"changes": changes.fields})
    return DraftShape.of(draft)


@router.post("/drafts/{application_number}/{step}", summary="Submit, approve, send back or withdraw")
def act(
    session: Database,
    user: RestAccountant,
    application_number: str,
    step: Literal["submit", "approve", "send_back", "withdraw"],
    details: StepDetails | None = None,
) -> DraftShape:
    """The submitter cannot approve; to send back needs a `reason`."""
    draft = find_draft(session, user, application_number)
    reason = details.reason if details else None
    take_step(session, draft, step, user=user, reason=reason)
    audit.record(session, user.id, Action(f"rest:draft:{step}"), f"draft:{application_number}", {"reason": reason})
    return DraftShape.of(draft)

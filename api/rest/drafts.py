"""Supplement drafts over REST: the same steps as on the page, by the same rules."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from api import audit
from api.audit import Action
from api.draft_steps import take_step, take_steps
from api.gate.database import Database
from api.gate.refusal import language_of
from api.gate.visitor import RestAccountant, RestUser
from api.queries.documents import hold_invoice
from api.queries.findings import find_draft
from api.queries.supplements import DraftFilter, list_drafts
from api.queries.visibility import drafts_seen_by
from api.rest.documents import Cursor, Limit
from api.rest.shapes import DraftShape, ErrorShape
from api.supplement.progress import find_progress
from api.web.pages.drafts.listing import today
from matching import drafts
from matching.supplement.history import suggestions
from matching.supplement.tasks import tasks_of
from models.errors import RequestError

router = APIRouter(tags=["drafts"])


class DraftPage(BaseModel):
    items: list[DraftShape]
    next_cursor: str | None


class NewDraft(BaseModel):
    invoice_id: int = Field(description="An invoice with status absent.")


class DraftChanges(BaseModel):
    fields: dict[str, str | None] = Field(description="Field → new value; null empties it.", max_length=100)
    version: int | None = Field(None, description="The version changed; refused where the draft is at another.")


class Plan(BaseModel):
    assigned_to: int | None = Field(None, description="User who completes it; null: any accountant.")
    due_on: date | None = Field(None, description="Null leaves the day as it is.")


class StepDetails(BaseModel):
    reason: str | None = Field(None, max_length=1000, description="Needed to send back.")
    version: int | None = Field(None, description="The version decided on; refused where the draft is at another.")


class Adoption(BaseModel):
    name: str = Field(max_length=60, description="As in the suggestion.")
    value: str = Field(max_length=300, description="As in the suggestion; refused if the records no longer say it.")


class Comment(BaseModel):
    text: str = Field(max_length=4000)


class Chosen(BaseModel):
    number: str = Field(max_length=30)
    version: int | None = None


class Batch(BaseModel):
    step: Literal["submit", "take", "approve"]
    drafts: list[Chosen] = Field(max_length=200)


class BatchOutcome(BaseModel):
    number: str
    state: str | None
    error: ErrorShape | None


class TaskLists(BaseModel):
    """Application numbers, due soonest first; `overdue` are those of the other lists that are late."""

    returned: list[str]
    to_review: list[str]
    to_complete: list[str]
    overdue: list[str]


class ProgressShape(BaseModel):
    number: str = Field(description="As understood.")
    mistyped: bool = Field(description="The check digit is wrong.")
    partial: bool = Field(description="Not a whole number.")
    meant: list[str] = Field(description="Existing numbers one slip away, or that it is part of.")
    draft: DraftShape | None
    history: list[dict[str, Any]] = Field(description="when, who, what, details; oldest first.")


@router.get("/drafts", summary="Drafts")
def all_drafts(
    *,
    session: Database,
    user: RestUser,
    state: Annotated[str, Query(max_length=20, description="A state, or `open`.")] = "",
    held: Annotated[bool | None, Query(description="On hold until an import; left out: either.")] = None,
    company: Annotated[str, Query(max_length=30, description="Tax id of the buyer.")] = "",
    assignee: Annotated[int | None, Query(description="User who completes or reviews it.")] = None,
    due: Annotated[str, Query(description="overdue, today, week.")] = "",
    period: Annotated[str, Query(max_length=7, description="Month of issue, 2024-06.")] = "",
    text: Annotated[str, Query(max_length=100, description="In the numbers or the seller.")] = "",
    sort: Annotated[str, Query(description="newest, oldest, due, amount.")] = "newest",
    cursor: Cursor = None,
    limit: Limit = 30,
) -> DraftPage:
    wanted = DraftFilter(
        state=state, held=held, company=company, assignee=assignee, due=due, period=period, text=text, sort=sort
    )
    found = list_drafts(session, user, wanted, today=today(), cursor=cursor, limit=limit)
    return DraftPage(items=[DraftShape.of(row) for row in found.rows], next_cursor=found.next_cursor)


@router.get("/drafts/tasks", summary="What waits for you")
def tasks(session: Database, user: RestAccountant) -> TaskLists:
    found = tasks_of(session, user.id, today=today(), seen=drafts_seen_by(session, user))
    names = ("returned", "to_review", "to_complete", "overdue")
    return TaskLists(**{name: [row.application_number for row in getattr(found, name)] for name in names})


@router.get("/drafts/progress", summary="Where an application stands, by its number as typed")
def progress(
    request: Request, session: Database, user: RestUser, number: Annotated[str, Query(max_length=60)]
) -> ProgressShape:
    """Spaces, dashes and `BL` may be missing. A wrong check digit is told, with existing numbers one slip away."""
    found = find_progress(session, user, number, language_of(request))
    history = [{"when": h.when, "who": h.who, "what": h.what, "details": list(h.details)} for h in found.history]
    return ProgressShape(
        number=found.number, mistyped=found.mistyped, partial=found.partial, meant=list(found.meant),
        history=history,
        draft=DraftShape.of(found.draft) if found.draft else None,
    )  # fmt: skip


@router.post("/drafts", status_code=201, summary="Draft the supplement of an absent invoice")
def create(request: Request, session: Database, user: RestAccountant, wanted: NewDraft) -> DraftShape:
    """Gives the existing draft where the invoice already has one."""
    due_days = request.app.state.settings.supplement_due_days
    invoice = hold_invoice(session, user, wanted.invoice_id)
    draft = drafts.draft_for(session, invoice, user_id=user.id, due_days=due_days)
    if draft is None:
        raise RequestError("draft_not_possible")
    audit.record(session, user.id, Action.REST_DRAFT_CREATE, f"draft:{draft.application_number}")
    return DraftShape.of(draft)


@router.post("/drafts/batch", summary="One step for several drafts")
def batch(request: Request, session: Database, user: RestAccountant, wanted: Batch) -> list[BatchOutcome]:
    """Each draft in a transaction of its own: one that is refused leaves the others done. One on hold is refused."""
    session.commit()  # what follows has transactions of its own
    seen = [(each.number, each.version) for each in wanted.drafts]
    due_days = request.app.state.settings.supplement_due_days
    outcomes = take_steps(
        request.app.state.sessions, seen, wanted.step, user=user, channel="rest", due_days=due_days
    )  # fmt: skip
    language = language_of(request)
    return [
        BatchOutcome(number=o.number, state=o.state, error=ErrorShape(**o.error.export(language)) if o.error else None)
        for o in outcomes
    ]


@router.get("/drafts/{application_number}", summary="One draft")
def one(session: Database, user: RestUser, application_number: str) -> DraftShape:
    return DraftShape.of(find_draft(session, user, application_number))


@router.patch("/drafts/{application_number}", summary="Change fields of a draft")
def edit(session: Database, user: RestAccountant, application_number: str, changes: DraftChanges) -> DraftShape:
    draft = find_draft(session, user, application_number)
    drafts.edit(session, draft, changes.fields, user_id=user.id, seen_version=changes.version)
    audit.record(session, user.id, Action.REST_DRAFT_EDIT, f"draft:{application_number}", {"changes": changes.fields})
    return DraftShape.of(draft)


@router.get("/drafts/{application_number}/suggestions", summary="What earlier records say about the gaps")
def suggested(session: Database, user: RestAccountant, application_number: str) -> list[dict[str, Any]]:
    """Name, value, `agreeing` of `total` earlier invoices, which they are, which differ, and whether it is `adoptable`.
    Never a number, code, amount or date."""
    draft = find_draft(session, user, application_number)
    return [each.export() for each in suggestions(session, draft)]


@router.post("/drafts/{application_number}/adopt", summary="Take a suggestion over")
def adopt(session: Database, user: RestAccountant, application_number: str, wanted: Adoption) -> DraftShape:
    draft = find_draft(session, user, application_number)
    drafts.adopt(session, draft, wanted.name, wanted.value, user_id=user.id)
    audit.record(session, user.id, Action.REST_DRAFT_ADOPT, f"draft:{application_number}", wanted.model_dump())
    return DraftShape.of(draft)


@router.post("/drafts/{application_number}/comments", status_code=201, summary="Say something in the draft's thread")
def comment(session: Database, user: RestUser, application_number: str, said: Comment) -> DraftShape:
    draft = find_draft(session, user, application_number)
    drafts.comment(session, draft, said.text, user_id=user.id)
    audit.record(session, user.id, Action.REST_DRAFT_COMMENT, f"draft:{application_number}")
    return DraftShape.of(draft)


@router.put("/drafts/{application_number}/plan", summary="Who completes it, by when")
def plan(session: Database, user: RestAccountant, application_number: str, wanted: Plan) -> DraftShape:
    draft = find_draft(session, user, application_number)
    drafts.assign(session, draft, wanted.assigned_to, user_id=user.id)
    if wanted.due_on is not None:
        drafts.set_due(session, draft, wanted.due_on, user_id=user.id)
    detail = wanted.model_dump(mode="json")
    audit.record(session, user.id, Action.REST_DRAFT_ASSIGN, f"draft:{application_number}", detail)
    return DraftShape.of(draft)


@router.post("/drafts/{application_number}/{step}", summary="Take up, submit, review, send back or withdraw")
def act(
    *,
    request: Request,
    session: Database,
    user: RestAccountant,
    application_number: str,
    step: Literal["take_up", "submit", "take", "release", "approve", "send_back", "withdraw"],
    details: StepDetails | None = None,
) -> DraftShape:
    """Neither the submitter nor whoever edited last can approve; to send back needs a `reason`. `take_up` ends a hold,
    and so does `submit`."""
    draft = find_draft(session, user, application_number)
    given = details or StepDetails()
    due_days = request.app.state.settings.supplement_due_days
    take_step(session, draft, step, user=user, due_days=due_days, reason=given.reason, seen=given.version)
    audit.record(
        session, user.id, Action(f"rest:draft:{step}"), f"draft:{application_number}", {"reason": given.reason}
    )
    return DraftShape.of(draft)

"""Our companies and branches over REST: listed, registered, changed, closed. Nothing is removed here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Request
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api import audit
from api.audit import Action
from api.gate.database import Database
from api.gate.visitor import RestAccountant, RestAdministrator
from api.importing.aside import match_again
from api.queries.visibility import seen_tree
from api.rest.shapes import CompanyShape
from matching.companies import MATCHED_BY, add_company, close_company, edit_company, find_company
from models.tables import CompanyRow, User

router = APIRouter(tags=["companies"])

Name = Annotated[str, Field(max_length=200)]
TaxId = Annotated[str, Field(max_length=40)]
FormerNames = Annotated[
    list[Annotated[str, Field(max_length=220)]],
    Field(max_length=20, description="A name may end with its last day: `青禾商行 2023-05-31`."),
]
ShortName = Annotated[str | None, Field(max_length=80)]
Note = Annotated[str | None, Field(max_length=2000)]
ParentId = Annotated[int | None, Field(description="The head office.")]


class CompanyList(BaseModel):
    items: list[CompanyShape]


class NewCompany(BaseModel):
    name: Name
    tax_id: TaxId = Field("", description="Blank with a parent: a branch that uses its head office's.")
    former_names: FormerNames = []
    short_name: ShortName = None
    parent_id: ParentId = None
    note: Note = None


class CompanyChanges(BaseModel):
    """Only what is given is changed."""

    name: Name = ""
    tax_id: TaxId = ""
    shares_tax_id: bool = Field(False, description="Uses its head office's tax id.")
    former_names: FormerNames = []
    short_name: ShortName = None
    parent_id: ParentId = None
    note: Note = None


class Closing(BaseModel):
    on: date | None = Field(description="Last day of business; null opens it again.")


@router.get("/companies", summary="Our companies, each branch below its head office")
def companies(session: Database, user: RestAccountant) -> CompanyList:
    return CompanyList(items=[CompanyShape.of(row) for row, _ in seen_tree(session, user)])


@router.post("/companies", status_code=201, summary="Register a company or a branch")
def register_company(
    request: Request, session: Database, user: RestAdministrator, background: BackgroundTasks, company: NewCompany
) -> CompanyShape:
    """A known tax id is updated; its earlier name is kept as a former one."""
    row = add_company(
        session, name=company.name, tax_id=company.tax_id, former_names=company.former_names,
        short_name=company.short_name, note=company.note,
        parent=find_company(session, company.parent_id) if company.parent_id is not None else None,
    )  # fmt: skip
    return _noted(request, session, user, background, row, action=Action.REST_COMPANY_ADD, changed={})


@router.patch("/companies/{company_id}", summary="Change a company")
def change_company(
    *,
    request: Request,
    session: Database,
    user: RestAdministrator,
    background: BackgroundTasks,
    company_id: int,
    changes: CompanyChanges,
) -> CompanyShape:
    row = find_company(session, company_id)
    changed = edit_company(session, row, changes.model_dump(exclude_unset=True))
    if not changed:
        return CompanyShape.of(row)
    return _noted(request, session, user, background, row, action=Action.REST_COMPANY_EDIT, changed=changed)


@router.post("/companies/{company_id}/close", summary="Close a company with its last day, or open it again")
def close(
    *,
    request: Request,
    session: Database,
    user: RestAdministrator,
    background: BackgroundTasks,
    company_id: int,
    closing: Closing,
) -> CompanyShape:
    """What was issued up to that day stays ours."""
    row = find_company(session, company_id)
    day = closing.on.isoformat() if closing.on else None
    before = row.closed_on.isoformat() if row.closed_on else None
    close_company(session, row, closing.on)
    action = Action.REST_COMPANY_CLOSE if closing.on else Action.REST_COMPANY_REOPEN
    return _noted(request, session, user, background, row, action=action, changed={"closed_on": [before, day]})


def _noted(
    request: Request, session: Session, user: User, background: BackgroundTasks, row: CompanyRow, *, action: Action,
    changed: Mapping[str, Any],
) -> CompanyShape:  # fmt: skip
    """Written to the trail; matched again where it can decide a match, after the answer where that is much."""
    detail = {"name": row.name, **({"changes": dict(changed)} if changed else {})}
    audit.record(session, user.id, action, f"company:{row.tax_id}", detail)
    if not changed or changed.keys() & MATCHED_BY:
        work = match_again(session, request.app.state.settings, name=row.name, user_id=user.id, channel="rest")
        if work is not None:
            background.add_task(request.app.state.imports.take_up, work.token)
    return CompanyShape.of(row)

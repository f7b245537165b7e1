"""The records, one record with its story, and who "we" are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from api import audit
from api.audit import Action
from api.gate.database import Database
from api.gate.visitor import PageAccountant, PageAdministrator
from api.importing.staging import WORKING, list_staged
from api.queries.findings import count_records, list_records
from api.queries.histories import people
from api.queries.imports import (
    damaged_cells,
    find_record,
    imports_named,
    invoices_of,
    page_of_imports,
    story_of,
)
from api.queries.visibility import seen_companies
from api.rematching import match_all_again
from api.web.rendering import render
from extraction.checks import uscc
from matching.companies import add_company, find_company, remove_company
from models.errors import RequestError
from models.tables import User

router = APIRouter(include_in_schema=False)


@router.get("/records")
def records_page(
    *,
    request: Request,
    session: Database,
    user: PageAccountant,
    text: str = "",
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> Response:
    found = list_records(session, user, text=text, cursor=cursor)
    return render(
        request, "records.html", rows=found.rows, older=found.next_cursor, cursor=cursor, text=text,
        imports=page_of_imports(session, user, limit=5).rows, people=people(session),
        total=count_records(session, user), staged=list_staged(session, user), working=WORKING,
        companies=seen_companies(session, user),
    )  # fmt: skip


@router.get("/records/{record_id:int}")
def record_page(request: Request, session: Database, user: PageAccountant, record_id: int) -> Response:
    """One record: its fields, what each import made of it, the document that is its, its item rows."""
    record = find_record(session, user, record_id)
    steps = story_of(session, record)
    return render(
        request, "record.html", record=record, steps=steps, invoices=invoices_of(session, user, record),
        source=imports_named(session, [record.import_id]), damaged=damaged_cells(record),
    )  # fmt: skip


@router.get("/companies")
def companies_page(request: Request, session: Database, user: PageAccountant, first: int = 0) -> Response:
    return _companies(request, session, user, first=bool(first))


@router.post("/companies")
def add_company_page(
    *,
    request: Request,
    session: Database,
    user: PageAdministrator,
    name: Annotated[str, Form(max_length=200)] = "",
    tax_id: Annotated[str, Form(max_length=40)] = "",
    former_names: Annotated[str, Form(max_length=2000)] = "",
    sure: Annotated[bool, Form()] = False,
) -> Response:
    form = {"name": name, "tax_id": tax_id, "former_names": former_names}
    typed_id = "".join(tax_id.split()).upper()
    if len(typed_id) == 18 and not uscc.valid(typed_id) and not sure:
        return _companies(request, session, user, 422, form=form, doubted=True, perhaps=uscc.repair(typed_id))
    try:
        company = add_company(session, name=name, tax_id=tax_id, former_names=former_names.splitlines())
    except RequestError as error:
        return _companies(request, session, user, 422, form=form, error=error)
    audit.record(session, user.id, Action.WEB_COMPANY_ADD, f"company:{company.tax_id}", {"name": company.name})
    _ours_changed(request, session, user)
    return RedirectResponse("/companies", 303)


@router.post("/companies/{tax_id}/remove")
def remove_company_page(request: Request, session: Database, user: PageAdministrator, tax_id: str) -> Response:
    company = find_company(session, tax_id)
    remove_company(session, company)
    audit.record(session, user.id, Action.WEB_COMPANY_REMOVE, f"company:{tax_id}", {"name": company.name})
    _ours_changed(request, session, user)
    return RedirectResponse("/companies", 303)


def _ours_changed(request: Request, session: Session, user: User) -> None:
    """What was "not ours" may have become ours, and absent; or the reverse."""
    match_all_again(session, settings=request.app.state.settings, user_id=user.id)


def _companies(
    request: Request, session: Session, user: User, status: int = 200, *, first: bool = False,
    error: RequestError | None = None, form: Mapping[str, str] | None = None, doubted: bool = False,
    perhaps: Sequence[str] = (),
) -> Response:  # fmt: skip
    """`doubted`: the check digit of the id does not fit; `perhaps`: ids that one mistake away would."""
    return render(
        request, "companies.html", status, rows=seen_companies(session, user), error=error, first=first,
        form=form or {}, doubted=doubted, perhaps=perhaps,
    )  # fmt: skip

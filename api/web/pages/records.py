"""Records and the imports they came from: what each covers, which rows were refused; and who "we" are."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from api import audit
from api.audit import Action
from api.gate.database import Database
from api.gate.receiving import Uploaded
from api.gate.refusal import language_of
from api.gate.visitor import PageAccountant, PageAdministrator
from api.importing import import_uploads
from api.queries.findings import count_records, list_imports, list_records
from api.queries.histories import people
from api.web.rendering import render
from api.web.texts import text as text_of
from matching.companies import add_company, list_companies
from matching.service import rematch
from models.errors import RequestError

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
    found = list_records(session, text=text, cursor=cursor)
    return render(
        request, "records.html", rows=found.rows, older=found.next_cursor, cursor=cursor, text=text,
        imports=list_imports(session, limit=10), people=people(session), total=count_records(session), outcomes=None,
    )  # fmt: skip


@router.post("/records/imports")
def import_page(request: Request, session: Database, user: PageAccountant, uploaded: Uploaded) -> Response:
    if not uploaded.files:
        raise RequestError("invalid_request", what=text_of("upload.nothing", language_of(request)))
    outcomes = import_uploads(
        session, request.app.state.settings, uploaded, user=user, action=Action.WEB_RECORDS_IMPORT
    )
    return render(
        request, "records.html", rows=list_records(session).rows, older=None, cursor=None, text="",
        imports=list_imports(session, limit=10), people=people(session), total=count_records(session),
        outcomes=outcomes,
    )  # fmt: skip


@router.get("/companies")
def companies_page(request: Request, session: Database, user: PageAccountant, first: int = 0) -> Response:
    return render(request, "companies.html", rows=list_companies(session), error=None, first=bool(first), form={})


@router.post("/companies")
def add_company_page(
    *,
    request: Request,
    session: Database,
    user: PageAdministrator,
    name: Annotated[str, Form(max_length=200)] = "",
    tax_id: Annotated[str, Form(max_length=40)] = "",
    former_names: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    try:
        company = add_company(session, name=name, tax_id=tax_id, former_names=former_names.splitlines())
    except RequestError as error:
        form = {"name": name, "tax_id": tax_id, "former_names": former_names}
        rows = list_companies(session)
        return render(request, "companies.html", 422, rows=rows, error=error, first=False, form=form)
    audit.record(session, user.id, Action.WEB_COMPANY_ADD, f"company:{company.tax_id}", {"name": company.name})
    rematch(session, today=date.today(), settings=request.app.state.settings)  # "not ours" may have become ours
    return RedirectResponse("/companies", 303)

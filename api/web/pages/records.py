"""The records, and one record with its story."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.gate.database import Database
from api.gate.visitor import PageAccountant
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
from api.queries.red import ties_of_record
from api.queries.visibility import seen_companies
from api.web.rendering import render

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
        ties=ties_of_record(session, user, record),
    )  # fmt: skip

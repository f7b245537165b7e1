"""未入账 and 缺单据: invoices without a record, with their causes, and records without a document."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from api.gate.database import Database
from api.gate.visitor import PageAccountant, PageUser
from api.queries.findings import absent_by_cause, any_records, list_absent, list_records
from api.web.rendering import render
from matching.companies import list_companies
from models.matching import CauseCode

router = APIRouter(include_in_schema=False)
Cursor = Annotated[str | None, Query(max_length=300)]


@router.get("/absent")
def absent_page(
    request: Request, session: Database, user: PageUser, cause: CauseCode | None = None, cursor: Cursor = None
) -> Response:
    found = list_absent(session, user, cause=cause.value if cause else None, cursor=cursor)
    return render(
        request, "absent.html", rows=found.rows, older=found.next_cursor, cursor=cursor,
        sums=absent_by_cause(session, user), cause=cause.value if cause else "",
        no_records=not any_records(session), no_companies=not list_companies(session),
    )  # fmt: skip


@router.get("/absent/reconciliation.xlsx")
def workbook(
    user: PageAccountant, period: Annotated[str, Query(pattern=r"^(\d{4}-(0[1-9]|1[0-2]))?$")] = ""
) -> Response:
    """The address it had before the reconciliation had pages of its own: kept for bookmarks."""
    return RedirectResponse("/reconciliation/report.xlsx" + (f"?period={period}" if period else ""), 308)


@router.get("/absent/records")
def records_without_document(
    *, request: Request, session: Database, user: PageAccountant, text: str = "", cursor: Cursor = None
) -> Response:
    found = list_records(session, user, text=text, without_document=True, cursor=cursor)
    return render(request, "no_document.html", rows=found.rows, older=found.next_cursor, cursor=cursor, text=text)

"""核对: both sides for a period and a company, the lists behind each figure, exports, and the saved self-checks."""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, BackgroundTasks, Depends, Form, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import FileResponse, RedirectResponse, Response

from api import audit
from api.audit import Action
from api.gate.database import Database
from api.gate.refusal import language_of
from api.gate.visitor import PageAccountant
from api.queries.histories import people
from api.queries.reconciliation import documents_of_class, records_of_class
from api.queries.visibility import check_scope, scope_for, seen_checks, seen_companies, sees_check
from api.reconciliation_print import reconciliation_pdf
from api.report_language import words_in
from api.self_check import digest_of, digest_text, previous_of, take_and_audit
from api.web.charts import HEIGHT, WIDTH, weeks_chart
from api.web.rendering import render
from matching.companies import list_companies
from matching.reconciliation import Scope, summarise
from matching.reconciliation.ageing import Age
from matching.reconciliation.self_check import sums_of
from matching.reconciling import reconcile
from matching.report import write_xlsx
from models.errors import RequestError
from models.tables import SelfCheckRow, User

router = APIRouter(include_in_schema=False)
Cursor = Annotated[str | None, Query(max_length=300)]
SHOWN = 30  #: sellers and imports shown on the screen
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Choice:
    """The period and the company that were chosen."""

    first: str
    last: str
    company: str

    @property
    def period(self) -> str:
        ends = [month for month in (self.first, self.last) if _MONTH.fullmatch(month)]
        return "..".join(dict.fromkeys(sorted(ends)))

    def scope(self, session: Session, user: User) -> Scope:
        return scope_for(session, user, self.period, self.company or None)

    def query(self, **more: str) -> str:
        asked = {"first": self.first, "last": self.last, "company": self.company, **more}
        return urlencode({name: value for name, value in asked.items() if value})


def _choice(
    first: Annotated[str, Query(max_length=10)] = "", last: Annotated[str, Query(max_length=10)] = "",
    company: Annotated[str, Query(max_length=30)] = "",
) -> Choice:  # fmt: skip
    return Choice(first, last, company)


Chosen = Annotated[Choice, Depends(_choice)]


@router.get("/reconciliation")
def reconciliation_page(request: Request, session: Database, user: PageAccountant, chosen: Chosen) -> Response:
    summary = summarise(session, chosen.scope(session, user), as_of=date.today())
    return render(
        request, "reconciliation.html", chosen=chosen, summary=summary,
        companies=seen_companies(session, user), shown=SHOWN,
        chart=weeks_chart(summary.weeks), chart_width=WIDTH, chart_height=HEIGHT,
    )  # fmt: skip


@router.get("/reconciliation/documents")
def documents_list(
    *,
    request: Request, session: Database, user: PageAccountant, chosen: Chosen, status: str = "", cause: str = "",
    age: str = "", cursor: Cursor = None,
) -> Response:  # fmt: skip
    found = documents_of_class(
        session,
        chosen.scope(session, user),
        status=status,
        cause=cause,
        age=_age(age),
        as_of=date.today(),
        cursor=cursor,
    )
    return render(
        request, "reconciliation_documents.html", chosen=chosen, rows=found.rows, status=status, cause=cause, age=age,
        older=chosen.query(status=status, cause=cause, age=age, cursor=found.next_cursor) if found.next_cursor else "",
        cursor=cursor,
    )  # fmt: skip


@router.get("/reconciliation/records")
def records_list(
    *,
    request: Request, session: Database, user: PageAccountant, chosen: Chosen, name: str = "", age: str = "",
    seller: str = "", cursor: Cursor = None,
) -> Response:  # fmt: skip
    found = records_of_class(
        session, chosen.scope(session, user), name=name, age=_age(age), seller=seller, as_of=date.today(), cursor=cursor
    )
    return render(
        request, "reconciliation_records.html", chosen=chosen, rows=found.rows, name=name, age=age, seller=seller,
        older=chosen.query(name=name, age=age, seller=seller, cursor=found.next_cursor) if found.next_cursor else "",
        cursor=cursor,
    )  # fmt: skip


def _age(text: str) -> Age | None:
    return Age(text) if text in set(Age) else None


@router.get("/reconciliation/report.xlsx")
def workbook(
    request: Request, session: Database, user: PageAccountant, background: BackgroundTasks, chosen: Chosen
) -> Response:
    """Both sides as an Excel workbook."""
    folder = tempfile.mkdtemp()
    background.add_task(shutil.rmtree, folder)
    path = Path(folder) / "reconciliation.xlsx"
    scope = chosen.scope(session, user)
    summary = summarise(session, scope, as_of=date.today())
    words = words_in(language_of(request))
    write_xlsx(reconcile(session, scope=scope, worded=words.finding), path, summary=summary, words=words)
    _noted(session, user.id, scope, "xlsx")
    return FileResponse(path, filename=f"核对表{scope.period}.xlsx", background=background)


@router.get("/reconciliation/report.pdf")
def report(
    request: Request, session: Database, user: PageAccountant, background: BackgroundTasks, chosen: Chosen
) -> Response:
    """The printable report."""
    scope = chosen.scope(session, user)
    summary = summarise(session, scope, as_of=date.today())
    words = words_in(language_of(request))
    rows = reconcile(session, scope=scope, worded=words.finding)
    folder = tempfile.mkdtemp()
    background.add_task(shutil.rmtree, folder)
    path = Path(folder) / "reconciliation.pdf"
    path.write_bytes(reconciliation_pdf(rows, summary, words))
    _noted(session, user.id, scope, "pdf")
    name = f"核对报告{scope.period}.pdf"
    return FileResponse(path, filename=name, media_type="application/pdf", background=background)


def _noted(session: Database, user_id: int, scope: Scope, form: str) -> None:
    detail = {"form": form, "period": scope.period, "company": scope.company_tax_id}
    audit.record(session, user_id, Action.WEB_RECONCILIATION_EXPORT, None, detail)


@router.get("/reconciliation/checks")
def checks_page(request: Request, session: Database, user: PageAccountant) -> Response:
    rows = [(row, digest_of(session, row)) for row in seen_checks(session, user)]
    names = {company.tax_id: company.name for company in list_companies(session)}
    return render(request, "self_checks.html", rows=rows, names=names, people=people(session))


@router.post("/reconciliation/checks")
def take_check(
    session: Database, user: PageAccountant, first: Annotated[str, Form(max_length=10)] = "",
    last: Annotated[str, Form(max_length=10)] = "", company: Annotated[str, Form(max_length=30)] = "",
) -> Response:  # fmt: skip
    scope = check_scope(session, user, Choice(first, last, company).period, company or None)
    row = take_and_audit(session, scope, as_of=date.today(), user_id=user.id, source="web")
    return RedirectResponse(f"/reconciliation/checks/{row.id}", 303)


@router.get("/reconciliation/checks/{check_id}")
def check_page(request: Request, session: Database, user: PageAccountant, check_id: int) -> Response:
    row = session.get(SelfCheckRow, check_id)
    if row is None or not sees_check(session, user, row):
        raise RequestError("no_such_item", what=str(check_id))
    before = previous_of(session, row)
    sides = [
        (side, sums_of(row, side), sums_of(before, side) if before else {}) for side in ("records", "documents")
    ]  # fmt: skip
    return render(
        request, "self_check.html", row=row, before=before, sides=sides, digest=digest_of(session, row),
        text=digest_text(session, row, language_of(request)),
    )  # fmt: skip

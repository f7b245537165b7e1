"""Search, the figures of a reconciliation, its exports, and the saved self-checks over REST."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, BackgroundTasks, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import FileResponse, Response

from api import audit
from api.audit import Action
from api.gate.database import Database
from api.gate.refusal import language_of
from api.gate.visitor import RestAccountant, RestUser
from api.queries.searching import found_in, line_of, seen_by
from api.queries.visibility import check_scope, scope_for, seen_checks
from api.reconciliation_print import reconciliation_pdf
from api.report_language import words_in
from api.rest.documents import Cursor, Limit
from api.rest.shapes import money
from api.self_check import digest_of, digest_text, take_and_audit
from matching.reconciliation import summarise
from matching.reconciliation.self_check import Item
from matching.reconciliation.totals import Sums, Tally
from matching.reconciling import reconcile
from matching.report import write_xlsx
from matching.searching import Asked, Kind, index_of, take_apart
from models.errors import RequestError
from models.money import parse_money
from models.tables import SelfCheckRow

router = APIRouter()

Period = Annotated[str, Query(max_length=30, description="Of issue: 2024-06, 2024-04..2024-06, or days.")]
Company = Annotated[str, Query(max_length=30, description="Tax id of one of our companies.")]


class HitShape(BaseModel):
    """One thing that was found. `found` says in which fields."""

    kind: str = Field(description="document, record, draft.")
    id: int
    approximate: bool = Field(description="One digit or one character differs from what was asked for.")
    number: str | None
    invoice_code: str | None
    issue_date: str | None
    seller_name: str | None
    buyer_name: str | None
    total_incl_tax: str | None
    status: str | None
    document: str | None = None
    document_id: str | None = None
    application_number: str | None = None
    found: list[dict[str, str]]


class HitList(BaseModel):
    """`complete` false: the index is still being read, and more may be found in a while."""

    items: list[HitShape]
    exact: int
    approximate: int | None = Field(description="Null where nobody looked: exact hits were found, `nearly` not asked.")
    complete: bool
    next_cursor: str | None


class SumsShape(BaseModel):
    count: int
    total_excl_tax: str | None
    total_tax: str | None
    total_incl_tax: str | None

    @classmethod
    def of(cls, sums: Sums) -> SumsShape:
        return cls(
            count=sums.count,
            total_excl_tax=money(sums.net),
            total_tax=money(sums.tax),
            total_incl_tax=money(sums.gross),
        )  # fmt: skip


class SideShape(BaseModel):
    """One side by class. `difference` is the whole less the sum of the classes, and must be nothing."""

    classes: dict[str, SumsShape]
    whole: SumsShape
    difference: SumsShape

    @classmethod
    def of(cls, tally: Tally) -> SideShape:
        return cls(
            classes={name: SumsShape.of(sums) for name, sums in tally.classes.items()}, whole=SumsShape.of(tally.whole),
            difference=SumsShape.of(tally.difference),
        )  # fmt: skip


class SummaryShape(BaseModel):
    period: str
    company: str | None
    as_of: date
    ties_out: bool
    records: SideShape
    documents: SideShape
    ageing: list[dict[str, Any]]
    differences: list[dict[str, Any]]
    owed: list[dict[str, Any]] = Field(description="Records without a document by seller, the largest amount first.")
    weeks: list[dict[str, Any]]


class SelfCheckShape(BaseModel):
    id: int
    taken_at: datetime
    as_of: date
    period: str
    company_tax_id: str
    previous_id: int | None
    new: list[dict[str, Any]]
    settled: list[dict[str, Any]]
    overdue: list[dict[str, Any]]
    digest: str


class SelfCheckList(BaseModel):
    items: list[SelfCheckShape]


@router.get("/search", tags=["search"], summary="Find documents, records or drafts")
def search(
    *,
    session: Database,
    user: RestUser,
    q: Annotated[str, Query(max_length=200, description="Numbers, names, pinyin, amounts, days; all must hold.")] = "",
    kind: Literal["document", "record", "draft"] = "document",
    status: Annotated[str, Query(max_length=30)] = "",
    invoice_kind: Annotated[str, Query(max_length=40)] = "",
    direction: Annotated[str, Query(max_length=10)] = "",
    since: date | None = None,
    until: date | None = None,
    least: Annotated[str, Query(max_length=20, description="Amount, at least.")] = "",
    most: Annotated[str, Query(max_length=20)] = "",
    tax_id: Annotated[str, Query(max_length=30)] = "",
    nearly: Annotated[bool, Query(description="Also what is one digit or character away.")] = False,
    cursor: Cursor = None,
    limit: Limit = 30,
) -> HitList:
    """Staff find their own documents and drafts; records are for accountants."""
    asked = Asked(
        terms=take_apart(q), statuses=(status,) if status else (), kinds=(invoice_kind,) if invoice_kind else (),
        direction=direction, first=since, last=until, tax_id=tax_id, nearly=nearly,
    )  # fmt: skip
    asked = replace(asked, least=_fen("least", least), most=_fen("most", most))
    index = index_of(session)
    standing = index.follow(session)
    page = found_in(session, index, seen_by(session, user), Kind(kind), asked, cursor=cursor, limit=limit)
    return HitList(
        items=[HitShape(**line_of(Kind(kind), hit)) for hit in page.rows], exact=page.exact, approximate=page.nearly,
        complete=standing.ready and not standing.catching_up, next_cursor=page.next_cursor,
    )  # fmt: skip


def _fen(name: str, text: str) -> int | None:
    value = parse_money(text) if text else None
    if text and value is None:
        raise RequestError("invalid_request", what=name)
    return None if value is None else int(value * 100)


@router.get("/reconcile/summary", tags=["reconciliation"], summary="Totals of both sides, and what they say")
def summary(session: Database, user: RestAccountant, period: Period = "", company: Company = "") -> SummaryShape:
    """Totals tie out when every `difference` is nothing and the imports add up to the records."""
    found = summarise(session, scope_for(session, user, period, company or None), as_of=date.today())
    return SummaryShape(
        period=found.scope.period, company=found.company, as_of=found.as_of, ties_out=found.ties_out,
        records=SideShape.of(found.records), documents=SideShape.of(found.documents),
        ageing=[
            {"age": each.age.value, "absent": each.absent, "absent_total": money(each.absent_gross),
             "no_document": each.no_document, "no_document_total": money(each.no_document_gross)}
            for each in found.ageing
        ],
        differences=[
            {"field": each.field, "count": each.count, "amount": None if each.amount is None else str(each.amount)}
            for each in found.differences
        ],
        owed=[
            {"seller_name": each.seller_name, "seller_tax_id": each.seller_tax_id, "buyer_name": each.buyer_name,
             "count": each.count, "total_incl_tax": money(each.gross),
             "holder": each.holder.name if each.holder else None}
            for each in found.owed[:1000]
        ],
        weeks=[
            {"begins": each.begins.isoformat(), "documents": each.documents, "absent": each.absent,
             "causes": each.causes}
            for each in found.weeks
        ],
    )  # fmt: skip


@router.get("/reconcile/report.{form}", tags=["reconciliation"], summary="The reconciliation as a workbook or a PDF",
            response_class=FileResponse)  # fmt: skip
def report(
    request: Request, session: Database, user: RestAccountant, background: BackgroundTasks,
    form: Literal["xlsx", "pdf"], *, period: Period = "", company: Company = "",
) -> Response:  # fmt: skip
    scope = scope_for(session, user, period, company or None)
    folder = tempfile.mkdtemp()
    background.add_task(shutil.rmtree, folder)
    path = Path(folder) / f"reconciliation.{form}"
    words = words_in(language_of(request))
    rows = reconcile(session, scope=scope, worded=words.finding)
    figures = summarise(session, scope, as_of=date.today())
    if form == "xlsx":
        write_xlsx(rows, path, summary=figures, words=words)
    else:
        path.write_bytes(reconciliation_pdf(rows, figures, words))
    detail = {"form": form, "period": scope.period, "company": scope.company_tax_id}
    audit.record(session, user.id, Action.REST_RECONCILIATION_EXPORT, None, detail)
    return FileResponse(path, filename=path.name, background=background)


@router.get("/self-checks", tags=["reconciliation"], summary="Saved self-checks, newest first")
def self_checks(request: Request, session: Database, user: RestAccountant) -> SelfCheckList:
    return SelfCheckList(items=[_shape(session, row, language_of(request)) for row in seen_checks(session, user)[:20]])


@router.post("/self-checks", tags=["reconciliation"], status_code=201, summary="Keep the reconciliation as it stands")
def take_self_check(
    request: Request, session: Database, user: RestAccountant, period: Period = "", company: Company = ""
) -> SelfCheckShape:
    """Nothing is sent to anybody; `digest` is text to copy."""
    scope = check_scope(session, user, period, company or None)
    row = take_and_audit(session, scope, as_of=date.today(), user_id=user.id, source="rest")
    return _shape(session, row, language_of(request))


def _shape(session: Database, row: SelfCheckRow, language: str) -> SelfCheckShape:
    found = digest_of(session, row)
    return SelfCheckShape(
        id=row.id, taken_at=row.taken_at, as_of=row.as_of, period=row.period, company_tax_id=row.company_tax_id,
        previous_id=row.previous_id, new=_items(found.new), settled=_items(found.settled),
        overdue=_items(found.overdue), digest=digest_text(session, row, language),
    )  # fmt: skip


def _items(items: tuple[Item, ...]) -> list[dict[str, Any]]:
    return [
        {"status": each.status, "cause": each.cause, "issue_date": each.day, "number": each.number,
         "seller_name": each.seller, "total_incl_tax": money(each.gross)}
        for each in items
    ]  # fmt: skip

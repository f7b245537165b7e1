"""Imports on the pages: upload, preview, decide; one import with its problems and undo; which months were imported."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, BackgroundTasks, Form, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from api import audit
from api.audit import Action
from api.gate.database import Database
from api.gate.receiving import Uploaded
from api.gate.refusal import language_of
from api.gate.visitor import PageAccountant
from api.importing import staging
from api.importing.aside import under_way
from api.importing.undoing import find_import, undo
from api.importing.working import rows_read
from api.queries.histories import people
from api.queries.imports import coverage_calendar, events_of, newest_year, page_of_imports, years_covered
from api.queries.visibility import seen_companies
from api.web.rendering import render
from api.web.sayings import in_english
from api.web.texts import text as text_of
from matching.importing.changes import undo_refusal
from matching.importing.problem_sheet import advice, is_damage, is_refused, write_problem_sheet
from models.errors import ChapiaoError, RequestError
from models.tables import StagedImportRow, User
from models.tables.importing import Purpose, StagedState

router = APIRouter(include_in_schema=False)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_PROBLEMS = 100


@router.post("/records/imports")
def upload_tables(
    request: Request, session: Database, user: PageAccountant, uploaded: Uploaded, background: BackgroundTasks
) -> Response:
    """Each file is kept and looked at; nothing is stored before a person says so."""
    if not uploaded.files:
        raise RequestError("invalid_request", what=text_of("upload.nothing", language_of(request)))
    fields = uploaded.fields
    said = staging.stated(fields.get("direction", ""), fields.get("owner_tax_id", ""))
    staged: list[StagedImportRow] = []
    refused: list[tuple[str, ChapiaoError]] = []
    for file in uploaded.files:
        try:
            row = staging.stage(
                session, request.app.state.settings, file, user=user, channel="web", action=Action.WEB_IMPORT_STAGE,
                said=said,
            )  # fmt: skip
        except ChapiaoError as error:
            refused.append((file.name, error))
            continue
        staged.append(row)
        background.add_task(request.app.state.imports.take_up, row.token)
    if len(staged) == 1 and not refused:
        return RedirectResponse(f"/records/imports/staged/{staged[0].token}", 303, background=background)
    if refused:
        return _list(request, session, user, refused=refused, status=422 if not staged else 200)
    return RedirectResponse("/records/imports", 303, background=background)


@router.get("/records/imports")
def imports_page(
    request: Request, session: Database, user: PageAccountant,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> Response:  # fmt: skip
    return _list(request, session, user, cursor=cursor)


def _list(
    request: Request, session: Session, user: User, *, cursor: str | None = None, status: int = 200,
    refused: Sequence[tuple[str, ChapiaoError]] = (),
) -> Response:  # fmt: skip
    found = page_of_imports(session, user, cursor=cursor)
    waiting = [] if cursor else staging.list_staged(session, user)
    return render(
        request, "imports.html", status, imports=found.rows, older=found.next_cursor, cursor=cursor, staged=waiting,
        working=staging.WORKING, people=people(session), refused=refused, companies=seen_companies(session, user),
    )  # fmt: skip


@router.get("/records/imports/staged/{token}")
def staged_page(
    request: Request, session: Database, user: PageAccountant, token: str, stale: bool = False
) -> Response:  # fmt: skip
    row = staging.find_staged(session, user, token)
    if row.import_id is not None and row.state in (StagedState.DONE, StagedState.CANCELLED):
        return RedirectResponse(f"/records/imports/{row.import_id}", 303)
    if row.purpose == Purpose.MATCH and row.state == StagedState.DONE:
        return RedirectResponse("/records/imports", 303)
    if row.state == StagedState.UNMAPPED:
        return RedirectResponse(f"/records/imports/staged/{token}/columns", 303)
    return _staged(request, session, user, row, stale=stale)


def _staged(
    request: Request, session: Session, user: User, row: StagedImportRow, status: int = 200, **more: Any
) -> Response:
    problems = (row.preview or {}).get("problems") or []
    found = str((row.preview or {}).get("owner_tax_id") or "")
    names = {company.tax_id: company.name for company in seen_companies(session, user)}
    return render(
        request, "import_preview.html", status, row=row, preview=row.preview, working=staging.WORKING,
        companies=seen_companies(session, user), people=people(session),
        rows_read=rows_read(request.app.state.settings, row.token), problems=problems[:SHOWN_PROBLEMS],
        damaged=[p for p in problems if is_damage(p)][:20],
        failure=_failure(row), owner_found=names.get(found, found), is_refused=is_refused, advice=advice, **more,
    )  # fmt: skip


def _failure(row: StagedImportRow) -> ChapiaoError | None:
    return ChapiaoError(row.error_code, **(row.error_details or {})) if row.error_code else None


@router.get("/records/imports/staged/{token}/progress")
def staged_progress(request: Request, session: Database, user: PageAccountant, token: str) -> Response:
    """How far a table is, asking again by itself; the page is loaded anew when it is the person's turn."""
    row = staging.find_staged(session, user, token)
    done = row.state not in staging.WORKING
    expected = (row.preview or {}).get("rows")
    answer = render(
        request, "import_progress.html", row=row, expected=expected, working=staging.WORKING,
        rows_read=rows_read(request.app.state.settings, token),
    )  # fmt: skip
    if done:
        answer.headers["HX-Refresh"] = "true"
    return answer


@router.post("/records/imports/staged/{token}/say")
def say(
    *, request: Request, session: Database, user: PageAccountant, background: BackgroundTasks, token: str,
    direction: Annotated[str, Form(max_length=10)] = "",
    owner_tax_id: Annotated[str, Form(max_length=40)] = "",
    covers_from: Annotated[str, Form(max_length=10)] = "",
    covers_to: Annotated[str, Form(max_length=10)] = "",
) -> Response:  # fmt: skip
    """Direction, account and days in a person's words; the preview is made again."""
    row = staging.find_staged(session, user, token)
    staging.say(session, row, staging.stated(direction, owner_tax_id, covers_from, covers_to))
    return _onwards(request, background, token)


@router.post("/records/imports/staged/{token}/import")
def confirm(
    request: Request, session: Database, user: PageAccountant, background: BackgroundTasks, token: str
) -> Response:
    """Where the records changed since the preview it is made again, and the page says so."""
    confirmed = staging.confirm(session, request.app.state.settings, staging.find_staged(session, user, token), by=user)
    return _onwards(request, background, token, stale=not confirmed)


@router.post("/records/imports/staged/{token}/again")
def again(
    request: Request, session: Database, user: PageAccountant, background: BackgroundTasks, token: str
) -> Response:
    staging.again(session, request.app.state.settings, staging.find_staged(session, user, token))
    return _onwards(request, background, token)


@router.post("/records/imports/staged/{token}/cancel")
def cancel(request: Request, session: Database, user: PageAccountant, token: str) -> Response:
    row = staging.find_staged(session, user, token)
    staging.cancel(session, request.app.state.settings, row)
    audit.record(session, user.id, Action.WEB_IMPORT_CANCEL, f"staged:{token}", {"name": row.file_name})
    return RedirectResponse("/records/imports", 303)


@router.post("/records/imports/staged/import-all")
def confirm_all(request: Request, session: Database, user: PageAccountant, background: BackgroundTasks) -> Response:
    """Every table that is ready, in the order they came; one whose preview no longer holds is looked at again."""
    for row in reversed(staging.list_staged(session, user, (StagedState.READY.value,))):
        staging.confirm(session, request.app.state.settings, row, by=user)
        background.add_task(request.app.state.imports.take_up, row.token)
    return RedirectResponse("/records/imports", 303, background=background)


def _onwards(request: Request, background: BackgroundTasks, token: str, *, stale: bool = False) -> Response:
    background.add_task(request.app.state.imports.take_up, token)
    address = f"/records/imports/staged/{token}" + ("?stale=1" if stale else "")
    return RedirectResponse(address, 303, background=background)


@router.get("/records/imports/staged/{token}/problems.xlsx")
def staged_problems(request: Request, session: Database, user: PageAccountant, token: str) -> Response:
    row = staging.find_staged(session, user, token)
    return problem_file((row.preview or {}).get("problems") or [], row.file_name, language_of(request))


@router.get("/records/imports/{import_id}/problems.xlsx")
def import_problems(request: Request, session: Database, user: PageAccountant, import_id: int) -> Response:
    row = find_import(session, user, import_id)
    return problem_file(row.problems, row.file_name, language_of(request))


def problem_file(problems: Sequence[dict[str, Any]], name: str, language: str) -> Response:
    book = BytesIO()
    write_problem_sheet(problems, book, name=name, in_english=in_english if language == "en" else None)
    stem = name.rsplit(".", 1)[0][:80]
    disposition = f"attachment; filename*=UTF-8''{quote(f'导入问题-{stem}.xlsx', safe='')}"
    return Response(book.getvalue(), media_type=XLSX, headers={"Content-Disposition": disposition})


@router.get("/records/imports/{import_id}")
def import_page(request: Request, session: Database, user: PageAccountant, import_id: int) -> Response:
    return _import(request, session, user, import_id)


def _import(
    request: Request,
    session: Session,
    user: User,
    import_id: int,
    *,
    status: int = 200,
    error: ChapiaoError | None = None,
) -> Response:
    row = find_import(session, user, import_id)
    undoing = under_way(session, row.id, Purpose.UNDO)
    refusal = undo_refusal(session, row) if row.undone_at is None and undoing is None else None
    owner = next((c for c in seen_companies(session, user) if c.tax_id == row.owner_tax_id), None)
    return render(
        request, "import.html", status, row=row, owner=owner, people=people(session), refusal=refusal, error=error,
        events=events_of(session, f"import:{row.id}"), problems=row.problems[:SHOWN_PROBLEMS],
        is_refused=is_refused, advice=advice, undoing=undoing,
    )  # fmt: skip


@router.post("/records/imports/{import_id}/undo")
def undo_page(
    request: Request, session: Database, user: PageAccountant, background: BackgroundTasks, import_id: int
) -> Response:
    """A large one is taken back after the answer; the page of that work shows how it stands."""
    row = find_import(session, user, import_id)
    try:
        with session.begin_nested():  # what is refused leaves nothing behind
            done = undo(session, request.app.state.settings, row, user=user, channel="web")
    except RequestError as error:
        return _import(request, session, user, import_id, status=409, error=error)
    if isinstance(done, StagedImportRow):
        return _onwards(request, background, done.token)
    return RedirectResponse(f"/records/imports/{import_id}", 303)


@router.get("/records/coverage")
def coverage_page(
    request: Request,
    session: Database,
    user: PageAccountant,
    year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
) -> Response:
    """Month by month of a year: imported or not, for each of our companies in both directions. The newest year that
    imports speak of comes first."""
    today = date.today()
    chosen = year or newest_year(session, user) or today.year
    return render(
        request, "coverage.html", accounts=coverage_calendar(session, user, chosen, today=today), year=chosen,
        years=sorted({chosen, *years_covered(session, today=today)}, reverse=True),
    )  # fmt: skip

"""Who "we" are: the companies and their branches; register, change, close, open again, remove."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Form, Request
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from api import audit
from api.audit import Action
from api.gate.database import Database
from api.gate.visitor import PageAccountant, PageAdministrator
from api.importing.aside import match_again
from api.queries.findings import any_records
from api.queries.histories import people
from api.queries.imports import events_of
from api.queries.visibility import seen_tree
from api.web.rendering import render
from extraction.checks import uscc
from matching.companies import (
    MATCHED_BY,
    add_company,
    close_company,
    company_tree,
    edit_company,
    find_company,
    former_lines,
    remove_company,
)
from models.errors import RequestError
from models.tables import CompanyRow, User

router = APIRouter(include_in_schema=False)


class CompanyForm(BaseModel):
    """What was typed; a blank tax id under a head office is a branch that uses the head office's."""

    name: str = Field("", max_length=200)
    tax_id: str = Field("", max_length=40)
    short_name: str = Field("", max_length=80)
    former_names: str = Field("", max_length=2000)
    parent_id: str = Field("", pattern=r"^\d{0,9}$")
    note: str = Field("", max_length=2000)
    sure: bool = False

    @property
    def parent(self) -> int | None:
        return int(self.parent_id) if self.parent_id else None

    def doubted(self, known: str | None = None) -> bool:
        """Whether the check digit does not fit, and nobody said that the id is right all the same."""
        typed = self._typed_id
        return len(typed) == 18 and not uscc.valid(typed) and not self.sure and typed != known

    def perhaps(self) -> Sequence[str]:
        return uscc.repair(self._typed_id)

    @property
    def _typed_id(self) -> str:
        return "".join(self.tax_id.split()).upper()


@router.get("/companies")
def companies_page(
    request: Request, session: Database, user: PageAccountant, first: int = 0, added: int = 0
) -> Response:
    return _listing(request, session, user, first=bool(first), added=bool(added))


@router.post("/companies")
def add_company_page(
    request: Request,
    session: Database,
    user: PageAdministrator,
    background: BackgroundTasks,
    form: Annotated[CompanyForm, Form()],
) -> Response:
    if form.doubted():
        return _listing(request, session, user, 422, form=form.model_dump(), perhaps=form.perhaps(), doubted=True)
    try:
        with session.begin_nested():  # what is refused leaves nothing behind
            company = add_company(
                session, name=form.name, tax_id=form.tax_id, former_names=form.former_names.splitlines(),
                short_name=form.short_name, parent=find_company(session, form.parent) if form.parent else None,
                note=form.note,
            )  # fmt: skip
    except RequestError as error:
        return _listing(request, session, user, 422, form=form.model_dump(), error=error)
    _note(session, user, Action.WEB_COMPANY_ADD, company)
    _ours_changed(request, session, user, background, company.name)
    return RedirectResponse("/companies?added=1", 303)


@router.get("/companies/{company_id}")
def company_page(request: Request, session: Database, user: PageAdministrator, company_id: int) -> Response:
    return _company(request, session, find_company(session, company_id))


@router.post("/companies/{company_id}")
def edit_company_page(
    *, request: Request, session: Database, user: PageAdministrator, background: BackgroundTasks,
    company_id: int, form: Annotated[CompanyForm, Form()],
) -> Response:  # fmt: skip
    company = find_company(session, company_id)
    if form.doubted(company.tax_id):
        typed = form.model_dump()
        return _company(request, session, company, 422, form=typed, perhaps=form.perhaps(), doubted=True)
    try:
        with session.begin_nested():  # what is refused leaves nothing behind
            changes = edit_company(session, company, {
                "name": form.name, "short_name": form.short_name, "note": form.note, "parent_id": form.parent,
                "former_names": form.former_names.splitlines(), "tax_id": form.tax_id,
                "shares_tax_id": form.parent is not None and not form.tax_id.strip(),
            })  # fmt: skip
    except RequestError as error:
        return _company(request, session, company, 422, form=form.model_dump(), error=error)
    if changes:
        _note(session, user, Action.WEB_COMPANY_EDIT, company, changes)
    if changes.keys() & MATCHED_BY:
        _ours_changed(request, session, user, background, company.name)
    return RedirectResponse("/companies", 303)


@router.post("/companies/{company_id}/close")
def close_company_page(
    *, request: Request, session: Database, user: PageAdministrator, background: BackgroundTasks,
    company_id: int,
    on: Annotated[date, Form()],
) -> Response:  # fmt: skip
    return _closed(request, session, user, background, company_id, on=on)


@router.post("/companies/{company_id}/reopen")
def reopen_company_page(
    request: Request, session: Database, user: PageAdministrator, background: BackgroundTasks, company_id: int
) -> Response:
    return _closed(request, session, user, background, company_id, on=None)


@router.post("/companies/{company_id}/remove")
def remove_company_page(
    request: Request, session: Database, user: PageAdministrator, background: BackgroundTasks, company_id: int
) -> Response:
    company = find_company(session, company_id)
    remove_company(session, company)
    _note(session, user, Action.WEB_COMPANY_REMOVE, company)
    _ours_changed(request, session, user, background, company.name)
    return RedirectResponse("/companies", 303)


def _closed(
    request: Request, session: Session, user: User, background: BackgroundTasks, company_id: int, *, on: date | None
) -> Response:
    company = find_company(session, company_id)
    close_company(session, company, on)
    action = Action.WEB_COMPANY_CLOSE if on else Action.WEB_COMPANY_REOPEN
    _note(session, user, action, company, {"closed_on": on.isoformat()} if on else {})
    _ours_changed(request, session, user, background, company.name)
    return RedirectResponse("/companies", 303)


def _note(
    session: Session, user: User, action: Action, company: CompanyRow, changes: Mapping[str, Any] | None = None
) -> None:
    detail = {"name": company.name, **({"changes": dict(changes)} if changes else {})}
    audit.record(session, user.id, action, f"company:{company.tax_id}", detail)


def _ours_changed(
    request: Request, session: Session, user: User, background: BackgroundTasks, name: str
) -> None:  # fmt: skip
    """What was "not ours" may have become ours, and absent; or the reverse. After the answer where that is much."""
    work = match_again(session, request.app.state.settings, name=name, user_id=user.id, channel="web")
    if work is not None:
        background.add_task(request.app.state.imports.take_up, work.token)


def _listing(
    request: Request, session: Session, user: User, status: int = 200, *, first: bool = False,
    added: bool = False, error: RequestError | None = None, form: Mapping[str, Any] | None = None,
    doubted: bool = False, perhaps: Sequence[str] = (),
) -> Response:  # fmt: skip
    """`doubted`: the check digit of the id does not fit; `perhaps`: ids that one mistake away would."""
    tree = seen_tree(session, user)
    return render(
        request, "companies.html", status, tree=tree, error=error, first=first, added=added and bool(tree),
        no_records=not any_records(session), form=form or {}, doubted=doubted, perhaps=perhaps, parents=_parents(tree),
        former_lines=former_lines,
    )  # fmt: skip


def _company(
    request: Request, session: Session, company: CompanyRow, status: int = 200, *,
    error: RequestError | None = None, form: Mapping[str, Any] | None = None, doubted: bool = False,
    perhaps: Sequence[str] = (),
) -> Response:  # fmt: skip
    known = {
        "name": company.name, "tax_id": "" if company.shares_tax_id else company.tax_id, "note": company.note or "",
        "short_name": company.short_name or "", "former_names": "\n".join(former_lines(company)),
        "parent_id": str(company.parent_id or ""),
    }  # fmt: skip
    return render(
        request, "company.html", status, company=company, form=form or known, error=error, doubted=doubted,
        perhaps=perhaps, parents=[row for row in _parents(company_tree(session)) if row.id != company.id],
        events=events_of(session, f"company:{company.tax_id}"), people=people(session),
    )  # fmt: skip


def _parents(tree: Sequence[tuple[CompanyRow, int]]) -> list[CompanyRow]:
    """Those that can have something under them."""
    return [row for row, _ in tree if not row.shares_tax_id]

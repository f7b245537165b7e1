"""Which column is which: asked of a person where the headers are not known, kept under a name, changed and deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, cast

from fastapi import APIRouter, BackgroundTasks, Depends, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from api import audit
from api.audit import Action
from api.gate.database import Database
from api.gate.visitor import PageAccountant
from api.importing import staging
from api.queries.histories import people
from api.queries.visibility import seen_companies
from api.web.rendering import render
from matching.companies import OurCompanies
from matching.importing.guessing import guess
from matching.importing.mapping import (
    INVOICE_FIELDS,
    LINE_FIELDS,
    ColumnMapping,
    Grain,
    missing_of,
    table_of,
)
from matching.importing.saved_mappings import delete_mapping, list_mappings, restore, save_mapping
from matching.importing.tables import sheets
from models.errors import ChapiaoError, RequestError
from models.ledger import Direction
from models.tables import ImportMappingRow, StagedImportRow, User

router = APIRouter(include_in_schema=False)


async def typed_form(request: Request) -> dict[str, str]:
    form = await request.form(max_files=0, max_fields=400)
    return {name: value.strip() for name, value in form.items() if isinstance(value, str)}


Typed = Annotated[dict[str, str], Depends(typed_form)]


@router.get("/records/imports/staged/{token}/columns")
def columns_page(
    *, request: Request, session: Database, user: PageAccountant, token: str,
    sheet: Annotated[str | None, Query(max_length=100)] = None,
    header_row: Annotated[int | None, Query(ge=1, le=30)] = None,
    grain: Annotated[str, Query(pattern="^(invoice|line)$")] = "invoice",
) -> Response:  # fmt: skip
    row = staging.find_staged(session, user, token)
    if row.state not in staging.WAITING:
        return RedirectResponse(f"/records/imports/staged/{token}", 303)
    return _columns(request, session, user, row, sheet=sheet, header_row=header_row, grain=grain)


def _columns(
    request: Request, session: Session, user: User, row: StagedImportRow, *, sheet: str | None,
    header_row: int | None, grain: str,
    typed: Mapping[str, str] | None = None, error: ChapiaoError | None = None, status: int = 200,
) -> Response:  # fmt: skip
    path = staging.file_of(request.app.state.settings, row.token)
    names: list[str] = []
    table = None
    for each in sheets(path):
        names.append(each.name)
        found = table_of(each, header_row) if sheet in (None, each.name) and table is None else None
        if found is not None and found.rows:
            table = found
    if table is None:
        raise RequestError("records_empty")
    direction = Direction(row.direction) if row.direction else None
    if typed is not None:
        chosen = {int(at): name for at, name in _chosen(typed).items()}
    else:
        ours = OurCompanies.load(session)
        proposed = guess(table, ours, grain=cast(Grain, grain), direction=direction)
        chosen = {at: name for name, at in proposed.items()}
    return render(
        request, "import_columns.html", status, row=row, table=table, sheets=names, chosen=chosen, grain=grain,
        fields=_fields(grain), guessed=typed is None, typed=typed or {}, error=error,
        companies=seen_companies(session, user), missing=missing_of({name: at for at, name in chosen.items()}, grain),
        header_row=header_row,
    )  # fmt: skip


def _fields(grain: str) -> tuple[str, ...]:
    return (*INVOICE_FIELDS, *LINE_FIELDS) if grain == "line" else INVOICE_FIELDS


def _chosen(typed: Mapping[str, str]) -> dict[str, str]:
    """Position → our column, of inputs named `column.<position>`."""
    return {
        name.removeprefix("column."): value
        for name, value in typed.items()
        if name.startswith("column.") and name.removeprefix("column.").isdigit() and value
    }


def _mapping(typed: Mapping[str, str], headers: tuple[str, ...], **more: Any) -> ColumnMapping:
    """What a person chose. Raises RequestError where a field was chosen twice or something needed is missing."""
    columns: dict[str, int] = {}
    for at, name in _chosen(typed).items():
        if name in columns or name not in (*INVOICE_FIELDS, *LINE_FIELDS):
            raise RequestError("invalid_request", what=name[:40])
        columns[name] = int(at)
    said = staging.stated(typed.get("direction", ""), typed.get("owner_tax_id", ""))
    mapping = ColumnMapping(
        headers=headers, columns=columns, grain="line" if typed.get("grain") == "line" else "invoice",
        name=typed.get("name", "")[:80] or None, direction=Direction(said["direction"]) if said["direction"] else None,
        owner_tax_id=said["owner_tax_id"], **more,
    )  # fmt: skip
    mapping.check()
    return mapping


@router.post("/records/imports/staged/{token}/columns")
def map_columns(
    *, request: Request, session: Database, user: PageAccountant, background: BackgroundTasks, token: str, typed: Typed
) -> Response:
    """The table is read this way from now on; under a name, so is the next one with these headers."""
    row = staging.find_staged(session, user, token)
    grain = "line" if typed.get("grain") == "line" else "invoice"
    where = {"sheet": typed.get("sheet"), "header_row": int(typed["header_row"]) if typed.get("header_row") else None}
    path = staging.file_of(request.app.state.settings, row.token)
    found = (table_of(each, where["header_row"]) for each in sheets(path) if each.name == where["sheet"])  # type: ignore[arg-type]
    table = next((table for table in found if table is not None), None)
    if table is None:
        raise RequestError("no_such_item", what=str(where["sheet"]))
    try:
        mapping = _mapping(typed, table.headers, sheet=table.sheet)
        if mapping.name:
            saved = save_mapping(session, mapping, user_id=user.id)
            audit.record(session, user.id, Action.WEB_MAPPING_SAVE, f"mapping:{saved.name}", {"columns": saved.columns})
        staging.map_columns(session, row, mapping)
    except ChapiaoError as error:
        return _columns(request, session, user, row, **where, grain=grain, typed=typed, error=error, status=422)  # type: ignore[arg-type]
    background.add_task(request.app.state.imports.take_up, token)
    return RedirectResponse(f"/records/imports/staged/{token}", 303, background=background)


@router.get("/records/mappings")
def mappings_page(request: Request, session: Database, user: PageAccountant) -> Response:
    return render(request, "import_mappings.html", rows=list_mappings(session), people=people(session))


@router.get("/records/mappings/{mapping_id}")
def mapping_page(request: Request, session: Database, user: PageAccountant, mapping_id: int) -> Response:
    return _one(request, session, user, _find(session, mapping_id))


def _find(session: Session, mapping_id: int) -> ImportMappingRow:
    row = session.get(ImportMappingRow, mapping_id)
    if row is None:
        raise RequestError("no_such_item", what=str(mapping_id))
    return row


def _one(
    request: Request, session: Session, user: User, row: ImportMappingRow, *,
    typed: Mapping[str, str] | None = None, error: ChapiaoError | None = None, status: int = 200,
) -> Response:  # fmt: skip
    chosen = {int(at): n for at, n in _chosen(typed).items()} if typed else {at: n for n, at in row.columns.items()}
    return render(
        request, "import_mapping.html", status, row=row, chosen=chosen, fields=_fields(row.grain), error=error,
        people=people(session), companies=seen_companies(session, user), typed=typed or {},
        missing=missing_of({n: at for at, n in chosen.items()}, row.grain),
    )  # fmt: skip


@router.post("/records/mappings/{mapping_id}")
def change_mapping(
    request: Request, session: Database, user: PageAccountant, mapping_id: int, typed: Typed
) -> Response:
    """Other columns for the next file; what was imported by it stays as it is."""
    row = _find(session, mapping_id)
    try:
        mapping = _mapping({**typed, "grain": row.grain, "name": row.name}, restore(row).headers)
        save_mapping(session, mapping, user_id=user.id)
    except ChapiaoError as error:
        return _one(request, session, user, row, typed=typed, error=error, status=422)
    audit.record(session, user.id, Action.WEB_MAPPING_SAVE, f"mapping:{row.name}", {"columns": dict(mapping.columns)})
    return RedirectResponse("/records/mappings", 303)


@router.post("/records/mappings/{mapping_id}/delete")
def remove_mapping(session: Database, user: PageAccountant, mapping_id: int) -> Response:
    """Imports that went by it stay as they are."""
    row = _find(session, mapping_id)
    delete_mapping(session, row.name)
    audit.record(session, user.id, Action.WEB_MAPPING_DELETE, f"mapping:{row.name}")
    return RedirectResponse("/records/mappings", 303)

"""Imports over REST: looked at before they are stored, pushed as JSON, listed, taken back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api import audit
from api.audit import Action
from api.gate.database import Database
from api.gate.receiving import Uploaded
from api.gate.refusal import language_of
from api.gate.visitor import RestAccountant
from api.importing import aside, staging
from api.importing.pushing import MOST_ROWS, push
from api.importing.undoing import find_import, undo
from api.importing.working import rows_read
from api.queries.imports import find_record, invoices_of, page_of_imports, story_of
from api.rest.documents import Cursor, Limit
from api.rest.shapes import ErrorShape, RecordShape
from api.web.pages.imports import XLSX, problem_file
from matching.importing.saved_mappings import find_mapping, restore
from models.errors import ChapiaoError, RequestError
from models.ledger import Direction
from models.tables import ImportRow, StagedImportRow

router = APIRouter()

_TABLE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {
                        "files": {"type": "array", "maxItems": 1, "items": {"type": "string", "format": "binary"}},
                        "direction": {"type": "string", "enum": ["input", "output"]},
                        "owner_tax_id": {"type": "string", "description": "Whose export this is."},
                        "mapping": {"type": "string", "description": "Name of a saved column mapping."},
                    },
                }
            }
        },
    }
}
_SHEET: dict[int | str, dict[str, Any]] = {
    200: {"content": {XLSX: {}}, "description": "Rows with what is wrong and what to do."}
}
Text = Annotated[str | None, Field(max_length=4000)]


class PushedRecord(BaseModel):
    """One invoice. Everything is a string as printed; money with two decimals, days as 2024-06-30."""

    model_config = ConfigDict(extra="forbid", strict=True)

    invoice_code: Text = None
    invoice_number: Text = Field(None, description="8 digits, or the 20 of a 数电票.")
    digital_invoice_number: Text = None
    issue_date: Text = None
    seller_name: Text = None
    seller_tax_id: Text = None
    buyer_name: Text = None
    buyer_tax_id: Text = None
    total_excl_tax: Text = None
    total_tax: Text = None
    total_incl_tax: Text = None
    kind_label: Text = Field(None, description="票种 as the tax account prints it.")
    state_label: Text = Field(None, description="发票状态 as the tax account prints it.")
    invoice_source: Text = None
    is_positive: Text = Field(None, description="是 or 否.")
    risk_level: Text = None
    issuer_clerk: Text = None
    remarks: Text = None


class PushedResult(BaseModel):
    index: int = Field(description="Place in the request, from 0.")
    result: str = Field(description="added, changed, unchanged or rejected.")
    record_id: int | None
    problems: list[str] = Field(description="What is wrong with its cells; a rejected row is not stored.")


class ImportSummary(BaseModel):
    id: int
    name: str
    format: str
    direction: str
    owner_tax_id: str | None
    kinds: list[str]
    date_from: date | None = Field(description="First day it speaks for; null: it covers nothing.")
    date_to: date | None
    rows: int
    added: int
    updated: int
    unchanged: int
    rejected: int
    problem_count: int
    mapping: str | None
    imported_by: int | None
    imported_at: datetime
    undone_at: datetime | None

    @classmethod
    def of(cls, row: ImportRow, problems: int) -> ImportSummary:
        same = ("id", "format", "direction", "owner_tax_id", "kinds", "date_from", "date_to", "rows", "added",
                "updated", "unchanged", "rejected", "imported_by", "imported_at", "undone_at")  # fmt: skip
        shown = {name: getattr(row, name) for name in same}
        return cls(name=row.file_name, problem_count=problems, mapping=row.mapping_name, **shown)


class ImportDetail(ImportSummary):
    problems: list[Any] = Field(description="Row, column, what is wrong, and the row's cells.")


class ImportPage(BaseModel):
    items: list[ImportSummary]
    next_cursor: str | None


class PushAnswer(BaseModel):
    imported: ImportSummary = Field(alias="import")
    results: list[PushedResult]
    ask: str | None = Field(None, description="Where the matching of documents is told; null: it is done.")

    model_config = ConfigDict(populate_by_name=True)


class Undone(BaseModel):
    records: int | None = Field(description="Records that went or are as before; null while it is under way.")
    ask: str | None = Field(None, description="Where its state is told, of a large one.")


class PreviewShape(BaseModel):
    token: str
    name: str
    purpose: str = Field(description="import; undo or match: work on an import that is stored.")
    state: str = Field(
        description="previewing, unmapped, ready, importing, undoing, matching, done, failed, cancelled."
    )
    rows_read: int
    preview: dict[str, Any] | None = Field(description="Counts, sheets, changes, first rows, problems; or columns.")
    import_id: int | None
    error: ErrorShape | None

    @classmethod
    def of(cls, row: StagedImportRow, request: Request) -> PreviewShape:
        error = None
        if row.error_code:
            said = ChapiaoError(row.error_code, **(row.error_details or {})).export(language_of(request))
            error = ErrorShape(**said)
        return cls(
            token=row.token, purpose=row.purpose, name=row.file_name, state=row.state, preview=row.preview,
            import_id=row.import_id, rows_read=rows_read(request.app.state.settings, row.token), error=error,
        )  # fmt: skip


class RecordStep(BaseModel):
    at: datetime
    file_name: str
    fields: list[tuple[str, Any, Any]] = Field(description="Column, before, after.")


class RecordDetail(RecordShape):
    state_label: str | None
    remarks: str | None
    damaged: dict[str, str] = Field(description="Column → what is wrong with its cell, and what stood there.")
    import_id: int | None
    origin: str = Field(description="import or supplement.")
    history: list[RecordStep]
    lines: list[dict[str, Any]]
    invoice_ids: list[int] = Field(description="Captured invoices that are this record's.")


@router.post(
    "/records", tags=["records"], summary="Push records as JSON, idempotent",
    responses={202: {"model": PushAnswer, "description": "Stored; documents are matched after the answer."}},
)  # fmt: skip
def push_records(
    *,
    request: Request,
    response: Response,
    session: Database,
    user: RestAccountant,
    background: BackgroundTasks,
    records: Annotated[list[PushedRecord], Field(min_length=1, max_length=MOST_ROWS)],
    direction: Annotated[str, Query(pattern="^(input|output)?$")] = "",
    owner_tax_id: Annotated[str, Query(max_length=40)] = "",
    covers_from: Annotated[str, Query(max_length=10, description="First day that the push is whole for.")] = "",
    covers_to: Annotated[str, Query(max_length=10)] = "",
    source: Annotated[str, Query(max_length=200, description="Name of your system.")] = "REST",
) -> PushAnswer:
    """Each row is validated and answered for; good rows are stored though others are not. Open invoices are matched
    again; where they are many, after the answer, which is 202 then: `ask` says where that is told."""
    said = staging.stated(direction, owner_tax_id, covers_from, covers_to)
    covers = (said["covers_from"], said["covers_to"]) if said["covers_from"] else None
    imported, results = push(
        session, [record.model_dump() for record in records], user_id=user.id, source=source,
        direction=Direction(direction) if direction else None, owner_tax_id=said["owner_tax_id"], covers=covers,
    )  # fmt: skip
    detail = {"source": source, "rows": len(records), "added": imported.added, "updated": imported.updated}
    audit.record(session, user.id, Action.REST_RECORDS_PUSH, f"import:{imported.id}", detail)
    work = aside.match_again(
        session, request.app.state.settings, name=source, user_id=user.id, channel="rest", imported=imported
    )
    ask = _after_the_answer(request, work, background) if work else None
    if ask is not None:
        response.status_code = 202
    return PushAnswer(
        ask=ask,
        imported=ImportSummary.of(imported, len(imported.problems)),
        results=[
            PushedResult(index=at, result=row.result, record_id=row.record_id, problems=row.problems)
            for at, row in enumerate(results)
        ],
    )


def _after_the_answer(request: Request, work: StagedImportRow, background: BackgroundTasks) -> str:
    background.add_task(request.app.state.imports.take_up, work.token)
    return f"/api/v1/records/previews/{work.token}"


@router.get("/records/imports", tags=["records"], summary="Imports, newest first")
def imports(session: Database, user: RestAccountant, cursor: Cursor = None, limit: Limit = 30) -> ImportPage:
    found = page_of_imports(session, user, cursor=cursor, limit=limit)
    return ImportPage(
        items=[ImportSummary.of(each.row, each.problems) for each in found.rows], next_cursor=found.next_cursor
    )


@router.get("/records/imports/{import_id}", tags=["records"], summary="One import with its problems")
def one_import(session: Database, user: RestAccountant, import_id: int) -> ImportDetail:
    row = find_import(session, user, import_id)
    return ImportDetail(**ImportSummary.of(row, len(row.problems)).model_dump(), problems=row.problems)


@router.get(
    "/records/imports/{import_id}/problems.xlsx", tags=["records"], summary="The rows that need a person",
    response_class=Response, responses=_SHEET,
)  # fmt: skip
def import_problems(request: Request, session: Database, user: RestAccountant, import_id: int) -> Response:
    row = find_import(session, user, import_id)
    return problem_file(row.problems, row.file_name, language_of(request))


@router.post(
    "/records/imports/{import_id}/undo", tags=["records"], summary="Take an import back",
    responses={202: {"model": Undone, "description": "A large one is taken back after the answer."}},
)  # fmt: skip
def undo_import(
    *, request: Request, response: Response, session: Database, user: RestAccountant, background: BackgroundTasks,
    import_id: int,
) -> Undone:  # fmt: skip
    """Refused (409) while something later rests on it; the message says what. A large import is taken back after the
    answer, which is 202 then: `ask` says where its state is told."""
    row = find_import(session, user, import_id)
    done = undo(session, request.app.state.settings, row, user=user, channel="rest")
    if isinstance(done, int):
        return Undone(records=done)
    response.status_code = 202
    return Undone(records=None, ask=_after_the_answer(request, done, background))


@router.post(
    "/records/previews", tags=["records"], status_code=202, summary="Keep a table and look at it", openapi_extra=_TABLE
)
def add_preview(
    request: Request, session: Database, user: RestAccountant, uploaded: Uploaded, background: BackgroundTasks
) -> PreviewShape:
    """Nothing is stored yet. Ask for the preview until its state is ready, unmapped or failed."""
    if len(uploaded.files) != 1:
        raise RequestError("invalid_request", what="files")
    fields = uploaded.fields
    name = fields.get("mapping", "").strip()
    row = staging.stage(
        session, request.app.state.settings, uploaded.files[0], user=user, channel="rest",
        action=Action.REST_IMPORT_STAGE,
        said=staging.stated(fields.get("direction", ""), fields.get("owner_tax_id", "")),
        mapping=restore(find_mapping(session, name)) if name else None,
    )  # fmt: skip
    background.add_task(request.app.state.imports.take_up, row.token)
    return PreviewShape.of(row, request)


@router.get("/records/previews/{token}", tags=["records"], summary="What an import would do")
def one_preview(request: Request, session: Database, user: RestAccountant, token: str) -> PreviewShape:
    return PreviewShape.of(staging.find_staged(session, user, token), request)


@router.post("/records/previews/{token}/import", tags=["records"], status_code=202, summary="Import as previewed")
def confirm_preview(
    request: Request, session: Database, user: RestAccountant, token: str, background: BackgroundTasks
) -> PreviewShape:
    """Goes on after the answer; `import_id` is there once it is stored. Refused with `preview_stale` where records were
    imported, taken back or supplemented since: then it is looked at again, and can be imported once it is `ready`."""
    row = staging.find_staged(session, user, token)
    confirmed = staging.confirm(session, request.app.state.settings, row, by=user)
    if not confirmed:
        session.commit()  # that it is looked at again
        request.app.state.imports.take_up(token)
        raise RequestError("preview_stale")
    background.add_task(request.app.state.imports.take_up, token)
    return PreviewShape.of(row, request)


@router.delete("/records/previews/{token}", tags=["records"], status_code=204, summary="Drop a previewed table")
def cancel_preview(request: Request, session: Database, user: RestAccountant, token: str) -> None:
    row = staging.find_staged(session, user, token)
    staging.cancel(session, request.app.state.settings, row)
    audit.record(session, user.id, Action.REST_IMPORT_CANCEL, f"staged:{token}", {"name": row.file_name})


@router.get(
    "/records/previews/{token}/problems.xlsx", tags=["records"], summary="The rows that would need a person",
    response_class=Response, responses=_SHEET,
)  # fmt: skip
def preview_problems(request: Request, session: Database, user: RestAccountant, token: str) -> Response:
    row = staging.find_staged(session, user, token)
    return problem_file((row.preview or {}).get("problems") or [], row.file_name, language_of(request))


@router.get("/records/{record_id}", tags=["records"], summary="One record with its history, items and documents")
def one_record(session: Database, user: RestAccountant, record_id: int) -> RecordDetail:
    row = find_record(session, user, record_id)
    steps = [RecordStep(at=s.at, file_name=s.file_name, fields=list(s.fields)) for s in story_of(session, row)]
    return RecordDetail(
        **RecordShape.of(row).model_dump(), state_label=row.state_label, remarks=row.remarks, damaged=row.damaged,
        import_id=row.import_id, origin=row.origin, history=steps, lines=[line.data for line in row.lines],
        invoice_ids=[invoice.id for invoice in invoices_of(session, user, row)],
    )  # fmt: skip

"""Records, their imports, and the reconciliation over REST."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Query, Request
from pydantic import BaseModel
from starlette.responses import Response, StreamingResponse

from api.audit import Action
from api.gate.database import Database
from api.gate.receiving import Uploaded
from api.gate.refusal import language_of
from api.gate.visitor import RestAccountant
from api.importing import import_uploads
from api.queries.findings import list_records
from api.queries.visibility import scope_for
from api.rest.documents import Cursor, Limit
from api.rest.shapes import ImportShape, RecordShape
from matching.reconciling import reconcile
from models.database import transaction
from models.errors import RequestError

router = APIRouter()

_EXPORTS: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {
                        "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
                        "direction": {"type": "string", "enum": ["input", "output"]},
                        "owner_tax_id": {"type": "string", "description": "Whose export this is."},
                    },
                }
            }
        },
    }
}


class ImportAnswer(BaseModel):
    results: list[ImportShape]


class RecordPage(BaseModel):
    items: list[RecordShape]
    next_cursor: str | None


@router.post(
    "/records/imports", tags=["records"], summary="Import ledger exports", openapi_extra=_EXPORTS,
    responses={202: {"model": ImportAnswer, "description": "A large file is imported after the answer."}},
)  # fmt: skip
def add_imports(
    *,
    request: Request,
    response: Response,
    session: Database,
    user: RestAccountant,
    uploaded: Uploaded,
    background: BackgroundTasks,
) -> ImportAnswer:
    """The tax bureau's xlsx exports as downloaded, or CSV. Open invoices are matched again afterwards.

    Files over 1 MiB are imported after the answer, which is 202 then: `ask` says where their state is told.
    """
    if not uploaded.files:
        raise RequestError("invalid_request", what="files")
    settings = request.app.state.settings
    outcomes = import_uploads(session, settings, uploaded, user=user, action=Action.REST_RECORDS_IMPORT)
    for token in (each.token for each in outcomes if each.token):
        response.status_code = 202
        background.add_task(request.app.state.imports.take_up, token)
    return ImportAnswer(results=[ImportShape.of(each, language_of(request)) for each in outcomes])


@router.get("/records", tags=["records"], summary="Ledger records, newest first")
def records(
    *,
    session: Database,
    user: RestAccountant,
    text: Annotated[str, Query(description="In the number, seller or buyer.")] = "",
    without_document: Annotated[bool, Query(description="Only records that no document belongs to.")] = False,
    cursor: Cursor = None,
    limit: Limit = 30,
) -> RecordPage:
    found = list_records(session, user, text=text, without_document=without_document, cursor=cursor, limit=limit)
    return RecordPage(items=[RecordShape.of(row) for row in found.rows], next_cursor=found.next_cursor)


@router.get(
    "/reconcile",
    tags=["records"],
    summary="Both sides joined, one JSON object a line",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/jsonl": {}}, "description": "As `chapiao reconcile --format jsonl`."}},
)
def reconciliation(
    request: Request,
    session: Database,
    user: RestAccountant,
    period: Annotated[str, Query(max_length=30, description="Of issue: 2024-06, 2024-04..2024-06, or days.")] = "",
    company: Annotated[str, Query(max_length=30, description="Tax id of one of our companies.")] = "",
) -> Response:
    """One line per captured invoice, then one per record without a document."""
    scope = scope_for(session, user, period, company or None)  # what is wrong is told before the first line

    def lines() -> Iterator[str]:
        with transaction(request.app.state.sessions) as reading:  # the request's own ends before the last line
            for line in reconcile(reading, scope=scope):
                yield json.dumps(line, ensure_ascii=False) + "\n"

    return StreamingResponse(lines(), media_type="application/jsonl")

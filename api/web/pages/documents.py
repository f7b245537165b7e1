"""The list of documents, its rows, and the stream that says which of them changed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response, StreamingResponse

from api.gate.database import Database
from api.gate.visitor import PageUser
from api.queries.documents import FILTERS, UNFINISHED, DocumentFilter, find_document, list_documents, states_of
from api.web.rendering import render
from models.database import transaction
from models.tables import User
from models.tables.base import now

router = APIRouter(include_in_schema=False)

POLL_SECONDS = 1.0
STREAM_SECONDS = 300.0  #: then the browser connects again, which also notices the end of a login


@router.get("/")
def start() -> Response:
    return RedirectResponse("/documents", 303)


@router.get("/documents")
def documents_page(
    *,
    request: Request,
    session: Database,
    user: PageUser,
    status: str = "",
    text: str = "",
    since: str = "",
    until: str = "",
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> Response:
    wanted = DocumentFilter(status=status, text=text, since=_day(since), until=_day(until))
    found = list_documents(session, user, wanted, cursor=cursor)
    chosen = {k: v for k, v in {"status": status, "text": text, "since": since, "until": until}.items() if v}
    older = "?" + urlencode({**chosen, "cursor": found.next_cursor}) if found.next_cursor else None
    newest = "?" + urlencode(chosen) if cursor else None
    return render(
        request, "documents.html", rows=found.rows, older=older, newest=newest, wanted=wanted, filters=FILTERS,
        unfinished=UNFINISHED, narrowed=bool(chosen),
    )  # fmt: skip


def _day(text: str) -> date | None:
    """A day of the date inputs; a half-typed one does not narrow the list."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


@router.get("/documents/events")
def events(request: Request, user: PageUser) -> Response:
    return StreamingResponse(
        _changes(request, user),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},  # proxies must not hold the events back
    )


async def _changes(request: Request, user: User) -> AsyncIterator[str]:
    """`document-<id>` when a document's state changes, `arrived` when there is a new one."""
    sessions = request.app.state.sessions

    def states() -> dict[str, str]:
        with transaction(sessions) as session:
            return dict(states_of(session, user, since=since))

    since = now() - timedelta(seconds=5)
    seen = await run_in_threadpool(states)
    yield "retry: 2000\n\n"
    for document_id, state in seen.items():  # what happened between the page and this stream
        if state not in UNFINISHED:
            yield f"event: document-{document_id}\ndata: {state}\n\n"
    end = time.monotonic() + STREAM_SECONDS
    while time.monotonic() < end and not await request.is_disconnected():
        await asyncio.sleep(POLL_SECONDS)
        moment = now() - timedelta(seconds=5)
        current = await run_in_threadpool(states)
        since = moment
        if current.keys() - seen.keys():
            yield "event: arrived\ndata: \n\n"
        for document_id, state in current.items():
            if document_id in seen and seen[document_id] != state:
                yield f"event: document-{document_id}\ndata: {state}\n\n"
        seen |= current
        yield ": still here\n\n"


@router.get("/documents/{document_id}/row")
def row(request: Request, session: Database, user: PageUser, document_id: str) -> Response:
    found = find_document(session, user, document_id)
    return render(request, "document_row.html", row=found, unfinished=UNFINISHED)


@router.get("/documents/{document_id}/progress")
def progress(request: Request, session: Database, user: PageUser, document_id: str) -> Response:
    """The state of one document, asking again by itself until it has been read."""
    found = find_document(session, user, document_id)
    return render(request, "progress.html", row=found, unfinished=UNFINISHED)

"""通知: what changed without the visitor, newest first. What was read is marked by hand, for all at once."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from api.gate.database import Database
from api.gate.visitor import PageUser
from api.queries.visibility import sight_of
from api.web.rendering import render
from matching import notices
from matching.notices import Notice
from models.tables import InvoiceRow

router = APIRouter(include_in_schema=False)
SHOWN = 50
#: notices of several drafts at once → where those are listed
_LISTS = {"drafts_closed": "/drafts?state=closed", "drafts_released": "/drafts/tasks"}
#: code of a round's count → the documents that have come to that
STATUS_OF = {code: status.value for status, code in notices.CODES.items()}


@router.get("/notices")
def notices_page(
    request: Request, session: Database, user: PageUser, before: Annotated[int | None, Query(ge=1)] = None
) -> Response:
    found = notices.inbox(session, user, before=before, limit=SHOWN + 1, seen=sight_of(session, user).notices())
    shown = [(notice, _address(session, notice)) for notice in found[:SHOWN]]
    older = found[SHOWN - 1].row.id if len(found) > SHOWN else None
    return render(request, "notices.html", notices=shown, older=older, before=before, status_of=STATUS_OF)


def _address(session: Session, notice: Notice) -> str | None:
    """Where its subject is seen; what is gone, or was read anew, has no place any more."""
    if (listed := _LISTS.get(notice.row.code)) is not None:
        return listed
    kind, _, name = (notice.row.subject or "").partition(":")
    if kind == "draft":
        return f"/drafts/{name}"
    if kind == "tasks":
        return "/drafts/tasks"
    invoice = session.get(InvoiceRow, int(name)) if kind == "invoice" and name.isdigit() else None
    return f"/documents/{invoice.document_id}?invoice={invoice.index}" if invoice else None


@router.post("/notices/read")
def read_all(session: Database, user: PageUser) -> Response:
    notices.mark_read(session, user)
    return RedirectResponse("/notices", 303)

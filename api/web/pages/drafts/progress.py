"""Where an application stands, by its number as typed or told; slips are noticed by the check digit."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.gate.database import Database
from api.gate.refusal import language_of
from api.gate.visitor import PageUser
from api.supplement.progress import find_progress
from api.web.rendering import render

router = APIRouter()


@router.get("/drafts/progress")
def progress_page(
    request: Request, session: Database, user: PageUser, number: Annotated[str, Query(max_length=60)] = ""
) -> Response:
    found = find_progress(session, user, number, language_of(request)) if number.strip() else None
    return render(request, "draft_progress.html", typed=number, found=found)

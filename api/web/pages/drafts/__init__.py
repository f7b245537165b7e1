"""补录 on the pages: the list, one draft with its steps and files, one's own tasks, progress by number."""

from __future__ import annotations

from fastapi import APIRouter

from api.web.pages.drafts import draft, files, listing, progress, steps

router = APIRouter(include_in_schema=False)
for part in (listing, progress, steps, files, draft):  # fixed addresses before those with a number in them
    router.include_router(part.router)

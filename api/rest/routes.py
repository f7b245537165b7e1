"""The router of /api/v1 with health and metrics."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import select

from api.gate.database import Database
from api.rest import (
    companies,
    correcting,
    documents,
    draft_files,
    drafts,
    imports,
    metrics,
    reconciling,
    records,
    settling,
)
from api.rest.describe import APPLICATION, ERRORS

router = APIRouter()
_versioned = APIRouter(prefix="/api/v1", responses=ERRORS)


class Health(BaseModel):
    status: str
    version: str


@_versioned.get("/health", tags=["service"], summary="Whether the service and its database answer")
def health(session: Database) -> Health:
    """Needs no login; says nothing about the data."""
    session.execute(select(1))
    return Health(status="ok", version=APPLICATION["version"])


# the steps of a draft come after its files: a step is whatever other addresses are not
for part in (documents, correcting, settling, imports, records, companies, draft_files, drafts, reconciling):
    _versioned.include_router(part.router)
router.include_router(_versioned)
router.include_router(metrics.router)

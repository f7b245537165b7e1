"""Uploaded ledger exports into the records without a preview, then open invoices matched again.

A large one is kept for the runner, which imports it after the answer; a small one is stored before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from api import audit
from api.audit import Action
from api.gate.receiving import Received, ReceivedFile
from api.importing import staging
from api.importing.working import SMALL
from api.rematching import match_all_again
from matching.importing import import_records
from models.errors import ChapiaoError, RequestError
from models.ledger import Direction
from models.settings import Settings
from models.tables import ImportRow, User
from models.tables.importing import StagedState


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """One file: what was imported, why not, or under which token it is imported after the answer."""

    name: str
    imported: ImportRow | None = None
    error: ChapiaoError | None = None
    token: str | None = None


def import_uploads(
    session: Session, settings: Settings, uploaded: Received, *, user: User, action: str
) -> list[ImportOutcome]:
    """Each file on its own: one that is refused leaves the others and nothing of itself."""
    asked = uploaded.fields.get("direction") or None
    if asked is not None and asked not in set(Direction):
        raise RequestError("invalid_request", what=f"direction: {asked[:40]}")
    owner = (uploaded.fields.get("owner_tax_id") or "").strip() or None
    said = staging.stated(asked or "", owner or "")
    outcomes = []
    for file in uploaded.files:
        if file.error is not None:
            outcomes.append(ImportOutcome(file.name, error=file.error))
            continue
        try:
            if file.size > SMALL:
                outcomes.append(ImportOutcome(file.name, token=_aside(session, settings, file, user=user, said=said)))
                continue
            with session.begin_nested():
                imported = import_records(
                    session, file.path, file.name, user_id=user.id,
                    direction=Direction(asked) if asked else None, owner_tax_id=owner,
                )  # fmt: skip
        except ChapiaoError as error:
            outcomes.append(ImportOutcome(file.name, error=error))
            continue
        audit.record(session, user.id, action, f"import:{imported.id}", {"name": file.name, "rows": imported.rows})
        outcomes.append(ImportOutcome(file.name, imported))
    if any(outcome.imported for outcome in outcomes):
        match_all_again(session, settings=settings)
    return outcomes


def _aside(session: Session, settings: Settings, file: ReceivedFile, *, user: User, said: dict[str, Any]) -> str:
    """Keep the table as one that a person has confirmed already; the caller hands its token to the runner."""
    row = staging.stage(session, settings, file, user=user, channel="rest", action=Action.REST_IMPORT_STAGE, said=said)
    row.state = StagedState.IMPORTING.value
    session.flush()
    return row.token

"""Uploaded ledger exports into the records, then open invoices matched again. Shared by pages and REST."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from api import audit
from api.gate.receiving import Received
from api.rematching import match_all_again
from matching.importing import import_records
from models.errors import ChapiaoError, RequestError
from models.ledger import Direction
from models.settings import Settings
from models.tables import ImportRow, User


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """One file: what was imported, or why not."""

    name: str
    imported: ImportRow | None
    error: ChapiaoError | None


def import_uploads(
    session: Session, settings: Settings, uploaded: Received, *, user: User, action: str
) -> list[ImportOutcome]:
    """Each file on its own: one that is refused leaves the others and nothing of itself."""
    asked = uploaded.fields.get("direction") or None
    if asked is not None and asked not in set(Direction):
        raise RequestError("invalid_request", what=f"direction: {asked[:40]}")
    owner = (uploaded.fields.get("owner_tax_id") or "").strip() or None
    outcomes = []
    for file in uploaded.files:
        if file.error is not None:
            outcomes.append(ImportOutcome(file.name, None, file.error))
            continue
        try:
            with session.begin_nested():
                imported = import_records(
                    session, file.path.read_bytes(), file.name, user_id=user.id,
                    direction=Direction(asked) if asked else None, owner_tax_id=owner,
                )  # fmt: skip
        except ChapiaoError as error:
            outcomes.append(ImportOutcome(file.name, None, error))
            continue
        audit.record(session, user.id, action, f"import:{imported.id}", {"name": file.name, "rows": imported.rows})
        outcomes.append(ImportOutcome(file.name, imported, None))
    if any(outcome.imported for outcome in outcomes):
        match_all_again(session, settings=settings)
    return outcomes

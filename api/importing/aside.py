"""Work on what is stored already, too long for a request: an import taken back, open documents matched again.

It is a row of the same kind as a table on its way in, without a file: the runner takes it up, a dead service begins
it anew, and whoever asked sees its state at the same place.
"""

from __future__ import annotations

import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.importing.staging import WORKING, folder_of
from api.rematching import match_all_again
from matching.service import OPEN
from models.settings import Settings
from models.tables import ImportRow, InvoiceRow, StagedImportRow
from models.tables.importing import Purpose, StagedState

MOST_RECORDS = 2000  #: taken back within a request
MOST_OPEN = 300  #: documents matched again within a request: about a second


def much_is_open(session: Session) -> bool:
    """More documents would be matched again than a request waits for."""
    query = select(func.count()).where(InvoiceRow.match_status.in_([status.value for status in OPEN]))
    return (session.scalar(query) or 0) > MOST_OPEN


def under_way(session: Session, import_id: int, purpose: Purpose) -> StagedImportRow | None:
    query = select(StagedImportRow).where(
        StagedImportRow.import_id == import_id, StagedImportRow.purpose == purpose, StagedImportRow.state.in_(WORKING)
    )
    return session.scalars(query).first()


def match_again(
    session: Session, settings: Settings, *, name: str, user_id: int, channel: str, imported: ImportRow | None = None
) -> StagedImportRow | None:
    """Match what is open at once; or, where it is much, the work that the runner is to do after the answer.

    `name` says what made it necessary: a push, a company.
    """
    if not much_is_open(session):
        match_all_again(session, settings=settings, user_id=user_id)
        return None
    kept = (settings, Purpose.MATCH, StagedState.MATCHING)
    return keep(session, *kept, name=name, imported=imported, user_id=user_id, channel=channel)


def keep(
    session: Session, settings: Settings, purpose: Purpose, state: StagedState, *, name: str,
    imported: ImportRow | None, user_id: int | None, channel: str,
) -> StagedImportRow:  # fmt: skip
    """Work for the runner; the caller hands its token over, for when it is committed."""
    token = uuid.uuid4().hex
    folder_of(settings, token).mkdir(parents=True)  # for the lock of whoever works on it
    work = StagedImportRow(
        token=token, purpose=purpose.value, state=state.value, import_id=imported.id if imported else None,
        file_name=name, sha256=imported.sha256 if imported else "", size=0, channel=channel,
        owner_tax_id=imported.owner_tax_id if imported else None, created_by=user_id,
    )  # fmt: skip
    session.add(work)
    session.flush()
    return work

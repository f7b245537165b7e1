"""What is laid beside a draft: a contract, a delivery note. The caller has stored the bytes; this keeps the account."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.supplement.workflow import note
from models.errors import RequestError
from models.tables import DraftAttachmentRow, DraftRow
from models.tables.base import now


def attach(
    session: Session, draft: DraftRow, *, sha256: str, name: str, media: str, size: int, most: int, user_id: int
) -> DraftAttachmentRow:
    """Beside the draft from now on; the same bytes twice are attached once."""
    there = [a for a in attached(session, draft) if a.sha256 == sha256]
    if there:
        return there[0]
    if _count(session, draft) >= most:
        raise RequestError("too_many_attachments", limit=most)
    row = DraftAttachmentRow(
        draft_id=draft.id, sha256=sha256, name=name[-500:], media=media, size=size, attached_by=user_id
    )
    session.add(row)
    session.flush()
    note(session, draft, "attached", user_id, {"attachment_id": row.id, "name": row.name})
    return row


def detach(session: Session, draft: DraftRow, attachment_id: int, *, user_id: int) -> DraftAttachmentRow:
    """Out of the list; the row says who and when, and the original stays in the store."""
    row = find(session, draft, attachment_id)
    row.detached_by, row.detached_at = user_id, now()
    note(session, draft, "detached", user_id, {"attachment_id": row.id, "name": row.name})
    return row


def attached(session: Session, draft: DraftRow) -> list[DraftAttachmentRow]:
    query = select(DraftAttachmentRow).where(
        DraftAttachmentRow.draft_id == draft.id, DraftAttachmentRow.detached_at.is_(None)
    )
    return list(session.scalars(query.order_by(DraftAttachmentRow.id)))


def find(session: Session, draft: DraftRow, attachment_id: int) -> DraftAttachmentRow:
    row = next((a for a in attached(session, draft) if a.id == attachment_id), None)
    if row is None:
        raise RequestError("no_such_item", what=str(attachment_id))
    return row


def _count(session: Session, draft: DraftRow) -> int:
    query = select(func.count()).where(
        DraftAttachmentRow.draft_id == draft.id, DraftAttachmentRow.detached_at.is_(None)
    )
    return session.scalar(query) or 0

"""The one way in for every channel: original to disk first, then one row, in the caller's transaction.

The row with state `queued` is the job: whoever commits it has handed the document over, and nothing else has to
happen for it to be read. The bytes of an archive's members are kept one by one beside the archive itself.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.archive import Member, each_member
from capture.limits import Limits
from capture.sniffing import Sniffed, sniff
from capture.store import OriginalStore, Stored
from models.errors import DocumentError
from models.settings import Settings
from models.tables.base import now
from models.tables.documents import DocumentRow, DocumentState

NAME_LENGTH = 500
#: the claimed path names one file of one claim, so the same row again means the same file again after a crash
FOLDER_CHANNEL = "folder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What became of one file."""

    document_id: str
    state: str
    sha256: str
    duplicate_of: str | None = None
    error_code: str | None = None
    members: tuple[Intake, ...] = ()


@dataclass(frozen=True, slots=True)
class _Kept:
    """A member on disk, and what is wrong with it."""

    name: str
    stored: Stored
    media: str | None
    error: DocumentError | None = None


def take_in(
    session: Session,
    store: OriginalStore,
    settings: Settings,
    *,
    name: str,
    source: Path | bytes | BinaryIO,
    channel: str,
    channel_detail: str | None = None,
    user_id: int | None = None,
) -> Intake:
    """Take one file in. The caller commits. Raises DocumentError only where nothing could be kept:
    an empty file, one over the size limit, a full disk. Everything else is kept and has a row."""
    limits = Limits.from_settings(settings)
    stored = store.put(source, limits)
    row = DocumentRow(
        id=str(uuid.uuid4()),
        sha256=stored.sha256,
        name=_shown(name),
        size=stored.size,
        channel=channel,
        channel_detail=channel_detail[:NAME_LENGTH] if channel_detail else None,
        uploaded_by=user_id,
        state=DocumentState.QUEUED.value,
    )
    if replayed := _replayed(session, row):
        return replayed
    earlier = _earlier(session, stored.sha256)
    data = store.read(stored.sha256)
    sniffed = sniff(data)
    row.media = _media(sniffed)
    session.add(row)
    if earlier is not None:
        _mark_duplicate(row, earlier)
    elif sniffed.holds_files:
        return _take_members(session, store, row, data, limits)
    elif sniffed.media is None:
        _mark_failed(row, DocumentError("unsupported_type", found=sniffed.found))
    session.flush()
    return _intake(row)


def _take_members(session: Session, store: OriginalStore, archive: DocumentRow, data: bytes, limits: Limits) -> Intake:
    """The archive's row is done at once; each member has its own. A bad archive gives no members at all."""
    try:
        kept = [_keep(store, member, limits) for member in each_member(data, limits)]
    except DocumentError as error:
        if error.code == "storage_full":
            raise
        _mark_failed(archive, error)
        session.flush()
        return _intake(archive)
    archive.state = DocumentState.DONE.value
    archive.finished_at = now()
    session.flush()
    members = tuple(_take_member(session, archive, member) for member in kept)
    return _intake(archive, members)


def _keep(store: OriginalStore, member: Member, limits: Limits) -> _Kept:
    """Keep a member whatever is wrong with it."""
    stored = store.put(member.data)
    sniffed = sniff(member.data)
    try:
        limits.check_size(stored.size)
        if sniffed.holds_files:
            raise DocumentError("archive_nested")
        if sniffed.media is None:
            raise DocumentError("unsupported_type", found=sniffed.found)
    except DocumentError as error:
        return _Kept(member.name, stored, _media(sniffed), error)
    return _Kept(member.name, stored, _media(sniffed))


def _take_member(session: Session, archive: DocumentRow, kept: _Kept) -> Intake:
    row = DocumentRow(
        id=str(uuid.uuid4()),
        sha256=kept.stored.sha256,
        name=_shown(kept.name),
        media=kept.media,
        size=kept.stored.size,
        channel=archive.channel,
        channel_detail=archive.name,
        uploaded_by=archive.uploaded_by,
        member_of=archive.id,
        state=DocumentState.QUEUED.value,
    )
    earlier = _earlier(session, kept.stored.sha256)
    if kept.error is not None:
        _mark_failed(row, kept.error)
    elif earlier is not None:
        _mark_duplicate(row, earlier)
    session.add(row)
    session.flush()
    return _intake(row)


def _earlier(session: Session, sha256: str) -> DocumentRow | None:
    """The first document of the same bytes. One that failed does not count: sending it again means try again."""
    passed_over = (DocumentState.DUPLICATE.value, DocumentState.FAILED.value)
    query = select(DocumentRow).where(DocumentRow.sha256 == sha256, DocumentRow.state.not_in(passed_over))
    return session.scalars(query.order_by(DocumentRow.received_at).limit(1)).first()


def _replayed(session: Session, row: DocumentRow) -> Intake | None:
    """What an earlier run already did with this very file, when it stopped between its commit and clearing up."""
    if row.channel != FOLDER_CHANNEL or row.channel_detail is None:
        return None
    query = select(DocumentRow).where(
        DocumentRow.sha256 == row.sha256,
        DocumentRow.channel == row.channel,
        DocumentRow.channel_detail == row.channel_detail,
    )
    found = session.scalars(query.limit(1)).first()
    if found is None:
        return None
    members = session.scalars(select(DocumentRow).where(DocumentRow.member_of == found.id))
    return _intake(found, tuple(_intake(member) for member in members))


def _mark_duplicate(row: DocumentRow, earlier: DocumentRow) -> None:
    row.state = DocumentState.DUPLICATE.value
    row.duplicate_of = earlier.id
    row.finished_at = now()


def _mark_failed(row: DocumentRow, error: DocumentError) -> None:
    row.state = DocumentState.FAILED.value
    row.error_code = error.code
    row.error_details = error.details
    row.finished_at = now()


def _media(sniffed: Sniffed) -> str | None:
    if sniffed.media is not None:
        return sniffed.media.value
    return sniffed.format.value if sniffed.holds_files else None


def _shown(name: str) -> str:
    """A name fit to be shown: no control characters, no lone surrogates, bounded."""
    clean = "".join(c if c.isprintable() else "�" for c in name).strip()
    return clean[-NAME_LENGTH:] or "?"


def _intake(row: DocumentRow, members: tuple[Intake, ...] = ()) -> Intake:
    return Intake(
        document_id=row.id,
        state=row.state,
        sha256=row.sha256,
        duplicate_of=row.duplicate_of,
        error_code=row.error_code,
        members=members,
    )

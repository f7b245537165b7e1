"""Uploaded files as attachments of a draft: into the store of originals, then listed. Shared by pages and REST.

Only what the service can also show as a document is taken: PDF, OFD, XML and pictures.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy.orm import Session
from starlette.responses import FileResponse, Response

from api import audit
from api.gate.receiving import Received
from capture.limits import Limits
from capture.sniffing import sniff
from capture.store import OriginalStore
from matching.supplement.attaching import attach
from models.errors import ChapiaoError, DocumentError, RequestError
from models.settings import Settings
from models.tables import DraftAttachmentRow, DraftRow, User


@dataclass(frozen=True, slots=True)
class Attached:
    """What became of one file."""

    name: str
    row: DraftAttachmentRow | None
    error: ChapiaoError | None


def attach_uploads(
    session: Session, settings: Settings, draft: DraftRow, uploaded: Received, *, user: User, action: str
) -> list[Attached]:
    """Each file on its own: one that is refused leaves the others attached."""
    if not uploaded.files:
        raise RequestError("invalid_request", what="没有选择文件 / no file chosen")
    store, limits = OriginalStore(settings.originals), Limits.from_settings(settings)
    outcomes = []
    for file in uploaded.files:
        try:
            if file.error is not None:
                raise file.error
            if file.size == 0:
                raise DocumentError("empty_file")
            data = file.path.read_bytes()
            sniffed = sniff(data)
            if sniffed.media is None:
                raise DocumentError("unsupported_type", found=sniffed.found)
            stored = store.put(file.path, limits)
            row = attach(session, draft, sha256=stored.sha256, name=file.name, media=sniffed.media.value,
                         size=stored.size, most=settings.supplement_attachments, user_id=user.id)  # fmt: skip
        except ChapiaoError as error:
            outcomes.append(Attached(file.name, None, error))
            continue
        detail = {"name": row.name, "sha256": row.sha256}
        audit.record(session, user.id, action, f"draft:{draft.application_number}", detail)
        outcomes.append(Attached(file.name, row, None))
    return outcomes


def send_attachment(settings: Settings, row: DraftAttachmentRow) -> Response:
    """Always as a download and never as a type that a browser would run."""
    disposition = f"attachment; filename*=UTF-8''{quote(row.name, safe='')}"
    path = OriginalStore(settings.originals).path(row.sha256)
    return FileResponse(path, media_type="application/octet-stream", headers={"Content-Disposition": disposition})

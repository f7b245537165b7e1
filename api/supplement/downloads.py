"""The form and the packet as answers. Shared by pages and REST."""

from __future__ import annotations

import tempfile
from pathlib import Path

from sqlalchemy.orm import Session
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from api.supplement.form import build_form
from api.supplement.packet import write_packet
from api.supplement.pdf import write_pdf
from capture.store import OriginalStore
from models.settings import Settings
from models.tables import DraftRow


def send_pdf(session: Session, draft: DraftRow, language: str) -> Response:
    content = write_pdf(build_form(session, draft, language))
    disposition = {"Content-Disposition": f'attachment; filename="{draft.application_number}.pdf"'}
    return Response(content, media_type="application/pdf", headers=disposition)


def send_packet(session: Session, settings: Settings, draft: DraftRow, language: str) -> Response:
    """Written to a file that goes when the answer has been sent."""
    incoming = settings.data / "incoming"  # the originals' disk: /tmp may be small or memory
    incoming.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=incoming, suffix=".zip", delete=False) as file:
        path = Path(file.name)
    try:
        write_packet(session, OriginalStore(settings.originals), draft, path, language)
    except BaseException:
        path.unlink()
        raise
    disposition = {"Content-Disposition": f'attachment; filename="{draft.application_number}.zip"'}
    return FileResponse(path, media_type="application/zip", headers=disposition, background=BackgroundTask(path.unlink))

"""Uploaded files into the one intake, each with its own outcome. Shared by pages and REST.

Never reads a file: the row that intake leaves is the job. A file that is refused does not stop the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from api import audit
from api.advising import advise_on
from api.gate.receiving import ReceivedFile
from capture.intake import Intake, take_in
from capture.store import OriginalStore
from models.advice import Advice
from models.errors import ChapiaoError
from models.settings import Settings
from models.tables import DocumentRow, User


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one uploaded file. Both where it was kept but cannot be read; only an error where it was not."""

    name: str
    intake: Intake | None
    error: ChapiaoError | None
    advice: tuple[Advice, ...] = ()  #: how to take the picture better; it is kept and read all the same


def take_uploads(
    session: Session, settings: Settings, files: Sequence[ReceivedFile], *, user: User, channel: str, address: str,
    action: str,
) -> list[Taken]:  # fmt: skip
    store = OriginalStore(settings.originals)
    taken: list[Taken] = []
    advice = advise_on([None if file.error else file.path for file in files], settings)  # before any row is locked
    for file, advised in zip(files, advice, strict=True):
        if file.error is not None:
            taken.append(Taken(file.name, None, file.error))
            continue
        try:
            intake = take_in(
                session, store, settings, name=file.name, source=file.path, channel=channel, channel_detail=address,
                user_id=user.id,
            )  # fmt: skip
        except ChapiaoError as error:
            taken.append(Taken(file.name, None, error))
            continue
        detail = {"name": file.name, "sha256": intake.sha256, "channel": channel}
        if advised:
            detail["advice"] = ", ".join(each.code for each in advised)
        audit.record(session, user.id, action, f"document:{intake.document_id}", detail)
        taken.append(Taken(file.name, intake, _refusal(session, intake), advised))
    return taken


def _refusal(session: Session, intake: Intake) -> ChapiaoError | None:
    """Why a file that was kept will not be read."""
    if intake.error_code is None:
        return None
    row = session.get_one(DocumentRow, intake.document_id)
    return ChapiaoError(intake.error_code, **(row.error_details or {}))


def waiting_ids(taken: Sequence[Taken]) -> Iterator[str]:
    """Documents that are to be read, members of archives included."""
    for each in taken:
        if each.intake is not None:
            yield from _waiting(each.intake)


def _waiting(intake: Intake) -> Iterator[str]:
    if intake.state == "queued":
        yield intake.document_id
    for member in intake.members:
        yield from _waiting(member)

"""The stream of changes: each user hears of their own documents, and of nothing else."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest

from api.web.pages import documents as page
from models.tables import DocumentRow, User
from models.tables.base import now

XML = Path("samples/finished/03-digital-special.xml")


class Listening:
    """A connected client: collects events while the scene goes on."""

    def __init__(self, service, username: str) -> None:
        with service.session() as session:
            user = session.query(User).filter_by(username=username).one()

        async def connected() -> bool:
            return False

        request = SimpleNamespace(app=service.app, is_disconnected=connected)
        self.stream = page._changes(request, user)

    async def until(self, wanted: str, most: int = 20) -> str:
        heard = ""
        for _ in range(most):
            heard += await anext(self.stream)
            if wanted in heard:
                break
        return heard


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "POLL_SECONDS", 0.05)


def finish(service, document_id: str) -> None:
    with service.session() as session:
        row = session.get_one(DocumentRow, document_id)
        row.state, row.finished_at = "done", now()


def test_arrival_and_end_of_ones_own_document_are_heard(service) -> None:
    async def scene() -> None:
        client = service.browser("staff")
        listening = Listening(service, "staff")
        await listening.until("retry")
        (result,) = service.upload(client, XML)
        assert "event: arrived" in await listening.until("arrived")
        finish(service, result["document_id"])
        event = f"event: document-{result['document_id']}\ndata: done"
        assert event in await listening.until("document-")

    asyncio.run(scene())


def test_documents_of_others_are_not_heard_by_staff(service) -> None:
    async def scene() -> None:
        listening = Listening(service, "staff")
        await listening.until("retry")
        (result,) = service.upload(service.browser("acc"), XML)
        finish(service, result["document_id"])
        heard = await listening.until("event:", most=6)
        assert "event:" not in heard and "still here" in heard

    asyncio.run(scene())


def test_what_ended_between_the_page_and_the_stream_is_told_at_once(service) -> None:
    async def scene() -> None:
        (result,) = service.upload(service.browser("staff"), XML)
        finish(service, result["document_id"])
        heard = await Listening(service, "staff").until("document-")
        assert f"document-{result['document_id']}" in heard

    asyncio.run(scene())

"""A worker killed outright in the middle of twenty documents: after a restart all twenty are done, none twice."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import pytest
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.orm import Session

from api.pipeline.queue import system_database_url
from models.tables import DocumentRow, DraftRow, InvoiceRow
from tests.faults.conftest import Installation

pytestmark = [pytest.mark.fault, pytest.mark.timeout(600)]


def done(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(DocumentRow).where(DocumentRow.state == "done")).one()


def in_reading(session: Session) -> bool:
    return session.scalar(select(DocumentRow.id).where(DocumentRow.state == "reading").limit(1)) is not None


def finished(session: Session) -> dict[str, datetime | None]:
    query = select(DocumentRow.id, DocumentRow.finished_at).where(DocumentRow.state == "done")
    return {row.id: row.finished_at for row in session.execute(query)}


def test_twenty_documents_survive_kills(twenty: Installation) -> None:
    ended_before: dict[str, datetime | None] = {}
    for enough in (3, 10):
        worker = twenty.start_worker()
        twenty.wait_for(lambda session, n=enough: done(session) >= n and in_reading(session), 120)  # type: ignore[misc]
        twenty.kill(worker)
        with twenty.sessions() as session:
            ended_before |= finished(session)
            assert done(session) < 20, "killed too late to show anything"

    twenty.start_worker()
    twenty.wait_for(lambda session: done(session) == 20, 120)

    with twenty.sessions() as session:
        documents = session.scalars(select(DocumentRow)).all()
        assert Counter(document.state for document in documents) == {"done": 20}
        assert [document.attempts for document in documents] == [1] * 20
        assert ended_before.items() <= finished(session).items(), "a finished document was worked on again"
        per_document = Counter(session.scalars(select(InvoiceRow.document_id)))
        assert per_document == Counter(document.id for document in documents), "not one invoice per document"
        drafts = Counter(session.scalars(select(DraftRow.identity_key)))
        assert all(number == 1 for number in drafts.values())
    assert workflow_states(twenty) == {"SUCCESS": 20}


def test_two_workers_share_the_work_and_one_takes_over_from_the_other(twenty: Installation) -> None:
    first, _second = twenty.start_worker(), twenty.start_worker()
    twenty.wait_for(lambda session: done(session) >= 3 and in_reading(session), 120)
    twenty.kill(first)
    twenty.wait_for(lambda session: done(session) == 20, 120)
    with twenty.sessions() as session:
        assert Counter(session.scalars(select(InvoiceRow.document_id))).most_common(1)[0][1] == 1
    assert workflow_states(twenty) == {"SUCCESS": 20}


def test_a_worker_asked_to_end_leaves_nothing_half_done(twenty: Installation) -> None:
    worker = twenty.start_worker()
    twenty.wait_for(lambda session: done(session) >= 3, 120)
    worker.terminate()
    assert worker.wait(timeout=30) == 0
    with twenty.sessions() as session:
        assert not in_reading(session)
        assert session.scalar(select(DocumentRow.id).where(DocumentRow.state == "failed")) is None
    assert list((twenty.settings.data / "workers").iterdir()) == []


def workflow_states(installation: Installation) -> dict[str, int]:
    """How the queue sees it: a workflow per document, each ended well. The last one ends just after its row.

    Others run by the clock, at seven and at seventeen past each hour.
    """
    engine = create_engine(system_database_url(installation.settings))
    table = "workflow_status" if engine.dialect.name == "sqlite" else "dbos.workflow_status"
    count = text(f"SELECT status, count(*) FROM {table} WHERE name = 'document' GROUP BY status")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        installation.wait_for(lambda _: {row[0] for row in connection.execute(count)} == {"SUCCESS"}, 10)
        states = {row[0]: row[1] for row in connection.execute(count)}
    engine.dispose()
    return states

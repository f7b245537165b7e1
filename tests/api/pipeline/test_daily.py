"""Everybody is reminded of their drafts once a day, whoever does it, and the running worker knows its schedule."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from dbos import DBOS

from api.audit import Action
from api.pipeline import queue
from api.pipeline.daily import NAME, remind_of_drafts
from api.reminding import remind
from models.settings import Settings
from models.tables import AuditEvent, NoticeRow
from tests.api.conftest import Service

MONDAY, TUESDAY = date(2024, 7, 1), date(2024, 7, 2)


@pytest.fixture
def absent(service: Service) -> Service:
    """With a draft that waits."""
    service.register_company()
    service.bring_absent(service.browser("boss"))
    return service


def told(service: Service) -> list[tuple[str | None, int]]:
    with service.session() as session:
        return [
            (row.subject, row.params["to_complete"])
            for row in session.query(NoticeRow).filter_by(code="draft_tasks").order_by(NoticeRow.id)
        ]


def test_nothing_waits_nobody_is_told(service: Service) -> None:
    remind_of_drafts(service.app.state.sessions, MONDAY)
    assert told(service) == []


def test_each_person_once_a_day(absent: Service) -> None:
    sessions = absent.app.state.sessions
    for day in (MONDAY, MONDAY, TUESDAY):
        remind_of_drafts(sessions, day)
    people = 3  # boss and two accountants; staff decide nothing
    expected = [("tasks:2024-07-01", 1)] * people + [("tasks:2024-07-02", 1)] * people
    assert told(absent) == expected
    with absent.session() as session:
        assert session.query(AuditEvent).filter_by(action="system:draft:remind").count() == 2 * people
        # the command on the same day shows what waits and tells nobody again
        assert len(remind(session, today=TUESDAY, action=Action.CLI_DRAFT_REMIND)) == people
    assert told(absent) == expected
    page = absent.browser("acc").get("/notices").text
    assert "/drafts/tasks" in page
    assert "待填写 1" in page


def test_the_worker_schedules_it(tmp_path: Path) -> None:
    with queue.running(Settings(data=tmp_path / "data"), grace_seconds=1):
        assert NAME in [each["schedule_name"] for each in DBOS.list_schedules()]

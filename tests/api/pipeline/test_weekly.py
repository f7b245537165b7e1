"""The weekly self-check is taken once a week, and the running worker knows its schedule."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from dbos import DBOS

from api.pipeline import queue
from api.pipeline.weekly import NAME, take_if_due
from models.settings import Settings
from models.tables import AuditEvent, SelfCheckRow


def test_once_a_week_and_not_more_often(service) -> None:
    sessions = service.app.state.sessions
    days = [date(2024, 7, 1), date(2024, 7, 1), date(2024, 7, 7), date(2024, 7, 8)]
    assert [take_if_due(sessions, day) for day in days] == [True, False, False, True]
    with service.session() as session:
        first, second = session.query(SelfCheckRow).order_by(SelfCheckRow.id)
        assert second.previous_id == first.id and second.taken_by is None
        assert session.query(AuditEvent).filter_by(action="system:self_check:take").count() == 2


def test_the_worker_schedules_it(tmp_path: Path) -> None:
    with queue.running(Settings(data=tmp_path / "data"), grace_seconds=1):
        assert NAME in [each["schedule_name"] for each in DBOS.list_schedules()]

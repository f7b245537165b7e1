"""The weekly self-check: looked at every hour on DBOS's own schedule, taken once a week whoever runs.

A worker that was down when the week was over takes it when it is back. Nothing is sent to anybody.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import structlog
from dbos import DBOS

from api.pipeline.documents import Sessions
from api.pipeline.workflow import bench
from api.self_check import take_and_audit
from matching.reconciliation.scope import Scope
from matching.reconciliation.self_check import is_due
from models.database import transaction

NAME = "self-check"
EVERY_HOUR = "17 * * * *"

log = structlog.get_logger()


def take_if_due(sessions: Sessions, today: date) -> bool:
    """Take the week's check of everything, unless it has been taken."""
    with transaction(sessions) as session:
        if not is_due(session, today=today):
            return False
        row = take_and_audit(session, Scope(), as_of=today, user_id=None, source="system")
        log.info("self_check_taken", self_check=row.id)
        return True


@DBOS.workflow(name=NAME)
def weekly_workflow(_due: datetime, _context: Any) -> None:
    _take_step()


@DBOS.step(name="self_check", retries_allowed=True, max_attempts=4, interval_seconds=0.5)
def _take_step() -> None:
    here = bench()
    take_if_due(here.sessions, here.today())


def schedule() -> None:
    """Tell DBOS; the same schedule told twice, by two workers, is one."""
    DBOS.apply_schedules(
        [{"schedule_name": NAME, "workflow_fn": weekly_workflow, "schedule": EVERY_HOUR, "context": None}]
    )

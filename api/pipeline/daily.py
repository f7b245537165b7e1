"""The daily reminder of supplement drafts: looked at every hour on DBOS's own schedule, told once a person and day.

Every hour, because work that comes up during the day is told on that day; a worker that was down tells when it is back.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from dbos import DBOS

from api.audit import Action
from api.pipeline.documents import Sessions
from api.pipeline.workflow import bench
from api.reminding import remind
from models.database import transaction

NAME = "draft-reminder"
EVERY_HOUR = "7 * * * *"


def remind_of_drafts(sessions: Sessions, today: date) -> None:
    with transaction(sessions) as session:
        remind(session, today=today, action=Action.SYSTEM_DRAFT_REMIND)


@DBOS.workflow(name=NAME)
def daily_workflow(_due: datetime, _context: Any) -> None:
    _remind_step()


@DBOS.step(name="draft_reminder", retries_allowed=True, max_attempts=4, interval_seconds=0.5)
def _remind_step() -> None:
    here = bench()
    remind_of_drafts(here.sessions, here.today())


def schedule() -> None:
    """Tell DBOS; the same schedule told twice, by two workers, is one."""
    DBOS.apply_schedules(
        [{"schedule_name": NAME, "workflow_fn": daily_workflow, "schedule": EVERY_HOUR, "context": None}]
    )

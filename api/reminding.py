"""Reminds everybody of their supplement drafts once a day: a notice and an audit event each. Nothing is sent out.

Shared by the command line and the service's own schedule; whoever comes second on a day tells nobody twice.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from api import audit
from api.audit import Action
from matching.supplement.noticing import tell_tasks
from matching.supplement.tasks import Digest, digests


def remind(session: Session, *, today: date, action: Action) -> list[Digest]:
    """What waits for whom today; who was not told yet today gets the notice. Commits nothing."""
    found = digests(session, today=today)
    for digest in found:
        if tell_tasks(session, digest, today=today):
            audit.record(session, None, action, f"user:{digest.username}", digest.export())
    return found

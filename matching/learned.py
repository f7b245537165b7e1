"""What was learned, as the scores use it: shifts of weights by field and relation. Learning itself is in `learning`."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.scoring import Shifts
from models.tables import LearnedWeightRow

_SHIFTS = select(LearnedWeightRow.field, LearnedWeightRow.relation, LearnedWeightRow.shift)


def load_shifts(session: Session) -> Shifts:
    return {(field, relation): shift for field, relation, shift in session.connection().execute(_SHIFTS)}
